//! One document of several, by itself: bytes that hold nothing else and are read as it was.

use dragoman_syntax::grammar::{Grammar, Syntax};

use crate::message::Message;
use crate::receive::Received;
use crate::send::{Layout, send};

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
