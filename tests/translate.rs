//! `dragoman translate`.

use insta::assert_snapshot;
use serde_json::Value;

use crate::run::{Folder, Ran, case, dragoman, dragoman_in};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_standard_input_is_an_input() {
    let arguments = ["translate", "--from", "gb-cds/notification", "--to", "gb-cds/notification"];
    for rest in [&[][..], &["-"]] {
        let ran = dragoman_in(
            std::path::Path::new("."),
            &[&arguments[..], rest].concat(),
            case("notification.in").as_bytes(),
        );
        assert_eq!((ran.code, ran.stdout), (0, case("notification.in")));
    }
}

#[test]
fn several_documents_are_one_a_line() {
    let folder = Folder::new();
    for name in ["declaration.in", "notification.in"] {
        folder.write(&format!("in/{name}"), case(name));
    }
    let Ran { code, stdout, .. } = folder.run(&["translate", "--from", "auto", "--to", "canonical", "in"]);
    assert_eq!(code, 0);
    let types: Vec<_> = stdout.lines().map(|line| json(line)["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!(types, ["declaration", "customs_response"]);
    folder.write("all.ndjson", &stdout);
    let again = folder.run(&["translate", "--from", "canonical", "--to", "canonical", "all.ndjson"]);
    assert_eq!((again.code, again.stdout), (0, stdout));
}

#[test]
fn a_folder_takes_one_file_a_document() {
    let folder = Folder::new();
    folder.write("in/a.xml", case("declaration.in"));
    folder.write("in/deep/b.xml", case("declaration.in"));
    folder.write("in/a.txt", case("declaration.in"));
    let ran = folder.run(&["translate", "--from", "auto", "--to", "canonical", "in", "--out", "out"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    for name in ["out/a.json", "out/a.xml.json", "out/deep/b.json"] {
        assert_eq!(json(&folder.read(name))["lrn"], "TT-2026-0042", "{name}");
    }
    let ran = folder.run(&[
        "translate",
        "--from",
        "canonical",
        "--to",
        "gb-cds/declaration",
        "out/a.json",
        "--out",
        "back",
    ]);
    assert_eq!((ran.code, folder.read("back/a.xml")), (0, case("declaration.in")));
}

#[test]
fn an_original_keeps_what_the_document_does_not_speak_of() {
    let original = case("declaration.in").replace("<Declaration>", "<Declaration>\n    <Extra>kept</Extra>");
    let folder = Folder::new();
    folder.write("a.xml", &original);
    let read = folder.run(&["translate", "--from", "auto", "--to", "canonical", "a.xml"]);
    assert!(read.stderr.contains("no line of the mapping carries `Extra`"), "{}", read.stderr);
    folder.write("a.json", read.stdout.replace("TT-2026-0042", "TT-2026-0043"));
    let over = folder.run(&[
        "translate",
        "--from",
        "canonical",
        "--to",
        "gb-cds/declaration",
        "--over",
        "a.xml",
        "a.json",
    ]);
    assert_eq!((over.code, over.stdout), (0, original.replace("TT-2026-0042", "TT-2026-0043")));
    folder.write("two.ndjson", "{\"type\":\"declaration\"}\n{\"type\":\"declaration\"}\n");
    let over = folder.run(&[
        "translate",
        "--from",
        "canonical",
        "--to",
        "canonical",
        "--over",
        "a.json",
        "two.ndjson",
    ]);
    assert_eq!(over.code, 2, "{}", over.stderr);
}

#[test]
fn the_report_says_what_became_of_every_leaf() {
    let folder = Folder::new();
    folder.write("a.xml", case("declaration.in").replace("<Declaration>", "<Declaration><Extra>1</Extra>"));
    folder.write("b.xml", case("declaration.in"));
    let arguments =
        ["translate", "--from", "auto", "--to", "gb-cds/declaration", "--report", "r.json", "a.xml"];
    assert_eq!(folder.run(&arguments).code, 0);
    let report = json(&folder.read("r.json"));
    assert_eq!(
        (&report["from"], &report["to"]),
        (&"gb-cds/declaration".into(), &"gb-cds/declaration".into())
    );
    for side in ["read", "written"] {
        let counts = &report["counts"][side];
        let count = |name: &str| counts[name].as_u64().unwrap();
        let sum = ["carried", "checked", "residue", "reported"].map(count).iter().sum::<u64>();
        assert_eq!(count("leaves"), sum, "{counts}");
    }
    assert_eq!(
        report["residue"],
        serde_json::json!([{ "wire_path": "/MetaData[1]/Declaration[1]/Extra[1]", "value": "1" }])
    );
    assert_eq!(report["lost"], serde_json::json!([]));
    let text = folder.read("a.xml");
    for link in report["lineage"].as_array().unwrap().iter().filter(|link| link["source"].is_object()) {
        let bound = |name: &str| link["source"]["span"][name].as_u64().unwrap() as usize;
        let bytes = &text[bound("start")..bound("end")];
        assert!(!bytes.is_empty() && !bytes.contains(['<', '>']), "{link}");
        // Nothing is lost, so every value goes where it came from; but for the parts that a value has beside.
        if let Some(target) = link["target"].as_str() {
            assert_eq!(link["source"]["path"], target);
        }
    }
    let several =
        ["translate", "--from", "auto", "--to", "canonical", "--report", "r.json", "a.xml", "b.xml"];
    assert_eq!(folder.run(&several).code, 0);
    assert_eq!(json(&folder.read("r.json")).as_array().unwrap().len(), 2);
}

#[test]
fn a_document_of_another_type_is_refused() {
    let ran = dragoman(&["translate", "--from", "auto", "--to", "gb-cds/notification", "declaration.in"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert_snapshot!(ran.stderr);
}

#[test]
fn field_content_never_becomes_structure() {
    let hostile = "'+:?~*<&>\"]]>--%s\\u0000{}[]";
    let document = serde_json::json!({ "type": "declaration", "lrn": "1", "exporter": { "name": hostile } });
    let folder = Folder::new();
    folder.write("a.json", document.to_string());
    let xml = folder.run(&["translate", "--from", "canonical", "--to", "gb-cds/declaration", "a.json"]);
    assert_eq!(xml.code, 0, "{}", xml.stderr);
    folder.write("a.xml", &xml.stdout);
    let back = folder.run(&["translate", "--from", "auto", "--to", "canonical", "a.xml"]);
    assert_eq!(json(&back.stdout)["exporter"]["name"], hostile);
}
