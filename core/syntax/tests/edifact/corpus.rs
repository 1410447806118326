//! Every file of the sample corpus: trees and findings, whole or in pieces, and written again.

use dragoman_samples::{files, sample};
use dragoman_syntax::edifact::{ServiceString, Unencodable, WriteOptions, interchanges, write};
use dragoman_syntax::validate;
use dragoman_tree::Severity;

use crate::laws::same_in_pieces;
use crate::support::{codes, outline, published, read, shape};

#[test]
fn every_file_gives_trees_and_findings() {
    let Some(folder) = sample("edi/corpus/edifact") else { return };
    let (mut read_files, mut count) = (0, 0);
    for path in files(&folder, &[]) {
        let bytes = std::fs::read(&path).unwrap();
        let (messages, findings) = read(&bytes, &|_| None);
        assert!(!messages.is_empty() || !findings.is_empty(), "{}", path.display());
        let segments = |tree: &dragoman_tree::Tree<'_>| tree.children(dragoman_tree::NodeId::ROOT).count();
        assert!(messages.iter().all(|message| segments(message.tree()) > 0), "{}", path.display());
        count += messages.len();
        read_files += 1;
    }
    println!("{read_files} files, {count} messages");
    assert!(read_files >= 100 && count >= 150);
}

#[test]
fn other_formats_do_not_stop_the_reader() {
    for folder in ["edi/corpus/x12", "edi/corpus/tradacoms", "edi/corpus/other-edi"] {
        let Some(folder) = sample(folder) else { return };
        for path in files(&folder, &[]) {
            read(&std::fs::read(&path).unwrap(), &|_| None);
        }
    }
}

#[test]
fn pieces_give_the_same_messages() {
    let Some(folder) = sample("edi/corpus/edifact") else { return };
    for path in files(&folder, &[]) {
        let bytes = std::fs::read(&path).unwrap();
        same_in_pieces(&bytes, &[4096]);
        if bytes.len() < 4096 {
            same_in_pieces(&bytes, &[1]);
            same_in_pieces(&bytes, &[3, 17, 64]);
        }
    }
}

/// Written again, every message is read as the same tree, unless the writer says what it could not write.
#[test]
fn what_is_written_is_read_as_the_same_tree() {
    let Some(folder) = sample("edi/corpus/edifact") else { return };
    let mut same = 0;
    for path in files(&folder, &[]) {
        let bytes = std::fs::read(&path).unwrap();
        let (messages, _) = read(&bytes, &|_| None);
        for message in &messages {
            let service = Some(message.service);
            let options = WriteOptions { service, unencodable: Unencodable::Keep, ..WriteOptions::default() };
            let Ok(written) = write(&[(message.tree(), None)], &options) else { continue };
            let (again, findings) = read(&written.bytes, &|_| None);
            assert_eq!(again.len(), 1, "{}", path.display());
            let wrong = codes(&findings).into_iter().any(|code| matches!(code, "DG-E0310" | "DG-E0311"));
            assert!(!wrong, "{}: {findings:?}", path.display());
            if written.findings.iter().all(|finding| finding.code != "DG-E0334")
                && !message.kind.name.is_empty()
            {
                assert_eq!(shape(message.tree()), shape(again[0].tree()), "{}", path.display());
                same += 1;
            }
        }
    }
    println!("{same} messages are the same after writing");
    assert!(same >= 150);
}

/// The segments of a file without what a writer may change: line ends and blanks between segments, separators that end a
/// composite or a segment with nothing after them, a release before a character that needs none, and UNA.
fn plain(bytes: &[u8], service: ServiceString) -> Vec<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let bytes = bytes.strip_prefix(b"UNA").map_or(bytes, |rest| &rest[6..]);
    let separators = [service.element, service.component];
    let (mut all, mut segment, mut at) = (Vec::new(), Vec::new(), 0);
    while let Some(byte) = bytes.get(at).copied() {
        at += 1;
        if Some(byte) == service.release {
            let released = bytes[at];
            at += 1;
            let needed = separators.contains(&released)
                || [service.release, Some(service.terminator)].contains(&Some(released));
            segment.extend(needed.then_some(byte).into_iter().chain([released]));
        } else if byte == service.terminator {
            segment.truncate(full(&segment, &separators, service.release));
            all.push(String::from_utf8_lossy(&std::mem::take(&mut segment)).into_owned());
        } else {
            let is_between = b"\r\n".contains(&byte) || (segment.is_empty() && byte == b' ');
            if byte == service.element {
                segment.truncate(full(&segment, &[service.component], service.release));
            }
            segment.extend(Some(byte).filter(|_| !is_between));
        }
    }
    all
}

/// How long a text is without the separators at its end.
fn full(text: &[u8], separators: &[u8], release: Option<u8>) -> usize {
    let end = text.iter().rev().take_while(|byte| separators.contains(byte)).count();
    let bare = text.len() - end;
    let is_released =
        bare > 0 && release == Some(text[bare - 1]) && (bare < 2 || release != Some(text[bare - 2]));
    bare + usize::from(is_released && end > 0)
}

/// A file without findings is written as the same bytes.
#[test]
fn what_is_written_is_the_same() {
    let Some(folder) = sample("edi/corpus/edifact") else { return };
    let mut same = 0;
    for path in files(&folder, &[]) {
        let bytes = std::fs::read(&path).unwrap();
        let (messages, findings) = read(&bytes, &|_| None);
        let is_sound = findings.iter().all(|finding| finding.severity == Severity::Info);
        let Some(service) = messages.first().filter(|_| is_sound).map(|message| message.service) else {
            continue;
        };
        let trees: Vec<_> = messages.iter().map(|message| (message.tree(), None)).collect();
        let options = WriteOptions { service: Some(service), ..WriteOptions::default() };
        let written: Vec<u8> =
            interchanges(&trees).flat_map(|run| write(run, &options).unwrap().bytes).collect();
        assert_eq!(plain(&written, service), plain(&bytes, service), "{}", path.display());
        same += 1;
    }
    println!("{same} files are written as the same bytes");
    assert!(same >= 60, "{same}");
}

#[test]
fn the_cusdec_sample_has_a_place_for_every_segment_and_comes_back() {
    let Some(path) = sample("edi/corpus/edifact/CUSDEC/ts-edifact__au_d99b_cusdec.edi") else { return };
    let bytes = std::fs::read(path).unwrap();
    let (messages, findings) = read(&bytes, &published);
    assert_eq!(codes(&findings), [""; 0]);
    let tree = messages[0].tree();
    assert!(tree.ids().all(|id| tree.place(id).is_known()), "{}", outline(tree));
    // GIS+N:79:95 is no code of the UN's list: it names the list that it is from.
    assert_eq!(validate(tree, messages[0].grammar.as_deref().unwrap()), []);
    let written = write(&[(tree, messages[0].grammar.as_deref())], &WriteOptions::default()).unwrap();
    assert_eq!(std::str::from_utf8(&written.bytes).unwrap(), std::str::from_utf8(&bytes).unwrap().trim_end());
    assert!(written.findings.is_empty());
    let goods = tree.child(dragoman_tree::NodeId::ROOT, "<CST>").unwrap();
    let tags: Vec<_> = tree.children(goods).map(|id| tree.name(id)).collect();
    assert_eq!(tags, ["CST", "FTX", "LOC", "MEA", "MEA", "<MOA>", "<RFF>", "<RFF>"]);
}
