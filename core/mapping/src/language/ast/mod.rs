//! The mapping language as a syntax tree. Every part that a message can point at carries its byte range.

mod line;
mod path;
mod rule;

use std::ops::Range;

use dragoman_syntax::grammar::Syntax;
pub use line::{Argument, Arrow, Body, Codec, Derivation, Flag, Left, Map, Right};
pub use path::{CanonicalPath, Condition, Predicate, Selector, Step, Test, WirePath};
pub use rule::{Arm, ArmTest, Check, Choose, Dropped, Rule, RuleKind, Use};

/// Bytes of a `.map` file.
pub type At = Range<usize>;

/// A name or literal with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub is: T,
    /// Where it stands.
    pub at: At,
}

/// A whole file.
#[derive(Clone, Debug)]
pub struct File {
    /// `mapping 1 NAME`.
    pub name: Spanned<String>,
    /// `base NAME`: the file is an overlay, and says only what differs.
    pub base: Option<Spanned<String>>,
    /// `model Declaration`; an overlay may leave it to its base.
    pub model: Option<Spanned<String>>,
    /// `wire …`; an overlay may leave it to its base.
    pub wire: Option<Wire>,
    /// The lines between `wire` and the first part or rule.
    pub settings: Vec<Setting>,
    /// Named blocks.
    pub parts: Vec<Part>,
    /// The rules of the document.
    pub rules: Vec<Rule>,
}

/// `wire xml MetaData grammar wco/dms-3.6`.
#[derive(Clone, Debug)]
pub struct Wire {
    /// The syntax.
    pub syntax: Syntax,
    /// The root element or message.
    pub root: Option<Spanned<String>>,
    /// The grammars that are read.
    pub grammars: Vec<Spanned<String>>,
    /// The grammar that is written; the first where not said.
    pub write: Option<Spanned<String>>,
}

/// A line that is about the whole file.
#[derive(Clone, Debug)]
pub enum Setting {
    /// Where documents stand in a message.
    Root(Vec<WirePath>),
    /// The elements that may stand around a message; the message's own root follows.
    Inside {
        /// From the outermost.
        path: WirePath,
        /// The message may come without.
        optional: bool,
    },
    /// Another name for what different directories call differently.
    Alias(Spanned<String>, Vec<Spanned<String>>),
    /// What reads as no value.
    Absent(Vec<Spanned<Absent>>),
    /// How `auto` knows the message.
    Recognise(Vec<Condition>),
    /// Else this is no such document.
    Require(Condition),
}

/// A form of "no value".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absent {
    /// JSON `null`.
    Null,
    /// An element or member without content.
    Empty,
    /// That text.
    Literal(String),
}

/// `part NAME (param) { … }`.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub name: Spanned<String>,
    /// Its parameter.
    pub parameter: Option<String>,
    /// Its rules.
    pub rules: Vec<Rule>,
}
