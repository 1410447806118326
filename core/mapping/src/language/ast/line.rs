//! Lines that carry values: `left <=> right codec flags`.

use super::{At, CanonicalPath, Rule, Selector, Spanned, Use, WirePath};

/// Which way a line runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrow {
    /// `<=>`.
    Both,
    /// `<=`: document from wire.
    Read,
    /// `=>`: wire from document.
    Write,
}

/// `left <=> right codec flags { … }`.
#[derive(Clone, Debug)]
pub struct Map {
    /// The canonical side.
    pub left: Left,
    /// The direction.
    pub arrow: Arrow,
    /// The wire side.
    pub right: Right,
    /// The codecs, applied left to right when reading.
    pub codecs: Vec<Codec>,
    /// The flags.
    pub flags: Vec<Spanned<Flag>>,
    /// The block below.
    pub body: Option<Body>,
    /// Why the line is one-way.
    pub why: Option<Spanned<String>>,
}

/// What stands below a line.
#[derive(Clone, Debug)]
pub enum Body {
    /// Rules.
    Block(Vec<Rule>),
    /// A part.
    Use(Use),
}

/// The canonical side of a line.
#[derive(Clone, Debug)]
pub enum Left {
    /// `.`: the same object.
    Here(At),
    /// A leaf or object.
    One(CanonicalPath),
    /// `path[] [key NAME]`.
    List {
        /// The list.
        path: CanonicalPath,
        /// The member that identifies an entry.
        key: Option<Spanned<String>>,
    },
    /// `(a, b)`: several leaves that one wire value makes.
    Tuple(Vec<CanonicalPath>),
}

/// The wire side of a line.
#[derive(Clone, Debug)]
pub enum Right {
    /// A path, or alternatives of which the first that is not empty is read.
    Alternatives(Vec<Selector>),
    /// `base@(a, b)`: several leaves that make one value.
    Tuple {
        /// What they are all below; `.` where not said.
        base: Option<WirePath>,
        /// The leaves.
        leaves: Vec<WirePath>,
    },
}

/// `name(arguments)`.
#[derive(Clone, Debug)]
pub struct Codec {
    /// Its name.
    pub name: Spanned<String>,
    /// Its arguments.
    pub arguments: Vec<Argument>,
}

/// An argument of a codec.
#[derive(Clone, Debug)]
pub enum Argument {
    /// `"text"`.
    Literal(Spanned<String>),
    /// `2`.
    Number(Spanned<u32>),
    /// `iso`, `KGM`: a word. Also a wire path of one step.
    Word(Spanned<String>),
    /// `@currencyID`, `a/b`.
    Path(WirePath),
    /// `in invoice.currency`.
    In(CanonicalPath),
    /// `..`.
    Open(At),
}

impl Argument {
    /// The word or literal that it is.
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) | Self::Literal(word) => Some(&word.is),
            _ => None,
        }
    }
}

/// A flag of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Flag {
    /// `derived`, `derived count(goods_items)`.
    Derived(Option<(Derivation, CanonicalPath)>),
    /// `derived position`: the number of the entry in its list.
    Position,
    /// `default "x"`.
    Default(String),
    /// `always`.
    Always,
    /// `empty`.
    Empty,
    /// `wrapped`.
    Wrapped,
    /// `optional`.
    Optional,
    /// `slots(3)`.
    Slots(u32),
    /// `ref(goods_items)`.
    Ref(CanonicalPath),
    /// `only NAME`.
    Only(String),
}

/// How a derived value is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derivation {
    /// The number of entries of a list.
    Count,
    /// The sum of a leaf over the entries of a list.
    Sum,
}
