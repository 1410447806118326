//! Messages of trade and transport, EDIFACT and X12: what holds of each alike, and the roads between the two.

mod generated;
mod hostile;
mod laws;
mod roads;

use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::{edifact, x12};
use dragoman_tree::{Finding, Tree};
use std::sync::Arc;

use crate::mapped::{Mapped, file, mapped};

/// A message, by its mapping, the case of its adapter, and the folder of real ones, where there is one.
pub struct Message {
    pub mapping: &'static str,
    pub case: &'static str,
    pub real: Option<&'static str>,
}

pub const MESSAGES: [Message; 10] = [
    Message { mapping: "edifact/desadv", case: "despatch-advice", real: Some("edifact/DESADV") },
    Message { mapping: "edifact/iftsta", case: "transport-status", real: Some("edifact/IFTSTA") },
    Message { mapping: "x12/856", case: "ship-notice", real: Some("x12/856") },
    Message { mapping: "x12/810", case: "invoice", real: Some("x12/810") },
    Message { mapping: "edifact/cuscar", case: "cargo-report", real: Some("edifact/CUSCAR") },
    Message { mapping: "x12/309", case: "manifest", real: None },
    Message { mapping: "edifact/cusrep", case: "conveyance-report", real: None },
    Message { mapping: "edifact/sancrt", case: "certificate-of-origin", real: None },
    Message { mapping: "x12/350", case: "customs-status", real: None },
    Message { mapping: "x12/355", case: "customs-acceptance", real: None },
];

impl Message {
    pub fn mapped(&self) -> &'static Mapped {
        mapped(self.mapping)
    }

    /// The message of the case.
    pub fn text(&self) -> String {
        self.file("in")
    }

    /// The document of the case.
    pub fn document(&self) -> String {
        self.file("json")
    }

    fn file(&self, ending: &str) -> String {
        let (adapter, _) = self.mapping.split_once('/').unwrap();
        file(&format!("adapters/{adapter}/cases/{}.{ending}", self.case)).unwrap()
    }
}

/// The messages of a file that are of a mapping, each with the grammar of its directory, or the nearest.
pub fn read<'i>(mapped: &Mapped, bytes: &'i [u8]) -> Vec<(Tree<'i>, Arc<Grammar>)> {
    let name = mapped.grammar.header.message.first().map(ToString::to_string).unwrap_or_default();
    if mapped.mapping.syntax() == Syntax::X12 {
        let grammars = |kind: &x12::SetType| (kind.number == *name).then(|| mapped.grammar.clone());
        let all = x12::messages(bytes, &grammars).filter(|message| message.kind.number == *name);
        return all.map(|message| (message.into_tree(), mapped.grammar.clone())).collect();
    }
    let grammars = |kind: &edifact::MessageType| {
        let release = format!("/{}{}/", kind.version, kind.release).to_lowercase();
        let own = mapped.mapping.grammars().find(|grammar| grammar.name().contains(&release));
        (kind.name == *name).then(|| own.unwrap_or(&mapped.grammar).clone())
    };
    let read = edifact::messages(bytes, &grammars).filter_map(|one| {
        let grammar = one.grammar.clone()?;
        Some((one.into_tree(), grammar))
    });
    read.collect()
}

/// Writes a message; what is beyond Latin characters is written in UTF-8.
pub fn write(mapped: &Mapped, tree: &Tree<'_>) -> Result<Vec<u8>, Vec<Finding>> {
    let messages = [(tree, Some(&*mapped.grammar))];
    if mapped.mapping.syntax() == Syntax::X12 {
        let options = x12::WriteOptions { encoding: x12::Encoding::Utf8, ..x12::WriteOptions::default() };
        return x12::write(&messages, &options).map(|done| done.bytes).map_err(|refused| refused.findings);
    }
    let unoy = edifact::Interchange {
        syntax: "UNOY".into(),
        version: "3".into(),
        ..edifact::Interchange::default()
    };
    let options = edifact::WriteOptions { interchange: Some(unoy), ..edifact::WriteOptions::default() };
    edifact::write(&messages, &options).map(|done| done.bytes).map_err(|refused| refused.findings)
}
