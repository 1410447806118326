//! The tables of `docs/packs.md`: what rules may ask, and what the packs say.

use std::fmt::Write;
use std::fs;

use dragoman_adapters::{Catalogue, Data, packs};
use dragoman_declare::assess::PARCEL_FACTS;

use crate::run::root;

fn facts() -> String {
    let mut table = String::from("| fact | of | what it is |\n|---|---|---|\n");
    for fact in PARCEL_FACTS {
        let of = if fact.of_item { "line" } else { "parcel" };
        let _ = writeln!(table, "| `fact.{}` | {of} | {} |", fact.name, fact.meaning);
    }
    table
}

fn rules() -> String {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let mut table = String::new();
    for pack in packs(&catalogue).unwrap() {
        let _ = writeln!(table, "**`{}`**: {}\n", pack.name(), pack.title());
        table.push_str("| rule | what it says | in force | checked | source |\n|---|---|---|---|---|\n");
        for rule in &pack.list {
            let end = rule.valid_to.map_or_else(String::new, |end| format!(" to {end}"));
            let doubt = if rule.unverified.is_some() { ", unverified" } else { "" };
            let status = rule.status.word();
            let standing = if status == "enacted" { String::new() } else { format!(" ({status})") };
            let _ = writeln!(
                table,
                "| `{}` | {}{standing} | {}{end} | {}{doubt} | {} |",
                rule.id, rule.title, rule.valid_from, rule.checked, rule.source
            );
        }
        table.push('\n');
    }
    table
}

#[test]
fn the_page_of_packs_is_current() {
    let path = root().join("docs/packs.md");
    let mut page = fs::read_to_string(&path).unwrap();
    for (name, table) in [("facts", facts()), ("packs", rules())] {
        let (before, rest) = page.split_once(&format!("<!-- {name}: ")).unwrap();
        let (line, rest) = rest.split_once('\n').unwrap();
        let (_, after) = rest.split_once(&format!("<!-- end of {name} -->")).unwrap();
        page = format!("{before}<!-- {name}: {line}\n{}\n<!-- end of {name} -->{after}", table.trim_end());
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == page, "docs/packs.md is old: run with UPDATE=1");
}
