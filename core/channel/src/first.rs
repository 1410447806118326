//! What is asked before something is told, so that nothing is told twice and only what is open there is closed.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::content::{At, Content, Path};
use crate::http::Answer;
use crate::predicate::Predicate;
use crate::span::Name;
use crate::template::{Encoding, Template};
use crate::values::Values;

/// An operation that is asked before another one.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct First {
    /// The operation.
    pub operation: Name,
    /// Where its answer shows that it has been done before.
    pub already: Option<Already>,
    /// What its answer says where there is nothing to tell: it is as good as done.
    pub unless: Option<Predicate>,
    /// How the parcel's lines are shared out over what is open.
    pub share: Option<Share>,
}

/// A value in an answer that shows that something has been done before.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Already {
    /// Where it stands.
    pub path: Path,
    /// The value.
    pub is: Template,
}

/// How `shipment.lines` are shared out over groups of open parts, such as the fulfilment orders of an order that ships
/// from several places. It makes the list `shared`: its entries have `by` and the list `parts` with `id` and
/// `quantity`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The groups.
    pub groups: Path,
    /// Which of them are open.
    pub when: Option<Predicate>,
    /// In a group: its id.
    pub by: Path,
    /// In a group: its parts.
    pub parts: Path,
    /// In a part: its id.
    pub part: Path,
    /// In a part: the order line that it is of.
    pub line: Path,
    /// What stands there for a line of the parcel; its `id`, where nothing is said.
    pub is: Option<Template>,
    /// In a part: how many pieces are open.
    pub left: Path,
}

/// What the answer to the first question says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    /// Go on, with these values as well.
    Open(Values),
    /// It has been done before.
    AlreadyDone,
    /// Not so many pieces of a line are open there as the parcel has.
    Short {
        /// The platform's id of the order line.
        line: String,
        /// How many the parcel has and nothing is open for.
        lacking: u64,
    },
}

impl First {
    /// Reads the answer to the first question.
    pub fn read(&self, answer: &Answer, values: &Values) -> Before {
        let content = Content::read(&answer.body);
        let is_done = self.already.as_ref().is_some_and(|already| already.holds(&content, values));
        if is_done || self.unless.as_ref().is_some_and(|unless| unless.holds(answer, &content)) {
            return Before::AlreadyDone;
        }
        self.share.as_ref().map_or_else(|| Before::Open(Values::new()), |share| share.of(&content, values))
    }
}

impl Already {
    fn holds(&self, content: &Content<'_>, values: &Values) -> bool {
        let Ok(wanted) = self.is.fill(values, Encoding::Plain) else { return false };
        content.root().all(&self.path).into_iter().any(|at| at.value() == Some(wanted.trim()))
    }
}

impl Share {
    fn of(&self, content: &Content<'_>, values: &Values) -> Before {
        let lines = values.list("shipment.lines").iter();
        let mut wanted: Vec<(String, u64)> = Vec::new();
        for line in lines {
            let within = values.within("shipment.lines", line);
            let written = self.is.as_ref().and_then(|is| is.fill(&within, Encoding::Plain).ok());
            let id = written.as_deref().or(line.get("id")).unwrap_or_default();
            let quantity = line.get("quantity").and_then(|text| text.parse().ok()).unwrap_or_default();
            match wanted.iter_mut().find(|(known, _)| known == id) {
                Some((_, known)) => *known = known.saturating_add(quantity),
                None => wanted.push((id.to_owned(), quantity)),
            }
        }
        let mut shared = Vec::new();
        let is_open = |group: &At<'_>| self.when.as_ref().is_none_or(|when| when.holds_of(*group));
        for group in content.root().all(&self.groups).into_iter().filter(is_open) {
            let parts: Vec<_> =
                group.all(&self.parts).into_iter().filter_map(|part| self.take(part, &mut wanted)).collect();
            if let (Some(by), false) = (group.text(&self.by), parts.is_empty()) {
                let mut entry = Values::new().with("by", by);
                entry.set_list("parts", parts);
                shared.push(entry);
            }
        }
        if let Some((line, lacking)) = wanted.into_iter().find(|(_, lacking)| *lacking > 0) {
            return Before::Short { line, lacking };
        }
        let mut values = Values::new();
        values.set_list("shared", shared);
        Before::Open(values)
    }

    /// Takes from a part as much as is open in it and still wanted.
    fn take(&self, part: At<'_>, wanted: &mut [(String, u64)]) -> Option<Values> {
        let (id, line) = (part.text(&self.part)?, part.text(&self.line)?);
        let left: u64 = part.text(&self.left)?.parse().ok()?;
        let (_, open) = wanted.iter_mut().find(|(known, _)| known == line)?;
        let quantity = left.min(*open);
        *open -= quantity;
        (quantity > 0).then(|| Values::new().with("id", id).with("quantity", quantity.to_string()))
    }
}
