//! Codecs: pairs of functions between wire leaves and canonical leaves.
//!
//! A codec sees texts and gives texts, by position: `decode` from the wire leaves of its line to its canonical
//! leaves, `encode` back. What passes unchanged is passed by reference. A codec that cannot decode leaves the
//! wire leaves as residue; a value that decodes but is no good for its field is a finding elsewhere.

mod clock;
mod cut;
mod day;
mod digits;
pub(crate) mod erp;
mod heading;
mod number;
pub(crate) mod pointer;
mod quantity;
mod table;
pub(crate) mod text;
mod time;

use std::ops::Range;
use std::sync::Arc;

use dragoman_model::Type;

use crate::language::ast::{self, Argument, WirePath};
use crate::plan::ChoiceId;

use clock::Clock;
pub use table::Table;

/// One text that a codec makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// No value.
    None,
    /// The whole of the n-th input.
    Whole(usize),
    /// A part of the n-th input.
    Part(usize, Range<usize>),
    /// A new text.
    Text(String),
}

/// What a codec makes: at most this many texts.
pub(crate) type Pieces = [Piece; 4];

/// The inputs of a codec, by position.
pub(crate) type Inputs<'t> = [Option<&'t str>];

/// Nothing at all.
pub(crate) const NOTHING: Pieces = [const { Piece::None }; 4];

/// Why a codec cannot translate a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub String);

/// Which canonical leaves a codec makes of the left side of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cells {
    /// One a path: the leaves themselves.
    Each,
    /// These members of the one object.
    Members(&'static [&'static str]),
    /// The leaf and its sibling with that ending.
    Sibling(&'static str),
}

/// A compiled codec.
#[derive(Clone, Debug)]
pub enum Codec {
    /// The text as it is.
    Same,
    /// A whole number, its literal kept.
    Int,
    /// A decimal, its literal kept.
    Decimal,
    /// Two words for true and false.
    Bool(Box<str>, Box<str>),
    /// Amount and currency.
    Money,
    /// A whole number, what it is divided by, and the currency.
    Divided,
    /// A whole number with so many decimals implied.
    Scaled(usize),
    /// Value and unit; the unit that the format implies where it states none.
    Measure(Option<Box<str>>),
    /// A value alone, whose unit the format fixes.
    Measured(Box<str>),
    /// A moment and its format code; the code that the format implies where it states none.
    Instant(Option<Box<str>>),
    /// A moment in RFC 3339 or ISO 8601.
    Iso,
    /// A moment as seconds or, with 3, milliseconds since 1970.
    Epoch(usize),
    /// A moment as a clock shows it, with a blank between date and time.
    Clock(Clock),
    /// A moment in twelve digits, without a zone.
    Minute,
    /// A moment in digits, in a zone that the format fixes.
    Digits(digits::Form),
    /// A moment by date and time of an EDIFACT interchange header.
    Unb,
    /// A day of X12, with the century or without.
    Day,
    /// A moment by value and format code, UN/EDIFACT 2379; the code that is written for moments of other forms.
    EdiDate(Box<str>),
    /// One wire text cut into several values, by width; the last may be open.
    Split(Vec<Option<u32>>),
    /// Several wire texts joined to one value, by width; the last may be open.
    Join(Vec<Option<u32>>),
    /// Cells as the lines of one text.
    Lines,
    /// The first line of a text, and those after it.
    Heading,
    /// Cells as one text: a full cell goes on in the next.
    Cut,
    /// A code table.
    Table(Arc<Table>),
    /// A table from several codes to an event or state.
    State(Arc<Table>),
    /// The first of several leaves that holds a value.
    First(usize),
    /// A text before the value.
    Prefix(Box<str>),
    /// What stands between two texts.
    Between(Box<str>, Box<str>),
    /// A pointer of WCO section rows.
    Pointer,
    /// An error point of EDIFACT.
    ErrorPoint,
    /// The arm of a choice.
    Arms(ChoiceId),
}

impl std::fmt::Display for Codec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Same => write!(f, "{}", self.name()),
            _ => write!(f, "`{}`", self.name()),
        }
    }
}

impl Codec {
    /// Its name in the language.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Same => "a line without a codec",
            Self::Int => "int",
            Self::Decimal => "decimal",
            Self::Bool(..) => "bool",
            Self::Money => "money",
            Self::Divided => "money(divided)",
            Self::Scaled(_) => "decimal(n)",
            Self::Epoch(0) => "datetime(epoch_seconds)",
            Self::Epoch(_) => "datetime(epoch_milliseconds)",
            Self::Measure(_) | Self::Measured(_) => "measure",
            Self::Instant(_) => "instant",
            Self::Iso => "datetime(iso)",
            Self::Clock(_) => "datetime(\"YYYY-MM-DD hh:mm:ss\")",
            Self::Minute => "datetime(YYYYMMDDhhmm)",
            Self::Digits(form) => form.name(),
            Self::Unb => "datetime(unb)",
            Self::Day => "datetime(x12)",
            Self::EdiDate(_) => "edidate",
            Self::Split(_) => "split",
            Self::Join(_) => "join",
            Self::Lines => "text(lines)",
            Self::Heading => "text(first)",
            Self::Cut => "text(cut)",
            Self::Table(_) => "table",
            Self::State(_) => "state",
            Self::First(_) => "a | b",
            Self::Prefix(_) => "prefix",
            Self::Between(..) => "between",
            Self::Pointer => "pointer",
            Self::ErrorPoint => "pointer(erp)",
            Self::Arms(_) => "choose",
        }
    }

    /// Which canonical leaves it makes.
    pub(crate) fn members(&self) -> Cells {
        match self {
            Self::Money | Self::Divided => Cells::Members(&["amount", "currency"]),
            Self::Measure(_) | Self::Measured(_) => Cells::Members(&["value", "unit", "assumed"]),
            Self::Pointer | Self::ErrorPoint => Cells::Members(&["spelling", "raw"]),
            Self::Instant(_) | Self::EdiDate(_) | Self::Unb | Self::Day => Cells::Sibling("_format"),
            _ => Cells::Each,
        }
    }

    /// True where one leaf becomes one leaf, its text unchanged.
    pub(crate) fn passes(&self) -> bool {
        matches!(self, Self::Same | Self::Int | Self::Decimal | Self::Iso)
    }

    /// True where its canonical leaves are members of one object.
    pub(crate) fn makes_object(&self) -> bool {
        matches!(self.members(), Cells::Members(_))
    }

    /// True where it can make a value of that type.
    pub(crate) fn fits(&self, ty: Type) -> bool {
        match self {
            Self::Bool(..) => ty == Type::Bool,
            Self::Int | Self::Decimal | Self::Scaled(_) => {
                matches!(ty, Type::Int | Type::Decimal | Type::Rate | Type::Text | Type::Value)
            }
            Self::Instant(_)
            | Self::EdiDate(_)
            | Self::Iso
            | Self::Epoch(_)
            | Self::Clock(_)
            | Self::Minute
            | Self::Digits(_)
            | Self::Unb
            | Self::Day => {
                matches!(ty, Type::DateTime | Type::Date)
            }
            Self::Lines | Self::Cut => ty == Type::Text,
            _ => true,
        }
    }

    /// How many wire leaves it works on, for that many canonical leaves.
    pub(crate) fn cells(&self, fields: usize) -> usize {
        match self {
            Self::Money | Self::Measure(_) | Self::Instant(_) | Self::EdiDate(_) | Self::Unb => 2,
            Self::Join(widths) => widths.len(),
            Self::Divided => 3,
            Self::State(table) => table.keys(),
            Self::First(several) => *several,
            Self::Split(_) | Self::Heading | Self::Day | Self::Measured(_) => 1,
            _ => fields,
        }
    }

    /// True where several wire values make one canonical value.
    pub fn is_one_way(&self) -> bool {
        match self {
            Self::State(_) | Self::First(_) | Self::Between(..) => true,
            Self::Table(table) => !table.is_reversible(),
            _ => false,
        }
    }

    /// Wire leaves to canonical leaves.
    pub(crate) fn decode(&self, cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
        match self {
            Self::Same | Self::Int | Self::Decimal | Self::Lines | Self::Cut => Ok(one(Piece::Whole(0))),
            Self::Iso => time::decode_iso(cells),
            Self::Clock(clock) => clock.decode(cells),
            Self::Minute => time::decode_minute(cells),
            Self::Digits(form) => form.decode(cells),
            Self::Unb => time::decode_unb(cells),
            Self::Day => day::decode(cells),
            Self::Bool(yes, no) => number::decode_bool(cells, yes, no),
            Self::Money => quantity::decode_money(cells),
            Self::Divided => quantity::decode_divided(cells),
            Self::Scaled(decimals) => number::decode_scaled(cells, *decimals),
            Self::Epoch(decimals) => time::decode_epoch(cells, *decimals),
            Self::Measure(assumed) => quantity::decode_measure(cells, assumed.as_deref()),
            Self::Measured(unit) => quantity::decode_measure(cells, Some(unit)),
            Self::Instant(_) | Self::EdiDate(_) => time::decode_coded(cells),
            Self::Heading => heading::decode(cells),
            Self::Split(widths) => cut::decode_split(cells, widths),
            Self::Join(widths) => cut::decode_join(cells, widths),
            Self::Table(table) => table.decode(cells),
            Self::State(table) => table.state(cells),
            Self::First(_) => {
                Ok(cells.iter().position(Option::is_some).map_or(NOTHING, |at| one(Piece::Whole(at))))
            }
            Self::Prefix(prefix) => cut::decode_prefix(cells, prefix),
            Self::Between(before, after) => cut::decode_between(cells, before, after),
            Self::Pointer | Self::ErrorPoint | Self::Arms(_) => Err(Refusal("runs on its own".into())),
        }
    }

    /// Canonical leaves to wire leaves.
    pub(crate) fn encode(&self, values: &Inputs<'_>) -> Result<Pieces, Refusal> {
        match self {
            Self::Same | Self::Lines | Self::Cut => Ok(one(Piece::Whole(0))),
            Self::Int | Self::Decimal => Ok(number::encode(values)),
            Self::Bool(yes, no) => number::encode_bool(values, yes, no),
            Self::Money => quantity::encode_money(values),
            Self::Divided => quantity::encode_divided(values),
            Self::Scaled(decimals) => number::encode_scaled(values, *decimals),
            Self::Epoch(decimals) => time::encode_epoch(values, *decimals),
            Self::Measure(assumed) => quantity::encode_measure(values, assumed.as_deref()),
            Self::Measured(unit) => quantity::encode_measured(values, unit),
            Self::Instant(assumed) => time::encode_coded(values, assumed.as_deref().unwrap_or("304")),
            Self::Iso => Ok(time::encode_iso(values)),
            Self::Clock(clock) => clock.encode(values),
            Self::Minute => time::encode_minute(values),
            Self::Digits(form) => form.encode(values),
            Self::Unb => time::encode_unb(values),
            Self::Day => day::encode(values),
            Self::EdiDate(written) => time::encode_coded(values, written),
            Self::Heading => heading::encode(values),
            Self::Split(widths) => cut::encode_split(values, widths),
            Self::Join(widths) => cut::encode_join(values, widths),
            Self::Table(table) => table.encode(values),
            Self::Prefix(prefix) => Ok(cut::encode_prefix(values, prefix)),
            Self::State(_) | Self::First(_) | Self::Between(..) => Err(Refusal("is only read".into())),
            Self::Pointer | Self::ErrorPoint | Self::Arms(_) => Err(Refusal("runs on its own".into())),
        }
    }
}

pub(crate) fn one(piece: Piece) -> Pieces {
    [piece, Piece::None, Piece::None, Piece::None]
}

/// The wire paths among the arguments of a line's codec: the other leaves it works on.
pub(crate) fn paths(codecs: &[ast::Codec]) -> impl Iterator<Item = &WirePath> {
    codecs.iter().flat_map(|codec| &codec.arguments).filter_map(|argument| match argument {
        Argument::Path(path) => Some(path),
        _ => None,
    })
}

/// Compiles a codec. The message of a refusal says what it takes.
pub(crate) fn build(
    codec: &ast::Codec,
    tables: &dyn Fn(&str) -> Option<Arc<Table>>,
) -> Result<Codec, String> {
    let words: Vec<&str> = codec.arguments.iter().filter_map(Argument::word).collect();
    let table = |name: Option<&&str>| {
        let name = name.ok_or("expected the name of a table")?;
        tables(name).ok_or_else(|| format!("there is no table `{name}` under mappings/codes"))
    };
    let has_path = codec.arguments.iter().any(|argument| matches!(argument, Argument::Path(_)));
    if let ("decimal", [Argument::Number(decimals)]) = (codec.name.is.as_str(), codec.arguments.as_slice()) {
        return Ok(Codec::Scaled(usize::try_from(decimals.is).unwrap_or_default().min(9)));
    }
    match (codec.name.is.as_str(), words.as_slice()) {
        ("int", []) => Ok(Codec::Int),
        ("decimal", []) => Ok(Codec::Decimal),
        ("bool", []) => Ok(Codec::Bool("true".into(), "false".into())),
        ("bool", [yes, no]) => Ok(Codec::Bool((*yes).into(), (*no).into())),
        ("money", []) => Ok(Codec::Money),
        ("money", ["divided"]) => Ok(Codec::Divided),
        ("measure", []) => Ok(Codec::Measure(None)),
        ("measure", [unit]) if !has_path => Ok(Codec::Measured((*unit).into())),
        ("measure", [unit]) => Ok(Codec::Measure(Some((*unit).into()))),
        ("instant", []) => Ok(Codec::Instant(None)),
        ("instant", [format]) => Ok(Codec::Instant(Some((*format).into()))),
        ("instant", _) => Err("expected `instant(@formatCode)` or `datetime(iso)`".into()),
        ("datetime", words) => time::datetime(words),
        ("text", ["lines"]) => Ok(Codec::Lines),
        ("text", ["first"]) => Ok(Codec::Heading),
        ("text", ["cut"]) => Ok(Codec::Cut),
        ("split", _) => Ok(Codec::Split(cut::widths(&codec.arguments)?)),
        ("join", _) => Ok(Codec::Join(cut::widths(&codec.arguments)?)),
        ("table", [_]) => Ok(Codec::Table(table(words.first())?)),
        ("state", [_]) => Ok(Codec::State(table(words.first())?)),
        ("prefix", [prefix]) => Ok(Codec::Prefix((*prefix).into())),
        ("between", [before, after]) => Ok(Codec::Between((*before).into(), (*after).into())),
        ("pointer", ["wco", "rows"]) => Ok(Codec::Pointer),
        ("pointer", ["erp"]) => Ok(Codec::ErrorPoint),
        ("edidate", _) => time::edidate(&codec.arguments),
        (name, _) if LATER.contains(&name) => {
            Err(format!("the codec `{name}` is part of the language but not of this version"))
        }
        (name, _) => {
            let known = NAMES.iter().chain(LATER).copied();
            if NAMES.contains(&name) {
                return Err(format!("`{name}` does not take these arguments"));
            }
            let near = dragoman_model::nearest(name, known).map(|near| format!("; did you mean `{near}`?"));
            Err(format!("there is no codec `{name}`{}", near.unwrap_or_default()))
        }
    }
}

const NAMES: &[&str] = &[
    "int", "decimal", "bool", "money", "measure", "instant", "datetime", "edidate", "split", "join", "text",
    "table", "state", "prefix", "between", "pointer",
];

/// Codecs of the language that no shipped mapping needs yet.
const LATER: &[&str] = &[
    "percent",
    "price",
    "ediperiod",
    "country",
    "currency",
    "hs",
    "pad",
    "upper",
    "html",
    "offset",
    "nested",
    "masked",
    "astext",
];
