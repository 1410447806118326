//! Accounts and what their adapters read and write.

use axum::extract::State;
use dragoman_adapters::{Adapter, Direction};
use dragoman_engine::AccountView;
use dragoman_model::Schema;

use crate::access::Visitor;
use crate::pages::adapters::{Health, Message, adapters};
use crate::respond::{Answer, Failed, page};
use crate::site::Site;

/// The page.
pub async fn list(State(site): State<Site>, visitor: Visitor) -> Answer {
    let accounts = site.gateway().accounts(&visitor.actor)?;
    let is_used = |adapter: &&Adapter| accounts.iter().any(|account| account.adapter == adapter.name);
    let used: Vec<_> = site.gateway().catalogue().adapters().iter().filter(is_used).collect();
    let mut all = Vec::new();
    for adapter in used {
        all.extend(messages(&site, adapter)?);
    }
    let accounts: Vec<(AccountView, Health)> =
        accounts.into_iter().map(|account| (account, Health::default())).collect();
    page(adapters(&visitor.frame(""), &accounts, &all))
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
