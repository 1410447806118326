//! Synthetic messages: valid for every message and grammar, the same for a seed, and others for another.

use std::collections::BTreeSet;
use std::sync::Arc;

use dragoman_adapters::{Catalogue, Data, Received, receive};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::sample::{sample, sampled};
use dragoman_syntax::validate;
use dragoman_tree::{Finding, Severity, Tree};

use crate::run::{dragoman_in, root};

/// The errors among findings, for people.
fn errors(findings: &[Finding]) -> Vec<String> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| format!("{} {} {:?}", finding.code, finding.message, finding.wire_path)).collect()
}

#[test]
fn what_is_written_of_every_message_is_read_without_an_error() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let names: Vec<_> = catalogue.message_names().collect();
    assert!(names.len() > 100, "{}", names.len());
    for name in names {
        let message = catalogue.message(&name).unwrap();
        let grammar = message.written().unwrap().clone();
        let size = if grammar.syntax == Syntax::Xml { 1 } else { 3 };
        for seed in 1..=3 {
            let fits = |tree: &Tree<'_>| message.mapping().is_some_and(|mapping| mapping.recognises(tree));
            let made = sampled(&grammar, seed, size, &fits);
            assert_eq!(errors(&made.refused), [""; 0], "{name} {seed}");
            let mut read = 0;
            receive(&catalogue, &message, &made.bytes, &mut |received: Received<'_, '_>| {
                read += u64::from(received.got.is_some());
                let text = String::from_utf8_lossy(&made.bytes);
                assert_eq!(errors(&received.said()), [""; 0], "{name} {seed}\n{text}");
            });
            assert!(read >= size, "{name} {seed}: {read} of {size} were read");
        }
    }
}

/// The grammars that describe a message.
fn grammars(catalogue: &Catalogue) -> Vec<Arc<Grammar>> {
    let all = catalogue.grammar_names().filter_map(|name| catalogue.grammar(name).ok());
    all.filter(|grammar| !grammar.is_empty()).collect()
}

#[test]
fn messages_of_every_grammar_are_valid() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let all = grammars(&catalogue);
    assert!(all.len() > 200, "{}", all.len());
    for grammar in all {
        for seed in 10..12 {
            // The envelope of segments is made when they are written; it is checked above.
            let tree = sample(&grammar, seed);
            let of_envelope = |finding: &Finding| {
                let path = finding.wire_path.as_deref().unwrap_or_default();
                let header = path.split('/').nth(2).unwrap_or_default();
                ["UNH[", "UNT[", "ST[", "SE["].iter().any(|tag| header.starts_with(tag))
            };
            let found: Vec<_> =
                validate(&tree, &grammar).into_iter().filter(|finding| !of_envelope(finding)).collect();
            assert_eq!(errors(&found), [""; 0], "{} {seed}", grammar.name());
        }
    }
}

/// The values of a tree, with the places they stand at.
fn values(tree: &Tree<'_>) -> BTreeSet<(u32, String)> {
    let value = |node| Some((tree.place(node).0, tree.value(node)?.to_owned()));
    tree.ids().filter_map(value).collect()
}

#[test]
fn a_seed_is_one_message_and_another_is_another() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    for grammar in grammars(&catalogue) {
        let of = |seed| values(&sample(&grammar, seed));
        assert_eq!(of(7), of(7), "{}", grammar.name());
        let different: BTreeSet<_> = (0..6).map(of).collect();
        // The smallest messages have little to vary.
        assert!(different.len() >= 2, "{}: {}", grammar.name(), different.len());
    }
}

#[test]
fn characters_that_have_to_be_released_are_among_them() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    for (name, released) in
        [("edifact/d96b/cusdec", "?+"), ("wco/dms-3.6", "&amp;"), ("amazon/order", "\\\"")]
    {
        let grammar = catalogue.grammar(name).unwrap();
        let made = sampled(&grammar, 1, 20, &|_| true);
        assert!(String::from_utf8_lossy(&made.bytes).contains(released), "{name} {released}");
    }
}

#[test]
fn the_command_makes_so_many_messages_the_same_for_a_seed() {
    let run = |arguments: &[&str]| dragoman_in(root(), &[&["sample"], arguments].concat(), b"");
    let arguments = ["edifact/cusdec", "--seed", "7", "--size", "3"];
    let made = run(&arguments);
    assert_eq!((made.code, made.stdout.matches("UNH+").count()), (0, 3), "{}", made.stderr);
    assert_eq!(run(&arguments).stdout, made.stdout);
    assert_ne!(run(&["edifact/cusdec", "--seed", "8", "--size", "3"]).stdout, made.stdout);
    assert_eq!(run(&["x12/850", "--size", "4"]).stdout.matches("\nST").count(), 4);
    assert_eq!(run(&["amazon/order", "--size", "5"]).stdout.lines().count(), 5);
    assert_eq!(run(&["ceb/303"]).code, 0, "a grammar by its own name");
    let refused = run(&["gb-cds/declaration", "--size", "2"]);
    assert!(refused.code == 2 && refused.stderr.contains("--out"), "{}", refused.stderr);
    assert_eq!(run(&["edifact/service"]).code, 2);
    assert_eq!(run(&["no/such"]).code, 2);
}

#[test]
fn messages_are_written_into_a_folder_one_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let arguments = ["sample", "gb-cds/declaration", "--size", "2", "--out", out];
    let made = dragoman_in(root(), &arguments, b"");
    assert_eq!(made.code, 0, "{}", made.stderr);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let (first, second) = (read("gb-cds-declaration-1.xml"), read("gb-cds-declaration-2.xml"));
    assert_ne!(first, second);
    let checked = dragoman_in(folder.path(), &["validate", "--as", "gb-cds/declaration", "."], b"");
    assert_eq!(checked.code, 0, "{}", checked.stderr);
}
