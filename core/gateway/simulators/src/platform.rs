//! The platform: its orders, told of, listed, given and sent.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use dragoman_adapters::{Catalogue, Layout, Message, receive, recognise, send};
use dragoman_mapping::canonical;
use dragoman_sim::door::List;
use dragoman_sim::shop::{Act, Order, Orders, Page, Refused, Ship, Unlisted};
use dragoman_sim::{Listing, Pace, Shop, Spoken};
use dragoman_syntax::{Limits, json};
use jiff::Timestamp;
use serde_json::Value;

use crate::serve::SimulatorError;

/// An order as it stands in the books.
#[derive(Clone, Debug, PartialEq)]
pub struct Sold {
    /// Its id.
    pub id: String,
    /// All that the platform can show of it.
    pub shown: Value,
    /// True while the platform is not done with it.
    pub pending: bool,
    /// The tracking numbers of its parcels.
    pub tracking: Vec<String>,
}

/// The platform.
#[derive(Debug)]
pub(crate) struct Platform {
    shop: Shop,
    message: Message,
    catalogue: Arc<Catalogue>,
    orders: RwLock<Orders>,
    /// Orders that come before those that are made up: those of the demonstrations.
    first: Vec<String>,
    /// How many there were of both.
    made: AtomicU64,
}

impl Platform {
    pub fn open(catalogue: &Arc<Catalogue>, adapter: &str, shop: Shop) -> Result<Self, SimulatorError> {
        let message = catalogue.message(&format!("{adapter}/{}", shop.message))?;
        let paths = catalogue.data().paths().filter(|path| path.contains("/demo/orders/"));
        let texts = paths.filter_map(|path| catalogue.data().get(path));
        let is_own = |text: &&str| {
            let known = recognise(catalogue, text.as_bytes());
            known.is_ok_and(|known| known.is_some_and(|known| known.name() == message.name()))
        };
        let first = texts.filter(is_own).map(str::to_owned).collect();
        let (orders, made) = (RwLock::default(), AtomicU64::new(0));
        Ok(Self { shop, message, catalogue: Arc::clone(catalogue), orders, first, made })
    }

    pub fn shop(&self) -> &Shop {
        &self.shop
    }

    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.read(Orders::len)
    }

    fn read<T>(&self, look: impl FnOnce(&Orders) -> T) -> T {
        look(&self.orders.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Orders) -> T) -> T {
        change(&mut self.orders.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Places orders that stand in a text: the platform's own or canonical ones. Gives their ids; none where it holds
    /// no order. `at` is when they are placed; when they say themselves, where there is none.
    pub fn place(&self, text: &[u8], at: Option<Timestamp>) -> Vec<String> {
        let mut found = Vec::new();
        let mut take = |content: Option<Value>| {
            found.extend(content.and_then(|content| Order::read(&self.shop, content, at)));
        };
        receive(&self.catalogue, &self.message, text, &mut |received| {
            let Some(_) = received.got else { return };
            let mut text = String::new();
            json::write_node(received.tree, received.node, json::Style::Line, &mut text);
            take(serde_json::from_str(&text).ok());
        });
        if found.is_empty() {
            found.extend(self.written(text).and_then(|content| Order::read(&self.shop, content, at)));
        }
        let ids = found.iter().map(|order| order.id.clone()).collect();
        self.write(|orders| found.into_iter().for_each(|order| orders.put(order)));
        ids
    }

    /// A canonical order as the platform writes it.
    fn written(&self, text: &[u8]) -> Option<Value> {
        let document = canonical::read(text, None, &Limits::default()).document?;
        if self.message.refuses(&document).is_some() {
            return None;
        }
        let put = self.message.put(&document)?;
        let sent = send(self.message.syntax(), &[&put.tree], None, Layout::Line);
        serde_json::from_slice(&sent.bytes).ok()
    }

    /// Makes up an order, and places it. `None` where the script does not say how.
    pub fn make(&self, seed: u64, now: Timestamp) -> Option<String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        if let Some(first) = usize::try_from(number).ok().and_then(|at| self.first.get(at)) {
            return self.place(first.as_bytes(), Some(now)).pop();
        }
        let generator = self.shop.generator.as_ref()?;
        let seconds = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let order = generator.order(seed, number, &seconds.to_string())?;
        self.place(order.to_string().as_bytes(), Some(now)).pop()
    }

    /// A page of orders: what an answer says of it.
    pub fn list(
        &self,
        list: &List,
        parameters: &[(String, String)],
        listing: Listing,
        (now, pace): (Timestamp, Pace),
    ) -> Result<Spoken, Unlisted> {
        let query = list.read(parameters, now, pace)?;
        if listing.forgets && parameters.iter().any(|(name, _)| *name == list.token) {
            return Err(Unlisted::Token);
        }
        let (mut shown, next, total) = self.read(|orders| {
            let Page { orders, next, total } = query.page(orders, listing, now);
            (orders.into_iter().map(|order| self.shown(order, listing)).collect::<Vec<_>>(), next, total)
        });
        if !list.shows.is_empty() {
            for order in shown.iter_mut().filter_map(Value::as_object_mut) {
                order.retain(|name, _| list.shows.contains(name));
            }
        }
        let mut spoken = Spoken::default().value("orders", shown).value("more", next.is_some());
        spoken = spoken.text("next", next.unwrap_or_default());
        spoken = spoken.value("total", total).text("total", total.to_string());
        if let Some(echo) = &query.echo {
            spoken = spoken.text(echo, query.until.to_string());
        }
        Ok(spoken)
    }

    /// An order as it is shown.
    pub fn order(&self, id: &str, listing: Listing) -> Option<Value> {
        self.read(|orders| orders.get(id).map(|order| self.shown(order, listing)))
    }

    fn shown(&self, order: &Order, listing: Listing) -> Value {
        let mut shown = order.shown(&self.shop);
        if listing.withheld {
            self.shop.persons.iter().for_each(|path| dragoman_sim::json::remove(&mut shown, path));
        }
        shown
    }

    /// All orders as they stand.
    pub fn books(&self) -> Vec<Sold> {
        let sold = |order: &Order| Sold {
            id: order.id.clone(),
            shown: order.shown(&self.shop),
            pending: order.is_pending(),
            tracking: order.parcels().iter().map(|parcel| parcel.tracking.clone()).collect(),
        };
        self.read(|orders| orders.all().map(sold).collect())
    }

    /// Does something to an order; false where that cannot be done.
    pub fn act(&self, act: &Act, now: Timestamp) -> bool {
        self.write(|orders| {
            let Some(mut order) = orders.get(&act.order).cloned() else { return false };
            let is_done = order.act(&self.shop, act.does, &act.text);
            if !act.quiet {
                order.change(now);
            }
            orders.put(order);
            is_done
        })
    }

    /// The parcels of an order: what an answer says of them.
    pub fn parcels(&self, id: &str) -> Option<Spoken> {
        self.read(|orders| {
            let order = orders.get(id)?;
            let tracking = order.parcels().last().map(|parcel| parcel.tracking.clone());
            let spoken =
                Spoken::default().value("parcels", order.shown_parcels(&self.shop)).text("order", id);
            Some(spoken.text("tracking", tracking.unwrap_or_default()))
        })
    }

    /// The order of which the first line of a request is.
    pub fn order_of(&self, ship: &Ship, body: &Value) -> Option<String> {
        let line = ship.first_line(body)?;
        self.read(|orders| {
            let found = orders.find(|order| order.has_item(&self.shop, &line));
            found.map(|order| order.id.clone())
        })
    }

    /// Sends a parcel of an order.
    pub fn ship(&self, ship: &Ship, id: &str, body: &Value, now: Timestamp) -> Result<Spoken, Refused> {
        self.write(|orders| {
            let mut order =
                orders.get(id).cloned().ok_or_else(|| Refused("there is no such order".into()))?;
            ship.send(&self.shop, &mut order, body)?;
            order.change(now);
            let spoken =
                Spoken::default().text("order", id).text("number", order.parcels().len().to_string());
            orders.put(order);
            Ok(spoken)
        })
    }
}
