//! One document of several, by itself: bytes that hold nothing else and are read as it was.

use dragoman_mapping::canonical;
use dragoman_model::Document;
use dragoman_syntax::Limits;
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::json::Style;
use serde_json::{Value, json};

use crate::catalogue::Catalogue;
use crate::message::Message;
use crate::receive::{Received, receive};
use crate::send::{Layout, send};

/// The documents of an input, each as a message by itself; the input as it is, where it holds one or where they cannot be
/// parted. What comes in a batch is written anew, without what no mapping speaks of.
pub fn apart(catalogue: &Catalogue, message: &Message, input: &[u8]) -> Vec<Vec<u8>> {
    let (mut all, mut is_whole) = (Vec::new(), message.syntax() != Syntax::Xml);
    if is_whole {
        receive(catalogue, message, input, &mut |received| {
            let Some(got) = &received.got else {
                is_whole = false;
                return;
            };
            let parts: Option<Vec<_>> = match members(&got.document) {
                Some(members) => members.iter().map(|member| written(message, member)).collect(),
                None => alone(&received, input).map(|bytes| vec![bytes]),
            };
            is_whole &= parts.is_some();
            all.extend(parts.into_iter().flatten());
        });
    }
    if is_whole && all.len() > 1 { all } else { vec![input.to_vec()] }
}

/// What a batch holds, each as a batch of one; `None` where it is no batch.
fn members(document: &Document<'_>) -> Option<Vec<Document<'static>>> {
    let batch: Value = serde_json::from_str(&canonical::write(document, Style::Compact)).ok()?;
    let members = batch.get("docs").filter(|_| document.kind().ends_with("_batch"))?.as_array()?;
    let one = |member: &Value| {
        let text = json!({"type": document.kind(), "docs": [member]}).to_string();
        let read = canonical::read(text.as_bytes(), None, &Limits::default());
        read.document.map(|document| document.detach())
    };
    members.iter().map(one).collect()
}

fn written(message: &Message, document: &Document<'_>) -> Option<Vec<u8>> {
    let put = message.put(document)?;
    let grammar = message.written().map(|grammar| &**grammar);
    Some(send(message.syntax(), &[&put.tree], grammar, Layout::Line).bytes)
}

/// The bytes of a document of an input that holds several: its own interchange of EDIFACT or X12, with the envelope that
/// it came in; its JSON text. `None` where it cannot be parted from the others.
pub fn alone(received: &Received<'_, '_>, input: &[u8]) -> Option<Vec<u8>> {
    let syntax = received.message.map(Message::syntax)?;
    match syntax {
        Syntax::Edifact | Syntax::X12 | Syntax::Flat => {
            let grammar: Option<&Grammar> = received.grammar.map(|grammar| &**grammar);
            let sent = send(syntax, &[received.tree], grammar, Layout::Line);
            Some(sent.bytes).filter(|bytes| !bytes.is_empty())
        }
        // What belongs to one may stand anywhere in a text of linked objects.
        Syntax::Json if received.grammar.is_some_and(|grammar| grammar.header.linked.is_some()) => None,
        Syntax::Json => {
            let start = received.offset + received.tree.file_span(received.node).start;
            let rest = input.get(usize::try_from(start).ok()?..)?;
            let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<serde::de::IgnoredAny>();
            values.next()?.ok()?;
            rest.get(..values.byte_offset()).map(<[u8]>::to_vec)
        }
        Syntax::Xml => None,
    }
}
