//! Content that looks like structure.

use dragoman_tree::{Kind, NodeId, Tree};

use super::{MESSAGES, read, write};
use crate::mapped::{canonical, document};

const HOSTILE: [&str; 8] = [
    "SHIRT'UNS+S'MOA+86:0?",
    "UNT+1+1'UNZ+1+1'UNA:+.? '",
    "???'?+?:??",
    "A*B~SE*1*1~",
    "~*:^>|",
    "ISA*00*~GS*PO",
    "]]><!-- -->",
    "\u{202E}gnirts\u{202C}",
];

/// The document of a case with another text in the place of names, titles and addresses. No text needs an escape in JSON.
fn with(text: &str, json: &str) -> String {
    let is_text = ["name", "title", "city", "note", "text", "description", "marks", "vehicle"];
    let changed = |line: &str| {
        let (name, rest) =
            line.split_once("\": \"").filter(|(name, _)| is_text.contains(&name.trim_matches([' ', '"'])))?;
        let comma = if rest.ends_with(',') { "," } else { "" };
        Some(format!("{name}\": \"{text}\"{comma}"))
    };
    json.lines().map(|line| changed(line).unwrap_or_else(|| line.to_owned())).collect()
}

fn segments(tree: &Tree<'_>) -> Vec<String> {
    let is_body = |node: &NodeId| {
        tree.node(*node).kind == Kind::Segment
            && !["UNB", "UNH", "ISA", "GS", "ST"].contains(&tree.name(*node))
    };
    tree.ids().filter(is_body).map(|node| tree.name(node).to_owned()).collect()
}

/// Where the segments stand, and how many, is that of a plain text of the same length, and what was written is read.
#[test]
fn content_never_becomes_structure() {
    for message in MESSAGES {
        let mapped = message.mapped();
        for text in HOSTILE {
            let plain: String = text.chars().map(|_| 'x').collect();
            let (hostile, plain) = (with(text, &message.document()), with(&plain, &message.document()));
            let (hostile, plain) = (document(&hostile), document(&plain));
            let (put, put_plain) = (mapped.put(&hostile), mapped.put(&plain));
            assert_eq!(segments(&put.tree), segments(&put_plain.tree), "{}: {text:?}", message.mapping);
            let bytes = write(mapped, &put.tree).unwrap();
            let [(tree, grammar)] = read(mapped, &bytes).try_into().unwrap();
            assert_eq!(segments(&tree), segments(&put.tree), "{}: {text:?}", message.mapping);
            let again = mapped.mapping.get(&tree, NodeId::ROOT, &grammar).unwrap();
            let count = |document: &str| document.matches(&format!("\"{text}\"")).count();
            let (had, has) = (count(&canonical(&hostile)), count(&canonical(&again.document)));
            assert!(had >= 1 && had == has + put.lost.len(), "{}: {text:?}: {had} {has}", message.mapping);
        }
    }
}
