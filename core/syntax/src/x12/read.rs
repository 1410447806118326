//! Reading interchanges: an iterator over the transaction sets in a slice, and a reader that bytes are pushed into.

use std::sync::Arc;

use dragoman_tree::{Code, Finding, NameTable, Names, Span, Tree, TreeBuilder};

use super::delimiters::Delimiters;
use super::frame::{Frame, Framer};
use super::message::SetType;
use crate::edifact::{Charset, LIMIT, MORE};
use crate::grammar::Grammar;
use crate::segments::assemble::Assembly;
use crate::segments::elements;
use crate::segments::header::{Header, text};
use crate::segments::lent::Lent;
use crate::segments::outlines::Outlines;
use crate::segments::structure::Cursor;

/// No grammar is known for a transaction set.
pub const NO_GRAMMAR: Code = Code {
    id: "DG-E0350",
    title: "no grammar is known for this transaction set",
    help: "It is read without loops. X12's dictionaries are licensed, so grammars come with what the mappings here \
           read; add one of your own for others.",
};

/// Bytes that are no UTF-8.
pub const NOT_UTF8: Code = Code {
    id: "DG-E0351",
    title: "the bytes are no UTF-8",
    help: "X12 does not say how characters beyond ASCII are encoded; partners agree on it. The transaction set is read \
           as ISO 8859-1. Check names and addresses for wrong letters.",
};

/// Finds the grammar of a transaction set.
pub type Grammars<'g> = &'g dyn Fn(&SetType) -> Option<Arc<Grammar>>;

/// How the characters of a transaction set are encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, of which ASCII is a part.
    #[default]
    Utf8,
    /// ISO 8859-1, or bytes of any kind.
    Latin1,
}

/// A transaction set: its tree, and what is worth saying about it and the envelope before it.
#[derive(Debug)]
pub struct Message<'i> {
    /// What ST and GS say it is.
    pub kind: SetType,
    /// Its grammar, where one is known.
    pub grammar: Option<Arc<Grammar>>,
    /// The delimiters it is written with.
    pub delimiters: Delimiters,
    /// How its characters are encoded.
    pub encoding: Encoding,
    /// Findings about it and about the envelope since the one before.
    pub findings: Vec<Finding>,
    lent: Lent<'i>,
}

impl<'i> Message<'i> {
    /// The tree. Its spans count from [`Tree::base`], where the window of the transaction set begins.
    pub fn tree(&self) -> &Tree<'i> {
        self.lent.build.tree()
    }

    /// Takes the tree, which the reader would use again otherwise.
    pub fn into_tree(self) -> Tree<'i> {
        self.lent.into_tree()
    }
}

/// Reads the transaction sets in a slice, one after the other.
pub fn messages<'i, 'g>(bytes: &'i [u8], grammars: Grammars<'g>) -> Messages<'i, 'g> {
    Messages { bytes, framer: Framer::new(LIMIT), assembler: Assembler::new(grammars) }
}

/// Iterator over the transaction sets in a slice.
pub struct Messages<'i, 'g> {
    bytes: &'i [u8],
    framer: Framer,
    assembler: Assembler<'g>,
}

impl Messages<'_, '_> {
    /// Takes the findings that belong to no transaction set: all about what follows the last one, to be called at
    /// the end.
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

/// Reads transaction sets from bytes as they come, with one in memory at a time.
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
    /// A reader at the beginning of a file.
    pub fn new(grammars: Grammars<'g>) -> Self {
        Self::with_limit(grammars, LIMIT)
    }

    /// A reader that cuts transaction sets which are longer than `limit` bytes.
    pub fn with_limit(grammars: Grammars<'g>, limit: usize) -> Self {
        let (framer, assembler) = (Framer::new(limit), Assembler::new(grammars));
        let (buffer, arena) = (Vec::new(), TreeBuilder::default());
        Self { buffer, base: 0, last: false, framer, assembler, arena }
    }

    /// Adds bytes. Take all transaction sets first: what was not taken stays in memory.
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

    /// The next transaction set; `None` where more bytes are needed or, after [`finish`](Self::finish), at the end.
    pub fn next_message(&mut self) -> Option<Message<'_>> {
        let frame = self.framer.next(&self.buffer, self.base, self.last)?;
        let input = Input { bytes: &self.buffer, base: self.base, frame };
        let build = std::mem::take(&mut self.arena);
        Some(self.assembler.message(&mut self.framer, &input, build, Some(&mut self.arena)))
    }

    /// Takes the findings that belong to no transaction set: all about what follows the last one, to be called at
    /// the end.
    pub fn findings(&mut self) -> Vec<Finding> {
        self.framer.findings.take(&MORE)
    }
}

/// A transaction set in the bytes that are at hand.
struct Input<'i> {
    bytes: &'i [u8],
    /// The offset of the bytes in the file.
    base: u64,
    frame: Frame,
}

/// Makes trees of transaction sets.
struct Assembler<'g> {
    outlines: Outlines<'g, SetType>,
    cursor: Cursor,
    /// The names of trees without grammar.
    names: Arc<NameTable>,
}

impl<'g> Assembler<'g> {
    fn new(grammars: Grammars<'g>) -> Self {
        let (outlines, cursor) = (Outlines::new(grammars), Cursor::default());
        Self { outlines, cursor, names: Arc::new(elements::names(true)) }
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
        let (text, encoding) = text_of(window, base, &mut findings);
        let first = framer.tokens.segments().next().map_or(Span::default(), |segment| segment.tag());
        let kind = kind(framer, window);
        let outline = self.outlines.of(&kind);
        if outline.is_none() && !kind.number.is_empty() {
            let message = format!("no grammar is known for {}", kind.to_string().escape_debug());
            findings.push(Finding::info(&NO_GRAMMAR, message).at(base, first));
        }
        let names = outline.as_ref().map_or(&self.names, |outline| outline.grammar.names());
        let build = build.reuse(text.unwrap_or_default(), base, Names::with_base(names.clone()));
        let service = framer.delimiters.service();
        let decoding = (text.is_some(), Charset::UnoC);
        let mut assembly = Assembly::new(build, outline.as_deref(), service, decoding, &mut findings);
        assembly.padded = true;
        assembly.root(&kind.number, first);
        headers(framer, &mut assembly);
        assembly.body(&framer.tokens, window, input.frame.trailer, &mut self.cursor);
        let build = assembly.finish(0);
        let grammar = outline.map(|outline| outline.grammar.clone());
        let delimiters = framer.delimiters;
        Message { kind, grammar, delimiters, encoding, findings, lent: Lent { build, home } }
    }
}

/// Adds copies of the envelope's headers.
fn headers(framer: &Framer, assembly: &mut Assembly<'_, '_>) {
    if let Some(header) = &framer.interchange {
        assembly.filled = true;
        assembly.header(header, "ISA");
        assembly.filled = false;
    }
    for header in &framer.service {
        let tag = tag(header);
        assembly.header(header, &tag);
    }
    if let Some(header) = &framer.group {
        assembly.header(header, "GS");
    }
}

fn tag(header: &Header) -> String {
    let tag = header.bytes.get(header.segment().tag().range()).unwrap_or_default();
    String::from_utf8_lossy(tag).trim_end().to_owned()
}

/// The window as text where it is UTF-8.
fn text_of<'w>(window: &'w [u8], base: u64, findings: &mut Vec<Finding>) -> (Option<&'w str>, Encoding) {
    match std::str::from_utf8(window) {
        Ok(text) => (Some(text), Encoding::Utf8),
        Err(error) => {
            let at = error.valid_up_to();
            let finding = Finding::warning(&NOT_UTF8, "the bytes are no UTF-8; read as ISO 8859-1");
            findings.push(finding.at(base, Span::of(at, at + 1)));
            (None, Encoding::Latin1)
        }
    }
}

/// What the ST of a transaction set, and the GS around it, say it is.
fn kind(framer: &Framer, window: &[u8]) -> SetType {
    let service = framer.delimiters.service();
    let group = |element| framer.group.as_ref().map(|group| group.text(element, 1, service));
    let Some(first) = framer.tokens.segments().next() else { return SetType::default() };
    let value = |element| text(first.value(window, element, 1), service);
    let (number, stated) = match window.get(first.tag().range()).unwrap_or_default().trim_ascii_end() {
        b"ST" => (value(1), value(3)),
        b"TA1" => ("TA1".into(), String::new()),
        _ => return SetType::default(),
    };
    let version = if stated.is_empty() { group(8).unwrap_or_default() } else { stated };
    SetType { number, group: group(1).unwrap_or_default(), version }
}
