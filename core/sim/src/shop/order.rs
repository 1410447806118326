//! One order of a platform.

use dragoman_channel::{Encoding, Values};
use jiff::{Timestamp, Unit};
use serde_json::Value;

use crate::json;
use crate::shape::{Spoken, shaped};
use crate::shop::{Items, Parcel, Shop};

/// An order: what was ordered, and what has been sent of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: String,
    /// When it was created.
    pub created: Timestamp,
    /// When it was changed last.
    pub updated: Timestamp,
    /// As it was placed.
    pub(crate) content: Value,
    pub(crate) parcels: Vec<Parcel>,
    /// True while the platform is not done with it.
    pub(crate) pending: bool,
}

impl Order {
    /// An order as a platform writes it. `at` is when it is placed; where there is none, when it says itself. `None`
    /// where it has no id or no times.
    pub fn read(shop: &Shop, content: Value, at: Option<Timestamp>) -> Option<Self> {
        let id = json::text(&content, &shop.id)?;
        let stated = |path: &str| shop.times.read(&json::text(&content, path)?);
        let created = at.or_else(|| stated(&shop.created))?;
        let updated = at.or_else(|| stated(&shop.updated)).unwrap_or(created);
        Some(Self {
            id,
            created: whole(created),
            updated: whole(updated),
            content,
            parcels: Vec::new(),
            pending: false,
        })
    }

    /// As the platform shows it.
    pub fn shown(&self, shop: &Shop) -> Value {
        let mut shown = self.content.clone();
        json::set(&mut shown, &shop.created, shop.times.write(self.created));
        if !shop.updated.is_empty() {
            json::set(&mut shown, &shop.updated, shop.times.write(self.updated));
        }
        if !self.parcels.is_empty() {
            self.show_sent(shop, &mut shown);
        }
        if let Some(parts) = &shop.parts {
            let open = self.open_items(shop);
            let status = if open.iter().any(|(_, open)| *open > 0) { &parts.open } else { &parts.closed };
            let entries: Vec<Value> = open
                .iter()
                .filter_map(|(item, open)| {
                    let spoken = Spoken { texts: self.values(item), ..Spoken::default() };
                    shaped(&parts.part, &spoken.value("open", *open))
                })
                .collect();
            let spoken = Spoken { texts: self.values(""), ..Spoken::default() };
            let spoken = spoken.text("status", status).value("parts", entries);
            if let Some(value) = shaped(&parts.json, &spoken) {
                json::set(&mut shown, &parts.at, value);
            }
        }
        shown
    }

    /// The parcels as the platform shows them.
    pub fn shown_parcels(&self, shop: &Shop) -> Vec<Value> {
        self.parcels.iter().filter_map(|parcel| shaped(&shop.parcels.json, &parcel.spoken())).collect()
    }

    fn show_sent(&self, shop: &Shop, shown: &mut Value) {
        let open = self.open_items(shop);
        let is_all = open.iter().all(|(_, open)| *open == 0);
        let word = if is_all { &shop.status.all } else { &shop.status.some };
        if let Some(word) = word {
            json::set(shown, &shop.status.at, word.as_str().into());
        }
        if let Some(at) = &shop.parcels.at {
            json::set(shown, at, self.shown_parcels(shop).into());
        }
        for item in json::entries_mut(shown, &shop.items.at) {
            let id = json::text(item, &shop.items.id).unwrap_or_default();
            let left = open.iter().find(|(known, _)| *known == id).map_or(0, |(_, open)| *open);
            shop.items.show_parcels(item, &id, &self.parcels);
            if let Some(sent) = &shop.items.sent {
                json::set_number(item, sent, self.sent(&id));
            }
            if let Some(open) = &shop.items.open {
                json::set_number(item, open, left);
            }
        }
    }

    /// How many pieces of each item are still to be sent.
    pub fn open_items(&self, shop: &Shop) -> Vec<(String, u64)> {
        let items = json::all(&self.content, &shop.items.at).into_iter().flat_map(json::entries);
        items
            .filter_map(|item| {
                let id = json::text(item, &shop.items.id)?;
                let ordered: u64 = match &*shop.items.ordered {
                    "" => 1,
                    path => json::text(item, path)?.parse().ok()?,
                };
                let open = ordered.saturating_sub(self.sent(&id));
                Some((id, open))
            })
            .collect()
    }

    fn sent(&self, item: &str) -> u64 {
        let lines = self.parcels.iter().flat_map(|parcel| &parcel.lines);
        lines.filter(|(line, _)| line == item).map(|(_, quantity)| quantity).sum()
    }

    /// True where a line of a parcel can be of it.
    pub fn has_item(&self, shop: &Shop, line: &str) -> bool {
        self.item(shop, line).is_some()
    }

    /// Notes that it was changed.
    pub fn change(&mut self, now: Timestamp) {
        self.updated = whole(now).max(self.updated);
    }

    /// The parcels that were sent of it.
    pub fn parcels(&self) -> &[Parcel] {
        &self.parcels
    }

    /// True while the platform is not done with it.
    pub const fn is_pending(&self) -> bool {
        self.pending
    }

    /// The item that a line of a parcel names: by its own id, or by that of its part.
    pub(crate) fn item(&self, shop: &Shop, line: &str) -> Option<String> {
        let is_it = |item: &str| {
            let part =
                shop.parts.as_ref().and_then(|parts| parts.id.fill(&self.values(item), Encoding::Plain).ok());
            item == line || part.as_deref() == Some(line)
        };
        self.open_items(shop).into_iter().map(|(item, _)| item).find(|item| is_it(item))
    }

    fn values(&self, item: &str) -> Values {
        let mut values = Values::new();
        values.set("order", last_step(&self.id)).set("line", last_step(item)).set("item", item);
        values
    }
}

impl Items {
    /// Shows in an item what was sent of it.
    fn show_parcels(&self, item: &mut Value, id: &str, parcels: &[Parcel]) {
        let pieces = |parcel: &Parcel| -> u64 {
            parcel.lines.iter().filter(|(line, _)| line == id).map(|(_, pieces)| pieces).sum()
        };
        let of_it: Vec<_> = parcels.iter().filter(|parcel| pieces(parcel) > 0).collect();
        let Some(last) = of_it.last() else { return };
        let sent: u64 = of_it.iter().map(|parcel| pieces(parcel)).sum();
        for (path, shape) in &self.told {
            if let Some(value) = shaped(shape, &last.spoken().text("pieces", sent.to_string())) {
                json::set(item, path, value);
            }
        }
        if let Some((at, shown)) = self.parcels.as_ref().and_then(|shown| Some((shown.at.as_ref()?, shown))) {
            let one = |parcel: &&Parcel| {
                shaped(&shown.json, &parcel.spoken().text("pieces", pieces(parcel).to_string()))
            };
            json::set(item, at, of_it.iter().filter_map(one).collect());
        }
    }
}

/// The last step of an id such as `gid://shop/Order/1001`.
pub(crate) fn last_step(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// A moment without parts of a second.
pub(crate) fn whole(at: Timestamp) -> Timestamp {
    at.round(jiff::TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Trunc)).unwrap_or(at)
}
