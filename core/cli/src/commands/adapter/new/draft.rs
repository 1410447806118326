//! A mapping to begin with: what each place of a grammar may mean, marked as a guess.

use std::fmt::Write;

use dragoman_adapters::{Catalogue, CatalogueError, Data, Refused};
use dragoman_model::{Schema, Type};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_tree::{Kind, PlaceId};

use super::guess::{self, Guess};
use crate::commands::adapter::GUESS;
use crate::failure::Failure;

/// A mapping that loads: what nothing is guessed of is kept as it came, and lines that are refused are left as remarks.
pub fn mapping(grammar: &Grammar, model: PlaceId, fixed: &str, mut data: Data) -> Result<String, Failure> {
    let name = grammar.name().to_owned();
    let path = format!("mappings/{name}.map");
    data.lay(format!("mappings/{name}.gram"), dragoman_syntax::grammar::layout(grammar), name.clone());
    let family = name.split('/').next().unwrap_or_default();
    let mut text = Draft { grammar, model, family }.text(fixed);
    loop {
        data.lay(path.clone(), text.clone(), path.clone());
        let faults = match Catalogue::new(data.clone())?.mapping(&name) {
            Err(CatalogueError::Refused(Refused(faults))) => faults,
            Err(other) => return Err(other.into()),
            Ok(_) => return Ok(text),
        };
        let own = faults.iter().filter(|fault| *fault.text == *text);
        let wrong: Vec<_> = own.map(|fault| (fault.at.start, fault.message.as_str())).collect();
        // What is missing beside a line is missing because of another one: that one goes first.
        let is_lack = |(_, why): &&(usize, &str)| why.contains(" is written without ");
        let worse: Vec<_> = wrong.iter().filter(|one| !is_lack(one)).copied().collect();
        let less = without(&text, if worse.is_empty() { &wrong } else { &worse }, family);
        if less == text {
            return Err(Failure::Data(Refused(faults)));
        }
        text = less;
    }
}

/// The text without the guesses that stand at these bytes: what they were about is kept as it came, or is no more than a
/// remark where that is refused too. A list goes with its block.
fn without(text: &str, wrong: &[(usize, &str)], family: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut is_in_block) = (0, false);
    for line in text.split_inclusive('\n') {
        let within = at..at + line.len();
        at += line.len();
        let is_guess = line.contains(GUESS) && !line.starts_with('#');
        let why = wrong.iter().find(|(start, _)| within.contains(start)).filter(|_| is_guess);
        let guess = line.split(GUESS).next().unwrap_or_default().trim_end();
        if let Some((_, why)) = why {
            is_in_block |= guess.ends_with('{');
            let wire = guess.split("<=> ").nth(1).and_then(|rest| rest.split(' ').next());
            let indent = guess.len() - guess.trim_start().len();
            let _ = match wire.filter(|_| !guess.contains("extensions.")) {
                Some(wire) => writeln!(out, "{:indent$}{} since {why}", "", kept(family, wire)),
                None => writeln!(out, "# refused, since {why}: {}", guess.trim()),
            };
        } else if is_in_block {
            is_in_block = line.trim() != "}";
        } else {
            out.push_str(line);
        }
    }
    out
}

/// A line that keeps what stands at a place as it came.
fn kept(family: &str, wire: &str) -> String {
    let name: String = wire.chars().map(|one| if one.is_alphanumeric() { one } else { '_' }).collect();
    format!("extensions.{family}.{} <=> {wire} {GUESS}: kept as it came", name.trim_matches('_'))
}

/// `customs_response` as mappings write it: `CustomsResponse`.
fn capitals(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    name.split('_').map(word).collect()
}

struct Draft<'g> {
    grammar: &'g Grammar,
    /// The canonical document.
    model: PlaceId,
    /// Whose extensions it has.
    family: &'g str,
}

impl Draft<'_> {
    fn text(&self, fixed: &str) -> String {
        let grammar = self.grammar;
        let (name, syntax) = (grammar.name(), grammar.syntax.word());
        let root = grammar.name_of(Grammar::ROOT);
        let mut text = format!(
            "mapping 1 {name}\n# Drafted from the published schema. What is marked as a guess is one until somebody has checked it.\n\
             model {}\nwire {syntax} {root} grammar {name}\n",
            capitals(Schema::standard().name_of(self.model))
        );
        let leaves: Vec<_> = self.leaves(Grammar::ROOT);
        let mandatory = leaves.iter().filter(|leaf| grammar.place(**leaf).min > 0);
        let mut known: Vec<_> =
            mandatory.chain(&leaves).take(2).map(|leaf| self.path(*leaf, Grammar::ROOT)).collect();
        known.dedup();
        let _ = writeln!(text, "recognise {}\n{fixed}", known.join(", "));
        let document = self.model;
        for leaf in &leaves {
            self.line(&mut text, *leaf, (Grammar::ROOT, document), "");
        }
        for list in self.lists(Grammar::ROOT) {
            let Some(Guess { place, by }) = guess::list(grammar, list, document) else {
                self.keep(&mut text, list, Grammar::ROOT, "");
                continue;
            };
            let (canonical, wire) = (Schema::standard().name_of(place), self.path(list, Grammar::ROOT));
            let _ = writeln!(text, "{canonical}[] <=> {wire} {{ {GUESS}: by {by}");
            for leaf in self.leaves(list) {
                self.line(&mut text, leaf, (list, place), "    ");
            }
            for inner in self.lists(list) {
                self.keep(&mut text, inner, list, "    ");
            }
            text.push_str("}\n");
        }
        text
    }

    /// Keeps what stands at a place as it came.
    fn keep(&self, text: &mut String, place: PlaceId, from: PlaceId, indent: &str) {
        let _ = writeln!(text, "{indent}{}", kept(self.family, &self.path(place, from)));
    }

    fn line(&self, text: &mut String, leaf: PlaceId, (from, scope): (PlaceId, PlaceId), indent: &str) {
        let wire = self.path(leaf, from);
        let Some(Guess { place, by }) = guess::leaf(self.grammar, leaf, scope) else {
            return self.keep(text, leaf, from, indent);
        };
        let schema = Schema::standard();
        let steps: Vec<_> = schema
            .ancestry(place)
            .take_while(|above| *above != scope)
            .map(|above| schema.name_of(above))
            .collect();
        let canonical: Vec<_> = steps.into_iter().rev().collect();
        let unit = self.grammar.children(leaf).next().map(|unit| self.path(unit, leaf));
        let (member, codec) = match (schema.type_of(place), unit) {
            (Type::DateTime | Type::Date, _) => ("", " datetime(iso)".to_owned()),
            (Type::Decimal | Type::Rate, _) => ("", " decimal".to_owned()),
            (Type::Int, _) => ("", " int".to_owned()),
            (Type::Shape("Money"), Some(unit)) => ("", format!(" money({unit})")),
            (Type::Shape("Money"), None) => (".amount", " decimal".to_owned()),
            (Type::Shape("Mass"), None) => ("", " measure(\"KGM\")".to_owned()),
            (Type::Shape(_), Some(unit)) => ("", format!(" measure({unit})")),
            (Type::Shape(_), None) => (".value", " decimal".to_owned()),
            _ => ("", String::new()),
        };
        let canonical = canonical.join(".");
        let _ = writeln!(text, "{indent}{canonical}{member} <=> {wire}{codec} {GUESS}: by {by}");
    }

    /// The values below a place that occur once in it. One with its unit or currency beside it is one value.
    fn leaves(&self, below: PlaceId) -> Vec<PlaceId> {
        let is_attribute = |place: &PlaceId| self.grammar.place(*place).kind == Kind::Attribute;
        let is_measured = |place: PlaceId| {
            let mut below = self.grammar.children(place);
            below.next().is_none_or(|first| is_attribute(&first)) && below.next().is_none()
        };
        let is_beside =
            |place: &PlaceId| is_attribute(place) && is_measured(self.grammar.place(*place).parent);
        let all = self.below(below).filter(|place| is_measured(*place) && !is_beside(place));
        all.filter(|place| self.repeats(*place, below).is_none()).collect()
    }

    /// The groups below a place that repeat, outermost.
    fn lists(&self, below: PlaceId) -> Vec<PlaceId> {
        let is_element = |place: PlaceId| self.grammar.place(place).kind != Kind::Attribute;
        let is_group = |place: &PlaceId| self.grammar.children(*place).any(is_element);
        let is_outermost = |place: &PlaceId| self.repeats(*place, below) == Some(*place);
        self.below(below).filter(is_group).filter(is_outermost).collect()
    }

    fn below(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> + use<> {
        (place.0 + 1..self.grammar.place(place).end.0).map(PlaceId)
    }

    /// The outermost place that repeats between one and one above it.
    fn repeats(&self, place: PlaceId, above: PlaceId) -> Option<PlaceId> {
        let between = self.grammar.ancestry(place).take_while(|step| *step != above);
        between
            .filter(|step| {
                let found = self.grammar.place(*step);
                found.list || found.max > 1
            })
            .last()
    }

    fn path(&self, place: PlaceId, from: PlaceId) -> String {
        let steps: Vec<_> = self
            .grammar
            .ancestry(place)
            .take_while(|step| *step != from)
            .map(|step| {
                let mark = if self.grammar.place(step).kind == Kind::Attribute { "@" } else { "" };
                let name = self.grammar.name_of(step).trim_start_matches('@');
                let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
                let quote = if name.chars().all(is_plain) { "" } else { "'" };
                format!("{mark}{quote}{name}{quote}")
            })
            .collect();
        let join = if self.grammar.syntax == Syntax::Json { "." } else { "/" };
        steps.into_iter().rev().collect::<Vec<_>>().join(join)
    }
}
