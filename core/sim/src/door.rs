//! The door of a counterpart: its addresses, what it asks of a request before it looks at it, and how it refuses.

mod list;
mod pattern;

use std::collections::BTreeMap;

use dragoman_channel::{Method, Path, Rate, Span, Template};
use dragoman_rules::Loading;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::envelope::Envelope;
use crate::push::Push;
use crate::shop::Ship;

pub use list::{By, Counts, List, Reads, Time};
pub use pattern::Pattern;

/// A door.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Door {
    /// Where access tokens come from, where it asks for them.
    pub token: Option<Tokens>,
    /// The header that has to be there, where it asks for a key.
    pub key: Option<String>,
    /// What parameters of the address have to be, where no route is open.
    #[serde(default)]
    pub parameter: Vec<Header>,
    /// How much may be asked for in all.
    pub limit: Option<Limit>,
    /// Headers of every answer.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// What can be asked.
    pub route: Vec<Route>,
    /// The ways of refusing, by name.
    pub refusal: BTreeMap<String, Said>,
    /// What messages come and go in.
    pub envelope: Option<Envelope>,
    /// How answers are pushed.
    pub push: Option<Push>,
    /// Which editions of the adapter's messages are spoken with whom; the first that fits counts. What nothing fits is
    /// spoken with as the messages are anyhow.
    #[serde(default)]
    pub edition: Vec<Edition>,
}

/// An edition of the adapter's messages, and how a request says that it is in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Its name.
    pub name: String,
    /// The header that says so.
    pub header: String,
    /// What its whole value matches then.
    pub matches: Pattern,
}

/// What behaviours call that which is told of orders.
pub const WEBHOOK: &str = "webhook";

/// The refusals that every door has.
const NEEDED: &[&str] = &["unauthorised", "unknown_path", "not_found", "malformed", "too_many", "trouble"];

/// How access tokens are given and shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// How long one holds.
    pub holds: Span,
    /// True where a refresh token is good for one use.
    #[serde(default)]
    pub rotates: bool,
    /// The header that shows it; in the place of it, `query`.
    #[serde(default)]
    pub header: String,
    /// The parameter of the address that shows it.
    pub query: Option<String>,
    /// What is granted, where a request does not say it (RFC 6749, `grant_type`).
    pub grant: Option<String>,
    /// What stands before it there.
    #[serde(default)]
    pub prefix: String,
}

/// How much may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How often.
    pub rate: Rate,
    /// How many at once after a rest.
    pub burst: u32,
}

/// One thing that can be asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Its name, for behaviours and the log.
    pub name: String,
    /// The method.
    pub method: Method,
    /// The path; `{name}` stands for one step.
    pub path: String,
    /// The parameters that make it this one, where several have one path.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
    /// What is done with it.
    pub plays: Plays,
    /// True where nobody's standing has to be shown.
    #[serde(default)]
    pub open: bool,
    /// Its own limit, in the place of the door's.
    pub limit: Option<Limit>,
    /// What its headers have to be.
    #[serde(default)]
    pub header: Vec<Header>,
    /// The parameter, or the place in the body, that names the order, where no step of the path does.
    pub order: Option<String>,
    /// What it takes: kinds of documents in the words of the model (declaration, amendment …), or messages of the
    /// adapter. Anything, where nothing is named.
    #[serde(default)]
    pub takes: Vec<String>,
    /// The parameter of a list that leaves out what is older.
    pub since: Option<String>,
    /// The parameter of a list that names a reference, for what has it alone.
    pub of: Option<String>,
    /// How documents are announced.
    pub forms: Option<Forms>,
    /// How messages are announced that are too large to be posted: by an empty one.
    pub large: Option<Large>,
    /// The parameters of a list.
    pub list: Option<List>,
    /// What an order shows only where it is asked for.
    pub included: Option<Included>,
    /// Where a request says what was sent.
    pub ship: Option<Ship>,
    /// What can be asked by GraphQL.
    #[serde(default)]
    pub field: Vec<Field>,
    /// The points that GraphQL is paid with.
    pub points: Option<Points>,
    /// The answer when all is well.
    pub answer: Said,
}

/// What an order shows only where it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Included {
    /// The parameter, with commas between its words.
    pub parameter: String,
    /// The members that each word is about.
    pub members: BTreeMap<String, Vec<String>>,
}

/// A field that can be asked for by GraphQL.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What is done with it.
    pub plays: Plays,
    /// True where nobody's standing has to be shown.
    #[serde(default)]
    pub open: bool,
    /// The arguments of a list; the terms of a search are among them, as `updated_at>=`.
    pub list: Option<List>,
    /// Where its arguments say what was sent.
    pub ship: Option<Ship>,
    /// What it is when all is well.
    pub json: Value,
    /// What it is when not.
    pub refused: Option<Value>,
}

/// Points that come back with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// As many as there can be.
    pub most: u32,
    /// As many as come back in a second.
    pub restore: u32,
}

/// What is done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plays {
    /// A token is given.
    Token,
    /// A person says yes, at once.
    Authorise,
    /// A message to the authority is taken.
    Take,
    /// A form is given for each document that is announced.
    Forms,
    /// A document is taken.
    File,
    /// What has become of a declaration is told.
    Status,
    /// Notifications that wait are listed.
    Waiting,
    /// One is given out, and then counts as fetched.
    Fetch,
    /// Those that were fetched are listed.
    Fetched,
    /// One of those is given again.
    Again,
    /// Movements are listed: what belongs together since a declaration or an arrival.
    Movements,
    /// What was answered in one of them is listed.
    Messages,
    /// One of those answers is given.
    Message,
    /// Orders are listed.
    Orders,
    /// One order is given.
    Order,
    /// A parcel of an order was sent.
    Ship,
    /// The parcels of an order are listed.
    Parcels,
    /// What it says, whatever is asked. Where nothing is sold, `${host}` is the host that was asked.
    Answer,
    /// What its fields say.
    Graphql,
    /// What a queue of Amazon SQS is asked.
    Queue,
    /// The public key is given that webhooks are signed with.
    Key,
    /// What was asked for is taken.
    Answered,
}

/// How documents are announced: places in the request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forms {
    /// The number of the declaration.
    pub declaration: Path,
    /// How many there are.
    pub size: Path,
    /// Each of them.
    pub entries: Path,
    /// As many as there can be.
    pub most: usize,
    /// The path that documents go to.
    pub to: String,
    /// The largest document, in bytes.
    pub largest: usize,
    /// What is told of a document: `${reference}`, `${batch}`, `${name}`, `${outcome}`.
    pub tells: Template,
}

/// The form that a large message goes to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Large {
    /// The path that it goes to.
    pub to: String,
    /// The answer with the form: `${conversation}`, `${href}`, and `${reference}` for the field `key`.
    pub answer: Said,
    /// What is told of one that is taken, in JSON: `${path}`, `${conversation}`, `${id}`.
    pub taken: Option<Value>,
    /// What is told of one that is not, in JSON: `${entries}` as well, each as `entry`.
    pub failed: Option<Value>,
    /// How one thing that is wrong with it is written: `${line}`, `${column}`, `${message}`.
    pub entry: Option<Value>,
    /// What such a message is called in a list, where it failed.
    #[serde(default)]
    pub name: String,
}

/// What a header has to be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// The whole value matches this regular expression.
    pub matches: Pattern,
    /// True where it may be missing.
    #[serde(default)]
    pub optional: bool,
    /// The refusal where it is not so.
    pub refusal: Spanned<String>,
}

/// What is answered: text, or JSON in which a text `${name}` stands for a value and a member without one is left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The status.
    pub status: u16,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// The body as a text of XML, in which `<each/>` stands for all entries.
    pub xml: Option<Template>,
    /// How one entry is written.
    pub each: Option<Template>,
    /// How one entry is written in JSON, where `${entries}` stands for all.
    pub entry: Option<Value>,
    /// The body as JSON.
    pub json: Option<Value>,
}

impl Door {
    /// True where behaviours can be played on something of that name: a route, a field of GraphQL, or what is told of
    /// orders.
    pub fn has_route(&self, name: &str) -> bool {
        self.playing_any().any(|(known, _)| known == name) || name == WEBHOOK
    }

    /// The names of the routes and fields that do one of these.
    pub fn playing<'d>(&'d self, plays: &'d [Plays]) -> impl Iterator<Item = &'d str> {
        self.playing_any().filter(|(_, own)| plays.contains(own)).map(|(name, _)| name)
    }

    /// True where a list goes on from tokens.
    pub(crate) fn has_tokens_of_pages(&self) -> bool {
        let fields = self.route.iter().flat_map(|route| &route.field).filter_map(|field| field.list.as_ref());
        let lists = self.route.iter().filter_map(|route| route.list.as_ref()).chain(fields);
        lists.into_iter().any(|list| list.counts.is_none())
    }

    fn playing_any(&self) -> impl Iterator<Item = (&str, Plays)> {
        let fields = self.route.iter().flat_map(|route| &route.field);
        let fields = fields.map(|field| (&*field.name, field.plays));
        fields.chain(self.route.iter().map(|route| (&*route.name, route.plays)))
    }

    /// The route for a method, a path and parameters, with the values of its steps by name.
    pub fn find<'p>(
        &self,
        method: &str,
        path: &'p str,
        said: &[(String, String)],
    ) -> Option<(&Route, Vec<(&str, &'p str)>)> {
        let says = |(name, value): (&String, &String)| said.iter().any(|(n, v)| n == name && v == value);
        let of_method = self.route.iter().filter(|route| route.method.word() == method);
        let of_method = of_method.filter(|route| route.when.iter().all(says));
        of_method.into_iter().find_map(|route| Some((route, steps(&route.path, path)?)))
    }

    /// The edition that a request with these headers is in.
    pub fn edition<'h>(&self, header: impl Fn(&str) -> Option<&'h str>) -> Option<&str> {
        let fits = |one: &&Edition| header(&one.header).is_some_and(|value| one.matches.is_match(value));
        self.edition.iter().find(fits).map(|one| &*one.name)
    }

    /// Notes what it names and does not have.
    pub(crate) fn check(&self, loading: &mut Loading<'_>) {
        for needed in NEEDED.iter().filter(|name| !self.refusal.contains_key(**name)) {
            loading.fail(0..0, format!("the door has no refusal `{needed}`"));
        }
        let headers = self.route.iter().flat_map(|route| &route.header);
        for header in headers.chain(&self.parameter) {
            let (name, at) = (header.refusal.get_ref(), header.refusal.span());
            if !self.refusal.contains_key(name) {
                loading.fail(at, format!("there is no refusal `{name}`"));
            }
        }
    }
}

/// The values of the steps `{name}` of a path; `None` where it is another path.
fn steps<'r, 'p>(route: &'r str, path: &'p str) -> Option<Vec<(&'r str, &'p str)>> {
    let mut found = Vec::new();
    let mut given = path.split('/');
    for step in route.split('/') {
        let value = given.next()?;
        match step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) {
            Some(name) if !value.is_empty() => found.push((name, value)),
            None if step == value => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(found)
}
