//! How fast it is: `cargo test --release -p dragoman-syntax timing -- --ignored --nocapture`.

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::service::ServiceString;
use super::token::{Scanned, Tokens};
use super::{MessageType, Reader, WriteOptions, messages, write};
use crate::grammar::{Grammar, parse};

const SIZE: usize = 50_000_000;

/// An interchange of CUSDEC D.96B messages with twenty goods items each.
fn interchange() -> Vec<u8> {
    let mut text = String::from("UNB+UNOC:3+DECLARANT:ZZ+CUSTOMS:ZZ+261122:1200+R1'");
    let mut messages = 0;
    while text.len() < SIZE {
        messages += 1;
        message(messages, &mut text);
    }
    let _ = write!(text, "UNZ+{messages}+R1'");
    text.into_bytes()
}

fn message(number: usize, text: &mut String) {
    let start = text.len();
    let _ = write!(
        text,
        "UNH+{number}+CUSDEC:D:96B:UN'BGM+929+LRN{number:08}+9'CST++4000:104:95'LOC+22+GB000060'LOC+35+CN'\
         LOC+28+GB'DTM+132:20261120:102'GIS+Y:107:95'MEA+WT+AAD+KGM:1250.5'EQD+CN+ABCU1234567'\
         RFF+ABT:26GB000000{number:06}'TDT+11++1+++++:::VESSEL ?+ CO'NAD+IM+GB123456789000++IMPORTER LTD:UNIT 1++\
         LONDON++E1 1AA+GB'NAD+DT+GB987654321000'TOD+3++CIF'MOA+39:12345.67:USD'UNS+D'"
    );
    for item in 1..=20 {
        let _ = write!(
            text,
            "CST+{item}+85171300:122:95+4000:117:95'FTX+AAA+++SMART PHONES?, {item} GB O?'NEILL:BLACK'\
             LOC+27+CN'MEA+WT+AAB+KGM:{item}.25'MEA+WT+AAA+KGM:{item}'PAC+{item}++CT'PCI+28+ADDR {item}'\
             MOA+38:{item}99.00:USD'RFF+HS:85171300'DOC+380+INV{item}'DTM+137:20261101:102'\
             GIS+300:119:95'TAX+1+CUD+++5:::2.5'MOA+55:12.34:GBP'"
        );
    }
    let segments =
        text.get(start..).unwrap().matches('\'').count() - text.get(start..).unwrap().matches("?'").count();
    let _ = write!(text, "UNS+S'CNT+5:20'CNT+11:210'UNT+{}+{number}'", segments + 4);
}

fn grammar() -> Arc<Grammar> {
    let file = |name: &str| -> Option<&'static str> {
        let path = if name.contains('.') { name.to_owned() } else { format!("{name}.gram") };
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../mappings/");
        Some(std::fs::read_to_string(format!("{root}{path}")).ok()?.leak())
    };
    Arc::new(parse(file("edifact/d96b/cusdec").unwrap(), &file).unwrap())
}

/// Runs three times and tells the best.
fn best(what: &str, bytes: usize, mut run: impl FnMut() -> usize) {
    let mut time = Duration::MAX;
    let mut count = 0;
    for _ in 0..3 {
        let start = Instant::now();
        count = run();
        time = time.min(start.elapsed());
    }
    // Bytes per microsecond are megabytes per second.
    println!("{what}: {} MB/s, {count}", bytes as u128 / time.as_micros().max(1));
}

#[test]
#[ignore = "timing, run by hand"]
fn timing() {
    let bytes = interchange();
    if let Ok(path) = std::env::var("DRAGOMAN_TIMING_FILE") {
        std::fs::write(path, &bytes).unwrap();
    }
    let table = ServiceString::default().table();
    let mut tokens = Tokens::default();
    best("tokens, a message at a time", bytes.len(), || {
        let (mut segments, mut start) = (0, 0);
        loop {
            tokens.restart(start);
            for _ in 0..300 {
                if tokens.scan(&bytes, &table, true) == Scanned::Nothing {
                    return segments + tokens.len();
                }
            }
            (segments, start) = (segments + tokens.len(), tokens.end());
        }
    });
    let grammar = grammar();
    let known = |_: &MessageType| Some(grammar.clone());
    let unknown = |_: &MessageType| None;
    best("trees by grammar, from a slice", bytes.len(), || {
        messages(&bytes, &known).map(|m| m.tree().len()).sum()
    });
    best("trees without grammar", bytes.len(), || messages(&bytes, &unknown).map(|m| m.tree().len()).sum());
    best("trees by grammar, pushed", bytes.len(), || {
        let mut reader = Reader::new(&known);
        let mut nodes = 0;
        for piece in bytes.chunks(1 << 16) {
            reader.push(piece);
            while let Some(message) = reader.next_message() {
                assert!(message.findings.is_empty(), "{:?}", message.findings);
                nodes += message.tree().len();
            }
        }
        nodes
    });
    best("trees by grammar, validated", bytes.len(), || {
        let findings =
            messages(&bytes, &known).map(|message| crate::validate(message.tree(), &grammar).len());
        findings.sum()
    });
    let all: Vec<_> = messages(bytes.get(..5_000_000).unwrap(), &known).collect();
    let trees: Vec<_> = all.iter().map(|message| (message.tree(), message.grammar.as_deref())).collect();
    best("written", 5_000_000, || write(&trees, &WriteOptions::default()).unwrap().bytes.len());
}
