//! The adapter that is asked, and what it declares.

use std::sync::Arc;

use dragoman_adapters::{Catalogue, Message, Party, receive};
use dragoman_channel::{Channel, Operation, Repeat, Stream, Webhook};
use dragoman_mapping::canonical;
use dragoman_sim::Script;
use dragoman_sim::door::Plays;
use dragoman_syntax::json::Style;
use serde_json::Value;

use crate::trouble::Trouble;

/// An order platform's adapter, and its simulator.
pub struct Subject {
    /// Its name.
    pub name: String,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) channel: Channel,
    pub(crate) script: Script,
    message: Message,
}

/// So many orders stand on a page here.
pub const PAGE: usize = 2;

/// The data with an adapter that asks for small pages, where it says how large its pages are: else there would have to be
/// hundreds of orders for a second one.
fn small(catalogue: &Arc<Catalogue>, name: &str) -> Result<Arc<Catalogue>, Trouble> {
    let adapter = catalogue.adapters().iter().find(|adapter| adapter.name == name);
    let stream = adapter.and_then(|adapter| adapter.channel.as_ref()?.streams.first());
    let Some(size) = stream.and_then(|stream| stream.page.as_ref()?.size) else {
        return Ok(Arc::clone(catalogue));
    };
    let path = format!("adapters/{name}/adapter.toml");
    let mut data = catalogue.data().clone();
    let mut text = data.get(&path).unwrap_or_default().to_owned();
    // What is asked for, and what is expected; how many pages there may be is something else.
    for (before, after) in [("\"", "\""), ("size = ", ","), ("take = ", "\n")] {
        text = text.replace(&format!("{before}{size}{after}"), &format!("{before}{PAGE}{after}"));
    }
    let shown = data.shown(&path).to_owned();
    data.lay(path, text, shown);
    Catalogue::new(data).map(Arc::new).map_err(|error| Trouble::of(&error))
}

impl Subject {
    /// The names of the adapters that can be asked: platforms that are read and have a simulator.
    pub fn names(catalogue: &Catalogue) -> Vec<String> {
        let has_simulator = |name: &str| catalogue.data().get(&format!("adapters/{name}/sim.toml")).is_some();
        let adapters = catalogue.adapters().iter();
        let platforms = adapters.filter(|adapter| matches!(adapter.party, Party::Platform(_)));
        platforms.map(|adapter| adapter.name.clone()).filter(|name| has_simulator(name)).collect()
    }

    /// An adapter by its name.
    pub fn of(catalogue: &Arc<Catalogue>, name: &str) -> Result<Self, Trouble> {
        let catalogue = &small(catalogue, name)?;
        let adapter = catalogue.adapters().iter().find(|adapter| adapter.name == name);
        let channel = adapter.and_then(|adapter| adapter.channel.clone());
        let channel = channel.ok_or_else(|| Trouble::new(format!("`{name}` has no channel")))?;
        let text = catalogue.data().get(&format!("adapters/{name}/sim.toml"));
        let text = text.ok_or_else(|| Trouble::new(format!("`{name}` has no sim.toml")))?;
        let script = dragoman_sim::load(name, text);
        let script = script.map_err(|errors| {
            let first = errors.first().map(|error| error.message.clone());
            Trouble::new(format!("sim.toml: {}", first.unwrap_or_default()))
        })?;
        let stream = channel.streams.first();
        let message = stream.ok_or_else(|| Trouble::new("it reads no orders"))?.message.to_string();
        let message = catalogue.message(&format!("{name}/{message}")).map_err(|error| Trouble::of(&error))?;
        Ok(Self { name: name.to_owned(), catalogue: Arc::clone(catalogue), channel, script, message })
    }

    /// How its orders are read.
    pub(crate) fn stream(&self) -> Option<&Stream> {
        self.channel.streams.first()
    }

    /// How it is told of parcels.
    pub(crate) fn ship(&self) -> Option<&Operation> {
        self.channel.operation("ship")
    }

    /// True where a parcel can be told of again without harm: it is asked first, or the same again changes nothing.
    pub(crate) fn ships_safely(&self) -> bool {
        self.ship().is_some_and(|ship| ship.first.is_some() || ship.repeat() == Repeat::Idempotent)
    }

    /// How it tells of orders.
    pub(crate) fn webhook(&self) -> Option<&Webhook> {
        self.script.shop.as_ref()?.webhook.as_ref().and(self.channel.webhooks.first())
    }

    /// True where it tells of orders by a queue.
    pub(crate) fn has_queue(&self) -> bool {
        let has_one = self.script.shop.as_ref().is_some_and(|shop| shop.queue.is_some());
        has_one && !self.channel.queues.is_empty()
    }

    /// True where its simulator can play something.
    pub(crate) fn plays(&self, behaviour: &str) -> bool {
        self.script.behaviours.iter().any(|one| *one.name == *behaviour)
    }

    /// A behaviour by which a request is refused with HTTP 200.
    pub(crate) fn fails_inside_200(&self) -> Option<&str> {
        let door = self.script.door.as_ref()?;
        let status = |refusal: &String| Some(door.refusal.get(refusal)?.status);
        let is_it = |one: &&dragoman_sim::Behaviour| {
            one.request.refused.as_ref().and_then(status) == Some(200) && one.request.is_lost()
        };
        self.script.behaviours.iter().find(is_it).map(|one| &*one.name)
    }

    /// What orders are asked of, by name: lists, and orders alone.
    pub(crate) fn asked(&self) -> Vec<String> {
        let door = self.script.door.iter();
        let names = door.flat_map(|door| door.playing(&[Plays::Orders, Plays::Order]));
        names.map(str::to_owned).collect()
    }

    /// True where its lists go on from page to page.
    pub(crate) fn has_pages(&self) -> bool {
        self.stream().is_some_and(|stream| stream.page.is_some())
    }

    /// An order of the platform as the canonical document that is read of it.
    pub(crate) fn read(&self, shown: &Value) -> Option<Value> {
        let mut read = None;
        receive(&self.catalogue, &self.message, shown.to_string().as_bytes(), &mut |received| {
            if let Some(got) = &received.got {
                let text = canonical::write(&got.document, Style::Compact);
                read = read.take().or_else(|| serde_json::from_str(&text).ok());
            }
        });
        read
    }
}
