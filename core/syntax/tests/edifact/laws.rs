//! Laws that hold for every message and for every sequence of bytes.

use dragoman_syntax::edifact::{
    Interchange, Message, Reader, ServiceString, Unencodable, WriteOptions, messages, write,
};
use dragoman_tree::{Finding, Kind, NodeId, Severity, Tree};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{Shape, known, read, shape};

/// A segment as plain data: tag, data elements, repetitions, components.
type Segment = (&'static str, Vec<Vec<Vec<String>>>);

/// Values that try to be structure.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Z0-9]{1,6}",
        2 => "[A-Z'+:?*~\r\n]{1,8}",
        1 => Just("SHIRT'UNS+S'MOA+86:0?".to_owned()),
        1 => Just("?".to_owned()),
        1 => Just("'UNT+3+1'UNZ+1+R1'".to_owned()),
        1 => "\\PC{1,6}",
        1 => "[ -~]{1,12}",
    ]
}

fn element() -> impl Strategy<Value = Vec<Vec<String>>> {
    let value = prop_oneof![3 => hostile(), 2 => Just(String::new())];
    let repetitions = prop_oneof![6 => 1..2_usize, 1 => 1..4_usize];
    repetitions.prop_flat_map(move |count| vec(vec(value.clone(), 1..4), count))
}

fn segment() -> impl Strategy<Value = Segment> {
    let tags = ["BGM", "RFF", "DTM", "FTX", "CST", "COM", "ADR", "NAD", "TAX", "UNS", "AUT", "XYZ"];
    (proptest::sample::select(tags.to_vec()), vec(element(), 0..8))
}

/// Service characters with and without repetition.
fn service() -> impl Strategy<Value = ServiceString> {
    let una = |una: &[u8; 6]| ServiceString::from_una(*una).unwrap();
    let some =
        vec![una(b":+.? '"), una(b":+.?*'"), una(b"=*,!^~"), una(b"\x1F\x1D.?*\x1C"), una(b"|^.\\~\n")];
    proptest::sample::select(some)
}

fn version(service: ServiceString) -> &'static str {
    if service.repetition.is_some() { "4" } else { "3" }
}

/// Writes plain data the simple way.
fn encode(kind: &str, segments: &[Segment], service: ServiceString) -> Vec<u8> {
    let release = service.release.map(char::from).unwrap();
    let escape = |text: &str| -> String {
        let special = |c: char| u8::try_from(c).is_ok_and(|byte| byte.is_ascii() && service.is_service(byte));
        text.chars().flat_map(|c| special(c).then_some(release).into_iter().chain([c])).collect()
    };
    let join = |parts: Vec<String>, separator: u8| parts.join(&char::from(separator).to_string());
    let mut text = String::from_utf8(service.una().to_vec()).unwrap();
    let mut line = |tag: &str, elements: &[Vec<Vec<String>>]| {
        let components =
            |one: &Vec<String>| join(one.iter().map(|text| escape(text)).collect(), service.component);
        let repetitions = |all: &Vec<Vec<String>>| {
            let separator = service.repetition.unwrap_or(service.component);
            join(all.iter().map(components).collect(), separator)
        };
        let elements = elements.iter().map(repetitions);
        text += &join(std::iter::once(tag.to_owned()).chain(elements).collect(), service.element);
        text.push(char::from(service.terminator));
    };
    let simple = |values: &[&[&str]]| -> Vec<Vec<Vec<String>>> {
        values.iter().map(|value| vec![value.iter().map(|text| (*text).to_owned()).collect()]).collect()
    };
    line("UNB", &simple(&[&["UNOY", version(service)], &["ME"], &["YOU"], &["261122", "1200"], &["R1"]]));
    line("UNH", &simple(&[&["1"], &[kind, "D", "96B", "UN"]]));
    for (tag, elements) in segments {
        line(tag, elements);
    }
    line("UNT", &simple(&[&[&(segments.len() + 2).to_string()], &["1"]]));
    line("UNZ", &simple(&[&["1"], &["R1"]]));
    text.into_bytes()
}

/// The values below each segment of the body, without empty ones.
fn values(tree: &Tree<'_>) -> Vec<(String, Vec<String>)> {
    let header = |id: &NodeId| matches!(tree.name(*id), "UNB" | "UNG" | "UNH");
    let segments = tree.ids().filter(|id| tree.node(*id).kind == Kind::Segment && !header(id));
    let below = |id: NodeId| tree.subtree(id).filter_map(|leaf| tree.value(leaf));
    let filled = |id| below(id).filter(|value| !value.is_empty()).map(str::to_owned).collect();
    segments.map(|id| (tree.name(id).to_owned(), filled(id))).collect()
}

fn keep(service: ServiceString) -> WriteOptions {
    WriteOptions { service: Some(service), unencodable: Unencodable::Keep, ..WriteOptions::default() }
}

fn errors(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

fn written_again(message: &Message<'_>, options: &WriteOptions) -> Option<(Vec<u8>, usize)> {
    let written = write(&[(message.tree(), message.grammar.as_deref())], options).ok()?;
    Some((written.bytes, errors(&written.findings)))
}

/// Bytes that look like EDIFACT.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "UNA:+.? '",
        "UNA:+.?*'",
        "UNB+UNOC:3+A+B+261122:1200+R'",
        "UNB+UNOA:4",
        "UNG+T+A+B+261122:1200+G+UN+D:96B'",
        "UNH+1+TRAPS:D:96B:UN'",
        "UNH+",
        "BGM",
        "CST",
        "FTX",
        "RFF",
        "NAD",
        "UNS+D",
        "UNT+3+1'",
        "UNE+1+G'",
        "UNZ+1+R'",
        "+",
        ":",
        "'",
        "?",
        "*",
        "\r\n",
        " ",
        "a",
        "é",
        "\u{FEFF}",
        "7",
    ];
    let piece = prop_oneof![
        12 => proptest::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..4),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// What the reader says of a message: tree, findings, offset.
type Said = (Shape, Vec<Finding>, u64);

/// Everything that the reader says about bytes that come in these pieces.
fn in_pieces(bytes: &[u8], sizes: &[usize]) -> (Vec<Said>, Vec<Finding>) {
    let grammars = |kind: &_| known(kind);
    let mut reader = Reader::new(&grammars);
    let mut all = Vec::new();
    let (mut rest, mut sizes) = (bytes, sizes.iter().cycle());
    loop {
        while let Some(message) = reader.next_message() {
            all.push((shape(message.tree()), message.findings.clone(), message.tree().base()));
        }
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
        reader.push(piece);
        rest = after;
    }
    reader.finish();
    while let Some(message) = reader.next_message() {
        all.push((shape(message.tree()), message.findings.clone(), message.tree().base()));
    }
    (all, reader.findings())
}

pub fn same_in_pieces(bytes: &[u8], sizes: &[usize]) {
    let mut reader = messages(bytes, &known);
    let whole: Vec<_> = reader
        .by_ref()
        .map(|message| (shape(message.tree()), message.findings.clone(), message.tree().base()))
        .collect();
    let (pieces, findings) = in_pieces(bytes, sizes);
    assert_eq!(whole, pieces);
    assert_eq!(reader.findings(), findings);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_value_comes_back_and_no_more_segments(
        segments in vec(segment(), 0..12),
        service in service(),
        kind in proptest::sample::select(vec!["TRAPS", "OTHER"]),
    ) {
        let bytes = encode(kind, &segments, service);
        let (messages, _) = read(&bytes, &known);
        prop_assert_eq!(messages.len(), 1);
        let expected: Vec<_> = segments
            .iter()
            .map(|(tag, elements)| {
                let values = elements.iter().flatten().flatten().filter(|value| !value.is_empty());
                ((*tag).to_owned(), values.cloned().collect::<Vec<_>>())
            })
            .collect();
        prop_assert_eq!(values(messages[0].tree()), expected);
    }

    #[test]
    fn what_is_written_is_read_as_the_same_tree(
        segments in vec(segment(), 0..12),
        from in service(),
        to in service(),
        kind in proptest::sample::select(vec!["TRAPS", "OTHER"]),
    ) {
        let bytes = encode(kind, &segments, from);
        let (messages, _) = read(&bytes, &known);
        // The syntax version decides whether there are repetitions: it stays.
        let to = ServiceString { repetition: from.repetition.and(to.repetition.or(Some(b'%'))), ..to };
        let (again, errors) = written_again(&messages[0], &keep(to)).unwrap();
        prop_assert_eq!(errors, 0);
        let (read_again, _) = read(&again, &known);
        prop_assert_eq!(shape(messages[0].tree()), shape(read_again[0].tree()));
        let (third, _) = written_again(&read_again[0], &keep(to)).unwrap();
        prop_assert_eq!(&again, &third);
    }

    #[test]
    fn no_bytes_stop_the_reader(bytes in noise()) {
        let (messages, findings) = read(&bytes, &known);
        let envelope = Interchange { syntax: "UNOY".into(), version: "4".into(), ..Interchange::default() };
        for finding in findings {
            prop_assert!(finding.span.is_none_or(|span| span.end <= bytes.len() as u64 + 1));
        }
        for message in messages {
            let tree = message.tree();
            for id in tree.ids() {
                prop_assert!(tree.file_span(id).end <= bytes.len() as u64);
            }
            // What can be written without loss is read as the same values.
            let options = WriteOptions {
                interchange: Some(envelope.clone()),
                ..keep(ServiceString::of_version("4"))
            };
            if let Some((written, 0)) = written_again(&message, &options) {
                let (again, _) = read(&written, &known);
                prop_assert_eq!(again.len(), 1);
                prop_assert_eq!(values(tree), values(again[0].tree()));
            }
        }
    }

    #[test]
    fn pieces_give_the_same_messages(bytes in noise(), sizes in vec(1..40_usize, 1..6)) {
        same_in_pieces(&bytes, &sizes);
    }

    #[test]
    fn arbitrary_bytes_are_read(bytes in vec(any::<u8>(), 0..300)) {
        read(&bytes, &known);
        same_in_pieces(&bytes, &[7]);
    }
}
