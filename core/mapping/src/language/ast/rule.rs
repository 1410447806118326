//! Rules: what stands in a document, a part or a block.

use std::sync::Arc;

use super::{At, CanonicalPath, Map, Spanned, WirePath};

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
