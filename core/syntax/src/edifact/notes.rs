//! Findings as they are met, of which only the first hundreds are kept.

use dragoman_tree::{Code, Finding};

/// More findings than are worth listing.
pub const MORE: Code = Code {
    id: "DG-E0326",
    title: "more findings than are listed",
    help: "The list of findings of a message is cut after the first hundreds. Usually all have one cause: a \
           wrong message type or directory in UNH, a missing segment, or a file of another format.",
};

/// How many findings are listed, of the envelope and of the structure of one message each.
pub(super) const LISTED: usize = 250;

/// The findings since they were taken last.
#[derive(Debug, Default)]
pub(super) struct Notes {
    listed: Vec<Finding>,
    unlisted: usize,
}

impl Notes {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        if self.listed.len() < LISTED {
            self.listed.push(finding);
        } else {
            self.unlisted += 1;
        }
    }

    /// Adds findings.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// Takes what is listed, with a closing word on what is not.
    pub fn take(&mut self) -> Vec<Finding> {
        let mut findings = std::mem::take(&mut self.listed);
        findings.extend(more(std::mem::take(&mut self.unlisted), "the envelope"));
        findings
    }
}

/// Says how many findings are not listed.
pub(super) fn more(unlisted: usize, about: &str) -> Option<Finding> {
    (unlisted > 0)
        .then(|| Finding::info(&MORE, format!("{unlisted} more findings about {about} are not listed")))
}
