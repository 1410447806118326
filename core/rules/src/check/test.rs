//! What a check demands, compiled.

use std::sync::Arc;

use dragoman_model::{CodeList, Decimal, Listed};
use dragoman_tree::PlaceId;
use regex::Regex;

use crate::condition::Order;

/// A test. Of several values at the end of a way, one that fits is enough. White space around a value does not
/// count, unless a test is exact.
#[derive(Clone, Debug)]
pub enum Test {
    /// All of these hold.
    All(Vec<Test>),
    /// One of these holds at least.
    Any(Vec<Test>),
    /// This does not hold.
    Not(Box<Test>),
    /// Something is there: `NamCE17`.
    Present(Way),
    /// It is one of these literals: `KinOfPacGS23 in ("VQ", "VG")`, `SpeCirIndHEA1 = "E"`, exactly with `==`.
    In {
        /// What is compared.
        way: Way,
        /// With what.
        literals: Vec<Box<str>>,
        /// White space counts.
        exact: bool,
    },
    /// It is what stands elsewhere: `. = /CUSOFFFENT730/RefNumCUSOFFFENT731`.
    Same {
        /// What is compared.
        left: Way,
        /// With what.
        right: Way,
        /// White space counts.
        exact: bool,
    },
    /// The whole of it matches: `ConRefNumHEA matches "[0-9]+"`.
    Matches(Way, Regex),
    /// It begins with this, exactly: `TINPLD1 begins "GB"`.
    Begins(Way, Box<str>),
    /// It begins with as many characters of what stands elsewhere: `hs6 begins 4 of ../hs6`.
    Alike {
        /// What is compared.
        way: Way,
        /// How many characters.
        count: usize,
        /// With what.
        of: Way,
    },
    /// It has this in it: `GroMasGDS46 contains "+"`.
    Contains(Way, Box<str>),
    /// It is a code of a list: `referenceNumber listed "customs-offices" as "DEP"`.
    Listed(Way, OfList),
    /// The values are 1, 2, 3 … in the order of the message: `/GOOITEGDS/IteNumGDS7 numbered`.
    Numbered(Way),
    /// Two numbers compare so; never where one is no number.
    Compare(Amount, Compared, Amount),
}

/// What a code list has to say of a value.
#[derive(Clone, Debug)]
pub struct OfList {
    /// The list.
    pub list: Arc<CodeList>,
    /// The value may go on behind the code: `UNLocode begins listed "unlocodes"`.
    pub begins: bool,
    /// One of these is said of the code; empty where its being there is enough.
    pub marks: Vec<Box<str>>,
}

impl OfList {
    /// The row of a value, whatever is said of it.
    pub fn row(&self, value: &str) -> Option<Listed<'_>> {
        if self.begins { self.list.beginning(value) } else { self.list.get(value) }
    }

    /// True where the list says of a value what it has to.
    pub fn holds(&self, value: &str) -> bool {
        let row = self.row(value);
        row.is_some_and(|row| self.marks.is_empty() || self.marks.iter().any(|mark| row.has(mark)))
    }
}

impl Test {
    /// The first code list that it asks.
    pub fn list(&self) -> Option<&OfList> {
        match self {
            Self::Listed(_, of) => Some(of),
            Self::Not(part) => part.list(),
            Self::All(parts) | Self::Any(parts) => parts.iter().find_map(Self::list),
            _ => None,
        }
    }
}

/// How numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// `=`
    Equal,
    /// `<`, `<=`, `>`, `>=`
    By(Order),
}

/// A number.
#[derive(Clone, Debug)]
pub enum Amount {
    /// `999`
    Literal(Decimal),
    /// `number(X)`: the first value, where it is one.
    Number(Way),
    /// `count(X)`: how many there are.
    Count(Way),
    /// `sum(X)`: of the values that are numbers.
    Sum(Way),
    /// `distinct(X)`: how many different values there are; with `distinct(exact X)` white space counts.
    Distinct {
        /// Of what.
        way: Way,
        /// White space counts.
        exact: bool,
    },
    /// `sizes(X)`: how many different numbers of members there are.
    Sizes(Way),
    /// `20 % of a`
    Percent(Decimal, Box<Amount>),
    /// `a + b`
    Total(Vec<Amount>),
}

/// The way to what is tested.
#[derive(Clone, Debug)]
pub enum Way {
    /// From the place of the check, or of the predicate.
    Here(Vec<Step>),
    /// From the root, found once a message: an index into the plan's list.
    Kept(usize),
}

/// One step of a way.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where to.
    pub to: To,
    /// Only those of which this holds: `PACGS2[NumOfPacGS24 = "0"]`.
    pub only: Option<Box<Test>>,
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// `.`
    Same,
    /// `..`
    Parent,
    /// The children at a place.
    Child(PlaceId),
}
