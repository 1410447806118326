//! The language of checks, on canonical documents.

use std::sync::Arc;

use dragoman_model::{CodeList, Document, DocumentBuilder, EntryId, Origin};
use dragoman_tree::NodeId;
use jiff::civil::date;
use proptest::prelude::*;

use super::Checks;
use crate::{CheckSources, load_checks};

/// A file with one check of declarations.
fn load(at: &str, holds: &str) -> Result<Checks, Vec<String>> {
    let text = format!(
        "title = 't'\nsource = 's'\ndocument = 'declaration'\nvalid_from = 2026-01-01\n\
         [[check]]\nnumber = '1'\nat = '{at}'\nholds = '{holds}'\ntext = 'wrong'\n"
    );
    let list = "# Letters.\n# source: made up\n# edition: 2026-11-01\n# checked: 2026-11-30\ncode,kind,name\n\
                T,consonant,tee\na,vowel,ay\n";
    let list = |name: &str| (name == "letters").then(|| Arc::new(CodeList::parse(list).unwrap()));
    load_checks("rules/test", &text, &CheckSources { grammar: &|_| None, list: &list })
        .map_err(|errors| errors.into_iter().map(|error| error.message).collect())
}

/// A declaration with goods items of these sequences and descriptions.
fn declaration(items: &[(&str, &str)]) -> Document<'static> {
    let origin = Origin::Wire(NodeId::ROOT);
    let mut builder = DocumentBuilder::new("declaration").unwrap();
    builder.set(EntryId::ROOT, "lrn", "TT 1", origin).unwrap();
    builder.set(EntryId::ROOT, "totals.items", "2", origin).unwrap();
    for (sequence, description) in items {
        let item = builder.entry(EntryId::ROOT, "goods_items", origin).unwrap();
        builder.set(item, "sequence", sequence, origin).unwrap();
        builder.set(item, "description", description, origin).unwrap();
    }
    builder.finish()
}

/// The places at which a check does not hold.
fn broken(at: &str, holds: &str, items: &[(&str, &str)]) -> Vec<String> {
    let checks = load(at, holds).unwrap();
    let document = declaration(items);
    let plan = checks.plan(None).unwrap();
    let (broken, finished) = plan.broken(&checks, date(2026, 1, 1), document.tree(), NodeId::ROOT);
    assert!(finished);
    broken.iter().map(|one| document.path(one.node)).collect()
}

fn holds(test: &str) -> bool {
    broken("", test, &[("1", "a"), ("2", " b ")]).is_empty()
}

#[test]
fn tests_say_what_they_say() {
    for test in [
        "lrn",
        "not mrn",
        "lrn and not mrn or mrn",
        "lrn = \"TT 1\"",
        "goods_items.description in (\"b\", \"c\")",
        "not goods_items.description == \"b\"",
        "goods_items.description == \" b \"",
        "lrn matches \"[A-Z]+ [0-9]\" and not lrn matches \"TT\"",
        "lrn begins \"TT\" and lrn contains \" \" and not lrn begins \"T1\"",
        "/goods_items.sequence numbered",
        "number(totals.items) = count(/goods_items)",
        "sum(goods_items.sequence) + 1 = 4 and sum(goods_items.sequence) > 2.9",
        "distinct(goods_items.description) = 2 and sizes(goods_items) = 1",
        "goods_items[sequence = \"2\"].description = \"b\"",
        "not /goods_items[not description]",
        "totals.items = /goods_items.sequence",
        "not number(lrn) = 1 and not number(mrn) < 1",
        "goods_items.description listed \"letters\" and not lrn listed \"letters\"",
        "lrn begins listed \"letters\" as \"consonant\" and not lrn begins listed \"letters\" as \"vowel\"",
        "goods_items.description listed \"letters\" as (\"vowel\", \"digit\")",
        "not mrn listed \"letters\"",
        "goods_items.sequence begins 1 of totals.items and not lrn begins 1 of totals.items",
        "not lrn begins 9 of lrn and not mrn begins 1 of lrn and not lrn begins 1 of mrn",
        "50 % of number(totals.items) = 1 and sum(goods_items.sequence) + 50 % of sum(goods_items.sequence) = 4.5",
        "not 10 % of number(mrn) >= 0",
    ] {
        assert!(holds(test), "{test}");
        let opposite = format!("not ({test})");
        assert!(!holds(&opposite), "{opposite}");
    }
}

#[test]
fn a_check_holds_at_each_of_its_places() {
    let items = [("1", "a"), ("3", ""), ("2", "a")];
    assert_eq!(
        broken("goods_items", "not number(sequence) > 1", &items),
        ["goods_items[sequence=3]", "goods_items[sequence=2]"]
    );
    assert_eq!(broken("goods_items.sequence", ". = \"1\" or ../description = \"a\"", &items).len(), 1);
    assert_eq!(broken("", "/goods_items.sequence numbered", &items).len(), 1);
}

#[test]
fn mistakes_are_refused_with_what_is_wrong() {
    let said = |at: &str, holds: &str| load(at, holds).unwrap_err().join("; ");
    for (at, holds, message) in [
        ("goods_item", "lrn", "check 1: there is no `goods_item`"),
        ("", "lnr", "check 1: there is no `lnr` here; did you mean `lrn`?"),
        ("", "lrn and", "check 1: a name was expected at the end"),
        ("", "lrn = ", "check 1: a name was expected at the end"),
        ("", "(lrn", "check 1: `)` was expected at the end"),
        ("", "lrn mrn", "check 1: `mrn` was not expected"),
        ("", "count(goods_items)", "check 1: a comparison of numbers was expected at the end"),
        ("", "lrn in (mrn)", "check 1: a text in quotes was expected before `mrn)`"),
        ("", "../lrn", "check 1: there is nothing around the whole message"),
        ("", "lrn = \"a", "check 1: a text in quotes does not end"),
        ("", "lrn listed \"letter\"", "check 1: there is no code list `letter`"),
        ("", "lrn begins 2 mrn", "check 1: `of` was expected before `mrn`"),
        ("", "2 % number(lrn) = 1", "check 1: `of` was expected before `number(lrn) = 1`"),
        ("", "lrn listed letters", "check 1: a text in quotes was expected before `letters`"),
        ("", "lrn listed \"letters\" as vowel", "check 1: `(` was expected before `vowel`"),
    ] {
        assert_eq!(said(at, holds), message, "{holds}");
    }
    assert!(said("", "lrn matches \"(\"").contains("regex"));
    assert!(said("", &format!("{}lrn{}", "(".repeat(40), ")".repeat(40))).contains("nested too deeply"));
}

proptest! {
    /// Whatever stands there, it is read or refused.
    #[test]
    fn any_text_is_read_or_refused(test in "[ a-z/.\\[\\]()\"=<>+%0-9]{0,60}") {
        if let Err(errors) = load("", &test) {
            prop_assert!(errors.iter().all(|error| !error.is_empty()));
        }
    }
}
