//! What a check demands, compiled.

use dragoman_model::Decimal;
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
    /// It has this in it: `GroMasGDS46 contains "+"`.
    Contains(Way, Box<str>),
    /// The values are 1, 2, 3 … in the order of the message: `/GOOITEGDS/IteNumGDS7 numbered`.
    Numbered(Way),
    /// Two numbers compare so; never where one is no number.
    Compare(Amount, Compared, Amount),
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
