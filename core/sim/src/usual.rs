//! What any platform can be told to do otherwise than usual: the faults of networks, lists and webhooks.

use serde::Deserialize;

use crate::behaviour::{Answering, Behaviour, Listing, Requested};
use crate::door::{Door, Plays, WEBHOOK};
use crate::shop::Shop;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    behaviour: Vec<Usual>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Usual {
    name: String,
    meaning: String,
    source: String,
    /// What is asked for.
    #[serde(default)]
    on: Vec<Plays>,
    /// Of platforms that give tokens alone.
    #[serde(default)]
    tokens: bool,
    /// Of what is told of orders.
    #[serde(default)]
    webhooks: bool,
    #[serde(default)]
    share: u32,
    #[serde(default)]
    answers: Answering,
    #[serde(default)]
    request: Requested,
    #[serde(default)]
    list: Listing,
}

/// The usual behaviours of a platform, each on its own routes and fields; without those that it has nothing for.
pub(crate) fn usual(door: &Door, shop: &Shop) -> Vec<Behaviour> {
    // The file is a part of the program: a test reads it.
    let file: File = toml::from_str(include_str!("usual.toml")).unwrap_or(File { behaviour: Vec::new() });
    file.behaviour.into_iter().filter_map(|one| one.of(door, shop)).collect()
}

impl Usual {
    fn of(self, door: &Door, shop: &Shop) -> Option<Behaviour> {
        let mut on: Vec<Box<str>> = door.playing(&self.on).map(Into::into).collect();
        if self.webhooks && (shop.webhook.is_some() || shop.queue.is_some()) {
            on.push(WEBHOOK.into());
        }
        let goes_on = self.list.endless || self.list.forgets || self.list.repeats;
        let is_there = !on.is_empty()
            && (!goes_on || door.has_tokens_of_pages())
            && (!self.tokens || door.token.is_some())
            && (!self.list.withheld || !shop.persons.is_empty());
        is_there.then(|| Behaviour {
            name: self.name.into(),
            meaning: self.meaning.into(),
            source: self.source.into(),
            on,
            trigger: None,
            share: self.share,
            says: None,
            errors: Vec::new(),
            answers: self.answers,
            request: self.request,
            list: self.list,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_understood() {
        let file: File = toml::from_str(include_str!("usual.toml")).unwrap();
        assert!(file.behaviour.iter().all(|one| one.webhooks == one.on.is_empty()));
    }
}
