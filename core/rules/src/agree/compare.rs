//! Comparing what documents say of a sale.

use dragoman_tree::{Code, Finding, Severity};
use rustc_hash::FxHashMap;

use super::{Agreement, Alike, Entry, Level, Located, Stated};

/// Documents of one sale differ.
pub const DIFFERS: Code = Code {
    id: "DG-E0806",
    title: "documents of one sale do not agree",
    help: "The authority compares the documents of a sale with each other, and refuses the declaration where they differ. \
           The value is shown in both documents: in the one that is held against the other as an error, in the other \
           as a note.",
};

/// A document, or a line of one, has no counterpart.
pub const LACKS: Code = Code {
    id: "DG-E0807",
    title: "a document of a sale has no counterpart",
    help: "Documents of that kind are among those that are compared, but none of them is of this sale, or none of their \
           lines is of this line. A number may be mistyped, or a document was left out.",
};

/// A finding about a file, by the number that it was read with.
type Said = (usize, Finding);

impl Agreement {
    /// What the documents that were read do not agree in, in both of them, and what has no counterpart.
    pub fn compare(&self, entries: &[Entry]) -> Vec<Said> {
        let mut said = Vec::new();
        let all: Vec<_> = entries.iter().collect();
        for sale in self.level(&self.sales, &all, &mut said) {
            let lines: Vec<_> = sale.iter().flat_map(|entry| &entry.lines).collect();
            self.level(&self.lines, &lines, &mut said);
        }
        said
    }

    /// Compares entries that have one key, and gives them.
    fn level<'e>(&self, level: &Level, entries: &[&'e Entry], said: &mut Vec<Said>) -> Vec<Vec<&'e Entry>> {
        let kinds: Vec<bool> = (0..self.documents.len())
            .map(|kind| entries.iter().any(|entry| entry.document == kind))
            .collect();
        let groups = grouped(entries);
        for (key, group) in &groups {
            let lacking = kinds
                .iter()
                .enumerate()
                .filter(|(kind, is_given)| **is_given && !group.iter().any(|entry| entry.document == *kind));
            said.extend(lacking.filter_map(|(kind, _)| self.lacks(level, kind, key, group)));
            for (index, alike) in level.alike.iter().enumerate() {
                self.alike(alike, index, group, said);
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    /// The finding that no document of a kind is of a sale, at the number of the sale.
    fn lacks(&self, level: &Level, kind: usize, key: &str, group: &[&Entry]) -> Option<Said> {
        // The same whatever the order in which documents come.
        let entry = group.iter().min_by_key(|entry| (entry.document, entry.file))?;
        let is_line = level.lists.iter().any(Option::is_some);
        let of = if is_line { "line of the " } else { "" };
        let message = format!("no {of}{} has the {} {key}", self.called(kind), level.key.what);
        let at =
            entry.keys.iter().find(|stated| stated.text() == key).map_or(&entry.whole, |stated| &stated.at);
        Some((entry.file, at.found(Finding::error(&LACKS, message))))
    }

    /// Holds what entries state against the first one that states it.
    fn alike(&self, alike: &Alike, index: usize, group: &[&Entry], said: &mut Vec<Said>) {
        let stated = |entry: &&'_ Entry| entry.values.get(index).is_some_and(Option::is_some);
        let mut stating: Vec<_> = group.iter().filter(|entry| stated(entry)).copied().collect();
        stating.sort_by_key(|entry| (entry.document, entry.file));
        let Some((first, others)) = stating.split_first() else { return };
        let value = |entry: &Entry| entry.values.get(index).cloned().flatten();
        let Some(expected) = value(first) else { return };
        for other in others {
            let Some(found) = value(other).filter(|found| !found.is_like(&expected)) else { continue };
            let severity = alike.severity.unwrap_or(Severity::Error);
            let of = |one: &Stated, entry: &Entry| self.in_document(one, entry);
            let differs = |here: &Stated, there: &str, severity| {
                let message = format!("the {} is `{}` here, but {there}", alike.what, here.text());
                here.at.found(Finding::new(&DIFFERS, severity, message))
            };
            said.push((other.file, differs(&found, &of(&expected, first), severity)));
            said.push((first.file, differs(&expected, &of(&found, other), Severity::Info)));
        }
    }

    /// `` `25.10` in the payment (/CEB411Message[1]/…) ``.
    fn in_document(&self, stated: &Stated, entry: &Entry) -> String {
        let place = stated.at.wire_path.as_ref().unwrap_or(&stated.at.path);
        format!("`{}` in the {} ({place})", stated.text(), self.called(entry.document))
    }

    pub(super) fn called(&self, kind: usize) -> &str {
        self.documents.get(kind).map_or("document", |known| &known.called)
    }
}

/// Entries by each of their keys, in the order in which these come first.
fn grouped<'e>(entries: &[&'e Entry]) -> Vec<(String, Vec<&'e Entry>)> {
    let mut groups: Vec<(String, Vec<&Entry>)> = Vec::new();
    let mut known: FxHashMap<&str, usize> = FxHashMap::default();
    for entry in entries {
        for key in entry.keys.iter().map(Stated::text) {
            let index = *known.entry(key).or_insert_with(|| {
                groups.push((key.to_owned(), Vec::new()));
                groups.len() - 1
            });
            if let Some((_, group)) = groups.get_mut(index) {
                group.push(*entry);
            }
        }
    }
    groups
}

impl Stated {
    /// Of several values one that both have is enough.
    fn is_like(&self, other: &Self) -> bool {
        self.values.iter().any(|value| other.values.iter().any(|one| one.is_like(value)))
    }

    fn text(&self) -> &str {
        self.values.first().map_or("", |value| &value.text)
    }
}

impl Located {
    /// The finding at this place.
    fn found(&self, finding: Finding) -> Finding {
        let finding = Finding { span: Some(self.span.clone()), ..finding.canonical(self.path.clone()) };
        Finding { wire_path: self.wire_path.clone(), ..finding }
    }
}
