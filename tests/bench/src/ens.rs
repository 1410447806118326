//! Entry summaries: reading the document and checking the authority's rules, against reading the document alone.

use std::path::Path;
use std::sync::Arc;

use dragoman_mapping::{Mapping, Sources, load};
use dragoman_rules::{Checked, Checks, findings, load_checks};
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::{Limits, xml};
use dragoman_tree::{NodeId, Tree};
use jiff::civil::date;

use crate::pairs::{Pair, pair};

/// As many goods items as one declaration may have.
const ITEMS: usize = 999;

/// Measures on the case of the adapter with its first goods item many times.
pub fn measure(root: &Path, rounds: usize) -> Option<Pair> {
    let mappings = root.join("mappings");
    let text =
        |name: &str, ending: &str| std::fs::read_to_string(mappings.join(format!("{name}.{ending}"))).ok();
    let grammar = |name: &str| -> Option<Arc<Grammar>> {
        let text: &'static str = Box::leak(text(name, "gram")?.into_boxed_str());
        Some(Arc::new(grammar::parse(text, &|_| None).ok()?))
    };
    let table = |name: &str| text(&format!("codes/{name}"), "csv");
    let sources = Sources { mapping: &|name| text(name, "map"), grammar: &grammar, table: &table };
    let mapping = load("ens/CC315A", &sources).ok()?;
    let checks = load_checks("rules/ens", &text("rules/ens", "toml")?, &grammar).ok()?;
    let case = std::fs::read_to_string(root.join("adapters/gb-ens/cases/CC315A.in")).ok()?;
    let message = repeated(&case)?;
    let grammar = mapping.written()?.clone();
    let read = xml::read(message.as_bytes(), Some(&grammar), &Limits::default());
    let tree = &read.tree;
    let checked = || document(&mapping, &checks, tree, &grammar, true);
    let alone = || document(&mapping, &checks, tree, &grammar, false);
    (alone() > ITEMS).then(|| pair(message.len(), rounds, checked, alone))
}

fn document(mapping: &Mapping, checks: &Checks, tree: &Tree<'_>, grammar: &Grammar, check: bool) -> usize {
    let Some(got) = mapping.get(tree, NodeId::ROOT, grammar) else { return 0 };
    let nodes = got.document.tree().len();
    if !check {
        return nodes;
    }
    let checked = Checked { tree, node: NodeId::ROOT, grammar, mapping, got: &got, scheme: "bench" };
    nodes + findings(checks, date(2026, 6, 10), &checked).len()
}

/// The case with its first goods item as often as there may be, numbered.
fn repeated(case: &str) -> Option<String> {
    let (before, rest) = case.split_once("<GOOITEGDS>")?;
    let (item, after) = rest.split_once("</GOOITEGDS>")?;
    let (_, after) = after.rsplit_once("</GOOITEGDS>")?;
    let numbered = |number: usize| {
        let item = item.replace("<IteNumGDS7>1<", &format!("<IteNumGDS7>{number}<"));
        format!("<GOOITEGDS>{item}</GOOITEGDS>")
    };
    let items: String = (1..=ITEMS).map(numbered).collect();
    Some(format!("{before}{items}{after}"))
}
