//! The platform: its orders, told of, listed, given and sent.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use dragoman_adapters::{Catalogue, Layout, Message, receive, recognise, send};
use dragoman_mapping::canonical;
use dragoman_sim::door::List;
use dragoman_sim::shop::{Order, Orders, Page, Refused, Ship, Unlisted};
use dragoman_sim::{Listing, Pace, Shop, Spoken};
use dragoman_syntax::{Limits, json};
use jiff::Timestamp;
use serde_json::Value;

use crate::serve::SimulatorError;

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
        let (shown, next) = self.read(|orders| {
            let Page { orders, next } = query.page(orders, listing, now);
            (orders.into_iter().map(|order| order.shown(&self.shop)).collect::<Vec<_>>(), next)
        });
        let mut spoken = Spoken::default().value("orders", shown).value("more", next.is_some());
        spoken = spoken.text("next", next.unwrap_or_default());
        if let Some(echo) = &query.echo {
            spoken = spoken.text(echo, query.until.to_string());
        }
        Ok(spoken)
    }

    /// An order as it is shown.
    pub fn order(&self, id: &str) -> Option<Value> {
        self.read(|orders| orders.get(id).map(|order| order.shown(&self.shop)))
    }

    /// The order of which the first line of a request is.
    pub fn order_of(&self, ship: &Ship, body: &Value) -> Option<String> {
        let (line, _) = ship.lines(body).into_iter().next()?;
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
            let spoken = Spoken::default().text("order", id).text("number", order.parcels().to_string());
            orders.put(order);
            Ok(spoken)
        })
    }
}
