//! Accounts, and what their adapters read and write.

use axum::extract::{Path, State};
use dragoman_adapters::{Adapter, Direction};
use dragoman_model::Schema;

use crate::access::{Posted, Visitor};
use crate::pages::adapters::{Message, adapters, leave};
use crate::respond::{Answer, Failed, done, page};
use crate::routes::Done;
use crate::site::Site;

/// The page.
pub async fn list(
    State(site): State<Site>,
    visitor: Visitor,
    axum::extract::Query(query): axum::extract::Query<Done>,
) -> Answer {
    let accounts = site.gateway().accounts(&visitor.actor).await?;
    let readings = site.gateway().sync_status(&visitor.actor).await?;
    let is_used = |adapter: &&Adapter| accounts.iter().any(|account| account.adapter == adapter.name);
    let mut all = Vec::new();
    for adapter in site.gateway().catalogue().adapters().iter().filter(is_used) {
        all.extend(messages(&site, adapter)?);
    }
    page(adapters(&visitor.frame(&query.done), &accounts, &readings, &all))
}

fn messages(site: &Site, adapter: &Adapter) -> Result<Vec<Message>, Failed> {
    let one = |message: &dragoman_adapters::AdapterMessage| {
        let name = format!("{}/{}", adapter.name, message.name);
        let loaded = site.gateway().catalogue().message(&name).map_err(Failed::broken)?;
        let model = loaded.mapping().map(|mapping| mapping.model());
        let document = model.map(|place| Schema::standard().name_of(place).to_owned()).unwrap_or_default();
        Ok(Message { name, is_out: message.direction == Direction::Out, document })
    };
    adapter.messages.iter().map(one).collect()
}

/// Begins the authorisation of an account: the way to its counterpart, which sends the person back to us.
pub async fn authorise(State(site): State<Site>, Path(account): Path<String>, posted: Posted) -> Answer {
    let url = site.gateway().begin_authorisation(&posted.visitor.actor, &account).await?;
    page(leave(&posted.visitor.frame(""), &account, &url))
}

/// Reads the orders of an account without waiting for the next round.
pub async fn sync(State(site): State<Site>, Path(account): Path<String>, posted: Posted) -> Answer {
    site.gateway().sync_from(&posted.visitor.actor, &account, None).await?;
    done("/adapters", "reading")
}
