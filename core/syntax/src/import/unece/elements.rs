//! Segment, composite and element directories.

use std::collections::BTreeMap;

use super::ImportError;
use super::archive::Text;
use super::text::{Line, Row, blocks, error, rows, unmarked};

/// A data element or composite in a segment, or a component in a composite. Neighbours of one number are one
/// use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Its number.
    pub id: String,
    /// True where the first must be there.
    pub mandatory: bool,
    /// How often it stands there.
    pub times: u32,
    /// True where it repeats at one position, false where each occurrence has a position of its own.
    pub repeats: bool,
    /// `an..35` for a simple data element or a component, empty for a composite.
    pub form: String,
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its name, in capitals.
    pub name: String,
    /// Its data elements.
    pub uses: Vec<Use>,
}

/// A composite data element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composite {
    /// Its name, in capitals.
    pub name: String,
    /// Its components.
    pub uses: Vec<Use>,
}

/// A simple data element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// `an..35`.
    pub form: String,
}

/// Reads EDSD or TRSD.
pub(super) fn segments(text: &Text) -> Result<BTreeMap<String, Segment>, ImportError> {
    let is_tag = |id: &str| id.len() == 3 && id.bytes().all(|byte| byte.is_ascii_uppercase());
    let all = blocks(&text.content).into_iter().filter_map(|block| {
        let (tag, name) = heading(&block, is_tag)?;
        let uses = rows(text, &block).map(joined);
        Some(uses.map(|uses| (tag.to_owned(), Segment { name: name.to_owned(), uses })))
    });
    all.collect()
}

/// Reads EDCD or TRCD.
pub(super) fn composites(text: &Text) -> Result<BTreeMap<String, Composite>, ImportError> {
    let is_number = |id: &str| id.len() == 4 && id.strip_prefix('C').is_some_and(digits);
    let all = blocks(&text.content).into_iter().filter_map(|block| {
        let (number, name) = heading(&block, is_number)?;
        let uses = rows(text, &block).map(joined);
        Some(uses.map(|uses| (number.to_owned(), Composite { name: name.to_owned(), uses })))
    });
    all.collect()
}

/// Reads EDED or TRED.
pub(super) fn elements(text: &Text) -> Result<BTreeMap<String, Element>, ImportError> {
    let all = blocks(&text.content).into_iter().filter_map(|block| {
        let (number, name) = heading(&block, |id| id.len() == 4 && digits(id))?;
        let name = name.rsplit_once('[').map_or(name, |(name, _)| name.trim_end()).to_owned();
        let form = block.iter().find_map(|(_, line)| line.trim_start().strip_prefix("Repr:"));
        let at = block.first().map_or(0, |(at, _)| *at);
        let form = form.ok_or_else(|| error(text, at, format!("element {number} has no representation")));
        Some(form.map(|form| (number.to_owned(), Element { name, form: form.trim().replace(' ', "") })))
    });
    all.collect()
}

/// The number and name that begin a block.
fn heading<'t>(block: &[Line<'t>], is_number: impl Fn(&str) -> bool) -> Option<(&'t str, &'t str)> {
    let (number, name) = unmarked(block.first()?.1).split_once(' ')?;
    is_number(number).then_some((number, name.trim()))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Joins neighbours of one number and form into one use that takes several positions. Only the first may be
/// mandatory.
fn joined(rows: Vec<Row>) -> Vec<Use> {
    let mut uses: Vec<Use> = Vec::new();
    for row in rows {
        let Row { id, mandatory, times, form } = row;
        match uses.last_mut() {
            Some(last) if last.id == id && last.form == form && !mandatory && times == 1 && !last.repeats => {
                last.times += 1;
            }
            _ => uses.push(Use { id, mandatory, times, repeats: times > 1, form }),
        }
    }
    uses
}
