//! Mappings over directories, and interchanges.

use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use dragoman_mapping::{Got, Put};
use dragoman_model::Document;
use dragoman_syntax::Limits;
use dragoman_syntax::edifact::{self, MessageType};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::validate::validate;
use dragoman_tree::{Finding, Kind, NodeId, Severity, Tree};

use crate::laws::{accounted, counted};
use crate::mapped::{Mapped, canonical, file, mapped};

/// The two directories, as UNH names them.
pub const DIRECTORIES: [&str; 2] = ["D:96B", "D:99B"];

/// A message of the adapter's cases.
pub fn case(name: &str) -> String {
    file(&format!("adapters/edifact/cases/{name}.in")).unwrap()
}

/// A case as a message of a directory.
pub fn case_of(name: &str, directory: &str) -> String {
    case(name).replace("D:96B", directory).replace("D:99B", directory)
}

/// A mapping that reads both directories and writes one of them.
pub struct Format(&'static Mapped);

impl Deref for Format {
    type Target = Mapped;

    fn deref(&self) -> &Mapped {
        self.0
    }
}

/// Declarations; written, they are of D.96B.
pub static CUSDEC: LazyLock<Format> = LazyLock::new(|| Format(mapped("edifact/cusdec")));
/// Responses; written, they are of D.96B.
pub static CUSRES: LazyLock<Format> = LazyLock::new(|| Format(mapped("edifact/cusres")));
/// The same, written in D.99B.
pub static CUSDEC_99B: LazyLock<Format> = LazyLock::new(|| Format::overlaid("edifact/cusdec", "CUSDEC"));
pub static CUSRES_99B: LazyLock<Format> = LazyLock::new(|| Format::overlaid("edifact/cusres", "CUSRES"));

impl Format {
    /// A mapping by its name, that writes the first of its directories.
    pub fn of(mapping: &'static str) -> Self {
        Self(mapped(mapping))
    }

    /// The mapping that names D.99B first, as the adapter's page says.
    fn overlaid(base: &str, message: &str) -> Self {
        let of = |directory: &str| base.replace("edifact/", &format!("edifact/{directory}/"));
        let (new, old) = (of("d99b"), of("d96b"));
        let text =
            format!("mapping 1 my/overlay\nbase {base}\nwire edifact {message} grammar {new} | {old}\n");
        let mapped = Mapped::with("my/overlay", &text).unwrap_or_else(|errors| panic!("{errors:?}"));
        Self(Box::leak(Box::new(mapped)))
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
        counted(tree, &got);
        got
    }

    /// Writes a document of itself; its counts add up, and what is written breaks nothing of its directory.
    pub fn put<'i>(&self, document: &Document<'i>) -> Put<'i> {
        let put = accounted(self.0.put(document), document);
        let found = validate(&put.tree, &self.grammar);
        let is_envelope =
            |finding: &Finding| finding.wire_path.as_ref().is_some_and(|path| path.contains("/UNH["));
        // X12 demands numbers and days that a document may lack: without them its header is lost, and reported.
        let is_x12 = self.mapping.syntax() == Syntax::X12;
        let wrong =
            |finding: &&Finding| finding.severity == Severity::Error && !is_x12 && !is_envelope(finding);
        let errors: Vec<_> = found.iter().filter(wrong).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{}", canonical(document));
        put
    }

    /// The bytes of a message, or why there are none.
    pub fn bytes(&self, tree: &Tree<'_>) -> Result<Vec<u8>, Vec<Finding>> {
        let (bytes, findings) = self.write(tree);
        if bytes.is_empty() { Err(findings) } else { Ok(bytes) }
    }
}

/// A document of canonical JSON, whatever is to be said about its values.
pub fn document(text: &str) -> Document<'_> {
    dragoman_mapping::canonical::read(text.as_bytes(), None, &Limits::default()).document.unwrap()
}

/// True where a case is read as another document than the one beside it.
pub fn reads_otherwise(mapped: &Mapped, case: &str) -> bool {
    let message = self::case_of(case, DIRECTORIES[0]);
    let tree = mapped.read(&message);
    Some(canonical(&mapped.get_one(&tree).document)) != file(&format!("adapters/edifact/cases/{case}.json"))
}

/// The tags of the segments of a message.
pub fn tags(tree: &Tree<'_>) -> Vec<String> {
    let segments = tree.ids().filter(|node| tree.node(*node).kind == Kind::Segment);
    segments.map(|node| tree.name(node).to_owned()).collect()
}
