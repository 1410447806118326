//! What the lines of an order consist of, told to a platform that sees to the customs clearance itself: a set or a blind box is
//! one line to the buyer, and several goods to customs.

use std::collections::BTreeMap;

use dragoman_model::Decimal;
use dragoman_store::StoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ship::{queue, queued};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::hash::sha256;
use crate::intake::{About, Entry, Held, Taken};
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// What the lines of an order consist of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PartsIn {
    /// The lines.
    pub lines: Vec<PartsLine>,
}

/// What a line consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PartsLine {
    /// The platform's id of the line.
    pub id: String,
    /// Its goods.
    pub parts: Vec<PartIn>,
}

/// One of the goods that a line consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PartIn {
    /// The platform's id of the article.
    pub id: String,
    /// How many pieces.
    pub quantity: String,
    /// Its part of the line's value, a decimal; those of a line sum to 1.
    pub share: String,
}

/// The operation that tells a platform what lines consist of.
const PARTS: &str = "parts";

impl Gateway {
    /// Tells the platform of an order what its lines consist of. The same again changes nothing.
    pub async fn tell_parts(&self, by: &Actor, order: &str, parts: &PartsIn) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let about = self.sold(by, order, PARTS).await?.about(PARTS);
        let lines = parts.lines.iter().map(line).collect::<Answer<Vec<_>>>()?;
        if lines.is_empty() {
            return Err(EngineError::refused("there is no line"));
        }
        let about = About { lists: BTreeMap::from([("order.lines".to_owned(), lines)]), ..about };
        let body = serde_json::to_vec(parts).map_err(EngineError::damaged)?;
        let mut writing = Writing::new(self, by);
        let submission = queue(&mut writing, order, &about, &body)?;
        writing.mark(PARTS, format!("{order}/{}", sha256(&body)), order, Some(&submission));
        match writing.commit().await {
            Ok(_) => Ok(queued(order, Some(submission), false)),
            Err(StoreError::Conflict(mark)) => Ok(queued(order, mark.submission, true)),
            Err(error) => Err(error.into()),
        }
    }
}

/// A line as templates name it. Its shares have to make the whole.
fn line(line: &PartsLine) -> Answer<Entry> {
    let wrong = |what: &str| EngineError::refused(format!("line {}: {what}", line.id));
    let mut sum = Decimal::ZERO;
    let mut parts = Vec::new();
    for part in &line.parts {
        let share: Decimal = part.share.parse().map_err(|_| wrong("a share is a decimal number"))?;
        let quantity: Decimal = part.quantity.parse().map_err(|_| wrong("a quantity is a number"))?;
        if share <= Decimal::ZERO || quantity <= Decimal::ZERO || share > Decimal::ONE {
            return Err(wrong("each part has a quantity and a share above nothing"));
        }
        sum += share;
        let percent = (share * Decimal::ONE_HUNDRED).normalize().to_string();
        let texts =
            [("id", &part.id), ("quantity", &part.quantity), ("share", &part.share), ("percent", &percent)];
        parts.push(
            texts.into_iter().map(|(name, text)| (name.to_owned(), Held::Text(text.clone()))).collect(),
        );
    }
    if sum != Decimal::ONE {
        return Err(wrong("the shares of its parts do not sum to 1"));
    }
    let id = ("id".to_owned(), Held::Text(line.id.clone()));
    Ok(BTreeMap::from([id, (PARTS.to_owned(), Held::List(parts))]))
}
