//! A simulator: what it is asked, and what it answers.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use dragoman_adapters::Catalogue;
use dragoman_sim::door::{Plays, Points, Route};
use dragoman_sim::inquiry::Inquiry;
use dragoman_sim::{
    Arrives, Asked, Behaviour, Door, Listing, Pace, Plays as Playbook, Requested, Script, Spoken,
};
use jiff::{SignedDuration, Timestamp};

use crate::answering::answer;
use crate::clock::Clock;
use crate::control::Settings;
use crate::inquiring::Inquiries;
use crate::large::Expected;
use crate::limits::Limits;
use crate::log::{Entry, Log};
use crate::mailbox::Mailbox;
use crate::movements::Movements;
use crate::office::Office;
use crate::platform::Platform;
use crate::pusher::Pusher;
use crate::queue::Queue;
use crate::request::{Answer, Request};
use crate::selling::asked_field;
use crate::serve::{Options, SimulatorError};
use crate::tokens::{Grant, Tokens, derived};

/// A simulator.
#[derive(Debug)]
pub(crate) struct Simulator {
    title: Box<str>,
    door: Door,
    plays: Playbook,
    settings: RwLock<Settings>,
    office: Option<Office>,
    platform: Option<Platform>,
    tokens: Tokens,
    limits: Limits,
    log: Log,
    mailbox: Mailbox,
    movements: Movements,
    expected: Expected,
    inquiry: Option<Inquiry>,
    inquiries: Inquiries,
    pusher: Option<Arc<Pusher>>,
    queue: Queue,
    clock: Clock,
    account: BTreeMap<String, String>,
}

/// One request on its way through.
pub(crate) struct Visit<'v> {
    pub request: &'v Request,
    pub route: &'v Route,
    /// The values of the steps of its path.
    pub steps: Vec<(&'v str, &'v str)>,
    pub now: Timestamp,
    pub entry: &'v mut Entry,
    /// True where a file that it brings is to be unreadable.
    pub is_spoiled: bool,
    /// What happens to a list that it asks for.
    pub listing: Listing,
    /// The token that it was given, where its answer shows it elsewhere.
    pub granted: Option<Grant>,
}

impl Visit<'_> {
    /// The value of a step of the path.
    pub fn step(&self, name: &str) -> &str {
        self.steps.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// True where the path has such a step.
    pub fn has_step(&self, name: &str) -> bool {
        self.steps.iter().any(|(known, _)| *known == name)
    }
}

impl Simulator {
    pub fn open(catalogue: &Arc<Catalogue>, adapter: &str, options: Options) -> Result<Self, SimulatorError> {
        let path = format!("adapters/{adapter}/sim.toml");
        let text = catalogue.data().get(&path).ok_or_else(|| SimulatorError::None(adapter.to_owned()))?;
        let loaded = dragoman_sim::load(adapter, text);
        let Script { title, authority, shop, door, inquiry, behaviours, account } =
            loaded.map_err(|errors| SimulatorError::Script { path, errors })?;
        let door = door.ok_or_else(|| SimulatorError::None(adapter.to_owned()))?;
        let open = |authority| Office::open(catalogue, adapter, authority, (&door, options.seed));
        let office = authority.map(open).transpose()?;
        let platform = shop.map(|shop| Platform::open(catalogue, adapter, shop)).transpose()?;
        let Options { seed, faster, limits, callback, change, clock, .. } = options;
        let settings = Settings { seed, faster, limits, chance: false, callback, webhook: None, page: None };
        let pusher = door.push.clone().map(|rules| Pusher::new(rules, clock.clone())).transpose();
        let pusher = pusher.map_err(|error| SimulatorError::Network(error.to_string()))?.map(Arc::new);
        let simulator = Self {
            title,
            door,
            plays: Playbook::new(behaviours),
            settings: RwLock::new(settings),
            office,
            platform,
            tokens: Tokens::default(),
            limits: Limits::default(),
            log: Log::default(),
            mailbox: Mailbox::default(),
            movements: Movements::default(),
            expected: Expected::default(),
            inquiry,
            inquiries: Inquiries::default(),
            pusher,
            queue: Queue::default(),
            clock,
            account,
        };
        simulator.change(change)?;
        Ok(simulator)
    }

    /// The moment that it is there.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The moment as answers show it (RFC 9110, 5.6.7).
    pub fn date(&self) -> String {
        self.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// What an account says to be let in at an address.
    pub fn account(&self, url: &str) -> BTreeMap<String, String> {
        let account = self.account.iter();
        account.map(|(name, value)| (name.clone(), value.replace("${url}", url))).collect()
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn door(&self) -> &Door {
        &self.door
    }

    pub fn office(&self) -> Option<&Office> {
        self.office.as_ref()
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    pub fn movements(&self) -> &Movements {
        &self.movements
    }

    pub fn expected(&self) -> &Expected {
        &self.expected
    }

    pub fn inquiry(&self) -> Option<&Inquiry> {
        self.inquiry.as_ref()
    }

    pub fn inquiries(&self) -> &Inquiries {
        &self.inquiries
    }

    pub fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn with<T>(&self, read: impl FnOnce(&Settings) -> T) -> T {
        read(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn platform(&self) -> Option<&Platform> {
        self.platform.as_ref()
    }

    pub fn plays(&self) -> &Playbook {
        &self.plays
    }

    pub fn pusher(&self) -> Option<Arc<Pusher>> {
        self.pusher.clone()
    }

    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// What an account says by this name to be let in.
    pub fn said(&self, name: &str) -> &str {
        self.account.get(name).map_or("", String::as_str)
    }

    pub fn seed(&self) -> u64 {
        self.with(|settings| settings.seed)
    }

    pub fn pace(&self) -> Pace {
        Pace(self.with(|settings| settings.faster))
    }

    /// Answers a request, and writes it into the log.
    pub fn answer(&self, request: &Request) -> Answer {
        if let Some(answer) = self.control(request) {
            return answer;
        }
        let now = self.now();
        let mut entry = Entry { at: now, ..Entry::default() };
        entry.method.clone_from(&request.method);
        entry.path.clone_from(&request.path);
        let said = request.parameters();
        let answer = match self.door.find(&request.method, &request.path, &said) {
            Some((route, steps)) => {
                entry.route.clone_from(&route.name);
                let is_spoiled = false;
                let (entry, listing) = (&mut entry, Listing::default());
                let mut visit =
                    Visit { request, route, steps, now, entry, is_spoiled, listing, granted: None };
                self.enter(&mut visit)
            }
            None => self.refuse("unknown_path", Spoken::default()),
        };
        entry.status = answer.status;
        self.log.add(entry);
        answer
    }

    /// The answer of a refusal by its name.
    pub fn refuse(&self, name: &str, spoken: Spoken) -> Answer {
        match self.door.refusal.get(name) {
            Some(said) => answer(said, &self.numbered(spoken), &self.door.headers),
            None => Answer { status: 500, ..Answer::default() },
        }
    }

    /// What is said, with a number of its own.
    fn numbered(&self, spoken: Spoken) -> Spoken {
        spoken.text("request", uuid(&format!("{} request {}", self.seed(), self.log.len())))
    }

    /// The answer of a route when all is well.
    pub fn say(&self, route: &Route, spoken: Spoken) -> Answer {
        answer(&route.answer, &self.numbered(spoken), &self.door.headers)
    }

    /// Asks of a request what the door asks, and then does what it is for.
    fn enter(&self, visit: &mut Visit<'_>) -> Answer {
        let field = asked_field(visit);
        let is_open = |name: &String| visit.route.field.iter().any(|field| field.name == *name && field.open);
        if !visit.route.open && !field.as_ref().is_some_and(is_open) && !self.shows_standing(visit) {
            return self.refuse("unauthorised", Spoken::default());
        }
        if let Err(wait) = self.within_limit(visit) {
            let seconds = wait.as_millis().div_euclid(1000) + 1;
            return self.refuse("too_many", Spoken::default().text("seconds", seconds.to_string()));
        }
        for header in &visit.route.header {
            let given = visit.request.header(&header.name);
            if !given.map_or(header.optional, |value| header.matches.is_match(value)) {
                return self.refuse(header.refusal.get_ref(), Spoken::default());
            }
        }
        if visit.route.plays == Plays::Take {
            return self.take(visit);
        }
        if let Some(refusal) = self.lacks_parameter(visit) {
            return self.refuse(refusal, Spoken::default());
        }
        let asked = field.unwrap_or_else(|| visit.route.name.clone());
        let played = self.chosen(&asked, visit.now, "", &|_| false);
        let is = |what: fn(&Requested) -> bool| played.as_ref().is_some_and(|played| what(&played.request));
        visit.is_spoiled = is(|request| request.spoiled);
        visit.listing = played.as_ref().map(|played| played.list).unwrap_or_default();
        visit.listing.most = self.with(|settings| settings.page);
        if is(|request| request.expired) {
            self.tokens.expire();
        }
        let answer = match (is(Requested::is_lost), is(|request| request.expired)) {
            (true, _) => Answer::default(),
            (false, true) => self.refuse("unauthorised", Spoken::default()),
            (false, false) => self.play(visit),
        };
        self.met(visit, answer, played.as_deref())
    }

    /// What a request is met with.
    pub fn chosen(
        &self,
        route: &str,
        now: Timestamp,
        lrn: &str,
        triggers: &dyn Fn(&Behaviour) -> bool,
    ) -> Option<Arc<Behaviour>> {
        self.plays.choose(Asked { route, lrn, triggers, now })
    }

    /// An answer as a behaviour lets it out.
    pub fn met(&self, visit: &mut Visit<'_>, mut answer: Answer, played: Option<&Behaviour>) -> Answer {
        let Some(played) = played else { return answer };
        played.name.as_ref().clone_into(&mut visit.entry.played);
        let Requested { refused, hung_up, taken, slow, mute, arrives, .. } = &played.request;
        if let Some(refusal) = refused {
            let spoken = Spoken::default();
            answer = self.refuse(refusal, if *mute { spoken } else { spoken.text("seconds", "1") });
        }
        match arrives {
            Some(Arrives::Nothing) => answer.body.clear(),
            Some(Arrives::Half) => answer.body.truncate(answer.body.len() / 2),
            None => {}
        }
        if *hung_up {
            // Half way into the status line, or before anything at all.
            answer.cut_after = Some(if *taken { 12 } else { 0 });
        }
        if let Some(slow) = slow {
            answer.after = self.pace().of(slow.0).unsigned_abs();
        }
        answer
    }

    /// Does what a request is for, where it is no message to an authority.
    fn play(&self, visit: &mut Visit<'_>) -> Answer {
        match visit.route.plays {
            Plays::Token => self.token(visit),
            Plays::Authorise => self.authorise(visit),
            Plays::Forms => self.forms(visit),
            Plays::File => self.file(visit),
            Plays::Status => self.status(visit),
            Plays::Waiting | Plays::Fetched => self.list(visit),
            Plays::Fetch | Plays::Again => self.fetch(visit),
            Plays::Movements => self.list_movements(visit),
            Plays::Messages => self.list_messages(visit),
            Plays::Message => self.message(visit),
            Plays::Take => self.take(visit),
            Plays::Queue => self.asked_of_queue(visit),
            Plays::Key => self.public_key(visit),
            Plays::Answered => self.answered(visit),
            Plays::Answer if self.platform().is_none() => {
                let host = visit.request.header("host").unwrap_or_default();
                self.say(visit.route, Spoken::default().text("host", host))
            }
            Plays::Orders | Plays::Order | Plays::Ship | Plays::Parcels | Plays::Answer | Plays::Graphql => {
                match self.platform() {
                    Some(platform) => self.sell(visit, platform),
                    None => self.refuse("unknown_path", Spoken::default()),
                }
            }
        }
    }

    fn within_limit(&self, visit: &Visit<'_>) -> Result<(), jiff::SignedDuration> {
        let (name, limit) = match visit.route.limit {
            Some(limit) => (&*visit.route.name, Some(limit)),
            None => ("", self.door.limit.filter(|_| !visit.route.open)),
        };
        match limit.filter(|_| self.with(|settings| settings.limits)) {
            Some(limit) => self.limits.take(name, limit, self.pace(), visit.now),
            None => Ok(()),
        }
    }

    /// Takes points; what is left then, or what there is where it is too little.
    pub fn take_points(&self, points: Points, cost: u32, now: Timestamp) -> Result<u32, u32> {
        let is_limited = self.with(|settings| settings.limits);
        if is_limited { self.limits.pay(points, cost, self.pace(), now) } else { Ok(points.most) }
    }
}

/// A moment, so much later.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}

/// A UUID that follows from a text (RFC 9562, version 8).
pub(crate) fn uuid(from: &str) -> String {
    let mut hex: String = derived(from);
    hex.replace_range(12..13, "8");
    hex.replace_range(16..17, "a");
    for at in [20, 16, 12, 8] {
        hex.insert(at, '-');
    }
    hex
}
