//! Rules as dated data: which data set a declaration is of, which values follow from law and guidance, what has to be
//! there and what may not be.
//!
//! A file of rules (`mappings/rules/gb.toml`) is loaded once by [`load`]; whoever makes a declaration goes through the
//! rules of a day ([`Rules::on`]) and applies what they say. Conditions are total and run no script. Pure: the day is
//! passed in.
//!
//! What an authority checks in a message that is already made is another thing, [`Checks`]: a file of them
//! (`mappings/rules/ens.toml`) is loaded once by [`load_checks`], and [`findings`] says what does not hold, and where. What
//! several documents of one sale have to say alike is an [`Agreement`].

mod agree;
mod check;
mod condition;
mod finding;
mod load;
mod pattern;
mod rule;
mod subject;
mod template;
#[cfg(test)]
mod tests;

pub use agree::{Agreement, DIFFERS, Entry, LACKS, Located, Made, Stamp, load_agreement};
pub use check::{
    Amount, BROKEN, Broken, Check, Checked, Checks, Compared, OfList, Places, STOPPED, Step as CheckStep,
    Test, To, Way, findings, findings_of,
};
pub use condition::{Condition, MissingRate, Verdict};
pub use finding::{MISSING, NOTE, UNDECIDED, missing, note, undecided};
pub use load::{CheckSources, ConditionText, Level, Loading, load, load_checks};
pub use pattern::{Pattern, Pick, Step};
pub use rule::{Action, Demand, Rule, Rules};
pub use subject::{Fact, Found, Name, Subject};
pub use template::Template;

/// All kinds of findings that this crate raises.
pub fn codes() -> impl Iterator<Item = &'static dragoman_tree::Code> {
    finding::CODES.iter().copied().chain([&BROKEN, &STOPPED]).chain(agree::CODES.iter().copied())
}
