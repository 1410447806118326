//! Recognising a message by its content, and saying what a file is that is not what was asked for.

use std::fmt::Display;
use std::sync::Arc;

use dragoman_mapping::Mapping;
use dragoman_model::Schema;
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::{Limits, flat, json, xml};
use dragoman_tree::{Code, Finding, NodeId, Span, Tree};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::kind::{Kind, json_texts};
use crate::message::Message;

/// Content that is another message than was asked for.
pub const OTHER_MESSAGE: Code = Code {
    id: "DG-E1001",
    title: "the file is another message than was asked for",
    help: "The content is of another syntax, or its root is not the one of the message that was named. Name the \
           message it is, or `auto`, which looks for itself.",
};

/// Content that nothing reads.
pub const UNKNOWN_MESSAGE: Code = Code {
    id: "DG-E1002",
    title: "no message is known for the content",
    help: "None of the adapters' messages has this content. `dragoman adapter list` shows what can be read. Where you \
           know what it is, name it with `--from` or `--as`, and the findings say what differs.",
};

/// Nothing to read.
pub const EMPTY: Code = Code {
    id: "DG-E1003",
    title: "the file is empty",
    help: "There is not a single character in it but white space. A transfer may have been cut off.",
};

/// The findings of this module.
pub(crate) const CODES: &[&Code] = &[&OTHER_MESSAGE, &UNKNOWN_MESSAGE, &EMPTY];

/// Which message bytes are. Canonical JSON is known by its member `type`, an XML message as JSON by its root, an EDIFACT message by its UNH, one of X12 by its ST, anything
/// else (flat files too) by the root and the conditions that its mapping gives.
pub fn recognise(catalogue: &Catalogue, bytes: &[u8]) -> Result<Option<Message>, CatalogueError> {
    match Kind::of(bytes) {
        Kind::Xml(root) => first(catalogue, Syntax::Xml, Some(&root), |mapping| {
            let tree = |grammar: &Grammar| xml::read(bytes, Some(grammar), &Limits::default()).tree;
            mapping.grammars().any(|grammar| mapping.recognises(&tree(grammar)))
        }),
        Kind::Edifact(name) => of_type(catalogue, Syntax::Edifact, &name),
        Kind::X12(name) => of_type(catalogue, Syntax::X12, &name),
        Kind::Json => {
            let text = json_texts(bytes).next().map_or(bytes, |(_, text)| text);
            let tree = json::read(text, None, Grammar::ROOT, &Limits::default()).tree;
            if is_canonical(&tree) {
                return Ok(Some(Message::Canonical));
            }
            let known = first(catalogue, Syntax::Json, None, |mapping| {
                let tree = |grammar: &Grammar| {
                    json::read(text, Some(grammar), Grammar::ROOT, &Limits::default()).tree
                };
                mapping.grammars().any(|grammar| mapping.recognises(&tree(grammar)))
            })?;
            let Some(root) = xml::as_json::root(&tree).filter(|_| known.is_none()) else { return Ok(known) };
            let known = first(catalogue, Syntax::Xml, Some(root), |mapping| {
                let tree = |grammar: &Grammar| xml::as_json::read(text, grammar, &Limits::default()).tree;
                mapping.grammars().any(|grammar| mapping.recognises(&tree(grammar)))
            })?;
            Ok(known.map(Message::into_json))
        }
        Kind::Text => first(catalogue, Syntax::Flat, None, |mapping| {
            let of = |grammar: &Arc<Grammar>| flat::messages(bytes, grammar, &Limits::default());
            let mut known = mapping.grammars().filter(|grammar| flat::begins(bytes, grammar));
            known.any(|grammar| of(grammar).first().is_some_and(|one| mapping.recognises(&one.tree)))
        }),
        Kind::Empty | Kind::Other(_) => Ok(None),
    }
}

/// The message of an EDIFACT or X12 message type.
pub(crate) fn of_type(
    catalogue: &Catalogue,
    syntax: Syntax,
    name: &str,
) -> Result<Option<Message>, CatalogueError> {
    first(catalogue, syntax, Some(name), |_| true)
}

fn is_canonical(tree: &Tree<'_>) -> bool {
    let stated = (!tree.is_empty()).then(|| tree.child(NodeId::ROOT, "type")).flatten();
    stated.and_then(|node| Schema::standard().document(tree.value(node)?)).is_some()
}

/// The first message that has that syntax and root, and that `fits`; those of adapters come first.
fn first(
    catalogue: &Catalogue,
    syntax: Syntax,
    root: Option<&str>,
    fits: impl Fn(&Mapping) -> bool,
) -> Result<Option<Message>, CatalogueError> {
    for name in catalogue.recognised_names() {
        if !catalogue.might_be(&name, syntax, root) {
            continue;
        }
        let message = catalogue.message(&name)?;
        let rooted = |mapping: &Mapping| root.is_none_or(|root| mapping.begins_with(root));
        if message.mapping().is_some_and(|mapping| rooted(mapping) && fits(mapping)) {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// The finding about bytes that are not the message that was asked for; it names the one they are.
pub(crate) fn not_a(catalogue: &Catalogue, wanted: &Message, bytes: &[u8]) -> Finding {
    let (kind, name) = (Kind::of(bytes), wanted.name());
    let is = recognise(catalogue, bytes).ok().flatten().filter(|is| is.name() != name);
    let finding = match (&kind, is) {
        (Kind::Empty, _) => return empty(),
        (_, None) => Finding::error(&OTHER_MESSAGE, format!("this is {kind}, not a message `{name}`")),
        (_, Some(is)) => {
            Finding::error(&OTHER_MESSAGE, format!("this is a message `{}`, not `{name}`", is.name()))
                .hint(format!("name it `{}`, or `auto`, which finds that out", is.name()))
        }
    };
    finding.at(0, beginning(bytes))
}

/// The finding about an EDIFACT or X12 message that is of another type, or of a directory that the mapping has no
/// grammar for. `root` is its type alone.
pub(crate) fn other_type(
    wanted: &Message,
    is: &dyn Display,
    root: &str,
    span: Option<std::ops::Range<u64>>,
) -> Finding {
    let name = wanted.name();
    let same = wanted.mapping().is_some_and(|mapping| mapping.root() == Some(root));
    let message = format!("this is a message {is}, not one of `{name}`");
    let finding = Finding { span, ..Finding::error(&OTHER_MESSAGE, message) };
    let grammars = wanted.mapping().into_iter().flat_map(|mapping| mapping.grammars());
    let directories: Vec<_> = grammars.map(|grammar| grammar.header.message.join(" ")).collect();
    if same { finding.hint(format!("it reads {}", directories.join(", "))) } else { finding }
}

/// The finding about an EDIFACT or X12 message of a type that nothing reads, or whose data is `refused`.
pub(crate) fn unknown_type(
    is: &dyn Display,
    span: Option<std::ops::Range<u64>>,
    refused: Option<&str>,
) -> Finding {
    let message = match refused {
        Some(why) => format!("this is a message {is}, and what reads it cannot be used: {why}"),
        None => format!("this is a message {is}, and no adapter has a message like it"),
    };
    let finding = Finding { span, ..Finding::error(&UNKNOWN_MESSAGE, message) };
    finding.hint("`dragoman adapter list` shows what can be read")
}

/// The finding about bytes that nothing reads.
pub fn unknown(bytes: &[u8]) -> Finding {
    let kind = Kind::of(bytes);
    let finding = match &kind {
        Kind::Empty => return empty(),
        _ => {
            Finding::error(&UNKNOWN_MESSAGE, format!("this is {kind}, and no adapter has a message like it"))
                .hint("`dragoman adapter list` shows what can be read")
        }
    };
    finding.at(0, beginning(bytes))
}

fn empty() -> Finding {
    Finding::error(&EMPTY, "the file is empty")
}

/// The first word of the content, to point at.
fn beginning(bytes: &[u8]) -> Span {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let word = bytes.iter().skip(start).take(40).take_while(|byte| byte.is_ascii_graphic()).count();
    Span::of(start, start + word.max(1))
}
