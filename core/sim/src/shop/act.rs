//! What people do to orders at the platform: they pay, they edit, they cancel a piece.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use toml::Value as Shape;

use crate::json;
use crate::shape::{Spoken, shaped};
use crate::shop::{Items, Order, Shop};

/// What stands where in an order once something was done to it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Acts {
    /// It is placed, and the platform is not done with it: nobody has paid.
    pub pend: BTreeMap<String, Shape>,
    /// The platform is done with it.
    pub settle: BTreeMap<String, Shape>,
    /// It is edited: `${text}` is what somebody wrote.
    pub edit: BTreeMap<String, Shape>,
}

/// Something that people do to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// The order's id.
    pub order: String,
    /// What they do.
    pub does: Does,
    /// What they write.
    #[serde(default)]
    pub text: String,
    /// True where the time of the last change stays.
    #[serde(default)]
    pub quiet: bool,
}

/// What people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Does {
    /// They leave it unpaid.
    Pend,
    /// They pay.
    Settle,
    /// They edit it.
    Edit,
    /// They cancel one piece.
    Cancel,
}

impl Acts {
    /// What stands where once that was done.
    fn of(&self, does: Does) -> Option<&BTreeMap<String, Shape>> {
        match does {
            Does::Pend => Some(&self.pend),
            Does::Settle => Some(&self.settle),
            Does::Edit => Some(&self.edit),
            Does::Cancel => None,
        }
    }
}

impl Order {
    /// Does something to it; false where that cannot be done.
    pub fn act(&mut self, shop: &Shop, does: Does, text: &str) -> bool {
        let Some(changes) = shop.acts.of(does) else { return self.cancel(shop) };
        let spoken = Spoken::default().text("text", text);
        for (path, shape) in changes {
            if let Some(value) = shaped(shape, &spoken) {
                json::set(&mut self.content, path, value);
            }
        }
        self.pending = match does {
            Does::Pend => true,
            Does::Settle => false,
            Does::Edit | Does::Cancel => self.pending,
        };
        !changes.is_empty()
    }

    /// Cancels one piece of the item that has most of them open; an order of one piece is not partly cancelled.
    fn cancel(&mut self, shop: &Shop) -> bool {
        let open = self.open_items(shop);
        let total: u64 = open.iter().map(|(_, open)| open).sum();
        let Some((id, _)) = open.into_iter().max_by_key(|(_, open)| *open).filter(|_| total > 1) else {
            return false;
        };
        let items = json::entries_mut(&mut self.content, &shop.items.at);
        let item = items.iter_mut().find(|item| json::text(item, &shop.items.id).as_deref() == Some(&*id));
        item.is_some_and(|item| shop.items.cancel(item))
    }
}

impl Items {
    /// Cancels one piece of an item; false where there is none.
    fn cancel(&self, item: &mut Value) -> bool {
        let count = |item: &Value, path: &str| json::text(item, path)?.parse::<u64>().ok();
        let Some(left) = count(item, &self.ordered).and_then(|ordered| ordered.checked_sub(1)) else {
            return false;
        };
        json::set_number(item, &self.ordered, left);
        if let Some(open) = self.open.as_deref().filter(|open| *open != self.ordered) {
            let left = count(item, open).unwrap_or(left + 1).saturating_sub(1);
            json::set_number(item, open, left);
        }
        if let Some(cancelled) = &self.cancelled {
            let before = count(item, cancelled).unwrap_or_default();
            json::set_number(item, cancelled, before + 1);
        }
        true
    }
}
