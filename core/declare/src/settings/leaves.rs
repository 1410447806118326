//! The values of a TOML file with their keys and bytes.

use std::ops::Range;

use dragoman_mapping::language::LoadError;
use dragoman_tree::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One step of a key: a name, and the index inside an array.
pub(super) type Step = (String, Option<usize>);

/// A value with its key.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub steps: Vec<Step>,
    pub value: String,
    /// The bytes of the value, those of a string between its quotes.
    pub span: Span,
    /// The bytes of the key.
    pub key: Range<usize>,
}

impl Leaf {
    /// The key as it is written: `authorisation[0].holder`.
    pub fn name(&self) -> String {
        let word = |(name, index): &Step| match index {
            Some(index) => format!("{name}[{index}]"),
            None => name.clone(),
        };
        self.steps.iter().map(word).collect::<Vec<_>>().join(".")
    }

    /// True where the key begins with this name.
    pub fn is_in(&self, name: &str) -> bool {
        self.steps.first().is_some_and(|(first, _)| first == name)
    }

    /// The error that this value is wrong.
    pub fn wrong(&self, file: &str, message: impl Into<String>) -> LoadError {
        LoadError::new(file, &self.span.range(), message)
    }
}

/// All values of a file, in the file's order.
pub(super) fn leaves(file: &str, text: &str) -> Result<Vec<Leaf>, LoadError> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        LoadError::new(file, &at, error.message())
    })?;
    let mut leaves = Vec::new();
    walk(text, table.get_ref(), &[], &mut leaves);
    leaves.sort_by_key(|leaf| leaf.span.start);
    Ok(leaves)
}

fn walk(text: &str, table: &DeTable<'_>, above: &[Step], leaves: &mut Vec<Leaf>) {
    for (key, value) in table {
        let mut steps = above.to_vec();
        steps.push((key.get_ref().to_string(), None));
        one(text, value, &steps, &key.span(), leaves);
    }
}

fn one(text: &str, value: &Spanned<DeValue<'_>>, steps: &[Step], key: &Range<usize>, leaves: &mut Vec<Leaf>) {
    let literal = match value.get_ref() {
        DeValue::Table(table) => return walk(text, table, steps, leaves),
        DeValue::Array(array) => {
            for (index, entry) in array.iter().enumerate() {
                let mut steps = steps.to_vec();
                if let Some((_, at)) = steps.last_mut() {
                    *at = Some(index);
                }
                one(text, entry, &steps, key, leaves);
            }
            return;
        }
        DeValue::String(string) => string.to_string(),
        DeValue::Integer(integer) => integer.as_str().to_owned(),
        DeValue::Float(float) => float.as_str().to_owned(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(time) => time.to_string(),
    };
    let span = inner(text, value.span(), &literal);
    leaves.push(Leaf { steps: steps.to_vec(), value: literal, span, key: key.clone() });
}

/// The bytes of a literal without its quotes, where it stands there as it is.
fn inner(text: &str, at: Range<usize>, literal: &str) -> Span {
    let written = text.get(at.clone()).unwrap_or_default();
    match written.find(literal) {
        Some(offset) => Span::of(at.start + offset, at.start + offset + literal.len()),
        None => Span::of(at.start, at.end),
    }
}
