//! Every X12 file of the sample corpus: trees and findings, whole or in pieces, and written again.

use dragoman_samples::{files, sample};
use dragoman_syntax::validate;
use dragoman_syntax::x12::Delimiters;
use dragoman_tree::Severity;

use crate::laws::same_in_pieces;
use crate::support::{codes, published, read, rewritten, shape};

/// The segments of a file without what a writer may change: blanks and line ends between segments, separators after
/// the last element, zeros before a count, and that two groups in a row with the same GS are one.
fn plain(bytes: &[u8], delimiters: Delimiters) -> Vec<Vec<u8>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut group = Vec::new();
    for segment in bytes.split(|byte| *byte == delimiters.segment) {
        let mut segment: Vec<u8> =
            segment.iter().copied().filter(|byte| !b"\r\n\t\x1A".contains(byte)).collect();
        segment.drain(..segment.iter().take_while(|byte| **byte == b' ').count());
        while segment.last() == Some(&delimiters.element) {
            segment.pop();
        }
        let mut elements: Vec<&[u8]> = segment.split(|byte| *byte == delimiters.element).collect();
        match elements.first().copied().unwrap_or_default() {
            b"GS" if segment == group => assert!(all.pop().is_some_and(|last| last.starts_with(b"GE"))),
            b"GS" => {
                group.clone_from(&segment);
                all.push(segment);
            }
            b"SE" | b"GE" | b"IEA" => {
                let counts = elements[0] == b"SE";
                elements[1] = if counts { without_zeros(elements[1]) } else { b"" };
                all.push(elements.join(&delimiters.element));
            }
            b"ISA" => {
                group.clear();
                all.push(segment);
            }
            _ => all.push(segment),
        }
    }
    all.retain(|segment| !segment.is_empty());
    all
}

fn without_zeros(number: &[u8]) -> &[u8] {
    &number[number.iter().take_while(|byte| **byte == b'0').count()..]
}

#[test]
fn every_file_gives_transaction_sets_or_findings() {
    let Some(folder) = sample("edi/corpus/x12") else { return };
    let (mut count, mut sets) = (0, 0);
    for path in files(&folder, &[]) {
        let bytes = std::fs::read(&path).unwrap();
        let (messages, findings) = read(&bytes, &published);
        assert!(!messages.is_empty() || !findings.is_empty(), "{}", path.display());
        for message in &messages {
            if let Some(grammar) = &message.grammar {
                validate(message.tree(), grammar);
            }
        }
        if std::env::var("SHOW").is_ok() {
            let bad: Vec<_> = findings
                .iter()
                .filter(|f| f.severity == Severity::Error)
                .map(|f| format!("{} {}", f.code, f.message))
                .collect();
            println!("{} {} {:?}", path.file_name().unwrap().to_string_lossy(), messages.len(), bad);
        }
        sets += messages.len();
        count += 1;
    }
    println!("{count} files, {sets} transaction sets");
    assert!(count >= 150 && sets >= 400);
}

#[test]
fn pieces_give_the_same_transaction_sets() {
    let Some(folder) = sample("edi/corpus/x12") else { return };
    for path in files(&folder, &[]) {
        let bytes = std::fs::read(&path).unwrap();
        same_in_pieces(&bytes, &[4096]);
        if bytes.len() < 4096 {
            same_in_pieces(&bytes, &[1]);
            same_in_pieces(&bytes, &[3, 17, 64]);
        }
    }
}

/// Without findings but for grammars, a file is written as the same bytes; any other is read as the same trees.
#[test]
fn what_is_written_is_the_same() {
    let Some(folder) = sample("edi/corpus/x12") else { return };
    let mut same = 0;
    for path in files(&folder, &[]) {
        let bytes = std::fs::read(&path).unwrap();
        let (messages, findings) = read(&bytes, &published);
        // The length of binary data is counted when it is written.
        if messages.is_empty() || codes(&findings).contains(&"DG-E0348") {
            continue;
        }
        for with_grammar in [false, true] {
            let (messages, _) = if with_grammar { read(&bytes, &published) } else { read(&bytes, &|_| None) };
            let Ok(written) = rewritten(&messages, with_grammar) else {
                assert!(!codes(&findings).is_empty(), "{}", path.display());
                continue;
            };
            let grammars = |kind: &_| if with_grammar { published(kind) } else { None };
            let (again, _) = read(&written, &grammars);
            assert_eq!(messages.len(), again.len(), "{}", path.display());
            for (one, two) in messages.iter().zip(&again) {
                assert_eq!(shape(one.tree()), shape(two.tree()), "{}", path.display());
            }
            let alike = messages.iter().all(|message| message.delimiters == messages[0].delimiters);
            if alike && findings.iter().all(|finding| finding.severity == Severity::Info) {
                let delimiters = messages[0].delimiters;
                let show = |segments: Vec<Vec<u8>>| -> Vec<String> {
                    segments.iter().map(|segment| String::from_utf8_lossy(segment).into_owned()).collect()
                };
                let (found, expected) = (show(plain(&written, delimiters)), show(plain(&bytes, delimiters)));
                assert_eq!(found, expected, "{}", path.display());
                same += 1;
            }
        }
    }
    println!("{same} times the same bytes");
    assert!(same >= 250, "{same}");
}
