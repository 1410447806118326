//! The play: declare, send, receive, and trace what was rejected.

use dragoman_adapters::{Customs, Declaration, Received, receive};
use dragoman_declare::Rejection;
use dragoman_model::{CustomsResponseView, State, Status};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::Context;
use crate::commands::demo::office::{Arrived, Office, Response};
use crate::commands::demo::story::Story;
use crate::consignment::{Files, declarations};
use crate::failure::Failure;

/// How it ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ended {
    /// Every declaration was answered, and every answer understood.
    pub answered: bool,
    /// Declarations that customs cleared.
    pub cleared: usize,
    /// Declarations that customs rejected.
    pub rejected: usize,
}

/// What customs says of one declaration so far.
#[derive(Default)]
pub struct Heard {
    /// Where it stands.
    pub status: Status,
    /// The number that customs gave.
    pub mrn: Option<String>,
    /// What was rejected.
    pub rejections: Vec<Rejection>,
    /// When it was rejected, as customs writes it.
    pub rejected_at: Option<String>,
    /// Answers that say nothing that is known.
    pub unknown: usize,
}

/// Plays it all, and tells it.
pub fn play(context: &Context, customs: &Customs, files: &Files, now: Timestamp) -> Result<Ended, Failure> {
    let office = Office::open(context, customs, 0)?;
    let day = now.to_zoned(TimeZone::UTC).date();
    let lrns: Vec<_> = (1..=files.orders().len()).map(|number| format!("DEMO-{day}-{number}")).collect();
    let (declared, made) = declarations(files, customs, &customs.declaration, &lrns, day)?;
    let story = Story::new(context, customs, files, office.title());
    story.orders();
    story.declared(&declared, &made, day);
    story.sending();
    let mut ended = Ended { answered: !made.is_empty(), ..Ended::default() };
    let mut all = Vec::new();
    for declaration in &made {
        let heard = match office.submit(&declaration.bytes, now)? {
            Response::Malformed(findings) => {
                story.malformed(declaration, &findings);
                ended.answered = false;
                continue;
            }
            Response::Answers(arrived) => {
                let heard = hear(context, customs, files, declaration, &office, &arrived);
                story.answered(declaration, &arrived, &heard);
                heard
            }
        };
        ended.answered &= heard.unknown == 0 && !heard.status.is_pending();
        ended.cleared += usize::from(heard.status.state() == State::Cleared);
        ended.rejected += usize::from(heard.status.state() == State::Rejected);
        all.push((declaration, heard));
    }
    for (declaration, heard) in all.iter().filter(|(_, heard)| !heard.rejections.is_empty()) {
        story.rejected(declaration, heard);
    }
    story.end(&ended);
    Ok(ended)
}

/// Reads the answers as they arrive.
fn hear(
    context: &Context,
    customs: &Customs,
    files: &Files,
    declaration: &Declaration,
    office: &Office<'_>,
    arrived: &[Arrived],
) -> Heard {
    let mut heard = Heard::default();
    let orders = files.orders();
    for one in arrived {
        let before = heard.status;
        receive(&context.catalogue, office.answers(), &one.bytes, &mut |received| {
            let Received { got: Some(got), .. } = received else { return };
            let Some(response) = CustomsResponseView::new(&got.document) else { return };
            heard.status = heard.status.join(response.status().0);
            heard.mrn = heard.mrn.take().or_else(|| response.mrn().map(str::to_owned));
            let rejected_at = response.at().text("rejected_at").map(str::to_owned);
            heard.rejected_at = heard.rejected_at.take().or(rejected_at);
            heard.rejections.extend(declaration.rejections(customs, &orders, &response));
        });
        heard.unknown += usize::from(heard.status == before);
    }
    heard
}
