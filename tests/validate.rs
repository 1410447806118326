//! `dragoman validate`: the same findings for people, for programs, for code hosts and as a page.

use insta::assert_snapshot;
use serde_json::Value;

use crate::run::{Folder, Ran, case, dragoman};

/// A declaration with one mistake of each kind.
fn broken() -> Folder {
    let folder = Folder::new();
    let text = case("declaration.in")
        .replace("currencyID=\"GBP\"", "currencyID=\"gbp\"")
        .replace("<FunctionCode>9</FunctionCode>", "<FunctionCode>99</FunctionCode>")
        .replace("<CountryCode>CN</CountryCode>", "<CountryCode>UK</CountryCode>")
        .replace("<Declarant>", "<Declarent><ID>1</ID></Declarent>\n    <Declarant>");
    folder.write("a.xml", text);
    folder
}

#[test]
fn findings_for_people() {
    let Ran { code, stdout, stderr } = broken().run(&["validate", "a.xml"]);
    assert_eq!(code, 1);
    assert_snapshot!(stdout);
    assert_snapshot!(stderr);
}

/// What customs rejected is shown in the declaration that it is about; what it lacks, at what is around.
#[test]
fn a_rejection_is_shown_in_its_declaration() {
    let folder = Folder::new();
    folder.write("declaration.xml", case("declaration.in"));
    let pointers = |rows: &[(&str, &str, &str)]| -> String {
        let row = |(number, section, tag): &(&str, &str, &str)| {
            let number = if number.is_empty() {
                String::new()
            } else {
                format!("<SequenceNumeric>{number}</SequenceNumeric>")
            };
            let tag = if tag.is_empty() { String::new() } else { format!("<TagID>{tag}</TagID>") };
            format!("<Pointer>{number}<DocumentSectionCode>{section}</DocumentSectionCode>{tag}</Pointer>")
        };
        rows.iter().map(row).collect()
    };
    let origin = [("", "42A", ""), ("", "67A", ""), ("1", "68A", ""), ("1", "92A", "063")];
    let error = format!("<Error><ValidationCode>CDS10020</ValidationCode>{}</Error>", pointers(&origin));
    let notification = case("notification.in").replace("<Error>", &format!("{error}<Error>"));
    folder.write("notification.xml", notification);
    let run = |more: &[&str]| {
        folder.run(&[&["validate", "--base", "declaration.xml", "notification.xml"], more].concat())
    };
    let ran = run(&[]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stderr);
    let json: Value = serde_json::from_str(&run(&["--format", "json"]).stdout).unwrap();
    let finding = &json["findings"][0];
    assert_eq!(finding["file"], "declaration.xml");
    assert_eq!(finding["authority"]["location"], "42A.67A.68A#1.92A#1/063");
    assert_eq!(finding["path"], "goods_items[sequence=1].origins[0].country");
    let (text, at) =
        (folder.read("declaration.xml"), |end: &str| finding["span"][end].as_u64().unwrap() as usize);
    assert_eq!(&text[at("start")..at("end")], "CN");
    for other in ["missing.xml", "notification.xml"] {
        let ran = folder.run(&["validate", "--base", other, "notification.xml"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{other}");
    }
}

#[test]
fn findings_as_json() {
    let folder = broken();
    let Ran { code, stdout, stderr } = folder.run(&["validate", "--format", "json", "a.xml"]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    let one: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&one["file"], &one["message"]), (&"a.xml".into(), &"gb-cds/declaration".into()));
    let text = folder.read("a.xml");
    let findings = one["findings"].as_array().unwrap();
    assert!(findings.len() >= 4);
    for finding in findings {
        assert!(finding["code"].as_str().unwrap().starts_with("DG-E0"));
        assert_eq!(finding["file"], "a.xml");
        assert!(finding.as_object().unwrap().values().all(|value| !value.is_null()), "{finding}");
        let span = &finding["span"];
        let start = span["start"].as_u64().unwrap() as usize;
        let before = &text[..start];
        assert_eq!(span["line"], before.matches('\n').count() as u64 + 1);
        let column = before.rsplit('\n').next().unwrap().chars().count() as u64 + 1;
        assert_eq!(span["column"], column);
    }
    let several = folder.run(&["validate", "--format", "json", "."]);
    let several: Value = serde_json::from_str(&several.stdout).unwrap();
    assert_eq!(
        several.as_array().unwrap()[0]["findings"],
        one["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| {
                let mut finding = finding.clone();
                finding["file"] = "./a.xml".into();
                finding
            })
            .collect::<Value>()
    );
}

#[test]
fn findings_as_sarif() {
    let folder = broken();
    let Ran { code, stdout, stderr } = folder.run(&["validate", "--format", "sarif", "."]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    let sarif: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "dragoman");
    let rules: Vec<_> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 4);
    for result in results {
        assert!(rules.contains(&&result["ruleId"]), "{result}");
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64().unwrap() > 0 && region["startColumn"].as_u64().unwrap() > 0);
    }
    let clean = dragoman(&["validate", "--format", "sarif", "declaration.in"]);
    let clean: Value = serde_json::from_str(&clean.stdout).unwrap();
    assert_eq!(clean["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn findings_as_a_page() {
    let folder = broken();
    folder.write("b.xml", "<script>alert('&amp;')</script>");
    let Ran { code, stdout, .. } = folder.run(&["validate", "--format", "html", "a.xml", "b.xml"]);
    assert_eq!(code, 1);
    assert!(stdout.starts_with("<!DOCTYPE html>") && stdout.ends_with("</html>\n"));
    for outside in ["<script", "http://", "https://", "src=", "href=", "@import", "url("] {
        let content = stdout.replace("xmlns", "").contains(outside);
        assert!(!content || outside.starts_with("http"), "{outside}");
    }
    assert!(stdout.contains("prefers-color-scheme") || stdout.contains("light dark"));
    assert!(stdout.contains("<mark>gbp</mark>") && stdout.contains("DG-E"));
}

#[test]
fn what_is_no_message_is_said() {
    let folder = Folder::new();
    let isa = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261101*0900*U*00401*000000001*0*P*>~";
    folder.write("po.txt", format!("{isa}GS*PO*A*B*20261101*0900*1*X*004010~ST*850*0001~"));
    folder.write("empty.xml", "\n");
    folder.write("letter.txt", "Dear Sir or Madam,\n");
    let ran = folder.run(&["validate", "--as", "gb-cds/declaration", "po.txt", "empty.xml", "letter.txt"]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stderr);
    let other = dragoman(&["validate", "--as", "gb-cds/declaration", "notification.in"]);
    assert_eq!(other.code, 1);
    assert_snapshot!(other.stderr);
    // In a folder nobody said that every file is a message.
    folder.write("empty.xml", case("declaration.in"));
    folder.write("po.txt", "STX=ANA:1\n");
    let found = folder.run(&["validate", "."]);
    assert_eq!(found.code, 0, "{}", found.stderr);
    assert!(found.stderr.contains("warning[DG-E1002]"));
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let text = case("declaration.in").replace('\n', "").replace("  ", "").replace("\"GBP\"", "\"gbp\"");
    let folder = Folder::new();
    folder.write("line.xml", &text);
    let ran = folder.run(&["validate", "line.xml"]);
    let column = text.find("\"gbp\"").unwrap() + 2;
    assert!(ran.stderr.contains(&format!("line.xml:1:{column}\n")), "{}", ran.stderr);
    assert!(ran.stderr.lines().all(|line| line.chars().count() <= 200), "{}", ran.stderr);
    let caret = ran.stderr.lines().find(|line| line.contains("^^^")).unwrap();
    let at = caret.find('^').unwrap();
    let shown = ran.stderr.lines().find(|line| line.contains("gbp") && line.contains('<')).unwrap();
    assert_eq!(shown.chars().skip(at).take(3).collect::<String>(), "gbp");
}

#[test]
fn colours_are_asked_for_or_there_is_a_terminal() {
    let folder = broken();
    assert!(!folder.run(&["validate", "a.xml"]).stderr.contains('\u{1b}'));
    assert!(folder.run(&["validate", "--color", "always", "a.xml"]).stderr.contains('\u{1b}'));
    assert!(!folder.run(&["validate", "--color", "always", "a.xml"]).stdout.contains('\u{1b}'));
}
