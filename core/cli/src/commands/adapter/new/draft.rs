//! A mapping to begin with: what each place of a grammar may mean, marked as a guess.

use std::fmt::Write;

use dragoman_adapters::{Catalogue, CatalogueError, Data, Refused};
use dragoman_model::{Schema, Type};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_tree::PlaceId;

use super::guess::{self, Guess};
use crate::commands::adapter::GUESS;
use crate::failure::Failure;

/// A mapping that loads: lines that are refused are left out, and what no line speaks of is named at its end.
pub fn mapping(grammar: &Grammar, model: PlaceId, fixed: &str, mut data: Data) -> Result<String, Failure> {
    let name = grammar.name().to_owned();
    let path = format!("mappings/{name}.map");
    data.lay(format!("mappings/{name}.gram"), dragoman_syntax::grammar::layout(grammar), name.clone());
    let mut text = Draft { grammar, model }.text(fixed);
    loop {
        data.lay(path.clone(), text.clone(), path.clone());
        let faults = match Catalogue::new(data.clone())?.mapping(&name) {
            Err(CatalogueError::Refused(Refused(faults))) => faults,
            Err(other) => return Err(other.into()),
            Ok(_) => return Ok(text),
        };
        let wrong: Vec<_> =
            faults.iter().filter(|fault| *fault.text == *text).map(|fault| fault.at.start).collect();
        let less = without(&text, &wrong);
        if less == text {
            return Err(Failure::Data(Refused(faults)));
        }
        text = less;
    }
}

/// The text without the guesses that stand at these bytes. A list goes with its block.
fn without(text: &str, wrong: &[usize]) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut is_in_block) = (0, false);
    for line in text.split_inclusive('\n') {
        let is_wrong =
            wrong.iter().any(|start| (at..at + line.len()).contains(start)) && line.contains(GUESS);
        at += line.len();
        let closes = line.trim() == "}";
        if is_wrong && line.trim_end().contains("{ ") {
            is_in_block = true;
        }
        if !is_wrong && !is_in_block {
            out.push_str(line);
        }
        is_in_block &= !closes;
    }
    out
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
        let mut open = Vec::new();
        let document = self.model;
        for leaf in &leaves {
            self.line(&mut text, *leaf, (Grammar::ROOT, document), "", &mut open);
        }
        for list in self.lists() {
            let Some(Guess { place, by }) = guess::list(grammar, list, document) else {
                open.push(self.path(list, Grammar::ROOT));
                continue;
            };
            let (canonical, wire) = (Schema::standard().name_of(place), self.path(list, Grammar::ROOT));
            let _ = writeln!(text, "{canonical}[] <=> {wire} {{ {GUESS}: by {by}");
            for leaf in self.leaves(list) {
                self.line(&mut text, leaf, (list, place), "    ", &mut open);
            }
            text.push_str("}\n");
        }
        for path in open {
            let _ = writeln!(text, "# nothing speaks of {path}");
        }
        text
    }

    fn line(
        &self,
        text: &mut String,
        leaf: PlaceId,
        (from, scope): (PlaceId, PlaceId),
        indent: &str,
        open: &mut Vec<String>,
    ) {
        let wire = self.path(leaf, from);
        let Some(Guess { place, by }) = guess::leaf(self.grammar, leaf, scope) else {
            open.push(self.path(leaf, Grammar::ROOT));
            return;
        };
        let schema = Schema::standard();
        let steps: Vec<_> = schema
            .ancestry(place)
            .take_while(|above| *above != scope)
            .map(|above| schema.name_of(above))
            .collect();
        let canonical: Vec<_> = steps.into_iter().rev().collect();
        let codec = match schema.type_of(place) {
            Type::DateTime | Type::Date => " datetime(iso)",
            Type::Decimal | Type::Rate => " decimal",
            Type::Int => " int",
            _ => "",
        };
        let _ = writeln!(text, "{indent}{} <=> {wire}{codec} {GUESS}: by {by}", canonical.join("."));
    }

    /// The values below a place that occur once in it.
    fn leaves(&self, below: PlaceId) -> Vec<PlaceId> {
        let all = self.below(below).filter(|place| self.grammar.children(*place).next().is_none());
        all.filter(|place| self.repeats(*place, below).is_none()).collect()
    }

    /// The groups that repeat, outermost.
    fn lists(&self) -> Vec<PlaceId> {
        let is_group = |place: &PlaceId| self.grammar.children(*place).next().is_some();
        let is_outermost = |place: &PlaceId| self.repeats(*place, Grammar::ROOT) == Some(*place);
        self.below(Grammar::ROOT).filter(is_group).filter(is_outermost).collect()
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
                let name = self.grammar.name_of(step);
                let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
                if name.trim_start_matches('@').chars().all(is_plain) {
                    name.to_owned()
                } else {
                    format!("'{name}'")
                }
            })
            .collect();
        let join = if self.grammar.syntax == Syntax::Json { "." } else { "/" };
        steps.into_iter().rev().collect::<Vec<_>>().join(join)
    }
}
