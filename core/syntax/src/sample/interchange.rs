//! Sampled messages as bytes.

use std::sync::Arc;

use dragoman_tree::{Finding, Tree};

use super::sample;
use crate::grammar::{Grammar, Syntax};
use crate::{edifact, flat, json, x12, xml};

/// How many messages are tried for one that fits.
const TRIES: u64 = 500;

/// Messages as they were made and as they are written.
#[derive(Clone, Debug, Default)]
pub struct Sampled {
    /// The messages.
    pub trees: Vec<Tree<'static>>,
    /// One interchange of EDIFACT or X12, JSON a line each, XML and flat files one after the other.
    pub bytes: Vec<u8>,
    /// Why there are no bytes; empty where there are.
    pub refused: Vec<Finding>,
}

/// So many messages of a grammar, by a seed. Each is the first that `fits` of those that are tried for it: a
/// mapping may demand what its grammar lets a message leave out.
pub fn sampled(grammar: &Arc<Grammar>, seed: u64, size: u64, fits: &dyn Fn(&Tree<'_>) -> bool) -> Sampled {
    let first = |number| {
        let mut tries = (0..TRIES).map(|at| sample(grammar, seed_of(seed, number).wrapping_add(at << 52)));
        tries.find(|tree| fits(tree)).unwrap_or_else(|| sample(grammar, seed_of(seed, number)))
    };
    let trees: Vec<_> = (0..size).map(first).collect();
    let written = match grammar.syntax {
        Syntax::Edifact => interchange(&trees, grammar, seed),
        Syntax::X12 => x12_interchange(&trees, grammar, seed),
        Syntax::Flat => flat_file(&trees, grammar),
        Syntax::Xml => Ok(trees.iter().flat_map(|tree| document(tree, grammar)).collect()),
        Syntax::Json => {
            Ok(trees.iter().flat_map(|tree| json::write(tree, json::Style::Line).into_bytes()).collect())
        }
    };
    match written {
        Ok(bytes) => Sampled { trees, bytes, refused: Vec::new() },
        Err(refused) => Sampled { trees, bytes: Vec::new(), refused },
    }
}

/// The seed of one message of those that a seed gives; seeds below 2³² have none in common.
pub fn seed_of(seed: u64, number: u64) -> u64 {
    seed.wrapping_add(number.wrapping_mul(1 << 32))
}

fn flat_file(trees: &[Tree<'_>], grammar: &Grammar) -> Result<Vec<u8>, Vec<Finding>> {
    let write = |tree| flat::write(tree, grammar, flat::Layout::default());
    let written: Result<Vec<_>, _> = trees.iter().map(write).collect();
    written
        .map(|written| written.into_iter().flat_map(|written| written.bytes).collect())
        .map_err(|refused| refused.findings)
}

fn document(tree: &Tree<'_>, grammar: &Grammar) -> Vec<u8> {
    xml::write(tree, Some(grammar), &xml::WriteOptions { indent: Some(2), declaration: true }).bytes
}

/// An EDIFACT interchange marked as a test (0035), in ISO 8859-1 (UNOC).
fn interchange(trees: &[Tree<'_>], grammar: &Grammar, seed: u64) -> Result<Vec<u8>, Vec<Finding>> {
    let party = |id: &str| edifact::Party { id: id.to_owned(), ..edifact::Party::default() };
    let is_fourth = grammar.header.message.get(1).is_some_and(|version| &**version == "4");
    let interchange = edifact::Interchange {
        syntax: "UNOC".to_owned(),
        version: if is_fourth { "4" } else { "3" }.to_owned(),
        sender: party("SENDER"),
        recipient: party("RECIPIENT"),
        date: if is_fourth { "20261129" } else { "261129" }.to_owned(),
        time: "0900".to_owned(),
        reference: (seed % 1_000_000).to_string(),
        test: "1".to_owned(),
        ..edifact::Interchange::default()
    };
    let messages: Vec<_> = trees.iter().map(|tree| (tree, Some(grammar))).collect();
    let options = edifact::WriteOptions {
        interchange: Some(interchange),
        lines: true,
        ..edifact::WriteOptions::default()
    };
    edifact::write(&messages, &options).map(|written| written.bytes).map_err(|refused| refused.findings)
}

/// An X12 interchange marked as a test (ISA15).
fn x12_interchange(trees: &[Tree<'_>], grammar: &Grammar, seed: u64) -> Result<Vec<u8>, Vec<Finding>> {
    let party =
        |id: &str| x12::Party { id: id.to_owned(), qualifier: "ZZ".to_owned(), application: id.to_owned() };
    let envelope = x12::Envelope {
        sender: party("SENDER"),
        recipient: party("RECIPIENT"),
        date: "261129".to_owned(),
        time: "0900".to_owned(),
        number: (seed % 1_000_000 + 1).to_string(),
        usage: "T".to_owned(),
        ..x12::Envelope::default()
    };
    let messages: Vec<_> = trees.iter().map(|tree| (tree, Some(grammar))).collect();
    let options = x12::WriteOptions { envelope: Some(envelope), lines: true, ..x12::WriteOptions::default() };
    x12::write(&messages, &options).map(|written| written.bytes).map_err(|refused| refused.findings)
}
