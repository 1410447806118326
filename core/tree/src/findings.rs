//! The findings of one message while it is worked on. Input comes from anywhere, so their number is bounded.

use crate::{Code, Finding};

/// Findings, of which only the first hundreds are kept.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    listed: Vec<Finding>,
    unlisted: usize,
}

impl Findings {
    /// How many are kept.
    pub const MOST: usize = 250;

    /// Adds a finding, which is made only where it is kept.
    pub fn add(&mut self, make: impl FnOnce() -> Finding) {
        if self.listed.len() < Self::MOST { self.listed.push(make()) } else { self.unlisted += 1 }
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.add(|| finding);
    }

    /// Takes what is kept, with a closing word of that kind on the others.
    pub fn take(&mut self, more: &'static Code) -> Vec<Finding> {
        let mut findings = std::mem::take(&mut self.listed);
        let unlisted = std::mem::take(&mut self.unlisted);
        let closing = || Finding::info(more, format!("{unlisted} more findings are not listed"));
        findings.extend((unlisted > 0).then(closing));
        findings
    }
}

impl Extend<Finding> for Findings {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, findings: T) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: Code = Code { id: "DG-E9999", title: "more", help: "" };

    #[test]
    fn the_last_finding_tells_how_many_are_not_listed() {
        let finding = || Finding::error(&CODE, "one");
        let mut findings = Findings::default();
        findings.extend((0..Findings::MOST).map(|_| finding()));
        assert_eq!(findings.clone().take(&CODE).len(), Findings::MOST);
        (0..7).for_each(|_| findings.add(|| unreachable!()));
        let all = findings.take(&CODE);
        assert_eq!(all.last().unwrap().message, "7 more findings are not listed");
        assert_eq!((all.len(), findings.take(&CODE).len()), (Findings::MOST + 1, 0));
    }
}
