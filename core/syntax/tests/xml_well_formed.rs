//! Reading finds a document well-formed exactly where libxml2 does.

#![expect(clippy::print_stdout, reason = "test support")]

mod random;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dragoman_samples::{files, sample};
use dragoman_syntax::{Limits, xml};
use dragoman_tree::Severity;

use random::Random;

const SCRATCHED: usize = 4000;

/// Everything that markup is made of, put where it does not belong.
const PIECES: [&[u8]; 38] = [
    b"<",
    b">",
    b"&",
    b"'",
    b"\"",
    b"/",
    b"=",
    b" ",
    b"-",
    b"--",
    b"]]>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"&lt;",
    b"&#1;",
    b"&#x41;",
    b"&foo;",
    b";",
    b"\r",
    b"\n",
    b"\t",
    b"\x01",
    b"\xC3\xA4",
    b"\xE4",
    b"\xEF\xBF\xBE",
    b"<a>",
    b"</a>",
    b"<a/>",
    b" x='1'",
    b" x=1",
    b"x='1'",
    b":",
    b"<?xml version='1.0'?>",
    b"<?p?>",
    b"?",
    b"!",
    b"\0",
];

const DENSE: &str = "<?xml version='1.0' encoding=\"UTF-8\"?>\n<!-- c --><?pi x?><a xmlns:p='urn:p' p:b='1' c=\"&lt;&#10;x\">\
    t&amp;x<![CDATA[ <y> ]]>z<p:d/><p:e></p:e><!-- k --></a>\n<!-- end -->";

/// The files that libxml2 finds fault with; `None` where it is not installed. It also looks into namespace names,
/// which are mere names here.
fn faulty(files: &[PathBuf]) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for batch in files.chunks(250) {
        let Ok(run) = Command::new("xmllint").args(["--noout", "--nonet"]).args(batch).output() else {
            println!("skipped: there is no xmllint here");
            return None;
        };
        let said = String::from_utf8_lossy(&run.stderr);
        let errors =
            said.lines().filter(|line| line.contains(" error : ") && !line.contains("is not a valid URI"));
        found.extend(errors.filter_map(|line| Some(line.split_once(".xml:")?.0.to_owned() + ".xml")));
    }
    Some(found)
}

#[test]
fn scratched_documents_are_judged_alike() {
    let Some(folder) = sample("uk-cds/samples") else { return };
    let mut texts: Vec<_> = files(&folder, &["xml"]).iter().map(|file| fs::read(file).unwrap()).collect();
    texts.retain(|text| text.len() < 6000);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scratched");
    fs::create_dir_all(&folder).unwrap();
    let mut random = Random(20_261_122);
    let mut files = Vec::new();
    for number in 0..SCRATCHED {
        let dense = random.below(2) == 0;
        let mut text = if dense { DENSE.into() } else { texts[random.below(texts.len())].clone() };
        let at = random.below(text.len());
        match random.below(4) {
            0 => drop(text.drain(at..(at + 1 + random.below(4)).min(text.len()))),
            1 => text.truncate(at),
            _ => drop(text.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied())),
        }
        let file = folder.join(format!("{number}.xml"));
        fs::write(&file, &text).unwrap();
        files.push(file);
    }
    let Some(faulty) = faulty(&files) else { return };
    let mut differ = Vec::new();
    for file in &files {
        let bytes = fs::read(file).unwrap();
        let read = xml::read(&bytes, None, &Limits::default());
        let error = read.findings.iter().find(|finding| finding.severity == Severity::Error);
        let is_faulty = faulty.contains(file.to_str().unwrap());
        if error.is_some() != is_faulty && !is_known(&bytes) {
            differ.push(format!("xmllint {is_faulty} {} {error:?}", file.display()));
        }
    }
    println!("{SCRATCHED} scratched documents, {} of them faulty, judged alike", faulty.len());
    assert!(faulty.len() > SCRATCHED / 3 && differ.is_empty(), "{differ:#?}");
}

/// Where the two differ on purpose: libxml2 takes encodings that it does not know and versions of its own, and wants
/// a blank between the parts of the XML declaration, which say nothing about the message.
fn is_known(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let declaration = text.split_once("?>").map_or("", |(declaration, _)| declaration);
    let is_plain = |what: &str, value: &str| declaration.contains(what) && !declaration.contains(value);
    let quoted =
        |part: &str| declaration.contains(&format!("'{part}")) || declaration.contains(&format!("\"{part}"));
    is_plain("encoding=", "\"UTF-8\"") || is_plain("version=", "1.0") || quoted("encoding")
}
