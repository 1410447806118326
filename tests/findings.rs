//! The kinds of findings: each with an id of its own, and a page that says what it means.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use dragoman_tree::Code;

use crate::run::root;

/// All kinds of findings of all crates.
fn codes() -> Vec<&'static Code> {
    let read = dragoman_syntax::codes().chain(dragoman_model::codes());
    let read = read.chain(dragoman_mapping::codes()).chain(dragoman_adapters::codes());
    read.chain(dragoman_rules::codes()).chain(dragoman_declare::codes()).collect()
}

/// The areas, by the first two digits.
const AREAS: [(&str, &str); 10] = [
    ("01", "XML"),
    ("02", "JSON"),
    ("03", "EDIFACT and X12"),
    ("04", "Messages against their grammar"),
    ("05", "Values and canonical documents"),
    ("06", "Mapping"),
    ("07", "Declaring"),
    ("08", "Rules"),
    ("09", "Pointers and answers"),
    ("10", "Recognising messages"),
];

#[test]
fn every_code_has_its_own_id() {
    let mut seen = BTreeMap::new();
    for code in codes() {
        let digits = code.id.strip_prefix("DG-E").unwrap_or_else(|| panic!("{}", code.id));
        assert!(digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{}", code.id);
        assert!(AREAS.iter().any(|(area, _)| digits.starts_with(area)), "{} is of no area", code.id);
        assert!(seen.insert(code.id, code.title).is_none(), "{} is there twice", code.id);
        assert!(!code.title.is_empty() && !code.title.ends_with('.'), "{}: {}", code.id, code.title);
        assert!(code.help.ends_with(['.', '…']), "{}: {}", code.id, code.help);
    }
}

#[test]
fn every_code_is_documented() {
    let mut codes = codes();
    codes.sort_by_key(|code| code.id);
    let mut page =
        "# Findings\n\nWhat Dragoman says about messages. A code is stable: it never gets another meaning. \
                    This page is made from the program (`UPDATE=1 cargo test -p dragoman-tests findings`).\n"
            .to_owned();
    for (area, title) in AREAS {
        let of_area: Vec<_> = codes.iter().filter(|code| code.id[4..].starts_with(area)).collect();
        if of_area.is_empty() {
            continue;
        }
        let _ = writeln!(page, "\n## {title}");
        for code in of_area {
            let _ = writeln!(page, "\n### {}\n\n**{}.** {}", code.id, capital(code.title), code.help);
        }
    }
    let path = root().join("docs/findings.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &page).unwrap();
    }
    let current = fs::read_to_string(&path).unwrap_or_default();
    assert!(current == page, "docs/findings.md is not current: run with UPDATE=1");
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
