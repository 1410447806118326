//! A declaration three times: the order, the canonical document, the message. What belongs together has numbers in
//! common, which the script lights; who supplied a value can be read beside it without.

use std::collections::HashSet;

use dragoman_engine::{Pane, PaneLine, Panes, Supplied};
use maud::{Markup, html};

use crate::texts::{Texts, filled, said};

/// So many lines are shown at once: of a longer declaration, the header or one item.
const MOST: usize = 330;
/// What the entries of a declaration's items are called in the canonical document.
const ITEMS: &str = "goods_items";

/// Which part is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything.
    Whole,
    /// What is about the whole declaration.
    Header,
    /// One item, from 1.
    Item(usize),
}

impl Part {
    /// The part that is shown of some panes, by the word of the address bar.
    pub fn of(panes: &Panes, word: &str) -> Self {
        let wires = panes.wire.lines.len() + panes.canonical.lines.len();
        let lines = wires + panes.orders.iter().map(|pane| pane.lines.len()).sum::<usize>();
        match word.parse() {
            _ if lines <= MOST => Self::Whole,
            Ok(item) if item > 0 && item <= items(&panes.canonical) => Self::Item(item),
            _ => Self::Header,
        }
    }

    /// The word for the address bar.
    pub fn word(self) -> String {
        if let Self::Item(item) = self { item.to_string() } else { String::new() }
    }
}

/// How many items a canonical pane has.
pub fn items(canonical: &Pane) -> usize {
    canonical.lines.iter().filter(|line| is_item(line)).count()
}

fn is_item(line: &PaneLine) -> bool {
    line.depth == 1 && line.name == ITEMS
}

/// The item that each line of the canonical pane is in, from 1; 0 for the header.
fn items_of(canonical: &Pane) -> Vec<usize> {
    let (mut item, mut inside) = (0, false);
    let of = |line: &PaneLine| {
        if line.depth <= 1 {
            inside = is_item(line);
            item += usize::from(inside);
        }
        if inside { item } else { 0 }
    };
    canonical.lines.iter().map(of).collect()
}

/// The items with values at fault.
pub fn faulty(canonical: &Pane, faults: &HashSet<&str>) -> HashSet<usize> {
    let lines = canonical.lines.iter().zip(items_of(canonical));
    lines.filter(|(line, item)| *item > 0 && is_at_fault(line, faults)).map(|(_, item)| item).collect()
}

fn is_at_fault(line: &PaneLine, faults: &HashSet<&str>) -> bool {
    line.path.as_deref().is_some_and(|path| faults.contains(path))
}

/// What is shown of the panes.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'p> {
    /// The panes.
    pub panes: &'p Panes,
    /// Which part of them.
    pub part: Part,
    /// Canonical paths of values at fault.
    pub faults: &'p HashSet<&'p str>,
    /// True where the canonical values are fields.
    pub is_edited: bool,
}

/// The panes side by side.
pub fn panes(texts: &Texts, shown: &Shown<'_>) -> Markup {
    let canonical = chosen(&shown.panes.canonical, shown.part);
    let numbers: HashSet<u32> = canonical.iter().flat_map(|line| line.of.iter().copied()).collect();
    let faulty: HashSet<u32> = canonical
        .iter()
        .filter(|line| is_at_fault(line, shown.faults))
        .flat_map(|line| line.of.iter().copied())
        .collect();
    let related = |pane| if shown.part == Part::Whole { whole(pane) } else { belonging(pane, &numbers) };
    html! {
        div.panes {
            @if shown.panes.orders.is_empty() {
                div.pane { h3 { (texts.pane_order) } p.empty { (texts.pane_no_order) } }
            } @else {
                div.pane {
                    @for pane in &shown.panes.orders {
                        @let lines = related(pane);
                        @if !lines.is_empty() { h3 { (pane.title) } (list(texts, &lines, &faulty)) }
                    }
                }
            }
            div.pane {
                h3 { (texts.pane_canonical) }
                @if shown.is_edited { (fields(texts, &canonical, shown.faults)) } @else { (list(texts, &canonical, &faulty)) }
            }
            @if !shown.panes.wire.lines.is_empty() {
                div.pane {
                    h3 { (texts.pane_wire) ": " (shown.panes.wire.title) }
                    (list(texts, &related(&shown.panes.wire), &faulty))
                }
            }
        }
    }
}

fn whole(pane: &Pane) -> Vec<&PaneLine> {
    pane.lines.iter().collect()
}

/// The lines of the canonical pane that a part has.
fn chosen(canonical: &Pane, part: Part) -> Vec<&PaneLine> {
    let wanted = match part {
        Part::Whole => return whole(canonical),
        Part::Header => 0,
        Part::Item(item) => item,
    };
    let lines = canonical.lines.iter().zip(items_of(canonical));
    lines.filter(|(_, item)| *item == wanted).map(|(line, _)| line).collect()
}

/// The lines that have one of some numbers, with what they are in.
fn belonging<'p>(pane: &'p Pane, numbers: &HashSet<u32>) -> Vec<&'p PaneLine> {
    let mut kept = Vec::new();
    let mut above: Vec<&PaneLine> = Vec::new();
    for line in &pane.lines {
        above.retain(|one| one.depth < line.depth);
        if line.of.iter().any(|number| numbers.contains(number)) {
            kept.append(&mut above);
            kept.push(line);
        } else {
            above.push(line);
        }
    }
    kept
}

fn list(texts: &Texts, lines: &[&PaneLine], faulty: &HashSet<u32>) -> Markup {
    html! { ol { @for line in lines { (one(texts, line, line.of.iter().any(|number| faulty.contains(number)))) } } }
}

fn one(texts: &Texts, line: &PaneLine, is_faulty: bool) -> Markup {
    let class = class(line, is_faulty);
    let of =
        (!line.of.is_empty()).then(|| line.of.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    html! {
        li class=[class] data-of=[of] {
            @match &line.value {
                Some(value) => { u { (line.name) } " " b { (value) } @if !line.from.is_empty() { " " s { (suppliers(texts, &line.from)) } } },
                None => (line.name),
            }
        }
    }
}

fn class(line: &PaneLine, is_faulty: bool) -> Option<String> {
    let mut words = Vec::new();
    if line.depth > 0 {
        words.push(format!("d{}", line.depth.min(5)));
    }
    words.extend(line.value.is_none().then(|| "group".to_owned()));
    words.extend(is_faulty.then(|| "fault".to_owned()));
    (!words.is_empty()).then(|| words.join(" "))
}

fn suppliers(texts: &Texts, from: &[Supplied]) -> String {
    let one = |supplied: &Supplied| {
        let by = said(texts.suppliers, supplied.by);
        supplied.which.as_ref().map_or_else(|| by.to_owned(), |which| format!("{by} {which}"))
    };
    from.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The canonical pane as fields: path, value as it was, value as it is to be, in this order.
fn fields(texts: &Texts, lines: &[&PaneLine], faults: &HashSet<&str>) -> Markup {
    html! {
        ol {
            @for line in lines {
                @match (&line.path, &line.value) {
                    (Some(path), Some(value)) => {
                        @let of = line.of.first().copied().unwrap_or_default();
                        li class=[class(line, is_at_fault(line, faults))] data-of=(of) {
                            input type="hidden" name="path" value=(path);
                            input type="hidden" name="was" value=(value);
                            label {
                                u { (line.name) } " "
                                @if is_at_fault(line, faults) { s { (texts.severity_error) } " " }
                                input id={ "v" (of) } name="new" value=(value) autocomplete="off";
                            }
                        }
                    },
                    _ => (one(texts, line, false)),
                }
            }
        }
    }
}

/// The number of a canonical value, by its path.
pub fn number(canonical: &Pane, path: &str) -> Option<u32> {
    let line = canonical.lines.iter().find(|line| line.path.as_deref() == Some(path))?;
    line.of.first().copied()
}

/// The item that a canonical path is in; 0 for the header.
pub fn item_of(canonical: &Pane, path: &str) -> usize {
    let lines = canonical.lines.iter().zip(items_of(canonical));
    lines.into_iter().find(|(line, _)| line.path.as_deref() == Some(path)).map_or(0, |(_, item)| item)
}

/// The choice of a part, where a declaration is too long to be shown at once.
pub fn choice(texts: &Texts, shown: &Shown<'_>) -> Markup {
    let canonical = &shown.panes.canonical;
    let faulty = faulty(canonical, shown.faults);
    let name = |item: usize| {
        let text = if faulty.contains(&item) { texts.item_faulty } else { texts.item };
        filled(text, &[&item.to_string()])
    };
    let now = shown.part.word();
    html! {
        form.filters method="get" {
            label {
                span { (texts.part) }
                select name="part" {
                    option value="" { (texts.header) }
                    @for item in 1..=items(canonical) {
                        option value=(item) selected[now == item.to_string()] { (name(item)) }
                    }
                }
            }
            @if shown.is_edited { input type="hidden" name="edit" value="1"; }
            button { (texts.show) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(depth: usize, name: &str, of: &[u32]) -> PaneLine {
        PaneLine {
            depth,
            name: name.to_owned(),
            value: (!of.is_empty()).then(|| "x".to_owned()),
            path: None,
            of: of.to_vec(),
            from: Vec::new(),
        }
    }

    #[test]
    fn an_item_is_shown_with_what_it_is_in() {
        let lines = vec![
            line(0, "declaration", &[]),
            line(1, "lrn", &[1]),
            line(1, "goods_items", &[]),
            line(2, "sequence", &[2]),
            line(1, "goods_items", &[]),
            line(2, "sequence", &[3]),
            line(1, "transport", &[4]),
        ];
        let canonical = Pane { title: String::new(), lines };
        assert_eq!((items(&canonical), items_of(&canonical)), (2, vec![0, 0, 1, 1, 2, 2, 0]));
        let names = |lines: Vec<&PaneLine>| lines.iter().map(|line| line.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(chosen(&canonical, Part::Item(2))), ["goods_items", "sequence"]);
        assert_eq!(names(chosen(&canonical, Part::Header)), ["declaration", "lrn", "transport"]);
        let wire = vec![
            line(0, "Declaration", &[]),
            line(1, "ID", &[1]),
            line(1, "Item", &[]),
            line(2, "Sequence", &[2]),
            line(1, "Item", &[]),
            line(2, "Sequence", &[3]),
        ];
        let wire = Pane { title: String::new(), lines: wire };
        assert_eq!(names(belonging(&wire, &[3].into())), ["Declaration", "Item", "Sequence"]);
        assert!(belonging(&wire, &HashSet::new()).is_empty());
    }
}
