//! Overlays: what they replace, add and take away, and the layout of mappings.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Arc;

use dragoman_mapping::language::{format, parse};
use dragoman_mapping::{Sources, load, show};
use dragoman_syntax::grammar::{self, Grammar};

const GRAMMAR: &str = "grammar 1 toy/xml
syntax xml
Root *
  Code  token..3
  Version  token
  Number  decimal
  Note  text
  Importer
    Id  text
    Name  text
    Town  text
  Buyer
    Id  text
    Name  text
    Town  text
  Party 0..9
    Role *  token..3
    Name  text
";

const BASE: &str = r#"mapping 1 toy/base
model Declaration
wire xml Root grammar toy/xml
part party { name <=> Name; address.city <=> Town }
const Version = "1"
ignore Note because "for people"
lrn      <=> Code
importer <=> Importer { use party; reference <=> Id }
buyer    <=> Buyer use party
seller.name <=> Party[Role = "SE"]/Name
supply_chain_actors[] <=> Party[rest] { role <=> Role; id.value <=> Name }
"#;

fn try_with<T>(overlay: &str, run: impl Fn(&Sources<'_>) -> T) -> T {
    let grammar =
        |_: &str| -> Option<Arc<Grammar>> { Some(Arc::new(grammar::parse(GRAMMAR, &|_| None).unwrap())) };
    let mapping = |name: &str| match name {
        "toy/base" => Some(BASE.to_owned()),
        "toy/over" => Some(overlay.to_owned()),
        _ => None,
    };
    run(&Sources { mapping: &mapping, grammar: &grammar, table: &|_| None })
}

fn shown(overlay: &str) -> String {
    let text = format!("mapping 1 toy/over\nbase toy/base\n{overlay}\n");
    try_with(&text, |sources| match show("toy/over", sources) {
        Ok(text) => text,
        Err(errors) => errors.iter().map(|error| error.render(&text)).collect(),
    })
}

#[test]
fn an_overlay_replaces_adds_and_drops() {
    insta::assert_snapshot!(shown(
        "const Version = \"2\"\ndrop ignore Note\nstatement <=> Note\nmrn <=> Code\ndrop lrn\nimporter <=> Importer { name <=> Town; drop address.city }"
    ));
}

#[test]
fn a_new_predicate_shrinks_the_rest() {
    let text = shown("buyer.name <=> Party[Role = \"BY\"]/Name\ndrop buyer");
    assert!(
        text.contains("[rest] leaves out Party[Role = SE] (toy/base:10), Party[Role = BY] (toy/over:3)"),
        "{text}"
    );
}

#[test]
fn dropping_what_is_not_there_is_refused() {
    insta::assert_snapshot!(shown("drop mrn"));
}

#[test]
fn an_overlay_of_itself_is_refused() {
    let text = "mapping 1 toy/over\nbase toy/over\nlrn <=> Code\n";
    let errors = try_with(text, |sources| load("toy/over", sources).unwrap_err());
    assert_eq!(errors.first().unwrap().message, "the base is an overlay of this mapping");
}

/// Mappings as they are written by people.
const UNTIDY: &str = "mapping   1 toy/base\nmodel Declaration\nwire  xml Root grammar toy/xml\n\n\n# a comment\npart  eori {  fixed scheme =  \"a  b\" ; value <=> . }   # why\npart party   { name <=> Name }\nlrn <=> Code\n  totals.items   <=> Number int\nchoose kind <=> Code {\namendment = \"COR\" : sparse\n    declaration = /(IM|EX)  [A-Z]/ { mrn <=> Note }\n}\nimporter <=> Importer {\nname <=> Name\n}\n";

#[test]
fn the_layout_is_stable_and_changes_nothing_that_is_said() {
    let ranges = regex::Regex::new(r"at: \d+\.\.\d+|line: \d+|\d+\.\.\d+").unwrap();
    for text in [UNTIDY, BASE] {
        let once = format(text);
        assert_eq!(format(&once), once);
        let rules = |text: &str| {
            let file = parse(text).unwrap();
            file.rules.iter().map(|rule| format!("{:?}", rule.kind)).collect::<Vec<_>>().join("\n")
        };
        let bare = |text: &str| {
            let shown = rules(text);
            ranges.replace_all(&shown, "").into_owned()
        };
        assert_eq!(bare(text), bare(&once));
    }
    insta::assert_snapshot!(format(UNTIDY));
}
