//! The verdict on every file of the corpus of EDI messages, as a page of the documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use dragoman_adapters::{Catalogue, Data};
use dragoman_samples::{files, sample};
use dragoman_syntax::edifact::{self, MessageType};
use dragoman_syntax::x12::{self, SetType};
use dragoman_syntax::{grammar::Grammar, validate};
use dragoman_tree::{Finding, Severity, Tree};

use crate::run::root;

/// What is said about a file: how many messages it has, and the codes of its errors, of syntax and envelope first, then
/// of the directory.
#[derive(Debug, Default)]
struct Verdict {
    messages: usize,
    syntax: BTreeSet<String>,
    directory: BTreeSet<String>,
}

impl Verdict {
    fn syntax(&mut self, findings: &[Finding]) {
        self.syntax.extend(errors(findings));
    }

    fn message(&mut self, tree: &Tree<'_>, grammar: Option<&Grammar>, findings: &[Finding]) {
        self.messages += 1;
        self.syntax(findings);
        let checked = grammar.map(|grammar| validate(tree, grammar)).unwrap_or_default();
        self.directory.extend(errors(&checked));
    }

    fn is_clean(&self) -> bool {
        self.messages > 0 && self.syntax.is_empty() && self.directory.is_empty()
    }
}

fn errors(findings: &[Finding]) -> impl Iterator<Item = String> {
    findings.iter().filter(|found| found.severity == Severity::Error).map(|found| found.code.to_string())
}

fn of_edifact(catalogue: &Catalogue, bytes: &[u8]) -> Verdict {
    let grammars = |kind: &MessageType| catalogue.edifact_grammar(kind);
    let mut reader = edifact::messages(bytes, &grammars);
    let mut verdict = Verdict::default();
    for message in reader.by_ref() {
        verdict.message(message.tree(), message.grammar.as_deref(), &message.findings);
    }
    verdict.syntax(&reader.findings());
    verdict
}

fn of_x12(catalogue: &Catalogue, bytes: &[u8]) -> Verdict {
    let grammars = |kind: &SetType| catalogue.x12_grammar(kind);
    let mut reader = x12::messages(bytes, &grammars);
    let mut verdict = Verdict::default();
    for message in reader.by_ref() {
        verdict.message(message.tree(), message.grammar.as_deref(), &message.findings);
    }
    verdict.syntax(&reader.findings());
    verdict
}

/// The verdicts by the folder of a family and type, and the file.
fn verdicts(folder: &Path) -> BTreeMap<String, BTreeMap<String, Verdict>> {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let mut all: BTreeMap<String, BTreeMap<String, Verdict>> = BTreeMap::new();
    for family in ["edifact", "x12"] {
        for path in files(&folder.join(family), &[]) {
            let bytes = fs::read(&path).unwrap();
            let read = if family == "x12" { of_x12 } else { of_edifact };
            let kind = path.parent().unwrap().strip_prefix(folder).unwrap().display().to_string();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            all.entry(kind).or_default().insert(name, read(&catalogue, &bytes));
        }
    }
    all
}

const HEAD: &str = "# Verdicts on the corpus

What Dragoman says about each file of the corpus that [tests/SAMPLES.md](../tests/SAMPLES.md) names; the page is made by
a test (`UPDATE=1 cargo test -p dragoman-tests corpus`). A file is clean where there is no error: neither of syntax and
envelope nor, where a grammar is known, of the directory. Many files are broken on purpose, and many were made by hand for
the tests of other programs: wrong counts are the commonest. [findings.md](findings.md) says what the codes mean.

| folder | files | messages | clean | with errors of syntax | with errors of the directory |
|---|--:|--:|--:|--:|--:|
";

fn page(all: &BTreeMap<String, BTreeMap<String, Verdict>>) -> String {
    let mut page = HEAD.to_owned();
    for (kind, files) in all {
        let count = |is: &dyn Fn(&Verdict) -> bool| files.values().filter(|verdict| is(verdict)).count();
        let messages: usize = files.values().map(|verdict| verdict.messages).sum();
        let clean = count(&Verdict::is_clean);
        let (syntax, directory) =
            (count(&|verdict| !verdict.syntax.is_empty()), count(&|verdict| !verdict.directory.is_empty()));
        let _ =
            writeln!(page, "| {kind} | {} | {messages} | {clean} | {syntax} | {directory} |", files.len());
    }
    page.push_str("\n## Files with errors\n\n| file | syntax and envelope | directory |\n|---|---|---|\n");
    for (kind, files) in all {
        for (name, verdict) in files.iter().filter(|(_, verdict)| !verdict.is_clean()) {
            let codes = |codes: &BTreeSet<String>| codes.iter().cloned().collect::<Vec<_>>().join(" ");
            let syntax = codes(&verdict.syntax);
            let directory = codes(&verdict.directory);
            let _ = writeln!(page, "| {kind}/{name} | {syntax} | {directory} |");
        }
    }
    page
}

#[test]
fn the_page_of_verdicts_is_current() {
    let Some(folder) = sample("edi/corpus") else { return };
    let page = page(&verdicts(&folder));
    let path = root().join("docs/corpus.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == page, "docs/corpus.md is not current: UPDATE=1");
}

/// Files that are broken on purpose by those who published them. (Of one the first letter is missing: its message is read
/// as one without UNB, with warnings.)
#[test]
fn what_is_broken_on_purpose_is_found_broken() {
    let Some(folder) = sample("edi/corpus") else { return };
    let all = verdicts(&folder);
    let broken = |name: &str| {
        ["_bad", "invalid", "malformed", "BAD_", "bad-", "CorruptUnh"].iter().any(|word| name.contains(word))
    };
    let mut found = 0;
    for (kind, files) in &all {
        for (name, verdict) in files.iter().filter(|(name, _)| broken(name)) {
            found += 1;
            let has_grammar =
                ["ORDERS", "INVOIC", "DESADV", "850", "997", "999"].iter().any(|known| kind.ends_with(known));
            assert!(!has_grammar || !verdict.is_clean(), "{kind}/{name} is clean");
        }
    }
    assert!(found >= 9, "{found}");
}
