//! Properties: of all trees, and of all bytes.

use dragoman_syntax::json::{self, Numbers, Style};
use dragoman_tree::{Kind, NodeId, PlaceId, Span, Tree, TreeBuilder, Value as Text};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::outline::{errors, outline, read, value};

#[derive(Clone, Debug)]
enum Json {
    Scalar(Kind, String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Text that tries to break out of its quotes.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("\",\"x\":{}".to_owned()),
        Just("]}".to_owned()),
        Just("\\u0041".to_owned()),
        Just("\u{2028}\u{2029}\u{feff}\u{7f}".to_owned()),
        "[\\x00-\\x1f]{0,3}",
        "[a-zA-Z0-9 ]{0,6}",
        any::<char>().prop_map(String::from),
    ];
    vec(pieces, 0..5).prop_map(|pieces| pieces.concat())
}

fn number() -> impl Strategy<Value = String> {
    "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,10})?([eE][+-]?[0-9]{1,2})?"
}

fn json() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        hostile().prop_map(|text| Json::Scalar(Kind::String, text)),
        number().prop_map(|text| Json::Scalar(Kind::Number, text)),
        any::<bool>().prop_map(|text| Json::Scalar(Kind::Bool, text.to_string())),
        Just(Json::Scalar(Kind::Null, String::new())),
    ];
    scalar.prop_recursive(5, 60, 6, |inner| {
        let name = prop_oneof![hostile(), "[a-c]"];
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Json::Array),
            vec((name, inner), 0..6).prop_map(|mut members| {
                let mut seen = std::collections::HashSet::new();
                members.retain(|(name, _)| seen.insert(name.clone()));
                Json::Object(members)
            }),
        ]
    })
}

/// Adds a value as the reader would.
fn add(build: &mut TreeBuilder<'_>, name: &str, repeats: bool, json: &Json) {
    let top = build.depth() == 0;
    let id = build.names().intern(name);
    let node = |build: &mut TreeBuilder<'_>, kind| {
        let node = build.open(kind, id, PlaceId::NONE, Span::default());
        build.node_mut(node).repeats = repeats;
        node
    };
    match json {
        Json::Scalar(kind, text) => {
            let node = node(build, *kind);
            let text = if *kind == Kind::Null { Text::NONE } else { build.owned(text) };
            build.node_mut(node).value = text;
            build.close();
        }
        Json::Array(items) if top || repeats || items.is_empty() => {
            node(build, Kind::Array);
            for item in items {
                add(build, "", true, item);
            }
            build.close();
        }
        Json::Array(items) => items.iter().for_each(|item| add(build, name, true, item)),
        Json::Object(members) => {
            node(build, Kind::Object);
            for (name, member) in members {
                add(build, name, false, member);
            }
            build.close();
        }
    }
}

fn tree(json: &Json) -> Tree<'static> {
    let mut build = TreeBuilder::default();
    add(&mut build, "", false, json);
    build.finish()
}

/// Valid JSON text with a few bytes changed, put in or taken out.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    let change = (
        any::<prop::sample::Index>(),
        0..3u8,
        prop_oneof![
            prop::sample::select(b"{}[]\",:\\/-+.eE019 \ntfnu'\x00\xff\xed\xa0\x80".to_vec()),
            any::<u8>(),
        ],
    );
    (json(), vec(change, 0..4)).prop_map(|(json, changes)| {
        let mut bytes = json::write(&tree(&json), Style::Compact).into_bytes();
        for (at, kind, byte) in changes {
            let at = at.index(bytes.len() + 1);
            match kind {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ if at < bytes.len() => bytes[at] = byte,
                _ => bytes.push(byte),
            }
        }
        bytes
    })
}

/// What must hold of whatever was read: spans within the input, findings with a place, and a tree that is written
/// as JSON and comes back.
fn holds(bytes: &[u8]) {
    let found = read(bytes);
    assert!(!found.tree.is_empty());
    for id in found.tree.ids() {
        assert!(bytes.get(found.tree.node(id).span.range()).is_some());
        // A pointer cannot tell members of one name apart.
        let found_again = json::find(&found.tree, &json::pointer(&found.tree, id)) == Some(id);
        assert!(found_again || errors(&found).iter().any(|code| code == "DG-E0215"));
    }
    for finding in &found.findings {
        let span = finding.span.clone().unwrap();
        assert!(span.start <= span.end && span.end <= bytes.len() as u64);
        assert!(finding.wire_path.is_some());
    }
    let written = json::write(&found.tree, Style::Pretty);
    serde_json::from_str::<Value>(&written)
        .map_err(|error| assert!(is_range(&error), "{error}: {written}"))
        .ok();
    let again = read(written.as_bytes());
    assert!(errors(&again).iter().all(|code| code == "DG-E0215"), "{written}");
    assert_eq!(json::difference(&found.tree, &again.tree, Numbers::Literal), None);
}

fn is_range(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

/// True where both parsers take the text, or neither does.
fn agrees(bytes: &[u8]) {
    let found = read(bytes);
    let accepted =
        errors(&found).iter().all(|code| code == "DG-E0215") && !bytes.starts_with(b"\xEF\xBB\xBF");
    match serde_json::from_slice::<Value>(bytes) {
        Ok(expected) => {
            assert!(accepted, "{:?} on {:?}", errors(&found), String::from_utf8_lossy(bytes));
            if found.findings.is_empty() {
                assert_eq!(value(&found.tree, NodeId::ROOT), expected);
            }
        }
        Err(error) if is_range(&error) => {}
        Err(error) => assert!(!accepted, "{error} on {:?}", String::from_utf8_lossy(bytes)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(json in json()) {
        let tree = tree(&json);
        for style in [Style::Compact, Style::Pretty, Style::Line] {
            let text = json::write(&tree, style);
            let again = read(text.as_bytes());
            prop_assert_eq!(&again.findings, &[]);
            prop_assert_eq!(outline(&again.tree), outline(&tree));
            prop_assert_eq!(text.matches('\n').count(), match style {
                Style::Compact => 0,
                Style::Line => 1,
                Style::Pretty => text.lines().count(),
            });
        }
        prop_assert_eq!(json::difference(&tree, &tree, Numbers::Value), None);
    }

    #[test]
    fn any_bytes_are_survived(bytes in vec(any::<u8>(), 0..300)) {
        holds(&bytes);
        agrees(&bytes);
    }

    #[test]
    fn any_tokens_are_survived(tokens in "[\\[\\]{},:\" 01.e+tfnul/*'-]{0,60}") {
        holds(tokens.as_bytes());
        agrees(tokens.as_bytes());
    }

    #[test]
    fn broken_json_is_survived_and_noticed(bytes in broken()) {
        holds(&bytes);
        agrees(&bytes);
    }

    #[test]
    fn a_cut_message_keeps_what_came_before(json in json(), at in any::<prop::sample::Index>()) {
        let text = json::write(&tree(&json), Style::Compact);
        let cut = at.index(text.len());
        let found = read(&text.as_bytes()[..cut]);
        holds(&text.as_bytes()[..cut]);
        let whole = tree(&json);
        let complete = found.tree.len().saturating_sub(2).min(whole.len());
        prop_assert_eq!(&outline(&found.tree)[..complete], &outline(&whole)[..complete]);
    }

    #[test]
    fn a_change_of_one_value_is_a_difference(json in json(), at in any::<prop::sample::Index>()) {
        let json = Json::Array(vec![json, Json::Scalar(Kind::Bool, "true".into())]);
        let one = tree(&json);
        let leaves: Vec<_> = one.ids().filter(|id| one.value(*id).is_some()).collect();
        let leaf = leaves[at.index(leaves.len())];
        let mut text = String::new();
        json::write_node(&one, leaf, Style::Compact, &mut text);
        let mut build = TreeBuilder::default();
        add(&mut build, "", false, &json);
        let other = build.owned("\u{1}another");
        build.node_mut(leaf).value = other;
        build.node_mut(leaf).kind = Kind::String;
        let found = json::difference(&one, &build.finish(), Numbers::Literal).unwrap();
        prop_assert_eq!(found.pointer, json::pointer(&one, leaf));
        prop_assert_eq!(found.left, Some(text));
    }
}

#[test]
fn limits_are_findings() {
    let limits = dragoman_syntax::Limits { depth: 3, nodes: 10, bytes: 100, ..Default::default() };
    let read = |text: &str| {
        let read = json::read(text.as_bytes(), None, PlaceId::NONE, &limits);
        (errors(&read), json::write(&read.tree, Style::Compact))
    };
    assert_eq!(read("[[[1]]]"), (vec![], "[[[1]]]".into()));
    assert_eq!(read("[[[[1]]]]").0, ["DG-E0219"]);
    assert_eq!(read("[1,2,3,4,5,6,7,8,9]").0, [""; 0]);
    assert_eq!(read("[1,2,3,4,5,6,7,8,9,10]"), (vec!["DG-E0219".into()], "[1,2,3,4,5,6,7,8,9]".into()));
    assert_eq!(read(&" ".repeat(101)).0, ["DG-E0219"]);
    let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(errors(&crate::outline::read(nested(1024).as_bytes())), [""; 0]);
    assert_eq!(errors(&crate::outline::read(nested(1025).as_bytes())), ["DG-E0219"]);
}

#[test]
fn hostile_sizes_take_no_time_and_no_stack() {
    for text in [
        "[".repeat(1 << 20),
        "{\"a\":".repeat(1 << 18),
        "[]".repeat(1 << 20),
        ",".repeat(1 << 20),
        "}".repeat(1 << 20),
        format!("{{{}}}", ",\"a\":1".repeat(1 << 18)),
        format!("{{{}}}", (0..1 << 16).map(|n| format!("\"{n}\":[1]")).collect::<Vec<_>>().join(",")),
        format!("\"{}", "\\ud800".repeat(1 << 18)),
    ] {
        let found = read(text.as_bytes());
        assert!(found.findings.len() <= 101);
        assert!(!json::write(&found.tree, Style::Compact).is_empty());
    }
    let bytes = [&b"\""[..], &vec![0xFF; 1 << 20], b"\""].concat();
    assert!(read(&bytes).findings.len() <= 101);
}
