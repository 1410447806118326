//! Answers: documents that the caller writes as the authority's own message.

use dragoman_model::{Change, Document, DocumentBuilder, EntryId, Op, Origin, PathError, Scalar, apply};
use dragoman_rules::Template;
use dragoman_tree::{Kind, NodeId};
use jiff::Timestamp;

use crate::check::{Fault, Looked};
use crate::script::{Authority, Said};

/// The type of the documents that are answered with.
pub(crate) const RESPONSE: &str = "customs_response";

/// One answer of a counterpart.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What the authority calls it: `DMSACC`.
    pub name: Box<str>,
    /// The adapter's message that it is written as.
    pub message: Box<str>,
    /// When it is given.
    pub at: Timestamp,
    /// What it says.
    pub document: Document<'static>,
}

/// The answer that a script says, to what was looked at; `shown` is the declaration that it is about.
pub(crate) fn answer(
    authority: &Authority,
    said: &Said,
    at: Timestamp,
    (looked, shown): (&Looked<'_>, &Document<'_>),
    faults: &[Fault],
) -> Result<Answer, PathError> {
    let mut build = DocumentBuilder::new(RESPONSE)?;
    let root = looked.root.document();
    let kept = authority.keeps.iter().chain(&said.keeps);
    for (path, node) in kept.filter_map(|path| Some((path, root.find(path)?))) {
        let below = path.rsplit_once('.').map_or("", |(below, _)| below);
        copy(&mut build, EntryId::ROOT, below, root, node)?;
    }
    let mut open = Vec::new();
    for (to, from) in &said.repeats {
        let below = looked.root.path();
        let path = if below.is_empty() { from.clone() } else { format!("{below}.{from}") };
        let Some(text) = root.find(&path).and_then(|node| root.tree().value(node)) else { continue };
        if is_open(to) { open.push(added(to, text)) } else { set(&mut build, to, text)? }
    }
    for (path, value) in authority.set.iter().chain(&said.set) {
        let filled = |value: &Template| value.fill(looked).map(|(text, _)| text);
        match filled(value) {
            Some(text) if is_open(path) => open.push(added(path, &text)),
            Some(text) => set(&mut build, path, &text)?,
            None => {}
        }
    }
    faults.iter().try_for_each(|fault| error(&mut build, fault))?;
    if said.changes {
        whole(&mut build, "delta", root)?;
    }
    if let Some(place) = &said.shows {
        whole(&mut build, place, shown)?;
    }
    let message = said.message.as_ref().unwrap_or(&authority.answers).clone();
    let document = build.finish();
    let document = apply(&document, &open).unwrap_or(document);
    Ok(Answer { name: said.name.clone(), message, at, document })
}

/// One thing that is wrong, as an error of the response.
fn error(build: &mut DocumentBuilder, fault: &Fault) -> Result<(), PathError> {
    let entry = build.entry(EntryId::ROOT, "errors", Origin::None)?;
    build.set(entry, "code", &fault.code, Origin::None)?;
    if let Some(text) = &fault.text {
        build.set(entry, "text", text, Origin::None)?;
    }
    if let Some(pointer) = &fault.pointer {
        let pointed = build.entry(entry, "pointers", Origin::None)?;
        let spelling = if pointer.starts_with('/') { "xpath" } else { "wco" };
        build.set(pointed, "spelling", spelling, Origin::None)?;
        build.set(pointed, "raw", pointer, Origin::None)?;
    }
    Ok(())
}

/// True for a path into what the model has no place for.
pub(crate) fn is_open(path: &str) -> bool {
    path.starts_with("extensions.")
}

fn added(path: &str, text: &str) -> Change {
    let new = Some(Scalar { kind: Kind::String, text: text.into() });
    Change { op: Op::Add, path: path.to_owned(), old: None, new, reason: None }
}

/// Sets a value at a path of a response. Paths into lists name their entry: `information[0].code`.
pub(crate) fn set(build: &mut DocumentBuilder, path: &str, value: &str) -> Result<(), PathError> {
    build.set(EntryId::ROOT, path, value, Origin::None)
}

/// Members of a request that say whose it is, not what it changes.
const OWN: &[&str] = &["type", "kind", "function", "lrn", "mrn", "version", "envelope"];

/// What a message says, as the answer shows it at a place: all of it, but whose it is.
fn whole(build: &mut DocumentBuilder, place: &str, document: &Document<'_>) -> Result<(), PathError> {
    for node in document.tree().children(NodeId::ROOT) {
        if !OWN.contains(&document.tree().name(node)) {
            copy(build, EntryId::ROOT, place, document, node)?;
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
