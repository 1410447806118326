//! Answers: documents that the caller writes as the authority's own message.

use dragoman_model::{Document, DocumentBuilder, EntryId, Origin, PathError};
use dragoman_rules::Template;
use dragoman_tree::NodeId;
use jiff::Timestamp;

use crate::check::{Fault, Looked};
use crate::script::Said;

/// The type of the documents that are answered with.
pub(crate) const RESPONSE: &str = "customs_response";

/// One answer of a counterpart.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What the authority calls it: `DMSACC`.
    pub name: Box<str>,
    /// When it is given.
    pub at: Timestamp,
    /// What it says.
    pub document: Document<'static>,
}

/// The answer that a script says, to what was looked at.
pub(crate) fn answer(
    said: &Said,
    at: Timestamp,
    looked: &Looked<'_>,
    faults: &[Fault],
) -> Result<Answer, PathError> {
    let mut build = DocumentBuilder::new(RESPONSE)?;
    for (path, value) in &said.set {
        let filled = |value: &Template| value.fill(looked).map(|(text, _)| text);
        if let Some(text) = filled(value) {
            set(&mut build, path, &text)?;
        }
    }
    for fault in faults {
        let entry = build.entry(EntryId::ROOT, "errors", Origin::None)?;
        build.set(entry, "code", &fault.code, Origin::None)?;
        if let Some(pointer) = &fault.pointer {
            let pointed = build.entry(entry, "pointers", Origin::None)?;
            build.set(pointed, "spelling", "wco", Origin::None)?;
            build.set(pointed, "raw", pointer, Origin::None)?;
        }
    }
    if said.changes {
        delta(&mut build, looked)?;
    }
    Ok(Answer { name: said.name.clone(), at, document: build.finish() })
}

/// Sets a value at a path of a response. Paths into lists name their entry: `information[0].code`.
pub(crate) fn set(build: &mut DocumentBuilder, path: &str, value: &str) -> Result<(), PathError> {
    build.set(EntryId::ROOT, path, value, Origin::None)
}

/// Members of a request that say whose it is, not what it changes.
const OWN: &[&str] = &["type", "kind", "function", "lrn", "mrn", "version"];

/// What a request changes, as the answer shows it: all that it says, but whose it is.
fn delta(build: &mut DocumentBuilder, looked: &Looked<'_>) -> Result<(), PathError> {
    let document = looked.root.document();
    for node in document.tree().children(NodeId::ROOT) {
        if !OWN.contains(&document.tree().name(node)) {
            copy(build, EntryId::ROOT, "delta", document, node)?;
        }
    }
    Ok(())
}

/// Copies what stands at a node to its place below a path of an entry. What the model has no place for is left out.
fn copy(
    build: &mut DocumentBuilder,
    to: EntryId,
    below: &str,
    document: &Document<'_>,
    node: NodeId,
) -> Result<(), PathError> {
    let tree = document.tree();
    let name = tree.name(node);
    let path = if below.is_empty() { name.to_owned() } else { format!("{below}.{name}") };
    if name == "extensions" {
        return Ok(());
    }
    if let Some(value) = tree.value(node) {
        return build.set(to, &path, value, Origin::None);
    }
    if tree.node(node).repeats {
        let entry = build.entry(to, &path, Origin::None)?;
        return tree.children(node).try_for_each(|child| copy(build, entry, "", document, child));
    }
    tree.children(node).try_for_each(|child| copy(build, to, &path, document, child))
}
