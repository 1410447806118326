//! `dragoman inspect`: an interchange as a tree, with names, codes resolved and findings in place.

mod entries;
mod html;
mod lists;
mod names;
mod text;

use dragoman_adapters::{Catalogue, CatalogueError, Kind, recognise, unknown};
use dragoman_syntax::edifact::MessageType;
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::x12::SetType;
use dragoman_syntax::{Limits, Read, edifact, flat, json, validate, x12, xml};
use dragoman_tree::{Finding, Severity, Tree};

use crate::Context;
use crate::arguments::Inspect;
use crate::failure::{Failure, Outcome};
use crate::inputs::Input;
use crate::terminal::print;
use entries::{Entry, entries};
use lists::Lists;
use names::Names;

/// A message to show: what it is, its lines, and the findings that have no place in it.
pub struct Shown {
    /// `850 004010`, `CUSRES D.96B UN`, `gb-cds/declaration`.
    pub title: String,
    /// Its nodes, in order.
    pub entries: Vec<Entry>,
    /// Findings about none of them.
    pub others: Vec<Finding>,
}

/// Prints the messages of one input.
pub fn run(context: &Context, arguments: &Inspect) -> Result<Outcome, Failure> {
    let path = (arguments.input.as_os_str() != "-").then(|| arguments.input.clone());
    let input = Input { path, below: arguments.input.clone(), found: false };
    let mut opened = input.open()?;
    opened.gather()?;
    let converted = opened.source.converted();
    let bytes = converted.as_ref().unwrap_or(&opened.source).bytes();
    let shown = messages(&context.catalogue, bytes)?;
    let name = opened.source.name.clone();
    let terminal = context.terminal.on_stdout();
    let page =
        if arguments.html { html::page(&name, &shown) } else { text::tree(&name, &shown, terminal.color) };
    print(page.as_bytes());
    let findings = |shown: &Shown| -> bool {
        let within = shown.entries.iter().flat_map(|entry| &entry.findings);
        within.chain(&shown.others).any(|finding| finding.severity == Severity::Error)
    };
    Ok(if shown.iter().any(findings) { Outcome::Findings } else { Outcome::Clean })
}

/// Reads whatever it is, each message with the grammar that is known for it.
fn messages(catalogue: &Catalogue, bytes: &[u8]) -> Result<Vec<Shown>, CatalogueError> {
    match Kind::of(bytes) {
        Kind::Edifact(_) => Ok(edifact_messages(catalogue, bytes)),
        Kind::X12(_) => Ok(transaction_sets(catalogue, bytes)),
        Kind::Xml(_) | Kind::Json => document(catalogue, bytes).map(|shown| vec![shown]),
        Kind::Text => flat_file(catalogue, bytes),
        Kind::Empty | Kind::Other(_) => Ok(vec![others("nothing to show".into(), vec![unknown(bytes)])]),
    }
}

fn edifact_messages(catalogue: &Catalogue, bytes: &[u8]) -> Vec<Shown> {
    let grammars = |kind: &MessageType| catalogue.edifact_grammar(kind);
    let mut all = edifact::messages(bytes, &grammars);
    let mut shown = Vec::new();
    for mut one in all.by_ref() {
        let findings = std::mem::take(&mut one.findings);
        let title =
            if one.kind.name.is_empty() { "a message without UNH".into() } else { one.kind.to_string() };
        shown.push(message(catalogue, title, one.tree(), one.grammar.as_deref(), findings));
    }
    rest(shown, all.findings())
}

fn transaction_sets(catalogue: &Catalogue, bytes: &[u8]) -> Vec<Shown> {
    let grammars = |kind: &SetType| catalogue.x12_grammar(kind);
    let mut all = x12::messages(bytes, &grammars);
    let mut shown = Vec::new();
    for mut one in all.by_ref() {
        let findings = std::mem::take(&mut one.findings);
        shown.push(message(catalogue, one.kind.to_string(), one.tree(), one.grammar.as_deref(), findings));
    }
    rest(shown, all.findings())
}

/// The messages of a flat file, with the grammar of the message that it is recognised as.
fn flat_file(catalogue: &Catalogue, bytes: &[u8]) -> Result<Vec<Shown>, CatalogueError> {
    let known = recognise(catalogue, bytes)?;
    let mapping = known.as_ref().and_then(|message| message.mapping());
    let mut grammars = mapping.into_iter().flat_map(|mapping| mapping.grammars());
    let Some((known, grammar)) = known.as_ref().zip(grammars.find(|grammar| flat::begins(bytes, grammar)))
    else {
        return Ok(vec![others("nothing to show".into(), vec![unknown(bytes)])]);
    };
    let shown = |one: flat::Message<'_>| {
        message(catalogue, known.name().to_owned(), &one.tree, Some(grammar), one.findings)
    };
    Ok(flat::messages(bytes, grammar, &Limits::default()).into_iter().map(shown).collect())
}

/// An XML or JSON text, with the grammar of the message that it is recognised as.
fn document(catalogue: &Catalogue, bytes: &[u8]) -> Result<Shown, CatalogueError> {
    let is_xml = matches!(Kind::of(bytes), Kind::Xml(_));
    let read = |grammar: Option<&Grammar>| {
        if is_xml {
            xml::read(bytes, grammar, &Limits::default())
        } else {
            json::read(bytes, grammar, Grammar::ROOT, &Limits::default())
        }
    };
    let known = recognise(catalogue, bytes)?;
    let title =
        known.as_ref().map_or_else(|| Kind::of(bytes).to_string(), |message| message.name().to_owned());
    let mapping = known.as_ref().and_then(|message| message.mapping());
    for grammar in mapping.into_iter().flat_map(|mapping| mapping.grammars()) {
        let Read { tree, findings } = read(Some(grammar));
        if mapping.is_some_and(|mapping| mapping.recognises(&tree)) {
            return Ok(message(catalogue, title, &tree, Some(grammar), findings));
        }
    }
    let Read { tree, findings } = read(None);
    Ok(message(catalogue, title, &tree, None, findings))
}

fn message(
    catalogue: &Catalogue,
    title: String,
    tree: &Tree<'_>,
    grammar: Option<&Grammar>,
    mut findings: Vec<Finding>,
) -> Shown {
    findings.extend(grammar.map(|grammar| validate(tree, grammar)).unwrap_or_default());
    let names = Names::of(catalogue, grammar);
    // Lists that cannot be read are said when they are checked by.
    let lists = Lists::of(catalogue, &title).unwrap_or_default();
    let (entries, others) = entries(tree, grammar, (&names, &lists), findings);
    Shown { title, entries, others }
}

/// Adds what was found after the last message.
fn rest(mut shown: Vec<Shown>, findings: Vec<Finding>) -> Vec<Shown> {
    match shown.last_mut() {
        Some(last) => last.others.extend(findings),
        None => shown.push(others("no message".into(), findings)),
    }
    shown
}

fn others(title: String, others: Vec<Finding>) -> Shown {
    Shown { title, entries: Vec::new(), others }
}
