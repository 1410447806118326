//! How fast XML is read: `cargo run --release --example xml_throughput -- FOLDER GRAMMAR [ROUNDS]`.
//!
//! The declarations of a folder are put into one document of a few megabytes and read by the tokeniser alone, with
//! its texts and attributes unescaped, and by [`dragoman_syntax::xml::read`] with a grammar.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "this is a program that measures")]

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::{Limits, xml};
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::reader::NsReader;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().collect();
    let [_, folder, grammar, rest @ ..] = arguments.as_slice() else {
        return Err("usage: xml_throughput FOLDER GRAMMAR [ROUNDS]".into());
    };
    let rounds = rest.first().map_or(Ok(15), |rounds| rounds.parse())?;
    let text = fs::read_to_string(grammar)?;
    let grammar = grammar::parse(&text, &|_| None)?;
    let mut documents = Vec::new();
    collect(Path::new(folder), &mut documents)?;
    documents.retain(|text| {
        let read = xml::read(text.as_bytes(), Some(&grammar), &Limits::default());
        read.findings.is_empty() && read.tree.ids().all(|id| read.tree.place(id).is_known())
    });
    measure("as published, with comments", &documents, &grammar, rounds);
    let plain = |text: &String| {
        let read = xml::read(text.as_bytes(), Some(&grammar), &Limits::default());
        String::from_utf8(xml::write(&read.tree, Some(&grammar), &xml::WriteOptions::default()).bytes)
    };
    let plain = documents.iter().map(plain).collect::<Result<Vec<_>, _>>()?;
    measure("as sent, without comments", &plain, &grammar, rounds);
    Ok(())
}

fn measure(what: &str, documents: &[String], grammar: &Grammar, rounds: usize) {
    let bytes: usize = documents.iter().map(String::len).sum();
    println!("{} documents, {bytes} bytes, {what}", documents.len());
    let (mut alone, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        alone.push(time(documents, |text| tokenise(text).unwrap_or_default()));
        whole.push(time(documents, |text| {
            xml::read(text.as_bytes(), Some(grammar), &Limits::default()).tree.len()
        }));
    }
    let [alone, whole] = [alone, whole].map(median);
    let rate = |seconds: f64| bytes as f64 / seconds / 1e6;
    println!("tokeniser alone   {:7.1} MB/s", rate(alone));
    println!("read with grammar {:7.1} MB/s  {:.0}% of it", rate(whole), 100.0 * alone / whole);
}

fn collect(folder: &Path, found: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml")) {
            found.extend(fs::read_to_string(&path));
        }
    }
    Ok(())
}

fn time(documents: &[String], read: impl Fn(&str) -> usize) -> f64 {
    let start = Instant::now();
    for text in documents {
        black_box(read(black_box(text)));
    }
    start.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// What any reader has to do: resolve names, unescape texts and attributes.
fn tokenise(text: &str) -> Result<usize, quick_xml::Error> {
    let mut reader = NsReader::from_str(text);
    let mut count = 0;
    loop {
        match reader.read_resolved_event()? {
            (_, Event::Eof) => return Ok(count),
            (namespace, Event::Start(tag) | Event::Empty(tag)) => {
                black_box(namespace);
                count += 1;
                for attribute in tag.attributes() {
                    count += attribute?.normalized_value(XmlVersion::Implicit1_0)?.len();
                }
            }
            (_, Event::Text(text)) => count += text.xml10_content().len(),
            (_, Event::CData(text)) => count += text.xml10_content().len(),
            (_, Event::GeneralRef(name)) => count += usize::from(name.resolve_char_ref()?.is_some()),
            _ => {}
        }
    }
}
