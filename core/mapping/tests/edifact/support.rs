//! Mappings over directories, messages, and what is asked of every translation.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use dragoman_mapping::language::LoadError;
use dragoman_mapping::{Got, Mapping, Put, Sources, canonical, load};
use dragoman_model::{Document, Origin};
use dragoman_syntax::edifact::{self, MessageType, Outgoing, WriteOptions};
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::json::Style;
use dragoman_syntax::validate::validate;
use dragoman_syntax::{Limits, wire_path};
use dragoman_tree::{Finding, NodeId, Severity, Tree};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The two directories, as UNH names them.
pub const DIRECTORIES: [&str; 2] = ["D:96B", "D:99B"];

/// A file of the workspace.
pub fn file(path: &str) -> Option<String> {
    fs::read_to_string(format!("{ROOT}/{path}")).ok()
}

/// A message of the adapter's cases.
pub fn case(name: &str) -> String {
    file(&format!("adapters/edifact/cases/{name}.in")).unwrap()
}

/// A case as a message of a directory.
pub fn case_of(name: &str, directory: &str) -> String {
    case(name).replace("D:96B", directory).replace("D:99B", directory)
}

/// A grammar of the workspace, with what it uses.
fn grammar(name: &str) -> Option<Arc<Grammar>> {
    let text =
        |name: &str| file(&format!("mappings/{name}.gram")).or_else(|| file(&format!("mappings/{name}")));
    let names = ["service", "d96b/segments", "d96b/codes.csv", "d99b/segments", "d99b/codes.csv"];
    let parts: BTreeMap<String, String> = names
        .iter()
        .map(|part| (format!("edifact/{part}"), text(&format!("edifact/{part}")).unwrap()))
        .collect();
    let own = text(name)?;
    Some(Arc::new(grammar::parse(&own, &|part| parts.get(part).map(String::as_str)).unwrap()))
}

/// A mapping.
pub struct Format {
    pub mapping: Mapping,
}

/// Declarations; written, they are of D.96B.
pub static CUSDEC: LazyLock<Format> = LazyLock::new(|| Format::of("edifact/cusdec"));
/// Responses; written, they are of D.96B.
pub static CUSRES: LazyLock<Format> = LazyLock::new(|| Format::of("edifact/cusres"));
/// The same, written in D.99B.
pub static CUSDEC_99B: LazyLock<Format> = LazyLock::new(|| Format::overlaid("edifact/cusdec", "CUSDEC"));
pub static CUSRES_99B: LazyLock<Format> = LazyLock::new(|| Format::overlaid("edifact/cusres", "CUSRES"));
/// Declarations of the British service.
pub static WCO: LazyLock<Format> = LazyLock::new(|| Format::of("wco/declaration"));

impl Format {
    fn of(name: &str) -> Self {
        Self::with(name, &file(&format!("mappings/{name}.map")).unwrap())
            .unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    /// The mapping that names D.99B first, as the adapter's page says.
    fn overlaid(base: &str, message: &str) -> Self {
        let of = |directory: &str| base.replace("edifact/", &format!("edifact/{directory}/"));
        let (new, old) = (of("d99b"), of("d96b"));
        let text =
            format!("mapping 1 my/overlay\nbase {base}\nwire edifact {message} grammar {new} | {old}\n");
        Self::with("my/overlay", &text).unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    /// The mapping with another text.
    pub fn with(name: &str, text: &str) -> Result<Self, Vec<LoadError>> {
        let mapping = |asked: &str| {
            if asked == name { Some(text.to_owned()) } else { file(&format!("mappings/{asked}.map")) }
        };
        let table = |table: &str| file(&format!("mappings/codes/{table}.csv"));
        let mapping = load(name, &Sources { mapping: &mapping, grammar: &grammar, table: &table })?;
        Ok(Self { mapping })
    }

    pub fn grammar(&self) -> &Arc<Grammar> {
        self.mapping.written().unwrap()
    }

    /// The messages of an interchange whose type is known, each with its grammar and what is worth saying about its bytes.
    pub fn read<'i>(&self, bytes: &'i [u8]) -> Vec<(Tree<'i>, Arc<Grammar>, Vec<Finding>)> {
        let grammars = |kind: &MessageType| {
            let release = format!("/{}{}/", kind.version, kind.release).to_lowercase();
            self.mapping.grammars().find(|grammar| grammar.name().contains(&release)).cloned()
        };
        let read = edifact::messages(bytes, &grammars).filter_map(|mut one| {
            let (grammar, findings) = (one.grammar.clone()?, std::mem::take(&mut one.findings));
            Some((one.into_tree(), grammar, findings))
        });
        read.collect()
    }

    /// The one message of an interchange.
    pub fn one<'i>(&self, bytes: &'i [u8]) -> (Tree<'i>, Arc<Grammar>) {
        let [(tree, grammar, _)] = self.read(bytes).try_into().unwrap_or_else(|_| panic!("not one message"));
        (tree, grammar)
    }

    pub fn get<'i>(&self, tree: &Tree<'i>, grammar: &Grammar) -> Got<'i> {
        let got = self.mapping.get(tree, NodeId::ROOT, grammar).unwrap();
        let leaves = tree.ids().filter(|node| tree.is_leaf(*node)).count();
        assert!(got.counts().add_up() && got.counts().leaves == leaves, "{:?} of {leaves}", got.counts());
        got
    }

    /// Writes a document of itself; its counts add up, and what is written breaks nothing of its directory.
    pub fn put<'i>(&self, document: &Document<'i>) -> Put<'i> {
        let put = self.mapping.put(document).unwrap();
        let leaves = document.leaves().filter(|node| !document.is_empty_object(*node)).count();
        assert!(put.counts.add_up() && put.counts.leaves == leaves, "{:?} of {leaves}", put.counts);
        let found = validate(&put.tree, self.grammar());
        let is_envelope =
            |finding: &Finding| finding.wire_path.as_ref().is_some_and(|path| path.contains("/UNH["));
        let wrong = |finding: &&Finding| finding.severity == Severity::Error && !is_envelope(finding);
        let errors: Vec<_> = found.iter().filter(wrong).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{}", canonical(document));
        put
    }

    /// The bytes of a message.
    pub fn bytes(&self, tree: &Tree<'_>) -> Result<Vec<u8>, Vec<Finding>> {
        let messages: [Outgoing<'_>; 1] = [(tree, Some(self.grammar()))];
        edifact::write(&messages, &WriteOptions::default())
            .map(|out| out.bytes)
            .map_err(|refused| refused.findings)
    }

    /// Where a node stands on the wire.
    pub fn path(tree: &Tree<'_>, node: NodeId, grammar: &Grammar) -> String {
        wire_path(tree, node, Some(grammar))
    }
}

/// The canonical JSON of a document.
pub fn canonical(document: &Document<'_>) -> String {
    canonical::write(document, Style::Pretty)
}

/// A document from canonical JSON.
pub fn document(text: &str) -> Document<'_> {
    canonical::read(text.as_bytes(), None, &Limits::default()).document.unwrap()
}

/// The first difference of two messages.
pub fn difference(left: &Tree<'_>, right: &Tree<'_>) -> Option<String> {
    edifact::difference(left, right).map(|found| found.to_string())
}

/// The tags of the segments of a message.
pub fn tags(tree: &Tree<'_>) -> Vec<String> {
    let segments = tree.ids().filter(|node| tree.node(*node).kind == dragoman_tree::Kind::Segment);
    segments.map(|node| tree.name(node).to_owned()).collect()
}

/// A file or folder of the samples; `None`, with a line that says so, where it is missing and may be.
pub fn sample(path: &str) -> Option<PathBuf> {
    let folder = std::env::var("DRAGOMAN_SAMPLES").unwrap_or(format!("{ROOT}/../shared/data"));
    let found = PathBuf::from(folder).join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(std::env::var("DRAGOMAN_REQUIRE_SAMPLES").as_deref() != Ok("1"), "no {}", found.display());
    println!("skipped: no samples at {}", found.display());
    None
}

/// Where a value stands on both sides: wire path, canonical path, value.
pub type Triple = (&'static str, &'static str, &'static str);

/// The triples that do not hold for a message.
pub fn broken(format: &Format, message: &str, triples: &[Triple]) -> Vec<String> {
    let (tree, grammar) = format.one(message.as_bytes());
    let got = format.get(&tree, &grammar);
    let wire = |path: &str| tree.ids().find(|node| Format::path(&tree, *node, &grammar) == path);
    let holds = |(from, to, value): &Triple| {
        let node = got.document.find(to)?;
        let same = got.document.origin(node) == Origin::Wire(wire(from)?);
        (same && got.document.tree().value(node) == Some(value)).then_some(())
    };
    let broken = triples.iter().filter(|triple| holds(triple).is_none());
    broken.map(|triple| format!("{triple:?}")).collect()
}

/// Plants faults in the text of a mapping; those that no triple finds.
pub fn unnoticed(name: &str, message: &str, triples: &[Triple], faults: &[(&str, &str)]) -> Vec<String> {
    let text = file(&format!("mappings/{name}.map")).unwrap();
    let mut unnoticed = Vec::new();
    for (from, to) in faults {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        let planted =
            Format::with(name, &text.replace(from, to)).unwrap_or_else(|errors| panic!("{errors:?}"));
        if broken(&planted, message, triples).is_empty() {
            unnoticed.push(format!("{from} -> {to}"));
        }
    }
    unnoticed
}

/// Drops each line of a mapping in turn that carries a leaf of a triple; those that no triple finds.
pub fn droppable(name: &str, message: &str, triples: &[Triple]) -> (usize, Vec<String>) {
    let text = file(&format!("mappings/{name}.map")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (mut dropped, mut unnoticed) = (0, Vec::new());
    for (number, line) in lines.iter().enumerate() {
        let member = line.trim().split(" <=> ").next().unwrap().trim().trim_end_matches("[]");
        let last = member.rsplit('.').next().unwrap();
        let whole = line.contains(" <=> ") && line.matches('{').count() == line.matches('}').count();
        let spoken = triples.iter().any(|triple| {
            let steps: Vec<&str> = triple.1.split(['.', '[', ']']).filter(|step| !step.is_empty()).collect();
            whole && !last.is_empty() && steps.contains(&last)
        });
        let rest: Vec<&str> =
            lines.iter().enumerate().filter(|(at, _)| *at != number).map(|(_, line)| *line).collect();
        let Some(planted) = spoken.then(|| Format::with(name, &rest.join("\n")).ok()).flatten() else {
            continue;
        };
        dropped += 1;
        if broken(&planted, message, triples).is_empty() {
            unnoticed.push((*line).to_owned());
        }
    }
    (dropped, unnoticed)
}
