//! EDIFACT: declarations (CUSDEC D.96B) as they are sent, made here.

use std::fmt::Write;

use std::sync::Arc;

use dragoman_syntax::edifact;
use dragoman_syntax::grammar::Grammar;
use edifact_rs::{ServiceStringAdvice, Token, Tokenizer, ValidationContext};

use crate::grammars::{grammar, is_sound, is_valid};
use crate::pairs::{Pair, pair};

/// Goods items of a declaration.
const ITEMS: usize = 20;

/// An interchange of about that many bytes: fields of five bytes on the average, some with release characters.
pub fn interchange(bytes: usize) -> Vec<u8> {
    let mut text = String::from("UNA:+.? 'UNB+UNOC:3+DECLARANT:ZZ+CUSTOMS:ZZ+261122:1200+R1'");
    let mut messages = 0;
    while text.len() < bytes {
        messages += 1;
        declaration(messages, &mut text);
    }
    let _ = write!(text, "UNZ+{messages}+R1'");
    text.into_bytes()
}

/// Appends a declaration.
pub fn declaration(number: usize, text: &mut String) {
    let start = text.len();
    let _ = write!(
        text,
        "UNH+{number}+CUSDEC:D:96B:UN'BGM+929+LRN{number:08}+9'CST++4000:104:95'LOC+22+GB000060'LOC+35+CN'\
         LOC+28+GB'DTM+132:20261120:102'GIS+Y:107:95'MEA+WT+AAD+KGM:1250.5'EQD+CN+ABCU1234567'\
         RFF+ABT:26GB000000{number:06}'TDT+11++1+++++:::VESSEL ?+ CO'NAD+IM+GB123456789000++IMPORTER LTD:UNIT 1++\
         LONDON++E1 1AA+GB'NAD+DT+GB987654321000'TOD+3++CIF'MOA+39:12345.67:USD'UNS+D'"
    );
    for item in 1..=ITEMS {
        let _ = write!(
            text,
            "CST+{item}+85171300:122:95+4000:117:95'FTX+AAA+++SMART PHONES?, {item} GB O?'NEILL:BLACK'\
             LOC+27+CN'MEA+WT+AAB+KGM:{item}.25'MEA+WT+AAA+KGM:{item}'PAC+{item}++CT'PCI+28+ADDR {item}'\
             MOA+38:{item}99.00:USD'RFF+HS:85171300'DOC+380+INV{item}'DTM+137:20261101:102'\
             GIS+300:119:95'TAX+1+CUD+++5:::2.5'MOA+55:12.34:GBP'"
        );
    }
    let message = text.get(start..).unwrap_or_default();
    let segments = message.matches('\'').count() - message.matches("?'").count();
    let _ = write!(text, "UNS+S'CNT+5:{ITEMS}'CNT+11:210'UNT+{}+{number}'", segments + 4);
}

/// What a tokeniser saw: fields, the bytes in them, and the sum of where they begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    fields: usize,
    bytes: usize,
    starts: usize,
}

impl Seen {
    fn add(&mut self, start: usize, end: usize) {
        self.fields += 1;
        self.bytes += end - start;
        self.starts = self.starts.wrapping_add(start);
    }
}

/// Measures tokenising: every tag, data element and component visited with its span. `None` where the two disagree.
pub fn tokens(interchange: &[u8], rounds: usize) -> Option<Pair> {
    (ours(interchange) == rival(interchange)?).then(|| {
        let ours = || ours(interchange).starts;
        pair(interchange.len(), rounds, ours, || rival(interchange).unwrap_or_default().starts)
    })
}

fn ours(interchange: &[u8]) -> Seen {
    let mut seen = Seen::default();
    edifact::fields(interchange, |field| seen.add(field.span.start as usize, field.span.end as usize));
    seen
}

fn rival(interchange: &[u8]) -> Option<Seen> {
    let service = ServiceStringAdvice::from_bytes(interchange).ok()?;
    let mut seen = Seen::default();
    // UNA is no segment to either.
    let after_una = interchange.get(UNA..)?;
    for token in Tokenizer::new(after_una, service) {
        match token.ok()? {
            Token::SegmentTag { span, .. }
            | Token::DataElement { span, .. }
            | Token::ComponentElement { span, .. }
            | Token::RepeatElement { span, .. } => seen.add(span.start + UNA, span.end + UNA),
            Token::SegmentTerminator { .. } => {}
        }
    }
    Some(seen)
}

/// The length of UNA.
const UNA: usize = 9;

/// Measures validation: ours of structure, types, lengths and codes by the directory, against the rival's of envelope and
/// syntax alone, for which it gathers all segments. `None` where one of them finds an error.
pub fn validation(interchange: &[u8], rounds: usize) -> Option<Pair> {
    let grammar = grammar("edifact/d96b/cusdec")?;
    (read(interchange, &grammar, true)? > 0 && checked(interchange)? > 0).then(|| {
        let ours = || read(interchange, &grammar, true).unwrap_or(0);
        pair(interchange.len(), rounds, ours, || checked(interchange).unwrap_or(0))
    })
}

/// Reads an interchange to trees; gives the number of nodes, or none where there is an error.
pub fn read(bytes: &[u8], grammar: &Arc<Grammar>, validated: bool) -> Option<usize> {
    let grammars = |_: &edifact::MessageType| Some(grammar.clone());
    let mut messages = edifact::messages(bytes, &grammars);
    let mut nodes = 0;
    for message in messages.by_ref() {
        let tree = message.tree();
        nodes += tree.len();
        if validated && !is_valid(tree, grammar) {
            return None;
        }
    }
    is_sound(&messages.findings()).then_some(nodes)
}

fn checked(interchange: &[u8]) -> Option<usize> {
    let segments: Vec<_> = edifact_rs::from_bytes(interchange).collect::<Result<_, _>>().ok()?;
    let context = ValidationContext::builder().with_envelope_validation().with_syntax_validation().build();
    let report = context.validate(&segments);
    (!report.has_errors()).then_some(segments.len())
}
