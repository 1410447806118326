//! The table of what the program speaks, in `README.md`.

use std::fmt::Write;
use std::fs;

use dragoman_adapters::{Catalogue, Data};
use dragoman_model::Schema;
use dragoman_syntax::grammar::Syntax;

use crate::run::root;

fn table() -> String {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let mut table = String::from(
        "| with whom | message | direction | format | defined by | canonical document |\n\
         |---|---|---|---|---|---|\n",
    );
    for adapter in catalogue.adapters() {
        for message in &adapter.messages {
            let name = format!("{}/{}", adapter.name, message.name);
            let loaded = catalogue.message(&name).unwrap();
            let mapping = loaded.mapping().unwrap();
            let format = match mapping.syntax() {
                Syntax::Xml => "XML",
                Syntax::Json => "JSON",
                Syntax::Edifact => "EDIFACT",
                Syntax::X12 => "X12",
            };
            let grammars: Vec<_> =
                mapping.grammars().map(|grammar| format!("`{}`", grammar.name())).collect();
            let (title, page) = (&adapter.title, &adapter.name);
            let document = Schema::standard().name_of(mapping.model());
            let (way, grammars) = (message.direction.word(), grammars.join(", "));
            let _ = writeln!(
                table,
                "| [{title}](adapters/{page}/README.md) | `{name}` | {way} | {format} | {grammars} | `{document}` |"
            );
        }
    }
    table
}

#[test]
fn the_table_of_capabilities_is_current() {
    let path = root().join("README.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- capabilities").unwrap();
    let (opening, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once("<!-- end of capabilities").unwrap();
    let current =
        format!("{before}<!-- capabilities{opening}\n\n{}\n<!-- end of capabilities{after}", table());
    if std::env::var_os("UPDATE").is_some() && current != page {
        fs::write(&path, &current).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == current, "README.md is not current: run with UPDATE=1");
}
