//! Content that looks like structure, that no character set holds, or that is too long.

use std::fmt::Write;

use dragoman_syntax::edifact::{self, Interchange, Outgoing, WriteOptions};

use super::support::{CUSDEC, document, tags};
use crate::mapped::canonical;

fn declaration(text: &str) -> String {
    let mut quoted = String::new();
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\u{0}'..='\u{1F}' => write!(quoted, "\\u{:04x}", character as u32).unwrap(),
            _ => quoted.push(character),
        }
    }
    format!(
        r#"{{"type":"declaration","lrn":"{quoted}","importer":{{"name":"{quoted}","address":{{"city":"{quoted}","street":["{quoted}"]}}}},
        "goods_items":[{{"sequence":"1","description":"{quoted}","packages":[{{"marks":"{quoted}","count":"1"}}],
        "documents":[{{"category":"C","type":"501","id":"{quoted}"}}],"additional_information":[{{"code":"X","text":"{quoted}"}}]}}]}}"#
    )
}

const HOSTILE: [&str; 9] = [
    "SHIRT'UNS+S'MOA+86:0?",
    "UNT+1+1'UNZ+1+1'UNA:+.? '",
    "???'?+?:??",
    "]]><!-- -->",
    "\u{202E}right to left\u{202C}",
    "\u{1F45C} bag \u{1F600}",
    "bell\u{7}and\u{0}null\u{85}",
    " blanks at both ends ",
    "\u{2028}line\u{2029}",
];

/// What is written is read again the same, or is lost and reported; and where the segments stand, and how many, is that
/// of a plain text of the same length.
#[test]
fn content_never_becomes_structure() {
    for text in
        HOSTILE.iter().map(|text| (*text).to_owned()).chain(HOSTILE.iter().map(|text| text.repeat(10)))
    {
        let plain: String = text.chars().map(|_| 'x').collect();
        let (hostile, plain) = (declaration(&text), declaration(&plain));
        let (hostile, plain) = (document(&hostile), document(&plain));
        let (put, put_plain) = (CUSDEC.put(&hostile), CUSDEC.put(&plain));
        assert_eq!(tags(&put.tree), tags(&put_plain.tree), "{text:?}");
        assert_eq!(put.lost.len(), put_plain.lost.len(), "{text:?}");
        let unoy = Interchange { syntax: "UNOY".into(), version: "3".into(), ..Interchange::default() };
        let options = WriteOptions { interchange: Some(unoy), ..WriteOptions::default() };
        let messages: [Outgoing<'_>; 1] = [(&put.tree, Some(&*CUSDEC.grammar))];
        match edifact::write(&messages, &options) {
            Ok(written) => {
                let (tree, grammar) = CUSDEC.one(&written.bytes);
                assert_eq!(tags(&tree).len(), tags(&put.tree).len() + 2, "{text:?}: UNB and UNH");
                let got = CUSDEC.get(&tree, &grammar);
                for path in ["goods_items[0].description", "goods_items[0].packages[0].marks"] {
                    let node = got.document.find(path).unwrap();
                    assert_eq!(got.document.tree().value(node), Some(text.as_str()), "{path}");
                }
            }
            Err(refused) => {
                assert!(!refused.findings.is_empty() && text.chars().any(char::is_control), "{text:?}");
            }
        }
    }
}

/// UNOC holds ISO 8859-1. What is beyond is refused with the place, never changed.
#[test]
fn what_the_character_set_lacks_is_refused() {
    let text = declaration("\u{1F45C}");
    let document = document(&text);
    let findings = CUSDEC.bytes(&CUSDEC.put(&document).tree).unwrap_err();
    assert!(findings.iter().any(|finding| finding.wire_path.is_some()), "{findings:?}");
}

#[test]
fn ten_thousand_characters_are_cut_or_lost_and_said() {
    let long = "0123456789".repeat(1_000);
    let text = declaration(&long);
    let document = document(&text);
    let put = CUSDEC.put(&document);
    let why = |name: &str| {
        let lost = put.lost.iter().find(|lost| document.path(lost.node).ends_with(name));
        lost.map(|lost| lost.why.clone()).unwrap_or_default()
    };
    assert_eq!(why("lrn"), "the value has 10000 characters, at most 35 are allowed");
    assert_eq!(why("description"), "143 lines do not fit into 9 times 5 cells");
    let bytes = CUSDEC.bytes(&put.tree).unwrap();
    let (tree, grammar) = CUSDEC.one(&bytes);
    let got = CUSDEC.get(&tree, &grammar);
    let marks = got.document.find("goods_items[0].packages[0].marks").unwrap();
    assert_eq!(got.document.tree().value(marks), Some(long.as_str()), "{}", canonical(&got.document));
}

/// More entries than the directory lets stand are lost, those of the first lines last.
#[test]
fn there_is_room_for_what_the_directory_lets_stand() {
    let documents = [r#"{"category":"C","type":"501"}"#; 12].join(",");
    let previous = [r#"{"category":"Z","type":"MRN"}"#; 3].join(",");
    let text =
        format!(r#"{{"type":"declaration","documents":[{documents}],"previous_documents":[{previous}]}}"#);
    let document = document(&text);
    let put = CUSDEC.put(&document);
    let segments = tags(&put.tree).iter().filter(|tag| *tag == "DOC").count();
    assert_eq!((segments, put.lost.len()), (10, 2 * 5));
    assert!(put.lost.iter().all(|lost| document.path(lost.node).starts_with("documents[")), "{:?}", put.lost);
}
