//! Mistakes in a file, as people see them.

use dragoman_channel::Channel;

use crate::EXAMPLIA;

/// The file with one text in the place of another, and what is said of it.
fn mistakes(from: &str, to: &str) -> String {
    assert!(EXAMPLIA.contains(from), "{from}");
    let text = EXAMPLIA.replacen(from, to, 1);
    let errors = Channel::load("examplia.toml", &text, &["declaration", "order"]).unwrap_err();
    errors.iter().map(|error| error.render(&text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn names_that_are_none_are_found_all_at_once_with_what_may_be_meant() {
    let text = EXAMPLIA
        .replace("${account.badge}", "${account.badgee}")
        .replace("${declaration.lrn}", "${declaration.lnr}")
        .replace("first]\noperation = \"open\"", "first]\noperation = \"opne\"")
        .replace("message = \"order\"\nlist = \"list\"\nevery", "message = \"ordr\"\nlist = \"list\"\nevery")
        .replace("sync = \"orders\"", "sync = \"order\"")
        .replace("each = \"shipment.lines\", of", "each = \"shipment.line\", of");
    let errors = Channel::load("examplia.toml", &text, &["declaration", "order"]).unwrap_err();
    let shown: Vec<_> = errors.iter().map(|error| error.render(&text)).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn every_mistake_is_shown_at_its_place() {
    let cases = [
        ("path = \"/declarations\"", "paht = \"/declarations\""),
        ("rate = \"3/second\"", "rate = \"3 a second\""),
        ("every = \"1m\"", "every = \"one minute\""),
        ("${declaration.mrn}/status", "${declaration.mrn/status"),
        ("${order.id}/open", "${account.wallet}/open"),
        (
            "gives = { conversation = { header = \"X-Conversation\" } }",
            "gives = { conversation = { body = \"x\" } }",
        ),
        ("path = \"fault.code\", is = \"CONTENT\"", "path = \"fault..code\", is = \"CONTENT\""),
        (
            "path = \"fault.code\", is = \"CONTENT\"",
            "path = \"fault.code\", is = \"CONTENT\", present = true",
        ),
        ("status = 403, path = \"fault.code\", is = \"CONTENT\"", "is = \"CONTENT\""),
        ("when = { status = 403", "when = { status = \"4xy\""),
        ("class = \"invalid_request\"", "class = \"bad_request\""),
        ("name = \"amend\"", "name = \"submit\""),
        ("path = \"/notes\"\n", "path = \"/notes\"\njson = { a = \"b\" }\n"),
        ("path = \"/notes\"\n", ""),
        ("${shipment.number:number}", "nr ${shipment.number:number}"),
        ("${shipment.number:number}", "${shipment.number:roman}"),
        ("{ id = \"${shipment.lines.id}\", pieces", "\"${shipment.lines.id}\", pieces = { pieces"),
        ("longest = \"1d\"", "longest = \"5m\""),
        ("matches = \"[a-z]/[0-9]\"", "matches = \"[a-z\""),
        ("verify = { hmac", "verify = { hmak"),
        ("by = \"id\"", "by = 7"),
    ];
    let shown: Vec<_> = cases.iter().map(|(from, to)| mistakes(from, to)).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_file_without_a_channel_is_none() {
    assert!(Channel::load("x", "", &[]).unwrap_err()[0].message.contains("there is no `[channel]`"));
    let alone = "[[operation]]\nname = \"a\"\nmethod = \"GET\"\npath = \"/\"\n";
    assert!(Channel::load("x", alone, &[]).unwrap_err()[0].message.contains("there is no `[channel]`"));
}
