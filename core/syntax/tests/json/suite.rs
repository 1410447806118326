//! Cases one by one: what RFC 8259 demands (accept), what it forbids (reject, with the finding), and what it
//! leaves to the reader (here: what this one does).

use dragoman_syntax::json::{self, Style};
use dragoman_tree::Severity;
use serde_json::Value;

use crate::outline::{errors, outline, read, text, value};

#[test]
fn well_formed_texts_are_accepted() {
    let cases = [
        "null",
        "true",
        " false ",
        "0",
        "-0",
        "-0.0",
        "1e3",
        "1E+3",
        "1.5e-07",
        "123123e100000",
        "\"\"",
        "[]",
        "{}",
        "\t[\r\n]\n",
        "[[]]",
        "[[[],[]],[1]]",
        "[{}]",
        "{\"\":0}",
        "{\"a\":{\"a\":{\"a\":[]}}}",
        "{\"a\\u0000b\":1}",
        r#""\"\\\/\b\f\n\r\t\u00e9""#,
        r#""\ud83d\ude00""#,
        r#""\uD834\uDD1E x""#,
        "\"\u{7f}\"",
        "\"\u{2028}\u{2029}\"",
        "\"\u{fffe}\u{10ffff}\"",
        "[null,1,\"1\",{},[]]",
        "[1,[2],{\"a\":[3]}]",
        "{\"a\":[[1],[],[[2]]],\"b\":[]}",
        "123456789012345678901234567890.000000000000000000000000000001",
        "{\"a\":null,\"b\":[null]}",
    ];
    for case in cases {
        let found = read(case.as_bytes());
        assert_eq!(errors(&found), [""; 0], "{case}");
        if let Ok(expected) = serde_json::from_str::<Value>(case) {
            assert_eq!(value(&found.tree, dragoman_tree::NodeId::ROOT), expected, "{case}");
        } else {
            assert!(case.contains("e100000"), "only the size of a number may be at issue: {case}");
        }
        let written = json::write(&found.tree, Style::Compact);
        assert_eq!(outline(&read(written.as_bytes()).tree), outline(&found.tree), "{case}");
    }
}

/// Input, codes of the errors, and what is in the tree.
const REJECTED: &[(&str, &[&str], &str)] = &[
    ("", &["DG-E0218"], "null"),
    (" \n", &["DG-E0218"], "null"),
    ("[", &["DG-E0202"], "[]"),
    ("{\"a\":[1,{\"b\":2", &["DG-E0202"], r#"{"a":[1,{"b":2}]}"#),
    ("[1,2}", &["DG-E0203", "DG-E0202"], "[1,2]"),
    ("{\"a\":[1,2}", &["DG-E0202"], r#"{"a":[1,2]}"#),
    ("{\"a\":{\"b\":[1]],\"c\":2}}", &["DG-E0203"], r#"{"a":{"b":[1],"c":2}}"#),
    ("]", &["DG-E0201"], "null"),
    ("[1,]", &["DG-E0205"], "[1]"),
    ("[,1]", &["DG-E0205"], "[1]"),
    ("[1,,2]", &["DG-E0205"], "[1,2]"),
    ("{\"a\":1,}", &["DG-E0205"], r#"{"a":1}"#),
    ("{\"a\":1 \"b\":2}", &["DG-E0204"], r#"{"a":1,"b":2}"#),
    ("[1 2]", &["DG-E0204"], "[1,2]"),
    ("{\"a\" 1}", &["DG-E0206"], r#"{"a":1}"#),
    ("{\"a\":}", &["DG-E0207"], "{}"),
    ("{\"a\",\"b\":1}", &["DG-E0207"], r#"{"b":1}"#),
    ("{\"a\"", &["DG-E0207", "DG-E0202"], "{}"),
    ("{\"a\"::1}", &["DG-E0201"], "{}"),
    ("{a:1}", &["DG-E0208"], r#"{"a":1}"#),
    ("{1:1}", &["DG-E0208"], r#"{"1":1}"#),
    ("{\"a\":None,\"b\":True}", &["DG-E0208", "DG-E0208"], r#"{"a":"None","b":"True"}"#),
    ("[NaN]", &["DG-E0208"], r#"["NaN"]"#),
    ("[-Infinity]", &["DG-E0209"], r#"["-Infinity"]"#),
    ("nul", &["DG-E0208"], r#""nul""#),
    ("[truefalse]", &["DG-E0208"], r#"["truefalse"]"#),
    ("[01]", &["DG-E0209"], r#"["01"]"#),
    ("[+1]", &["DG-E0209"], r#"["+1"]"#),
    ("[.5]", &["DG-E0209"], r#"[".5"]"#),
    ("[1.]", &["DG-E0209"], r#"["1."]"#),
    ("[1e]", &["DG-E0209"], r#"["1e"]"#),
    ("[0x1F]", &["DG-E0209"], r#"["0x1F"]"#),
    ("[- 1]", &["DG-E0209", "DG-E0204"], r#"["-",1]"#),
    ("['a']", &["DG-E0201"], "[]"),
    ("{'a':1}", &["DG-E0201"], "{}"),
    ("[\"a\":1]", &["DG-E0201"], r#"["a"]"#),
    ("<html>", &["DG-E0201"], "null"),
    ("[\u{ff11}]", &["DG-E0201"], "[]"),
    ("[1\u{a0}]", &["DG-E0201"], "[1]"),
    ("\"a", &["DG-E0202"], r#""a""#),
    ("\"a\\\"", &["DG-E0202"], r#""a\"""#),
    ("\"a\\", &["DG-E0202", "DG-E0210"], r#""a\\""#),
    ("{\"a\":\"b\n\",\"c\":1}", &["DG-E0212"], r#"{"a":"b\n","c":1}"#),
    ("\"\t\"", &["DG-E0212"], r#""\t""#),
    ("\"\u{0}\"", &["DG-E0212"], r#""\u0000""#),
    ("\"\\x41\"", &["DG-E0210"], r#""\\x41""#),
    ("\"\\u00g0\"", &["DG-E0210"], r#""\\u00g0""#),
    ("\"\\\u{e9}\"", &["DG-E0210"], "\"\\\\\u{e9}\""),
    ("\"\\ud800\"", &["DG-E0211"], "\"\u{fffd}\""),
    ("\"\\udc00\\ud800x\"", &["DG-E0211", "DG-E0211"], "\"\u{fffd}\u{fffd}x\""),
    ("\"\\ud800\\u0041\"", &["DG-E0211"], "\"\u{fffd}A\""),
    ("{\"a\":1,\"a\":2}", &["DG-E0215"], r#"{"a":1,"a":2}"#),
    ("{\"a\":1,\"\\u0061\":[2]}", &["DG-E0215"], r#"{"a":1,"a":[2]}"#),
    ("{\"a\":[1],\"b\":2,\"a\":[3]}", &["DG-E0215"], r#"{"a":[1,3],"b":2}"#),
    ("[1] [2]", &["DG-E0216"], "[1]"),
    ("{}}", &["DG-E0216"], "{}"),
    ("1 2", &["DG-E0216"], "1"),
    ("{/* c */\"a\":1 // d\n}", &["DG-E0217", "DG-E0217"], r#"{"a":1}"#),
    ("[1] /* open", &["DG-E0217"], "[1]"),
    ("[/]", &["DG-E0201"], "[]"),
];

#[test]
fn broken_texts_are_read_up_to_the_fault_and_mended_where_that_is_clear() {
    for (case, codes, kept) in REJECTED {
        let found = read(case.as_bytes());
        assert_eq!(errors(&found), *codes, "{case:?}");
        assert_eq!(json::write(&found.tree, Style::Compact), *kept, "{case:?}");
        let accepted = serde_json::from_str::<Value>(case).is_ok();
        assert_eq!(accepted, codes == &["DG-E0215"], "another parser on {case:?}");
    }
}

#[test]
fn bytes_that_are_no_utf8_are_replaced_and_located() {
    let found = read(b"{\"a\":\"x\xffy\",\"b\xc3\":\"plain\"}");
    assert_eq!(errors(&found), ["DG-E0213", "DG-E0213"]);
    assert_eq!(found.findings[0].span, Some(7..8));
    assert_eq!(found.findings[0].wire_path.as_deref(), Some("a"));
    assert_eq!(json::write(&found.tree, Style::Compact), "{\"a\":\"x\u{fffd}y\",\"b\u{fffd}\":\"plain\"}");
    assert_eq!(errors(&read(b"\xff\xfe{\0}\0")), ["DG-E0213"]);
    assert_eq!(errors(&read(b"[1,\xff]")), ["DG-E0201"]);
    assert_eq!(errors(&read(b"[]\xa0")), ["DG-E0216"]);
}

#[test]
fn a_byte_order_mark_is_a_warning() {
    let found = read(b"\xEF\xBB\xBF{\"a\":1}");
    assert_eq!((found.findings.len(), found.findings[0].severity), (1, Severity::Warning));
    assert_eq!(json::write(&found.tree, Style::Compact), r#"{"a":1}"#);
}

#[test]
fn findings_say_where() {
    let input = b"{\"orders\":[{\"id\":1},{\"id\":2,\"lines\":[{\"sku\":\"a\\qb\",\"n\":01}],\"id\":3}]}";
    let found = read(input);
    let places: Vec<_> = found
        .findings
        .iter()
        .map(|finding| {
            let span = finding.span.clone().unwrap();
            let bytes = &input[span.start as usize..span.end as usize];
            (finding.wire_path.as_deref().unwrap(), std::str::from_utf8(bytes).unwrap())
        })
        .collect();
    let lines =
        [("orders[1].lines[0].sku", "\\"), ("orders[1].lines[0].n", "01"), ("orders[1].id", "\"id\"")];
    assert_eq!(places, lines);
    assert!(found.findings.iter().all(|finding| finding.hint.is_some() || finding.code == "DG-E0210"));
}

#[test]
fn spans_are_what_a_caret_should_underline() {
    let input = br#"{"a": "text", "b": "", "c": [10, {"d": true}], "e": [], "f": "\n"}"#;
    let tree = read(input).tree;
    let spans: Vec<_> =
        tree.ids().map(|id| std::str::from_utf8(&input[tree.node(id).span.range()]).unwrap()).collect();
    assert_eq!(spans, ["{", "text", "\"\"", "10", "{", "true", "[", "\\n"]);
    let borrowed: Vec<_> = tree.ids().map(|id| tree.node(id).value.is_borrowed()).collect();
    assert_eq!(borrowed, [true, true, true, true, true, true, true, false]);
}

#[test]
fn paths_and_pointers_lead_back() {
    let input = br#"{"a":[{"b/~":[[1,2],[3]]},{"@c":[]}],"d e":{"":7},"f":[null]}"#;
    let tree = read(input).tree;
    let places: Vec<_> = tree
        .ids()
        .map(|id| (dragoman_syntax::wire_path(&tree, id, None), json::pointer(&tree, id)))
        .collect();
    let expected = [
        (".", ""),
        ("a[0]", "/a/0"),
        ("a[0].'b/~'[0]", "/a/0/b~1~0/0"),
        ("a[0].'b/~'[0][0]", "/a/0/b~1~0/0/0"),
        ("a[0].'b/~'[0][1]", "/a/0/b~1~0/0/1"),
        ("a[0].'b/~'[1]", "/a/0/b~1~0/1"),
        ("a[0].'b/~'[1][0]", "/a/0/b~1~0/1/0"),
        ("a[1]", "/a/1"),
        ("a[1].'@c'", "/a/1/@c"),
        ("'d e'", "/d e"),
        ("'d e'.''", "/d e/"),
        ("f[0]", "/f/0"),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(path, pointer)| ((*path).to_owned(), (*pointer).to_owned())).collect();
    assert_eq!(places, expected);
    for id in tree.ids() {
        assert_eq!(json::find(&tree, &json::pointer(&tree, id)), Some(id));
    }
    for missing in ["/a/2", "/a/00", "/a/-", "/a/0/x", "/zz", "a", "/f/0/0", "/d e/1"] {
        assert_eq!(json::find(&tree, missing), None, "{missing}");
    }
    assert_eq!(json::find(&tree, "/a"), json::find(&tree, "/a/0"));
    let top = read(b"[[1],{\"x\":2}]").tree;
    assert_eq!(
        top.ids().map(|id| dragoman_syntax::wire_path(&top, id, None)).collect::<Vec<_>>(),
        [".", "[0]", "[0][0]", "[1]", "[1].x"]
    );
    assert_eq!(json::find(&top, "/1/x").map(|id| text(&top, id)).as_deref(), Some("2"));
}

#[test]
fn styles() {
    let tree = read(br#"{"a":[1,{"b":[]}],"c":{}, "d":[[2]]}"#).tree;
    let pretty = "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {},\n  \"d\": [\n    [\n      2\n    ]\n  ]\n}\n";
    assert_eq!(json::write(&tree, Style::Pretty), pretty);
    assert_eq!(json::write(&tree, Style::Line), "{\"a\":[1,{\"b\":[]}],\"c\":{},\"d\":[[2]]}\n");
    assert_eq!(json::write(&dragoman_tree::Tree::default(), Style::Compact), "");
}
