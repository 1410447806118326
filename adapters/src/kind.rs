//! What bytes are, told from their beginning: before anything is read, and for telling people what they sent.

use std::fmt;

use dragoman_syntax::grammar::Syntax;
use dragoman_syntax::{Limits, edifact, xml};
use dragoman_tree::NodeId;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, or only white space.
    Empty,
    /// XML, with the local name of its root element.
    Xml(String),
    /// JSON.
    Json,
    /// EDIFACT, with the type of the first message (0065), such as `CUSDEC`.
    Edifact(String),
    /// An X12 interchange, with the number of its first transaction set, such as `850`.
    X12(String),
    /// Text of lines: a flat file, where a grammar knows its records.
    Text,
    /// Something that is no message, in words: `a PDF document`.
    Other(&'static str),
}

/// How much of a file is looked at.
const BEGINNING: usize = 1 << 16;

/// How files begin that are sent by mistake.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"\xD0\xCF\x11\xE0", "an office document"),
    (b"MIME-Version", "a MIME message"),
    (b"STX=", "a TRADACOMS transmission"),
];

impl Kind {
    /// Tells what bytes are. The first 64 KiB decide.
    pub fn of(bytes: &[u8]) -> Self {
        let beginning = bytes.get(..BEGINNING).unwrap_or(bytes);
        let text = beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning).trim_ascii_start();
        if let Some((_, what)) = SIGNATURES.iter().find(|(signature, _)| text.starts_with(signature)) {
            return Self::Other(what);
        }
        match text {
            [] => Self::Empty,
            [b'<', ..] | [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] => {
                Self::Xml(root_element(beginning))
            }
            [b'{' | b'[', ..] => Self::Json,
            [b'I', b'S', b'A', ..] => Self::X12(transaction_set(text)),
            _ if is_edifact(text) => Self::Edifact(message_type(beginning)),
            _ if text.contains(&0) => Self::Other("a binary file"),
            _ => Self::Text,
        }
    }
}

impl Kind {
    /// The syntax, where it is one that is read.
    pub fn syntax(&self) -> Option<Syntax> {
        match self {
            Self::Xml(_) => Some(Syntax::Xml),
            Self::Json => Some(Syntax::Json),
            Self::Edifact(_) => Some(Syntax::Edifact),
            Self::X12(_) => Some(Syntax::X12),
            Self::Text => Some(Syntax::Flat),
            Self::Empty | Self::Other(_) => None,
        }
    }
}

impl fmt::Display for Kind {
    /// With its article: `an X12 850 interchange`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty"),
            Self::Xml(root) if root.is_empty() => f.write_str("broken XML"),
            Self::Xml(root) => write!(f, "an XML document `{root}`"),
            Self::Json => f.write_str("JSON"),
            Self::Edifact(kind) if kind.is_empty() => f.write_str("an EDIFACT interchange"),
            Self::Edifact(kind) => write!(f, "an EDIFACT {kind} interchange"),
            Self::X12(set) if set.is_empty() => f.write_str("an X12 interchange"),
            Self::X12(set) => write!(f, "an X12 {set} interchange"),
            Self::Text => f.write_str("text of no syntax that is known"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

fn root_element(beginning: &[u8]) -> String {
    let read = xml::read(beginning, None, &Limits::default());
    if read.tree.is_empty() {
        return String::new();
    }
    let (_, name) = xml::split_name(read.tree.name(NodeId::ROOT));
    name.chars().filter(|letter| !letter.is_control()).collect()
}

/// True where service segments of ISO 9735 begin the text, or stand near its beginning behind a transport's own
/// header.
fn is_edifact(text: &[u8]) -> bool {
    let begins = |at: &[u8]| matches!(at, [b'U', b'N', b'A' | b'B' | b'G' | b'H', sign, ..] if !sign.is_ascii_alphanumeric());
    let header = text.get(..512).unwrap_or(text);
    begins(text) || memchr::memmem::find(header, b"UNB+UNO").is_some()
}

fn message_type(beginning: &[u8]) -> String {
    let first = edifact::messages(beginning, &|_| None).next();
    first.map(|message| message.kind.name).unwrap_or_default()
}

/// The transaction set of the first ST segment. ISA has a fixed length: its fourth byte separates elements, the
/// 106th ends segments (X12.5).
fn transaction_set(text: &[u8]) -> String {
    let (Some(separator), Some(terminator)) = (text.get(3), text.get(105)) else { return String::new() };
    let mut segments = text.split(|byte| byte == terminator).map(<[u8]>::trim_ascii);
    let header = segments.find_map(|segment| segment.strip_prefix(b"ST")?.strip_prefix(&[*separator]));
    let number = header.and_then(|header| header.split(|byte| byte == separator).next());
    let number = number.filter(|number| number.iter().all(u8::is_ascii_alphanumeric));
    String::from_utf8_lossy(number.unwrap_or_default()).into_owned()
}

/// The JSON texts of an input with their offsets: one a line where every line that is not blank is an object of
/// its own (NDJSON), else the whole.
pub(crate) fn json_texts(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let lines = || bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let is_object = |line: &[u8]| matches!(line.trim_ascii(), [b'{', .., b'}']);
    let apart = lines().nth(1).is_some() && lines().all(is_object);
    let start = |text: &[u8]| (text.as_ptr() as usize).saturating_sub(bytes.as_ptr() as usize) as u64;
    let whole = (!apart).then_some((0, bytes));
    whole.into_iter().chain(lines().filter(move |_| apart).map(move |line| (start(line), line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_beginning() {
        let isa = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261101*0900*U*00401*000000001*0*P*>~";
        let x12 = format!("{isa}GS*PO*A*B*20261101*0900*1*X*004010~ST*850*0001~");
        let edifact = "UNA:+.? 'UNB+UNOC:3+A+B+261101:0900+1'UNH+1+CUSDEC:D:96B:UN'";
        let cases: [(&[u8], &str); 12] = [
            (b" \n\t", "empty"),
            (
                b"\xEF\xBB\xBF<?xml version='1.0'?><!-- c --><p:MetaData xmlns:p='x'><a",
                "an XML document `MetaData`",
            ),
            (b"\xFF\xFE<\0a\0/\0>\0", "an XML document `a`"),
            (b"<", "broken XML"),
            (b"  {", "JSON"),
            (edifact.as_bytes(), "an EDIFACT CUSDEC interchange"),
            (&edifact.as_bytes()[9..30], "an EDIFACT interchange"),
            (x12.as_bytes(), "an X12 850 interchange"),
            (b"ISA*00", "an X12 interchange"),
            (b"%PDF-1.7", "a PDF document"),
            (b"a\0b", "a binary file"),
            (b"Dear Sir", "text of no syntax that is known"),
        ];
        for (bytes, shown) in cases {
            assert_eq!(Kind::of(bytes).to_string(), shown, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
