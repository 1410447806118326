//! Mappings of the program, the same with another text, and the messages that they read and write.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

use dragoman_mapping::language::LoadError;
use dragoman_mapping::{Got, Mapping, Put, Sources, canonical, load};
use dragoman_model::Document;
use dragoman_syntax::grammar::{self, Grammar, Syntax};
use dragoman_syntax::json::{self, Numbers, Style};
use dragoman_syntax::{Limits, edifact, flat, wire_path, x12, xml};
use dragoman_tree::{Finding, NodeId, Severity, Tree};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A file of the workspace.
pub fn file(path: &str) -> Option<String> {
    fs::read_to_string(format!("{ROOT}/{path}")).ok()
}

/// The text of a mapping of the program.
pub fn text(mapping: &str) -> String {
    file(&format!("mappings/{mapping}.map")).unwrap()
}

/// A mapping with the grammar that it writes.
pub struct Mapped {
    pub mapping: Mapping,
    pub grammar: Arc<Grammar>,
}

/// A mapping of the program by its name, loaded once.
pub fn mapped(name: &'static str) -> &'static Mapped {
    static LOADED: Mutex<BTreeMap<&str, &Mapped>> = Mutex::new(BTreeMap::new());
    let mut loaded = LOADED.lock().unwrap();
    loaded.entry(name).or_insert_with(|| Box::leak(Box::new(Mapped::of(name))))
}

/// A grammar of the workspace, loaded once.
fn grammar_of(name: &str) -> Option<Arc<Grammar>> {
    static LOADED: Mutex<BTreeMap<String, Arc<Grammar>>> = Mutex::new(BTreeMap::new());
    // Segments and code lists are borrowed by the grammars that use them.
    let part = |name: &str| {
        let grammar = file(&format!("mappings/{name}.gram"));
        grammar.or_else(|| file(&format!("mappings/{name}"))).map(|text| &*text.leak())
    };
    let mut loaded = LOADED.lock().unwrap();
    if !loaded.contains_key(name) {
        loaded.insert(name.to_owned(), Arc::new(grammar::parse(part(name)?, &part).unwrap()));
    }
    loaded.get(name).cloned()
}

/// The mapping of Amazon's orders.
pub fn amazon() -> &'static Mapped {
    mapped("amazon/order")
}

/// The mapping of Shopify's orders.
pub fn shopify() -> &'static Mapped {
    mapped("shopify/order")
}

/// The mapping of WCO declarations.
pub fn declaration() -> &'static Mapped {
    mapped("wco/declaration")
}

/// The mapping of WCO responses.
pub fn notification() -> &'static Mapped {
    mapped("wco/notification")
}

impl Mapped {
    fn of(name: &str) -> Self {
        let text = text(name);
        Self::with(name, &text).unwrap_or_else(|errors| {
            let all: Vec<_> = errors.iter().map(|error| error.render(&text)).collect();
            panic!("{}", all.join("\n"))
        })
    }

    /// The mapping with another text.
    pub fn with(name: &str, text: &str) -> Result<Self, Vec<LoadError>> {
        let other = |asked: &str| file(&format!("mappings/{asked}.map"));
        let sources = Sources {
            mapping: &|asked| if asked == name { Some(text.to_owned()) } else { other(asked) },
            grammar: &grammar_of,
            table: &|table| file(&format!("mappings/codes/{table}.csv")),
        };
        let mapping = load(name, &sources)?;
        let grammar = mapping.written().unwrap().clone();
        Ok(Self { mapping, grammar })
    }

    /// Reads a text as a message of this mapping.
    pub fn read<'i>(&self, text: &'i (impl AsRef<[u8]> + ?Sized)) -> Tree<'i> {
        self.read_with_findings(text).0
    }

    /// Reads a text as a message of this mapping, and what is worth saying about the text.
    pub fn read_with_findings<'i>(&self, text: &'i (impl AsRef<[u8]> + ?Sized)) -> (Tree<'i>, Vec<Finding>) {
        let (text, limits) = (text.as_ref(), Limits::default());
        let read = match self.mapping.syntax() {
            Syntax::Json => json::read(text, Some(&self.grammar), Grammar::ROOT, &limits),
            Syntax::Xml => xml::read(text, Some(&self.grammar), &limits),
            Syntax::Flat => {
                let one = flat::messages(text, &self.grammar, &limits).swap_remove(0);
                return (one.tree, one.findings);
            }
            Syntax::X12 => {
                let grammars = |_: &_| Some(self.grammar.clone());
                let mut one = x12::messages(text, &grammars).next().unwrap();
                let findings = std::mem::take(&mut one.findings);
                return (one.into_tree(), findings);
            }
            Syntax::Edifact => {
                let grammars = |_: &_| Some(self.grammar.clone());
                let mut one = edifact::messages(text, &grammars).next().unwrap();
                let findings = std::mem::take(&mut one.findings);
                return (one.into_tree(), findings);
            }
        };
        (read.tree, read.findings)
    }

    /// Reads a text that is a well-formed message of this mapping; `None` of any other.
    pub fn recognised<'i>(&self, text: &'i (impl AsRef<[u8]> + ?Sized)) -> Option<Tree<'i>> {
        let (tree, findings) = self.read_with_findings(text);
        let is_broken = findings.iter().any(|finding| finding.severity == Severity::Error);
        (!is_broken && self.mapping.recognises(&tree)).then_some(tree)
    }

    /// All documents of a message.
    pub fn get<'i>(&self, tree: &Tree<'i>) -> Vec<Got<'i>> {
        let nodes = self.mapping.documents(tree);
        nodes.into_iter().map(|node| self.mapping.get(tree, node, &self.grammar).unwrap()).collect()
    }

    /// The one document of a message.
    pub fn get_one<'i>(&self, tree: &Tree<'i>) -> Got<'i> {
        let [got] = self.get(tree).try_into().unwrap();
        got
    }

    /// Writes a document, of itself.
    pub fn put<'i>(&self, document: &Document<'i>) -> Put<'i> {
        self.mapping.put(document).unwrap()
    }

    /// Writes a document over the message it was read from, or another version of it.
    pub fn put_over<'i>(&self, document: &Document<'i>, tree: &Tree<'_>, got: &Got<'_>) -> Put<'i> {
        self.mapping.put_over(document, tree, got, &self.grammar).unwrap()
    }

    /// The text of a message, and what could not be written as it is.
    pub fn write(&self, tree: &Tree<'_>) -> (Vec<u8>, Vec<Finding>) {
        match self.mapping.syntax() {
            Syntax::Json => (json::write(tree, Style::Pretty).into_bytes(), Vec::new()),
            Syntax::Xml => {
                let written = xml::write(tree, Some(&self.grammar), &xml::WriteOptions::default());
                (written.bytes, written.findings)
            }
            Syntax::Flat => match flat::write(tree, &self.grammar, flat::Layout::default()) {
                Ok(written) => (written.bytes, Vec::new()),
                Err(refused) => (Vec::new(), refused.findings),
            },
            Syntax::X12 => {
                let written = x12::write(&[(tree, Some(&*self.grammar))], &x12::WriteOptions::default());
                written.map_or_else(
                    |refused| (Vec::new(), refused.findings),
                    |written| (written.bytes, written.findings),
                )
            }
            Syntax::Edifact => {
                let written =
                    edifact::write(&[(tree, Some(&*self.grammar))], &edifact::WriteOptions::default());
                written.map_or_else(
                    |refused| (Vec::new(), refused.findings),
                    |written| (written.bytes, written.findings),
                )
            }
        }
    }

    /// The first difference of two messages.
    pub fn difference(&self, left: &Tree<'_>, right: &Tree<'_>) -> Option<String> {
        match self.mapping.syntax() {
            Syntax::Json => json::difference(left, right, Numbers::Literal).map(|found| found.to_string()),
            Syntax::Xml => xml::difference(left, right, Some(&self.grammar)).map(|found| found.to_string()),
            Syntax::Edifact | Syntax::X12 | Syntax::Flat => {
                edifact::difference(left, right).map(|found| found.to_string())
            }
        }
    }

    /// The first difference of a message in what stands around it, and a message alone; what the mapping ignores does
    /// not count.
    pub fn difference_alone(&self, left: &Tree<'_>, got: &Got<'_>, right: &Tree<'_>) -> Option<String> {
        let at = self.mapping.documents(left).first().copied().unwrap_or(NodeId::ROOT);
        if self.mapping.syntax() != Syntax::Xml {
            return self.difference(left, right);
        }
        let found = xml::difference_at((left, at), (right, NodeId::ROOT), Some(&self.grammar), &|node| {
            got.ignores(left, node)
        });
        found.map(|found| found.to_string())
    }

    /// The place of a node, for people.
    pub fn path(&self, tree: &Tree<'_>, node: NodeId) -> String {
        wire_path(tree, node, Some(&self.grammar))
    }
}

/// The canonical JSON of a document.
pub fn canonical(document: &Document<'_>) -> String {
    canonical::write(document, Style::Pretty)
}

/// A document from canonical JSON.
pub fn document(text: &str) -> Document<'_> {
    let read = canonical::read(text.as_bytes(), None, &Limits::default());
    assert_eq!((read.findings, read.residue), (vec![], vec![]), "{text}");
    read.document.unwrap()
}
