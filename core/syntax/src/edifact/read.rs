//! Reading interchanges: an iterator over the messages in a slice, and a reader that bytes are pushed into.

use std::sync::Arc;

use dragoman_tree::{Code, Finding, NameTable, Names, Span, Tree, TreeBuilder};

use super::charset::{self, Charset};
use super::frame::{Frame, Framer, MORE};
use super::message::MessageType;
use super::service::ServiceString;
use crate::grammar::Grammar;
use crate::segments::assemble::Assembly;
use crate::segments::elements;
use crate::segments::lent::Lent;
use crate::segments::outlines::Outlines;
use crate::segments::structure::Cursor;

/// No grammar is known for a message.
pub const NO_GRAMMAR: Code = Code {
    id: "DG-E0318",
    title: "no grammar is known for this message type",
    help: "The message is read without groups; elements are named by their position. Add a grammar for the \
           type and directory that UNH states (`dragoman grammar import`).",
};

/// The grammar is that of another directory.
pub const OTHER_DIRECTORY: Code = Code {
    id: "DG-E0328",
    title: "the message is read by another directory than its own",
    help: "No grammar is known for the directory that UNH states. The nearest one that has the message is used: what \
           is new in the stated directory has no place in it, and codes may differ. Import the directory \
           (`dragoman grammar import unece`) where that matters.",
};

/// Finds the grammar of a message type.
pub type Grammars<'g> = &'g dyn Fn(&MessageType) -> Option<Arc<Grammar>>;

/// The longest message that readers take, in bytes, unless told otherwise.
pub const LIMIT: usize = 64 << 20;

/// A message: its tree, and what is worth saying about it and the envelope before it.
#[derive(Debug)]
pub struct Message<'i> {
    /// What UNH says it is.
    pub kind: MessageType,
    /// Its grammar, where one is known.
    pub grammar: Option<Arc<Grammar>>,
    /// The service characters it is written with.
    pub service: ServiceString,
    /// The character set that UNB declares.
    pub charset: Charset,
    /// Findings about it and about the envelope since the message before.
    pub findings: Vec<Finding>,
    lent: Lent<'i>,
}

impl<'i> Message<'i> {
    /// The tree. Its spans count from [`Tree::base`], where the window of the message begins.
    pub fn tree(&self) -> &Tree<'i> {
        self.lent.build.tree()
    }

    /// Takes the tree, which the reader would use again otherwise.
    pub fn into_tree(self) -> Tree<'i> {
        self.lent.into_tree()
    }
}

/// Reads the messages in a slice, one after the other.
pub fn messages<'i, 'g>(bytes: &'i [u8], grammars: Grammars<'g>) -> Messages<'i, 'g> {
    Messages { bytes, framer: Framer::new(LIMIT), assembler: Assembler::new(grammars) }
}

/// Iterator over the messages in a slice.
pub struct Messages<'i, 'g> {
    bytes: &'i [u8],
    framer: Framer,
    assembler: Assembler<'g>,
}

impl Messages<'_, '_> {
    /// Takes the findings that belong to no message: all about what follows the last one, to be called at the
    /// end.
    pub fn findings(&mut self) -> Vec<Finding> {
        self.framer.findings.take(&MORE)
    }
}

impl<'i> Iterator for Messages<'i, '_> {
    type Item = Message<'i>;

    fn next(&mut self) -> Option<Message<'i>> {
        let frame = self.framer.next(self.bytes, 0, true)?;
        let input = Input { bytes: self.bytes, base: 0, frame };
        Some(self.assembler.message(&mut self.framer, &input, TreeBuilder::default(), None))
    }
}

/// Reads messages from bytes as they come, with one message in memory at a time.
pub struct Reader<'g> {
    buffer: Vec<u8>,
    /// The offset of the buffer in the file.
    base: u64,
    last: bool,
    framer: Framer,
    assembler: Assembler<'g>,
    arena: TreeBuilder<'static>,
}

impl<'g> Reader<'g> {
    /// A reader at the beginning of a file, for messages of up to [`LIMIT`] bytes.
    pub fn new(grammars: Grammars<'g>) -> Self {
        Self::with_limit(grammars, LIMIT)
    }

    /// A reader that cuts messages which are longer than `limit` bytes.
    pub fn with_limit(grammars: Grammars<'g>, limit: usize) -> Self {
        Self {
            buffer: Vec::new(),
            base: 0,
            last: false,
            framer: Framer::new(limit),
            assembler: Assembler::new(grammars),
            arena: TreeBuilder::default(),
        }
    }

    /// Adds bytes. Take all messages first: what was not taken stays in memory.
    pub fn push(&mut self, bytes: &[u8]) {
        let read = self.framer.compact();
        self.buffer.drain(..read);
        self.base += read as u64;
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that there are no more bytes.
    pub fn finish(&mut self) {
        self.last = true;
    }

    /// The next message; `None` where more bytes are needed or, after [`finish`](Self::finish), at the end.
    pub fn next_message(&mut self) -> Option<Message<'_>> {
        let frame = self.framer.next(&self.buffer, self.base, self.last)?;
        let input = Input { bytes: &self.buffer, base: self.base, frame };
        let build = std::mem::take(&mut self.arena);
        Some(self.assembler.message(&mut self.framer, &input, build, Some(&mut self.arena)))
    }

    /// Takes the findings that belong to no message: all about what follows the last one, to be called at the
    /// end.
    pub fn findings(&mut self) -> Vec<Finding> {
        self.framer.findings.take(&MORE)
    }
}

/// A message in the bytes that are at hand.
struct Input<'i> {
    bytes: &'i [u8],
    /// The offset of the bytes in the file.
    base: u64,
    frame: Frame,
}

/// Makes trees of messages.
struct Assembler<'g> {
    outlines: Outlines<'g, MessageType>,
    cursor: Cursor,
    /// The names of trees without grammar.
    names: Arc<NameTable>,
}

impl<'g> Assembler<'g> {
    fn new(grammars: Grammars<'g>) -> Self {
        Self {
            outlines: Outlines::new(grammars),
            cursor: Cursor::default(),
            names: Arc::new(elements::names(false)),
        }
    }

    fn message<'i>(
        &mut self,
        framer: &mut Framer,
        input: &Input<'i>,
        build: TreeBuilder<'_>,
        home: Option<&'i mut TreeBuilder<'static>>,
    ) -> Message<'i> {
        let window = input.bytes.get(input.frame.window.clone()).unwrap_or_default();
        let base = input.base + input.frame.window.start as u64;
        let mut findings = framer.findings.take(&MORE);
        let (text, finding) = charset::text(window, framer.charset, base);
        findings.extend(finding);
        let first = framer.tokens.segments().next().map_or(Span::default(), |segment| segment.tag());
        let kind = kind(framer, window);
        let outline = self.outlines.of(&kind);
        if outline.is_none() && !kind.name.is_empty() {
            let message = format!("no grammar is known for {}", kind.to_string().escape_debug());
            findings.push(Finding::info(&NO_GRAMMAR, message).at(base, first));
        }
        findings.extend(
            outline
                .as_ref()
                .and_then(|outline| other_directory(&kind, &outline.grammar))
                .map(|found| found.at(base, first)),
        );
        let names = outline.as_ref().map_or(&self.names, |outline| outline.grammar.names());
        let build = build.reuse(text.unwrap_or_default(), base, Names::with_base(names.clone()));
        let decoding = (text.is_some(), framer.charset);
        let mut assembly = Assembly::new(build, outline.as_deref(), framer.service, decoding, &mut findings);
        assembly.root(&kind.name, first);
        let mut seen = framer.tokens.seen();
        for (header, tag) in [(&framer.interchange, "UNB"), (&framer.group, "UNG")] {
            if let Some(header) = header {
                seen |= header.tokens.seen();
                assembly.header(header, tag);
            }
        }
        assembly.body(&framer.tokens, window, input.frame.trailer, &mut self.cursor);
        let build = assembly.finish(seen);
        let grammar = outline.map(|outline| outline.grammar.clone());
        let (service, charset) = (framer.service, framer.charset);
        Message { kind, grammar, service, charset, findings, lent: Lent { build, home } }
    }
}

/// Says where a grammar is of another directory than the one that a message states.
fn other_directory(kind: &MessageType, grammar: &Grammar) -> Option<Finding> {
    let [_, version, release, ..] = &*grammar.header.message else { return None };
    let differs = (&**version, &**release) != (&*kind.version, &*kind.release);
    let message = format!("{} is read as of {version}.{release}", kind.to_string().escape_debug());
    differs.then(|| Finding::info(&OTHER_DIRECTORY, message))
}

/// What the UNH of a message says it is.
fn kind(framer: &Framer, window: &[u8]) -> MessageType {
    let first = framer.tokens.segments().next();
    let header = first.filter(|segment| &*segment.name(window) == b"UNH");
    header.map(|unh| MessageType::read(&unh, window, framer.service)).unwrap_or_default()
}
