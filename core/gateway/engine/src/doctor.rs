//! What a live account lacks: asked of the counterpart itself, without changing anything there.

mod queue;

use std::time::Instant;

use dragoman_channel::{Answer as Answered, By, Channel, Outcome, Stream, Values, Window};
use dragoman_exchange::{ErrorClass, Purpose};
use dragoman_transport::{Cause, Failure, Outlook, Reply};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::About;
use crate::people::{Actor, Right};

/// Clocks may differ by so much: signatures and windows of time allow for no more everywhere.
const APART: SignedDuration = SignedDuration::from_secs(30);

/// So far back is looked for orders, where the platform sets no limit.
const FAR: SignedDuration = SignedDuration::from_hours(24 * 730);

/// So many windows are looked at, each at a quarter of the distance of the one before.
const WINDOWS: usize = 6;

/// What was found of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Examined {
    /// The account.
    pub account: String,
    /// Its adapter.
    pub adapter: String,
    /// Which of the counterpart's environments.
    pub environment: String,
    /// What was looked at, in its order.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What: `reach`, `clock`, `authorisation`, `scopes`, `budget`, `oldest order`; of a queue `queue` and
    /// `queue, deleting`.
    pub what: &'static str,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found.
    pub said: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should.
    Good,
    /// Not so.
    Bad,
    /// That cannot be seen.
    Unknown,
}

impl Examined {
    /// True where something is not as it should be.
    pub fn is_bad(&self) -> bool {
        self.checks.iter().any(|check| check.verdict == Verdict::Bad)
    }

    fn add(&mut self, what: &'static str, verdict: Verdict, said: impl Into<String>, advice: Option<&str>) {
        let advice = advice.map(str::to_owned);
        self.checks.push(Check { what, verdict, said: said.into(), advice });
    }

    /// What comes after something that failed cannot be seen.
    fn unseen(&mut self, whats: &[&'static str]) {
        for what in whats {
            self.add(what, Verdict::Unknown, "it could not be asked", None);
        }
    }
}

/// A request that was answered, and when it was on its way.
struct Asked {
    reply: Reply,
    sent: Timestamp,
    took: SignedDuration,
}

impl Gateway {
    /// Examines an account that reads orders: what answers its first requests get.
    pub async fn examine(&self, by: &Actor, account: &str) -> Answer<Examined> {
        allowed(by, Right::Read)?;
        let account = self.account(&by.tenant, account)?;
        let channel = account.channel.as_ref().filter(|channel| !channel.streams.is_empty());
        let channel = channel.ok_or_else(|| EngineError::unknown("stream of account", account.name()))?;
        let Some(stream) = channel.streams.first() else {
            return Err(EngineError::unknown("stream of account", account.name()));
        };
        let mut examined = Examined {
            account: account.name().to_owned(),
            adapter: account.settings.adapter.clone(),
            environment: account.settings.environment.clone(),
            checks: Vec::new(),
        };
        let window = windows(stream, self.0.clock.now()).into_iter().next();
        let window = window.ok_or_else(|| EngineError::unknown("window of account", account.name()))?;
        match self.first_page(account, channel, stream, &window).await {
            Ok(asked) => {
                examined.add(
                    "reach",
                    Verdict::Good,
                    format!("it answers with {}", asked.reply.answer.status),
                    None,
                );
                clock(&mut examined, &asked);
                self.standing(&mut examined, account, channel, &asked).await;
                if examined.is_refused() {
                    examined.unseen(&["budget", "oldest order"]);
                } else {
                    budget(&mut examined, channel, stream, &asked.reply.answer);
                    self.oldest(&mut examined, account, channel, stream).await;
                }
            }
            Err(failure) => unanswered(&mut examined, &failure),
        }
        self.examine_queues(&mut examined, account, channel).await;
        Ok(examined)
    }

    /// Asks for the first page of a window.
    async fn first_page(
        &self,
        account: &Account,
        channel: &Channel,
        stream: &Stream,
        window: &Window,
    ) -> Result<Asked, Failure> {
        let name = stream.operation(window);
        let unmade = |why: String| Failure::NotSent(Cause::Request(why));
        let operation = channel.operation(name).ok_or_else(|| unmade(format!("there is no `{name}`")))?;
        let mut values: Values = self.values(account, &About::new(account.name(), name, Purpose::Fulfilment));
        stream.fill(window, &mut values);
        let request = channel.request(operation, &values, None).map_err(|error| unmade(error.to_string()))?;
        let (sent, begun) = (self.0.clock.now(), Instant::now());
        let reply = self.0.transport.send(account.on(channel), operation, request, sent).await?;
        let took = SignedDuration::try_from(begun.elapsed()).unwrap_or_default();
        Ok(Asked { reply, sent, took })
    }

    /// Whether the account is let in, for how long, and may see what it has to.
    async fn standing(&self, examined: &mut Examined, account: &Account, channel: &Channel, asked: &Asked) {
        match &asked.reply.outcome {
            Outcome::Failed(failure) | Outcome::Unknown(failure) => refused(examined, failure),
            Outcome::Done(_) => {
                self.outlook(examined, account, channel).await;
                examined.add("scopes", Verdict::Good, "orders can be listed", None);
            }
        }
    }

    async fn outlook(&self, examined: &mut Examined, account: &Account, channel: &Channel) {
        let outlook = self.0.transport.outlook(account.on(channel), self.0.clock.now()).await;
        let (verdict, said, advice) = match outlook.map(|(_, outlook)| outlook) {
            Ok(Outlook::Good { until: Some(until) }) => {
                (Verdict::Good, format!("it is let in, until {until}"), None)
            }
            Ok(Outlook::Lapses { at }) => {
                (Verdict::Bad, format!("the authorisation ends at {at}"), Some(AUTHORISE))
            }
            _ => (Verdict::Good, "it is let in".to_owned(), None),
        };
        examined.add("authorisation", verdict, said, advice);
    }

    /// How far back orders are shown: from the farthest window that may be asked for on, each at a quarter of the
    /// distance of the one before.
    async fn oldest(&self, examined: &mut Examined, account: &Account, channel: &Channel, stream: &Stream) {
        let what = "oldest order";
        for window in windows(stream, self.0.clock.now()) {
            let asked = match self.first_page(account, channel, stream, &window).await {
                Ok(asked) => asked,
                Err(failure) => return examined.add(what, Verdict::Unknown, failure.to_string(), None),
            };
            let page = match &asked.reply.outcome {
                Outcome::Done(_) => stream.page(&window, &asked.reply.answer),
                Outcome::Failed(failure) | Outcome::Unknown(failure) => {
                    return examined.add(what, Verdict::Unknown, said(failure), Some("ask again later"));
                }
            };
            let items = page.map(|page| page.items).unwrap_or_default();
            let oldest = items.iter().min_by_key(|item| item.updated.clone());
            if let Some(item) = oldest {
                let updated =
                    item.updated.as_ref().map(|at| format!(", changed at {at}")).unwrap_or_default();
                let since = window.since;
                return examined.add(
                    what,
                    Verdict::Good,
                    format!("{} since {since}{updated}", item.id),
                    None,
                );
            }
        }
        let advice = "if there should be some, look whether the account is that of the shop, and its region";
        examined.add(what, Verdict::Unknown, "it shows no order", Some(advice));
    }
}

impl Examined {
    /// True where the account is not let in.
    fn is_refused(&self) -> bool {
        self.checks.iter().any(|one| one.what == "authorisation" && one.verdict != Verdict::Good)
            && self.checks.iter().any(|one| one.what == "scopes" && one.verdict == Verdict::Unknown)
    }
}

const STANDING: &str = "look at the account's id, secret and token, and whether they are of this environment; else authorise anew";

const AUTHORISE: &str = "authorise the application anew, on the page of the account";

/// The windows in which orders are looked for, the farthest first.
fn windows(stream: &Stream, now: Timestamp) -> Vec<Window> {
    let farthest = stream.oldest.map_or(FAR, |oldest| oldest.0);
    let by = if stream.sweep.is_some() { By::Created } else { By::Updated };
    let settled = now.checked_sub(stream.settle.0).unwrap_or(now);
    let mut distance = farthest;
    let mut windows = Vec::new();
    for _ in 0..WINDOWS {
        let since = settled.checked_sub(distance).unwrap_or(now);
        let end = stream.longest.and_then(|longest| since.checked_add(longest.0).ok());
        let until = end.map_or(settled, |end| end.min(settled));
        windows.push(Window::between(by, since, until, now));
        if until == settled {
            break;
        }
        distance = distance.checked_div(4).unwrap_or(distance);
    }
    windows
}

/// What the clocks show: RFC 9110, 6.6.1.
fn clock(examined: &mut Examined, asked: &Asked) {
    let date = asked.reply.answer.header("date").and_then(|text| rfc2822::parse(text).ok());
    let Some(theirs) = date.map(|date| date.timestamp()) else {
        return examined.add("clock", Verdict::Unknown, "its answer has no date", None);
    };
    // Somewhere between sending and the answer, whose date has no parts of a second.
    let middle = asked.took.checked_div(2).and_then(|half| asked.sent.checked_add(half).ok());
    let ours = middle.unwrap_or(asked.sent);
    let seconds = ours.duration_since(theirs).as_secs();
    let (word, apart) = (if seconds < 0 { "behind" } else { "ahead of" }, seconds.abs());
    if SignedDuration::from_secs(apart) <= APART {
        examined.add("clock", Verdict::Good, format!("{apart} seconds {word} the counterpart's"), None);
    } else {
        let advice =
            "set the clock of this machine by NTP: what is signed by it is refused, and orders come late";
        let said = format!("it is {apart} seconds {word} the counterpart's");
        examined.add("clock", Verdict::Bad, said, Some(advice));
    }
}

/// What is left of what may be asked for.
fn budget(examined: &mut Examined, channel: &Channel, stream: &Stream, answer: &Answered) {
    let Some(operation) = channel.operation(&stream.list) else { return };
    let mut left = Vec::new();
    let mut is_paused = false;
    for limit in channel.limits_of(operation) {
        let header = |name: &Option<String>| answer.header(name.as_deref()?).map(str::to_owned);
        if let Some(remaining) = header(&limit.learn.remaining) {
            left.push(format!("{remaining} requests are left"));
        }
        if let Some(rate) = header(&limit.learn.rate) {
            left.push(format!("{rate} requests a second"));
        }
        if let Some(points) = limit.cost.as_ref().and_then(|cost| cost.left(answer)) {
            left.push(format!("{points} points are left"));
        }
        is_paused |= limit.learned(answer).pause.is_some();
    }
    let (verdict, advice) = match (is_paused, left.is_empty()) {
        (true, _) => {
            (Verdict::Bad, Some("something else asks much by this account: wait, or give it its own"))
        }
        (false, true) => (Verdict::Unknown, None),
        (false, false) => (Verdict::Good, None),
    };
    let said = if left.is_empty() { "its answer does not show it".to_owned() } else { left.join(", ") };
    examined.add("budget", verdict, said, advice);
}

fn said(failure: &dragoman_channel::Failure) -> String {
    let said = failure.message.clone().or_else(|| failure.code.clone());
    said.unwrap_or_else(|| failure.class.to_string())
}

/// The counterpart answered, and did not give what was asked for.
fn refused(examined: &mut Examined, failure: &dragoman_channel::Failure) {
    let words = said(failure);
    match failure.class {
        ErrorClass::AuthExpired | ErrorClass::AuthRevoked => {
            examined.add("authorisation", Verdict::Bad, words, Some(STANDING));
            examined.unseen(&["scopes"]);
        }
        ErrorClass::ForbiddenPii => {
            examined.add("authorisation", Verdict::Good, "it is let in", None);
            let advice = "apply for the right to see persons at the platform: orders come without them";
            examined.add("scopes", Verdict::Bad, words, Some(advice));
        }
        ErrorClass::RateLimited => {
            let advice = "ask again later; something else asks much by this account";
            examined.add("authorisation", Verdict::Unknown, words, Some(advice));
            examined.unseen(&["scopes"]);
        }
        _ => {
            examined.add("authorisation", Verdict::Unknown, words, Some("ask again later"));
            examined.unseen(&["scopes"]);
        }
    }
}

/// There was no answer.
fn unanswered(examined: &mut Examined, failure: &Failure) {
    let rest = ["scopes", "budget", "oldest order"];
    let words = failure.cause().to_string();
    let is_standing = matches!(failure.cause(), Cause::Token(_) | Cause::Secret(_) | Cause::Settings(_));
    if is_standing && failure.class() != ErrorClass::Transient {
        examined.add("reach", Verdict::Unknown, "nothing was asked of it yet", None);
        examined.unseen(&["clock"]);
        examined.add("authorisation", Verdict::Bad, words, Some(STANDING));
        return examined.unseen(&rest);
    }
    let advice = match failure.cause() {
        Cause::Connect(_) | Cause::ConnectTime | Cause::Token(_) => {
            "look at the address, at names (DNS), and at what a firewall lets out"
        }
        Cause::Tls(_) => "look whether something between here and there replaces certificates",
        Cause::Refused(_) => {
            "the address is a private one: `gateway.allow_private` lists those that are meant"
        }
        _ => "ask again later",
    };
    examined.add("reach", Verdict::Bad, words, Some(advice));
    examined.unseen(&["clock", "authorisation"]);
    examined.unseen(&rest);
}
