//! Reading the document and checking the authority's rules, against reading the document alone: of the largest entry summary
//! and of the largest transit declaration.

use std::path::Path;
use std::sync::Arc;

use dragoman_mapping::{Mapping, Sources, load};
use dragoman_model::CodeList;
use dragoman_rules::{CheckSources, Checked, Checks, findings, load_checks};
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::{Limits, xml};
use dragoman_tree::{NodeId, Tree};
use jiff::civil::date;

use crate::pairs::{Pair, pair};

/// A message, and what its goods items are in it.
pub struct Largest {
    adapter: &'static str,
    mapping: &'static str,
    checks: &'static str,
    item: &'static str,
    /// What numbers an item.
    number: &'static str,
    /// As many as one declaration may have.
    items: usize,
}

/// An entry summary of 999 goods items.
pub const ENTRY_SUMMARY: Largest = Largest {
    adapter: "gb-ens",
    mapping: "ens/CC315A",
    checks: "rules/ens",
    item: "GOOITEGDS",
    number: "IteNumGDS7",
    items: 999,
};

/// A transit declaration of 1,999 goods items.
pub const TRANSIT: Largest = Largest {
    adapter: "eu-ncts",
    mapping: "ncts/CC015C",
    checks: "rules/ncts",
    item: "ConsignmentItem",
    number: "declarationGoodsItemNumber",
    items: 1_999,
};

/// Measures on the case of the adapter with its first goods item many times. Also how long checking takes besides, in
/// milliseconds.
pub fn measure(root: &Path, largest: &Largest, rounds: usize) -> Option<(Pair, f64)> {
    let mappings = root.join("mappings");
    let text =
        |name: &str, ending: &str| std::fs::read_to_string(mappings.join(format!("{name}.{ending}"))).ok();
    let grammar = |name: &str| -> Option<Arc<Grammar>> {
        let text: &'static str = Box::leak(text(name, "gram")?.into_boxed_str());
        Some(Arc::new(grammar::parse(text, &|_| None).ok()?))
    };
    let table = |name: &str| text(&format!("codes/{name}"), "csv");
    let sources = Sources { mapping: &|name| text(name, "map"), grammar: &grammar, table: &table };
    let mapping = load(largest.mapping, &sources).ok()?;
    let list = |name: &str| {
        let list = CodeList::parse(&text(&format!("lists/{name}"), "csv")?).ok()?;
        Some(Arc::new(list))
    };
    let sources = CheckSources { grammar: &grammar, list: &list };
    let checks = load_checks(largest.checks, &text(largest.checks, "toml")?, &sources).ok()?;
    let name = largest.mapping.rsplit('/').next()?;
    let case = root.join(format!("adapters/{}/cases/{name}.in", largest.adapter));
    let message = repeated(&std::fs::read_to_string(case).ok()?, largest)?;
    let grammar = mapping.written()?.clone();
    let read = xml::read(message.as_bytes(), Some(&grammar), &Limits::default());
    let tree = &read.tree;
    let checked = || document(&mapping, &checks, tree, &grammar, true);
    let alone = || document(&mapping, &checks, tree, &grammar, false);
    (alone() > largest.items).then(|| {
        let pair = pair(message.len(), rounds, checked, alone);
        let milliseconds = |rate: f64| message.len() as f64 / rate / 1e3;
        (pair, milliseconds(pair.ours) - milliseconds(pair.rival))
    })
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
fn repeated(case: &str, largest: &Largest) -> Option<String> {
    let Largest { item, number, .. } = largest;
    let (open, close) = (format!("<{item}>"), format!("</{item}>"));
    let (before, rest) = case.split_once(&open)?;
    let (content, after) = rest.split_once(&close)?;
    let (_, after) = after.rsplit_once(&close)?;
    let numbered = |at: usize| {
        let content = content.replace(&format!("<{number}>1<"), &format!("<{number}>{at}<"));
        format!("{open}{content}{close}")
    };
    let items: String = (1..=largest.items).map(numbered).collect();
    Some(format!("{before}{items}{after}"))
}
