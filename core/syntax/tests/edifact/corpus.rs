//! Every file of the sample corpus: trees and findings, whole or in pieces, and written again.

use dragoman_samples::{files, sample};
use dragoman_syntax::edifact::{Unencodable, WriteOptions, write};
use dragoman_syntax::validate;

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
