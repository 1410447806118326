//! Lists of orders: windows, pages, and tokens to go on with.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::behaviour::{Listing, Pace};
use crate::door::{By, Counts, List, Reads, Time};
use crate::shop::orders::Key;
use crate::shop::{Order, Orders};

/// What is asked of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    time: Time,
    since: Timestamp,
    /// Up to when it reaches.
    pub until: Timestamp,
    /// What the answer calls that.
    pub echo: Option<String>,
    size: usize,
    after: Option<Key>,
    /// The token that it goes on with.
    token: Option<String>,
    /// What a token is good for: the parameters that have to stay the same.
    same: String,
    /// So many orders stand on the pages before, where those are counted.
    count: usize,
    counts: Option<Counts>,
}

/// A page of a list.
#[derive(Debug)]
pub struct Page<'o> {
    /// The orders.
    pub orders: Vec<&'o Order>,
    /// The token that the next page is asked for with; none for the last page.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: usize,
}

/// Why a list is not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlisted {
    /// The request is wrong, and how.
    Wrong(String),
    /// The token is not known, or no longer.
    Token,
}

impl List {
    /// Reads what is asked.
    pub fn read(
        &self,
        parameters: &[(String, String)],
        now: Timestamp,
        pace: Pace,
    ) -> Result<Query, Unlisted> {
        let wrong = |text: String| Unlisted::Wrong(text);
        let parameters = &self.with_groups(parameters);
        let value =
            |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| &**value);
        let by = self.by(&value).map_err(wrong)?;
        let moment = |name: &str| match value(name) {
            Some(text) => self.times.read(text).map(Some).ok_or_else(|| wrong(format!("{name} is no date"))),
            None => Ok(None),
        };
        let ago = |span: Option<dragoman_channel::Span>| {
            let length = span.map_or(SignedDuration::ZERO, |span| pace.of(span.0));
            now.checked_sub(length).unwrap_or(now)
        };
        let since = moment(&by.since)?.unwrap_or(Timestamp::MIN);
        let newest = ago(self.hidden);
        let until = match moment(&by.until)? {
            Some(until) if self.hidden.is_some() && until > newest => {
                return Err(wrong(format!("{} is too near to the moment of the request", by.until)));
            }
            Some(until) if until < since => {
                return Err(wrong(format!("{} is before {}", by.until, by.since)));
            }
            Some(until) => until,
            None => newest,
        };
        let since = self.oldest.map_or(since, |oldest| since.max(ago(Some(oldest))));
        let size = match value(&self.size).map(str::parse::<usize>) {
            Some(Ok(size)) if (1..=self.most).contains(&size) => size,
            None => self.most,
            Some(_) => return Err(wrong(format!("{} is not between 1 and {}", self.size, self.most))),
        };
        let others = parameters.iter().filter(|(name, _)| *name != self.size && *name != self.token);
        let mut others: Vec<String> = others.map(|(name, value)| format!("{name}={value}")).collect();
        others.sort();
        let same = others.join("&");
        let token = value(&self.token).filter(|token| !token.is_empty());
        let count = match self.counts {
            Some(counts) => counts
                .read(token.unwrap_or_default(), size)
                .ok_or_else(|| wrong(format!("{} is no count", self.token)))?,
            None => 0,
        };
        let token = token.filter(|_| self.counts.is_none());
        let place = token.map(|token| Token::read(token).ok_or(Unlisted::Token)).transpose()?;
        let (echo, token) = (by.echo.clone(), token.map(str::to_owned));
        let counts = self.counts;
        let mut query =
            Query { time: by.time, since, until, echo, size, after: None, token, same, count, counts };
        if let Some(place) = place {
            query.go_on(place, self.holds.map(|holds| pace.of(holds.0)), now)?;
        }
        Ok(query)
    }

    /// The parameters, and those that stand in others.
    fn with_groups(&self, parameters: &[(String, String)]) -> Vec<(String, String)> {
        let mut all = parameters.to_vec();
        for Reads { parameter, matches } in &self.reads {
            let own = parameters.iter().filter(|(name, _)| name == parameter);
            let groups = own.flat_map(|(_, value)| matches.groups(value));
            all.extend(groups.map(|(name, value)| (name, value.to_owned())));
        }
        all
    }

    /// The time that it is asked by: exactly one. With a text to search in, none is every order.
    fn by<'v>(&self, value: &dyn Fn(&str) -> Option<&'v str>) -> Result<&By, String> {
        let is_meant = |by: &&By| by.when.iter().all(|(name, is)| value(name) == Some(is));
        let mut asked = self.by.iter().filter(is_meant).filter(|by| value(&by.since).is_some());
        match (asked.next(), asked.next()) {
            (Some(by), None) => Ok(by),
            (None, _) if self.free => self.by.first().ok_or_else(String::new),
            _ => {
                let names: Vec<_> = self.by.iter().map(|by| &*by.since).collect();
                Err(format!("provide exactly one of {}", names.join(" and ")))
            }
        }
    }
}

impl Query {
    fn go_on(&mut self, token: Token, holds: Option<SignedDuration>, now: Timestamp) -> Result<(), Unlisted> {
        if let Some(holds) = holds {
            let is_over = now.duration_since(token.issued) > holds;
            if is_over || token.same != digest(&self.same) {
                return Err(Unlisted::Token);
            }
            // A list stays what it was when its first page was given.
            self.until = token.until;
        }
        self.after = Some(token.place);
        Ok(())
    }

    /// The page of orders that is asked for.
    pub fn page<'o>(&self, orders: &'o Orders, listing: Listing, now: Timestamp) -> Page<'o> {
        let begin = (self.since, String::new());
        let from = self.after.as_ref().map_or(&begin, |after| after.max(&begin));
        // What is not noticed as a change stands where it stood when it was new.
        let time = if listing.stale { Time::Created } else { self.time };
        let is_new = |key: &Key| listing.repeats || self.after.as_ref() != Some(key);
        let within = || orders.from(time, from).take_while(|(key, _)| key.0 <= self.until);
        let total = within().count();
        let mut within = within().filter(|(key, _)| is_new(key)).skip(self.count);
        let size = listing.most.map_or(self.size, |most| most.min(self.size));
        let page: Vec<_> = within.by_ref().take(size).collect();
        let is_last = within.next().is_none();
        let last = page.last().map(|(key, _)| (*key).clone()).or_else(|| self.after.clone());
        let token = |place| Token { place, until: self.until, issued: now, same: digest(&self.same) };
        let next = match (listing.endless, &self.token) {
            (true, Some(token)) => Some(token.clone()),
            (true, None) => Some(token(begin.clone()).written()),
            (false, _) => last.filter(|_| !is_last).map(|place| token(place).written()),
        };
        let mut orders: Vec<_> = page.into_iter().map(|(_, order)| order).collect();
        if listing.shuffled {
            orders.reverse();
        }
        let next = match self.counts {
            Some(counts) => (!is_last).then(|| counts.written(self.count, orders.len(), self.size)),
            None => next,
        };
        Page { orders, next, total }
    }
}

impl Counts {
    /// The count that a page is followed by.
    fn written(self, before: usize, orders: usize, size: usize) -> String {
        match self {
            Self::Orders => (before + orders).to_string(),
            Self::Pages => (before / size.max(1) + 2).to_string(),
        }
    }

    /// How many orders stand before a page of a size; none stand before the first, which need not be named.
    fn read(self, token: &str, size: usize) -> Option<usize> {
        match (self, token) {
            (_, "") => Some(0),
            (Self::Orders, count) => count.parse().ok(),
            (Self::Pages, page) => page.parse::<usize>().ok()?.checked_sub(1)?.checked_mul(size),
        }
    }
}

/// What a token says, to nobody but the list itself.
struct Token {
    place: Key,
    until: Timestamp,
    issued: Timestamp,
    same: String,
}

impl Token {
    fn written(&self) -> String {
        let Self { place: (at, id), until, issued, same } = self;
        let text = format!("{at} {until} {issued} {same} {id}");
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    fn read(token: &str) -> Option<Self> {
        let digits = token.as_bytes().chunks(2);
        let byte = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        let text = String::from_utf8(digits.map(byte).collect::<Option<_>>()?).ok()?;
        let mut words = text.splitn(5, ' ');
        let mut moment = || words.next()?.parse::<Timestamp>().ok();
        let (at, until, issued) = (moment()?, moment()?, moment()?);
        let (same, id) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some(Self { place: (at, id), until, issued, same })
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
