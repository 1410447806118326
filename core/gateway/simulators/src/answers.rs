//! Answers on their way back: pushed until they are taken, or kept until they are fetched.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::office::{Arriving, Office};

/// How long it waits before it pushes again what was not taken: two and a half minutes, as HM Revenue & Customs states
/// for its notifications.
const AGAIN: Duration = Duration::from_secs(150);

/// So often one is pushed before it is given up.
const TIMES: u32 = 100;

/// Gives answers, each at its moment.
pub fn give(office: &Arc<Office>, answers: Vec<Arriving>) {
    for one in answers {
        if office.options.callback.is_none() {
            office.keep(one);
            continue;
        }
        let office = Arc::clone(office);
        tokio::spawn(async move { push(&office, one).await });
    }
}

async fn push(office: &Office, one: Arriving) {
    let Some(callback) = &office.options.callback else { return };
    let wait = Duration::try_from(Timestamp::now().duration_until(one.at)).unwrap_or_default();
    tokio::time::sleep(wait).await;
    let channel = office.channel().and_then(|channel| channel.notifications.as_ref());
    let conversation = channel.and_then(|notifications| notifications.conversation.as_deref());
    for _ in 0..TIMES {
        let mut request =
            office.client.post(callback).header("content-type", "application/xml; charset=UTF-8");
        if let Some(name) = conversation {
            request = request.header(name, &one.conversation);
        }
        if let Some(token) = &office.options.push_token {
            request = request.header("authorization", token);
        }
        match request.body(one.bytes.clone()).send().await {
            Ok(answer) if answer.status().is_success() => return,
            Ok(answer) => tracing::debug!(status = answer.status().as_u16(), "a notification was not taken"),
            Err(error) => tracing::debug!(%error, "a notification could not be pushed"),
        }
        tokio::time::sleep(AGAIN / office.options.faster.max(1)).await;
    }
}
