//! What one grammar has that another has not: the message and its groups, then the elements of each segment once,
//! then the codes of each list.

use std::collections::BTreeSet;
use std::fmt;

use dragoman_tree::{Kind, PlaceId};

use super::{CodeList, Grammar};

/// A difference, from the old grammar to the new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where: a path, or the name of a list.
    pub at: String,
    /// What became of it.
    pub what: What,
}

/// What became of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Only the new grammar has it: as it stands there.
    Added(String),
    /// Only the old grammar has it.
    Removed,
    /// Both have it: as it was, as it is.
    Changed(String, String),
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Added(form) => write!(f, "+ {} {form}", self.at),
            What::Removed => write!(f, "- {}", self.at),
            What::Changed(old, new) => write!(f, "~ {}  {old} -> {new}", self.at),
        }
    }
}

/// The differences between two grammars, in their order.
pub fn changes(old: &Grammar, new: &Grammar) -> Vec<Change> {
    let mut all = Comparison { old, new, segments: Vec::new(), changes: Vec::new() };
    all.below(Grammar::ROOT, Grammar::ROOT);
    let mut seen = BTreeSet::new();
    for (old, new) in std::mem::take(&mut all.segments) {
        if seen.insert(all.new.name_of(new)) {
            all.below(old, new);
        }
    }
    all.changes.extend(codes(&old.lists, &new.lists));
    all.changes
}

struct Comparison<'g> {
    old: &'g Grammar,
    new: &'g Grammar,
    /// Segments that both have, to be compared after the structure.
    segments: Vec<(PlaceId, PlaceId)>,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    /// Compares what is below two places of one name.
    fn below(&mut self, old: PlaceId, new: PlaceId) {
        let olds: Vec<PlaceId> = self.old.children(old).collect();
        let news: Vec<PlaceId> = self.new.children(new).collect();
        let (mut olds, mut news) = (&olds[..], &news[..]);
        loop {
            let (gone, come) = self.skip(olds, news);
            let (removed, rest) = olds.split_at_checked(gone).unwrap_or((olds, &[]));
            let (added, others) = news.split_at_checked(come).unwrap_or((news, &[]));
            for place in removed {
                self.change(self.old, *place, What::Removed);
            }
            for place in added {
                self.change(self.new, *place, What::Added(form(self.new, *place)));
            }
            let (Some((one, rest)), Some((other, others))) = (rest.split_first(), others.split_first())
            else {
                return;
            };
            self.pair(*one, *other);
            (olds, news) = (rest, others);
        }
    }

    /// How many of each go before the next two of one name: as few as possible.
    fn skip(&self, olds: &[PlaceId], news: &[PlaceId]) -> (usize, usize) {
        let name_of =
            |grammar: &'_ Grammar, place: Option<&PlaceId>| place.map(|at| grammar.name_of(*at).to_owned());
        let fits = |(gone, come): &(usize, usize)| {
            let one = name_of(self.old, olds.get(*gone));
            one.is_some() && one == name_of(self.new, news.get(*come))
        };
        let most = olds.len() + news.len();
        let mut all = (0..=most).flat_map(|sum| (0..=sum).map(move |gone| (gone, sum - gone)));
        all.find(fits).unwrap_or((olds.len(), news.len()))
    }

    fn pair(&mut self, old: PlaceId, new: PlaceId) {
        let (was, is) = (form(self.old, old), form(self.new, new));
        if was != is {
            self.change(self.new, new, What::Changed(was, is));
        }
        match self.new.place(new).kind {
            Kind::Segment => self.segments.push((old, new)),
            _ => self.below(old, new),
        }
    }

    fn change(&mut self, grammar: &Grammar, place: PlaceId, what: What) {
        // Elements are the same wherever their segment stands.
        let is_element = matches!(grammar.place(place).kind, Kind::Composite | Kind::Data);
        let path = grammar.path(place);
        let at = if is_element { path.rsplit_once(">/").map_or(&*path, |(_, path)| path) } else { &path };
        self.changes.push(Change { at: at.to_owned(), what });
    }
}

/// How often a place may occur, and what it may hold.
fn form(grammar: &Grammar, place: PlaceId) -> String {
    let found = grammar.place(place);
    let occurs = match (found.min, found.max) {
        (min, u32::MAX) => format!("{min}.."),
        (min, max) => format!("{min}..{max}"),
    };
    match grammar.facets_of(place) {
        Some(facets) => format!("{occurs} {facets}"),
        None => occurs,
    }
}

/// Lists that both have with other codes, and how many came and went.
fn codes(old: &[CodeList], new: &[CodeList]) -> Vec<Change> {
    let mut all = Vec::new();
    for list in new {
        let Some(before) = old.iter().find(|before| before.name == list.name) else { continue };
        let (was, is): (BTreeSet<_>, BTreeSet<_>) =
            (before.codes.iter().collect(), list.codes.iter().collect());
        let at = |code: &str| format!("{} {code}", list.name);
        all.extend(was.difference(&is).map(|code| Change { at: at(code), what: What::Removed }));
        all.extend(is.difference(&was).map(|code| Change { at: at(code), what: What::Added(String::new()) }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn what_came_went_and_changed() {
        let head = "grammar 1 t\nsyntax edifact\nmessage M D 96B UN\n";
        let segments = "segment BGM 1001 an..3 1004 an..35\nsegment RFF 1153 an..3\nsegment DTM 2005 an..3\n";
        let old = format!("{head}{segments}0010 BGM *\n0020 DTM 0..9\n0030 <RFF> 0..9\n  0040 RFF *\n");
        let new = old
            .replace("1004 an..35", "1004 an..70 4343 an..3")
            .replace("0020 DTM 0..9\n", "")
            .replace("<RFF> 0..9\n  0040 RFF *\n", "<RFF> 0..99\n  0040 RFF *\n  0050 DTM 0..5\n");
        let load = |text: &str| parse(text, &|_| None).unwrap();
        let found: Vec<_> = changes(&load(&old), &load(&new)).iter().map(Change::to_string).collect();
        let expected = [
            "- DTM",
            "~ <RFF>  0..9 -> 0..99",
            "+ <RFF>/DTM 0..5",
            "~ BGM/1004  0..1 an..35 -> 0..1 an..70",
            "+ BGM/4343 0..1 an..3",
        ];
        assert_eq!(found, expected);
        assert_eq!(changes(&load(&new), &load(&new)), []);
    }
}
