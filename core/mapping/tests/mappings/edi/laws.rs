//! The laws on real messages and on the cases.

use dragoman_mapping::Got;
use dragoman_model::Scope;
use dragoman_samples::{files, sample};
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{NodeId, Tree};

use super::{MESSAGES, Message, read};
use crate::faults;
use crate::laws::counted;
use crate::mapped::{Mapped, canonical, document};

fn get<'i>(mapped: &Mapped, tree: &Tree<'i>, grammar: &Grammar) -> Got<'i> {
    let got = mapped.mapping.get(tree, NodeId::ROOT, grammar).unwrap();
    counted(tree, &got);
    got
}

/// Every leaf is accounted for, and over its original every message comes back as it was.
#[test]
fn real_messages_come_back_over_themselves() {
    for message in MESSAGES {
        let Some(folder) = message.real.and_then(|real| sample(&format!("edi/corpus/{real}"))) else {
            continue;
        };
        let (mapped, mut count) = (message.mapped(), 0);
        for path in files(&folder, &[]).into_iter().filter(|path| !path.ends_with("SOURCES.txt")) {
            let bytes = std::fs::read(&path).unwrap();
            for (tree, grammar) in read(mapped, &bytes) {
                let got = get(mapped, &tree, &grammar);
                let over = mapped.mapping.put_over(&got.document, &tree, &got, &grammar).unwrap();
                assert_eq!(mapped.difference(&tree, &over.tree), None, "{}", path.display());
                count += 1;
            }
        }
        assert!(count > 0, "{}", message.mapping);
    }
}

/// In every directory the case of the adapter comes back, over itself and of its document alone.
#[test]
fn cases_come_back_in_every_directory() {
    for message in MESSAGES {
        for grammar in message.mapped().mapping.grammars() {
            let mapped = writing(&message, grammar);
            let text = of_directory(&message, grammar);
            let [(tree, read_as)] = read(&mapped, text.as_bytes()).try_into().unwrap();
            assert_eq!(read_as.name(), grammar.name());
            let got = get(&mapped, &tree, grammar);
            let residue: Vec<_> = got.residue().map(|node| mapped.path(&tree, node)).collect();
            assert_eq!(residue, [""; 0], "{}", grammar.name());
            let over = mapped.mapping.put_over(&got.document, &tree, &got, grammar).unwrap();
            assert_eq!(mapped.difference(&tree, &over.tree), None, "{}", grammar.name());
            let own = canonical(&got.document);
            let own = document(&own);
            let put = mapped.put(&own);
            let lost: Vec<_> = put.lost.iter().map(|lost| (own.path(lost.node), &lost.why)).collect();
            assert!(lost.is_empty(), "{}: {lost:?}", grammar.name());
            let (bytes, _) = mapped.write(&put.tree);
            let [(again, _)] = read(&mapped, &bytes).try_into().unwrap();
            let again = get(&mapped, &again, grammar);
            let differs = dragoman_model::difference(&got.document, &again.document, Scope::Whole);
            assert!(differs.is_none(), "{}: {}", grammar.name(), differs.unwrap().path);
        }
    }
}

/// What the directories in between have no place for.
const LACKING: [(&str, &str); 4] = [
    ("edifact/d13b/iftsta", "FTX"),
    ("edifact/d18b/iftsta", "FTX"),
    ("edifact/d96a/cuscar", "LOC+22+"),
    ("edifact/d96b/cuscar", "LOC+22+"),
];

/// From D.05A a general indicator (GIS) is processing information (GEI), here of a consignment.
const INDICATORS: [&str; 4] = ["05A", "13B", "18B", "21A"];

/// The mapping, writing one of its directories.
fn writing(message: &Message, grammar: &Grammar) -> Mapped {
    let Some((_, directory)) = grammar.name().split_once('/') else { panic!("{}", grammar.name()) };
    let text = crate::mapped::text(message.mapping);
    let wire = text.lines().find(|line| line.starts_with("wire ")).unwrap();
    let own = format!("{wire} write {}", grammar.name());
    let text = if directory.contains('/') { text.replace(wire, &own) } else { text };
    Mapped::with(message.mapping, &text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// The case as a message of a directory.
fn of_directory(message: &Message, grammar: &Grammar) -> String {
    let [name, version, release, ..] = &*grammar.header.message else { return message.text() };
    let first = message.mapped().mapping.grammars().next().unwrap();
    let own = first.header.message.get(2).unwrap();
    let text =
        message.text().replace(&format!("+{name}:{version}:{own}"), &format!("+{name}:{version}:{release}"));
    let is_newer = INDICATORS.contains(&&**release);
    let text = if is_newer { text.replace("GIS+", "GEI+5+") } else { text };
    let lacks = |line: &&str| LACKING.iter().any(|(of, tag)| *of == grammar.name() && line.starts_with(tag));
    text.split_inclusive('\n').filter(|line| !lacks(line)).collect()
}

/// The document beside each case was read by hand, and tells every mapping at fault from the one that is not; what is
/// only in later directories is told by the case as a message of the last.
#[test]
fn planted_faults_are_found_out() {
    for message in MESSAGES {
        let last = message.mapped().mapping.grammars().last().unwrap();
        let later = of_directory(&message, last);
        let later_document = document_of(message.mapped(), &later);
        let (text, document) = (message.text(), message.document());
        let finds = |mapped: &Mapped| {
            document_of(mapped, &text).is_none_or(|read| read != document)
                || document_of(mapped, &later) != later_document
        };
        let unfound: Vec<_> = faults::unfound(message.mapping, &finds);
        assert_eq!(unfound, [""; 0], "{}", message.mapping);
    }
}

fn document_of(mapped: &Mapped, text: &str) -> Option<String> {
    let [(tree, grammar)] = &*read(mapped, text.as_bytes()) else { return None };
    Some(canonical(&get(mapped, tree, grammar).document))
}
