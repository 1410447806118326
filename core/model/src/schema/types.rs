//! The types of fields.

use std::fmt;

use crate::Words;

/// What a place holds. Scalars are nodes of kind String with their literal, bools of kind Bool, the rest
/// objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Type {
    /// A whole document.
    Document,
    /// A group of members that has no name of its own.
    Object,
    /// A group that several places share, by its name in the table: `Party`, `Money` ...
    Shape(&'static str),
    /// An object whose members the schema does not know: `extensions`.
    #[default]
    Open,
    /// A scalar of any type: the value of a change.
    Value,
    /// Text.
    Text,
    /// A decimal number with its literal text.
    Decimal,
    /// A whole number.
    Int,
    /// A rate, exchange rate or percentage.
    Rate,
    /// `true` or `false`.
    Bool,
    /// A code, with the name of the list that fixes it where there is one.
    Code(&'static str),
    /// One of these words.
    Enum(Words),
    /// A day.
    Date,
    /// A point in time.
    DateTime,
    /// A country: ISO 3166-1 alpha-2 or a customs user code.
    Country,
    /// A currency: ISO 4217.
    Currency,
    /// A commodity code of 4 to 12 digits.
    CommodityCode,
    /// A language: ISO 639-1.
    Lang,
    /// `algorithm:hex`.
    Hash,
    /// RFC 9562.
    Uuid,
}

impl Type {
    const PLAIN: [(&'static str, Self); 16] = [
        ("Object", Self::Object),
        ("Open", Self::Open),
        ("Value", Self::Value),
        ("Text", Self::Text),
        ("Decimal", Self::Decimal),
        ("Int", Self::Int),
        ("Rate", Self::Rate),
        ("Bool", Self::Bool),
        ("Date", Self::Date),
        ("DateTime", Self::DateTime),
        ("Country", Self::Country),
        ("Currency", Self::Currency),
        ("CommodityCode", Self::CommodityCode),
        ("Lang", Self::Lang),
        ("Hash", Self::Hash),
        ("Uuid", Self::Uuid),
    ];

    /// The type of a word of the table. Any other name is a shape or document.
    pub(super) fn of(word: &'static str) -> Self {
        if let Some((_, plain)) = Self::PLAIN.iter().find(|(name, _)| *name == word) {
            return *plain;
        }
        let argument = |head: &str| word.strip_prefix(head)?.strip_suffix(')');
        match (word, argument("Code("), argument("Enum(")) {
            ("Code", ..) => Self::Code(""),
            (_, Some(list), _) => Self::Code(list),
            (.., Some(words)) => Self::Enum(Words(words)),
            _ => Self::Shape(word),
        }
    }

    /// True where the place holds members, not a literal.
    pub const fn is_branch(self) -> bool {
        matches!(self, Self::Document | Self::Object | Self::Shape(_) | Self::Open)
    }

    /// True for the shapes that are one value of several leaves: Money, Mass, Quantity, `PartyId`.
    pub fn is_value(self) -> bool {
        matches!(self, Self::Shape("Money" | "Mass" | "Quantity" | "PartyId"))
    }

    /// True where values are compared as numbers.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Decimal | Self::Int | Self::Rate)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Document => f.write_str("Document"),
            Self::Shape(name) => f.write_str(name),
            Self::Code("") => f.write_str("Code"),
            Self::Code(list) => write!(f, "Code({list})"),
            Self::Enum(words) => write!(f, "Enum({})", words.0),
            plain => {
                let name = Self::PLAIN.iter().find(|(_, known)| *known == plain);
                f.write_str(name.map_or("", |(name, _)| name))
            }
        }
    }
}
