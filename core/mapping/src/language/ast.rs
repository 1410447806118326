//! The mapping language as a syntax tree. Every part that a message can point at carries its byte range.

use std::ops::Range;
use std::sync::Arc;

use dragoman_syntax::grammar::Syntax;

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

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The whole rule, without its block.
    pub at: At,
    /// Its line, from 1.
    pub line: u32,
    /// The mapping that it stands in.
    pub file: Arc<str>,
    /// What it says.
    pub kind: RuleKind,
}

/// What a rule says.
#[derive(Clone, Debug)]
pub enum RuleKind {
    /// `left <=> right …`.
    Map(Box<Map>),
    /// `const PATH = "…" [keep]`.
    Const {
        /// The wire leaf.
        path: WirePath,
        /// Its only value.
        value: Spanned<String>,
        /// Another value is kept as an extension.
        keep: bool,
    },
    /// `fixed PATH = "…"`.
    Fixed {
        /// The canonical leaf.
        path: CanonicalPath,
        /// Its value.
        value: Spanned<String>,
    },
    /// `choose PATH [<=> WIRE] { arms }`.
    Choose(Box<Choose>),
    /// `use [FILE:]PART [(ARGUMENT)] [: sparse]`.
    Use(Use),
    /// `drop PATH`, in an overlay.
    Drop(Dropped),
    /// `ignore PATH because "…"`.
    Ignore {
        /// The wire leaf or branch.
        path: WirePath,
        /// The reason.
        why: Spanned<String>,
    },
    /// `check a * b = c [within "…"]`.
    Check(Box<Check>),
}

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

/// A wire path, perhaps spread over cells: `FTX[4451 = "AAA"] >> 4440`.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The path.
    pub path: WirePath,
    /// The cells below each occurrence of it.
    pub cells: Option<WirePath>,
}

/// `name.name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalPath {
    /// Its names.
    pub names: Vec<String>,
    /// Where it stands.
    pub at: At,
}

/// `step/step` or `step.step`; empty is `.`.
#[derive(Clone, Debug)]
pub struct WirePath {
    /// Its steps.
    pub steps: Vec<Step>,
    /// Where it stands.
    pub at: At,
}

/// One step of a wire path.
#[derive(Clone, Debug)]
pub struct Step {
    /// The name, `<RFF>` for a segment group. May hold `${x}` in a part.
    pub name: String,
    /// `@name`.
    pub attribute: bool,
    /// `{role}name`: the prefix of the namespace that tells twins apart.
    pub role: Option<String>,
    /// `name#2`: the second place of that name in the grammar.
    pub nth_place: Option<u32>,
    /// `[]` behind a JSON member, as people write lists there.
    pub repeats: bool,
    /// What selects among repeats.
    pub predicates: Vec<Predicate>,
    /// Where it stands.
    pub at: At,
}

/// What selects among repeats.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// `[a = "x" and b = "y"]`.
    Conditions(Vec<Condition>),
    /// `[2]`.
    Nth(u32),
    /// `[2..]`.
    From(u32),
    /// `[rest]`.
    Rest(At),
}

/// `path = "x"`, `path in ("x", "y")`, `path != "x"`, `!path`, `path`.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The leaf that is looked at.
    pub path: WirePath,
    /// What must hold.
    pub test: Test,
    /// Where it stands.
    pub at: At,
}

/// What must hold of a leaf.
#[derive(Clone, Debug)]
pub enum Test {
    /// One of these values.
    In(Vec<String>),
    /// Present, and not this value.
    Not(String),
    /// The whole value matches.
    Matches(String),
    /// Not there.
    Absent,
    /// There.
    Present,
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

/// A flag of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Flag {
    /// `derived`, `derived count(goods_items)`.
    Derived(Option<(Derivation, CanonicalPath)>),
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

/// `choose kind <=> TypeCode { amendment = "COR" : sparse … }`.
#[derive(Clone, Debug)]
pub struct Choose {
    /// The canonical leaf that names the arm, or that is looked at where there is no wire leaf.
    pub path: CanonicalPath,
    /// The wire leaf that selects.
    pub wire: Option<WirePath>,
    /// The arms.
    pub arms: Vec<Arm>,
}

/// An arm of a choice.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its name: the canonical value.
    pub name: Spanned<String>,
    /// The values that select it.
    pub test: ArmTest,
    /// `: sparse`.
    pub sparse: bool,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// What selects an arm.
#[derive(Clone, Debug)]
pub enum ArmTest {
    /// The name of the arm itself.
    Name,
    /// One of these; the first is written.
    Literals(Vec<Spanned<String>>),
    /// A value that matches whole; what is written comes from a rule inside.
    Regex(Spanned<String>),
}

/// `use FILE:PART(ARGUMENT) : sparse`.
#[derive(Clone, Debug)]
pub struct Use {
    /// The mapping that has the part, where it is another one.
    pub file: Option<Spanned<String>>,
    /// The part.
    pub part: Spanned<String>,
    /// The argument.
    pub argument: Option<String>,
    /// Absent is unchanged: nothing mandatory, derived or defaulted.
    pub sparse: bool,
}

/// What an overlay takes away.
#[derive(Clone, Debug)]
pub enum Dropped {
    /// A line by its left side.
    Left(CanonicalPath),
    /// `drop const PATH`.
    Const(WirePath),
    /// `drop ignore PATH`.
    Ignore(WirePath),
}

/// `check a * b = c within "0.01"`.
#[derive(Clone, Debug)]
pub struct Check {
    /// First operand.
    pub left: CanonicalPath,
    /// `*`, `+` or `-`.
    pub operator: char,
    /// Second operand.
    pub right: CanonicalPath,
    /// The stated result.
    pub result: CanonicalPath,
    /// The largest difference that is let pass, a decimal literal.
    pub within: Option<Spanned<String>>,
}
