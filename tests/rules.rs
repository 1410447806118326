//! The pages of the authorities' rules, made from the files of checks.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use dragoman_adapters::{Catalogue, Data};
use dragoman_rules::{Check, Checks};

use crate::run::root;

/// The files of checks that messages name.
fn names(catalogue: &Catalogue) -> BTreeSet<String> {
    let messages = catalogue.adapters().iter().flat_map(|adapter| &adapter.messages);
    messages.filter_map(|message| message.checks.clone()).collect()
}

fn page(checks: &Checks) -> String {
    let mut page = format!(
        "# {}\n\nWhat the authority checks, from `mappings/{}.toml`: {} checks. Source: {}. This page is made from there \
         (`UPDATE=1 cargo test -p dragoman-tests rules`).\n\nA check is applied at each of its places and has to hold \
         there, in [the language of checks](../checks.md).\n",
        checks.title,
        checks.name,
        checks.list.len(),
        checks.source
    );
    let mut sorted: Vec<&Check> = checks.list.iter().collect();
    sorted.sort_by_key(|check| (&check.number, &check.at, check.valid_from));
    for check in sorted {
        let rule = check.rule.as_ref().map(|rule| format!(", rule {rule}")).unwrap_or_default();
        let element = check.element.as_ref().map(|element| format!(", {element}")).unwrap_or_default();
        let at = if check.at.is_empty() { "the message".to_owned() } else { format!("`{}`", check.at) };
        let until = check.valid_to.map(|day| format!(", until before {day}")).unwrap_or_default();
        let _ = writeln!(
            page,
            "\n## {} at {}\n\n{}{rule}{element}. Since {}{until}.\n\n```text\n{}\n```",
            check.number,
            at,
            capital(&check.text),
            check.valid_from,
            check.holds
        );
        if let Some(help) = &check.help {
            let _ = writeln!(page, "\nWhat to do: {help}.");
        }
    }
    page
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[test]
fn every_rule_is_documented() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let names = names(&catalogue);
    assert!(!names.is_empty());
    for name in names {
        let path = root().join("docs").join(format!("{name}.md"));
        let page = page(&catalogue.checks(&name).unwrap());
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &page).unwrap();
        }
        let current = fs::read_to_string(&path).unwrap_or_default() == page;
        assert!(current, "docs/{name}.md is not current: run with UPDATE=1");
    }
}
