//! Parcels: what was sent of an order.

use serde::Deserialize;
use serde_json::Value;

use crate::json;
use crate::shape::Spoken;
use crate::shop::{Order, Shop};

/// Something that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Its number in the order.
    pub number: String,
    /// Its tracking number.
    pub tracking: String,
    /// Who carries it.
    pub carrier: String,
    /// The ids of items, and how many pieces of each.
    pub lines: Vec<(String, u64)>,
}

/// How a request says what was sent: places in its body.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ship {
    /// What has to be there.
    pub needs: Vec<String>,
    /// The parcel's number, where it has one: the same number replaces what was said before.
    pub number: Option<String>,
    /// The tracking number.
    pub tracking: String,
    /// The carrier.
    pub carrier: String,
    /// The lines; without them it is no more than a word, or `whole`.
    pub lines: Option<String>,
    /// In a line: what it is of.
    #[serde(default)]
    pub line: String,
    /// In a line: how many pieces; all that are open, where it does not say it.
    pub quantity: Option<String>,
    /// True where everything that is open is sent, and something has to be.
    #[serde(default)]
    pub whole: bool,
    /// True where the same tracking number is told once.
    #[serde(default)]
    pub unique: bool,
}

/// Why a platform does not take a parcel, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

impl Ship {
    /// The lines of a request.
    fn lines(&self, body: &Value) -> Vec<(String, Option<u64>)> {
        let lines = self.lines.iter().flat_map(|path| json::all(body, path)).flat_map(json::entries);
        let line = |line: &Value| {
            let id = match &*self.line {
                "" => json::value(line)?,
                path => json::text(line, path)?,
            };
            match &self.quantity {
                Some(path) => Some((id, Some(json::text(line, path)?.parse().ok()?))),
                None => Some((id, None)),
            }
        };
        lines.filter_map(line).collect()
    }

    /// The line that tells which order a request is about, where it does not say it.
    pub fn first_line(&self, body: &Value) -> Option<String> {
        self.lines(body).into_iter().next().map(|(line, _)| line)
    }

    /// Sends a parcel of an order.
    pub fn send(&self, shop: &Shop, order: &mut Order, body: &Value) -> Result<(), Refused> {
        if let Some(missing) = self.needs.iter().find(|path| json::all(body, path).is_empty()) {
            return Err(Refused(format!("{missing} is missing")));
        }
        let number = match &self.number {
            Some(path) => json::text(body, path).ok_or_else(|| Refused(format!("{path} is missing")))?,
            None => (order.parcels.len() + 1).to_string(),
        };
        let tracking = json::text(body, &self.tracking).unwrap_or_default();
        if self.unique && order.parcels.iter().any(|parcel| parcel.tracking == tracking) {
            return Err(Refused(format!("{tracking} was told already")));
        }
        let place = order.parcels.iter().position(|parcel| parcel.number == number);
        let before = place.map(|at| order.parcels.remove(at));
        let text = |path: &str| json::text(body, path).unwrap_or_default();
        let parcel = self.checked(shop, order, body).map(|lines| Parcel {
            number,
            tracking,
            carrier: text(&self.carrier),
            lines,
        });
        let refused = parcel.as_ref().err().cloned();
        let at = place.unwrap_or(order.parcels.len());
        if let Some(parcel) = parcel.ok().or(before) {
            order.parcels.insert(at, parcel);
        }
        refused.map_or(Ok(()), Err)
    }

    /// The lines, each of an item of the order and of no more pieces than are open.
    fn checked(&self, shop: &Shop, order: &Order, body: &Value) -> Result<Vec<(String, u64)>, Refused> {
        let open = order.open_items(shop);
        let Some(path) = &self.lines else {
            let open: Vec<_> = open.into_iter().filter(|(_, open)| self.whole && *open > 0).collect();
            let is_over = self.whole && open.is_empty();
            return if is_over { Err(Refused("it was shipped already".to_owned())) } else { Ok(open) };
        };
        let lines = self.lines(body);
        if lines.is_empty() {
            return Err(Refused(format!("{path} has no lines")));
        }
        let mut checked = Vec::new();
        for (line, quantity) in lines {
            let item = order.item(shop, &line).ok_or_else(|| Refused(format!("there is no item {line}")))?;
            let left = open.iter().find(|(known, _)| *known == item).map_or(0, |(_, open)| *open);
            let quantity = quantity.unwrap_or(left);
            if quantity == 0 || quantity > left {
                return Err(Refused(format!("{quantity} of item {line} is not between 1 and {left}")));
            }
            checked.push((item, quantity));
        }
        Ok(checked)
    }
}

impl Parcel {
    /// What a shape can say of it.
    pub(crate) fn spoken(&self) -> Spoken {
        let line = |(item, quantity): &(String, u64)| serde_json::json!({ "orderItemId": item, "quantity": quantity });
        let lines: Vec<Value> = self.lines.iter().map(line).collect();
        Spoken::default()
            .text("number", &*self.number)
            .text("tracking", &*self.tracking)
            .text("carrier", &*self.carrier)
            .value("lines", lines)
    }
}
