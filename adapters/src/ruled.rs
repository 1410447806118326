//! What a counterpart would refuse: the checks of a message, applied to what was received.

use std::sync::Arc;

use dragoman_rules::{Checked, Checks};
use dragoman_tree::Finding;
use jiff::civil::Date;

use crate::catalogue::{Catalogue, CatalogueError};
use crate::message::Message;
use crate::receive::Received;

/// The rules that the counterpart checks a message by, as they are on a day.
#[derive(Clone, Debug)]
pub struct Ruled {
    message: Message,
    scheme: String,
    checks: Arc<Checks>,
    day: Date,
}

impl Ruled {
    /// The rules of a message; none where its adapter names none.
    pub fn of(catalogue: &Catalogue, message: &Message, day: Date) -> Result<Option<Self>, CatalogueError> {
        let found = catalogue.checks_of(message.name())?;
        Ok(found.map(|(scheme, checks)| Self {
            message: message.clone(),
            scheme: scheme.to_owned(),
            checks,
            day,
        }))
    }

    /// What a message says that they refuse, in the order of its elements; nothing about another message.
    pub fn broken(&self, received: &Received<'_, '_>) -> Vec<Finding> {
        let Received { tree, node, offset, grammar: Some(grammar), got: Some(got), .. } = received else {
            return Vec::new();
        };
        if received.message.is_none_or(|message| message.name() != self.message.name()) {
            return Vec::new();
        }
        let Some(mapping) = self.message.mapping() else { return Vec::new() };
        let checked = Checked { tree, node: *node, grammar, mapping, got, scheme: &self.scheme };
        let broken = dragoman_rules::findings(&self.checks, self.day, &checked).into_iter();
        let moved = |finding: Finding| {
            let span = finding.span.map(|span| span.start + offset..span.end + offset);
            Finding { span, ..finding }
        };
        broken.map(moved).collect()
    }
}
