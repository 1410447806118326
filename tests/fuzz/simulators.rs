//! Simulators: their scripts, and the questions of GraphQL that they are asked.

use dragoman_sim::graphql;
use serde_json::{Map, json};

use crate::recipe::{Seeds, files};

/// A mistake in a script stands in it.
#[test]
fn scripts() {
    const WORDS: &[&str] = &[
        "[authority]",
        "[shop]",
        "[door]",
        "[[door.route]]",
        "[door.refusal.x]",
        "[[check]]",
        "[[answer]]",
        "[[behaviour]]",
        "when = [{ not = { value = \"fact.mrn\", present = true } }]",
        "\"${fact.now}\"",
        "\"${",
        "goods_items[].origins[]",
        "matches = '(((a+)+)+){9}'",
        "\"999999999999d\"",
        "= ",
        "\n",
    ];
    Seeds::new(files(&["adapters"], &["toml"]), WORDS, b"=[]{}\"\n.$").check(300, |input| {
        let text = String::from_utf8_lossy(input);
        for error in dragoman_sim::load("xx", &text).err().unwrap_or_default() {
            assert!(error.at.start <= error.at.end && error.at.end <= text.len(), "{error:?}");
            assert!(!error.message.is_empty(), "{error:?}");
        }
    });
}

/// Whatever is asked is answered or refused.
#[test]
fn questions() {
    const WORDS: &[&str] = &[
        "query($a: [ID!]! = [\"x\"]) { orders(first: 3, query: $a) { nodes { id } pageInfo { hasNextPage } } }",
        "mutation M { ship(a: { b: [1, -2.5e3, null, true, WORD] }) { id } }",
        "fragment f on Order { id ...f }",
        "... on Order { id }",
        "...f",
        "\"\"\"block\"\"\"",
        "\"\\u00e4\\\"\"",
        "# comment\n",
        "{",
        "}",
        "(",
        "$a",
        ":",
        "\u{FEFF}",
    ];
    let value =
        json!({ "id": "1", "nodes": [{ "id": "2" }, { "id": "3" }], "pageInfo": { "hasNextPage": false } });
    Seeds::new(files(&["adapters"], &["toml"]), WORDS, b"{}()$:.\"#").check(1_000, |input| {
        let text = String::from_utf8_lossy(input);
        let Ok(document) = graphql::parse(&text) else { return };
        let variables = Map::new();
        let _ = document.cost(None, &variables);
        let run = graphql::run(&document, None, &variables, &mut |_, _| Ok(value.clone()));
        if let Ok(outcome) = run {
            // A number that answers the same question again.
            let again = graphql::run(&document, None, &variables, &mut |_, _| Ok(value.clone()));
            assert_eq!(Ok(outcome), again);
        }
    });
}
