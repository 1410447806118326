//! What a counterpart would refuse: the checks of a message, applied to what was received.

use std::sync::Arc;

use dragoman_rules::{Checked, Checks};
use dragoman_tree::Finding;
use jiff::civil::Date;

use crate::catalogue::{Catalogue, CatalogueError};
use crate::message::Message;
use crate::receive::Received;

/// The rules that the counterpart checks a message by, as they are on a day. Of canonical documents they are those of all
/// agreements and authorities that are about their type.
#[derive(Clone, Debug)]
pub struct Ruled {
    message: Message,
    /// Whose numbers they have, and the checks.
    all: Vec<(String, Arc<Checks>)>,
    day: Date,
}

impl Ruled {
    /// The rules of a message; none where its adapter names none.
    pub fn of(catalogue: &Catalogue, message: &Message, day: Date) -> Result<Option<Self>, CatalogueError> {
        let all = match message {
            Message::Canonical => of_documents(catalogue)?,
            Message::Mapped { .. } => {
                let found = catalogue.checks_of(message.name())?;
                found.into_iter().map(|(scheme, checks)| (scheme.to_owned(), checks)).collect()
            }
        };
        let message = message.clone();
        Ok((!all.is_empty()).then_some(Self { message, all, day }))
    }

    /// What a message says that they refuse, in the order of its elements; nothing about another message.
    pub fn broken(&self, received: &Received<'_, '_>) -> Vec<Finding> {
        let Received { offset, got: Some(got), message, .. } = received else { return Vec::new() };
        if message.is_none_or(|message| message.name() != self.message.name()) {
            return Vec::new();
        }
        let of = |(scheme, checks): &(String, Arc<Checks>)| match self.message.mapping() {
            Some(_) => self.in_message(scheme, checks, received),
            None => dragoman_rules::findings_of(checks, self.day, &got.document, scheme),
        };
        let moved = |finding: Finding| {
            let span = finding.span.map(|span| span.start + offset..span.end + offset);
            Finding { span, ..finding }
        };
        self.all.iter().flat_map(of).map(moved).collect()
    }

    fn in_message(&self, scheme: &str, checks: &Checks, received: &Received<'_, '_>) -> Vec<Finding> {
        let Received { tree, node, grammar: Some(grammar), got: Some(got), .. } = received else {
            return Vec::new();
        };
        let Some(mapping) = self.message.mapping() else { return Vec::new() };
        dragoman_rules::findings(
            checks,
            self.day,
            &Checked { tree, node: *node, grammar, mapping, got, scheme },
        )
    }
}

/// The checks of canonical documents, each file with whose numbers they have: the last part of its name.
fn of_documents(catalogue: &Catalogue) -> Result<Vec<(String, Arc<Checks>)>, CatalogueError> {
    let data = catalogue.data();
    let is_about = |name: &&str| {
        let text = data.get(&format!("mappings/rules/{name}.toml")).unwrap_or_default();
        text.lines().any(|line| line.starts_with("document = "))
    };
    let names = data.names("mappings/rules/", ".toml").filter(is_about);
    names.map(|name| Ok((name.to_owned(), catalogue.checks(&format!("rules/{name}"))?))).collect()
}
