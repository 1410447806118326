//! What an adapter declares about its counterpart, and its loading.

use std::collections::BTreeMap;

use dragoman_mapping::language::LoadError;
use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::auth::Auth;
use crate::check::misshapen;
use crate::inquiry::Inquiry;
use crate::limit::Limit;
use crate::notifications::Notifications;
use crate::objects::Objects;
use crate::operation::Operation;
use crate::outcome::{ErrorRule, Problem};
use crate::predicate::Predicate;
use crate::queue::Queue;
use crate::signer::Signer;
use crate::span::{Name, Span};
use crate::stream::Stream;
use crate::template::{Encoding, Missing, Template};
use crate::values::Values;
use crate::webhook::Webhook;

/// How we talk to a counterpart.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// What holds for everything.
    pub settings: Settings,
    /// What can be asked.
    pub operations: Vec<Operation>,
    /// How answers arrive.
    pub notifications: Option<Notifications>,
    /// What is read again and again.
    pub streams: Vec<Stream>,
    /// What the counterpart tells us of.
    pub webhooks: Vec<Webhook>,
    /// What it tells by queues.
    pub queues: Vec<Queue>,
    /// What the counterpart asks of us.
    pub inquiries: Vec<Inquiry>,
    /// What both show each other by address.
    pub objects: Option<Objects>,
}

/// `[channel]`: what holds for everything that is asked.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The counterpart's address in each environment. `base_url` of the account replaces it.
    pub base_url: BTreeMap<String, Template>,
    /// What an account has to say, and may.
    #[serde(default, rename = "setting")]
    pub account: Vec<Setting>,
    /// How an account shows its standing.
    #[serde(default)]
    pub auth: Auth,
    /// How requests are signed.
    pub signer: Option<Signer>,
    /// Headers of every request; one without a value is left out.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// What success is, beside a status of 2xx.
    pub ok: Option<Predicate>,
    /// Where failures say what they are.
    #[serde(default)]
    pub problem: Problem,
    /// Kinds of failure; the first that fits counts.
    #[serde(default, rename = "error")]
    pub errors: Vec<ErrorRule>,
    /// How much may be asked for.
    #[serde(default, rename = "limit")]
    pub limits: Vec<Limit>,
    /// True where people hand over what is submitted: nothing is sent, and it counts as delivered once it is sent off.
    #[serde(default)]
    pub by_hand: bool,
    /// What the counterpart has no place for, of what the gateway looks for by name (`ship`, `amend`), and why.
    #[serde(default)]
    pub lacks: BTreeMap<String, String>,
    /// How often and how long a known failure is tried again; as usual, where nothing is said.
    pub retry: Option<Retry>,
}

/// Something that an account says: `account.NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it is.
    pub meaning: String,
    /// True where nothing works without it.
    #[serde(default)]
    pub required: bool,
    /// True where it is kept in a file or the environment, and never shown.
    #[serde(default)]
    pub secret: bool,
    /// A regular expression that the whole value matches.
    #[schemars(with = "Option<String>")]
    pub matches: Option<Spanned<String>>,
    /// Its value in each environment, where the account does not say it.
    #[serde(default)]
    pub usual: BTreeMap<String, String>,
}

impl Settings {
    /// How patient we are with the counterpart.
    pub fn patience(&self) -> dragoman_exchange::Retry {
        let declared = |Retry { attempts, first, longest }: Retry| dragoman_exchange::Retry {
            first: first.0,
            longest: longest.0,
            attempts,
        };
        self.retry.map(declared).unwrap_or_default()
    }

    /// What holds of an account that says nothing else: the usual values of its environment.
    pub fn usual<'s>(&'s self, environment: &'s str) -> impl Iterator<Item = (&'s str, &'s str)> {
        let usual = |setting: &'s Setting| Some((&*setting.name, &**setting.usual.get(environment)?));
        self.account.iter().filter_map(usual)
    }

    /// What is wrong with an account's settings, one line each: what is missing, what does not look as it should.
    pub fn account_faults(&self, values: &Values) -> Vec<String> {
        self.account.iter().filter_map(|setting| setting.fault(values)).collect()
    }
}

impl Setting {
    fn fault(&self, values: &Values) -> Option<String> {
        let Self { name, meaning, required, .. } = self;
        let Some(value) = values.get(&format!("account.{name}")) else {
            return required.then(|| format!("`{name}` is missing: {meaning}"));
        };
        let pattern = self.matches.as_ref()?.get_ref();
        let is_good = Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|pattern| pattern.is_match(value));
        (!is_good).then(|| format!("`{name}` does not match {pattern}: {meaning}"))
    }
}

/// How a known failure is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// How often it is tried in all.
    pub attempts: u32,
    /// The first pause; each is twice the one before.
    pub first: Span,
    /// The longest pause.
    pub longest: Span,
}

/// The parts of an `adapter.toml` that are about its channel, as they stand.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// `[channel]`.
    pub channel: Option<Settings>,
    /// `[[operation]]`.
    #[serde(default)]
    pub operation: Vec<Operation>,
    /// `[notifications]`.
    pub notifications: Option<Notifications>,
    /// `[[stream]]`.
    #[serde(default)]
    pub stream: Vec<Stream>,
    /// `[[webhook]]`.
    #[serde(default)]
    pub webhook: Vec<Webhook>,
    /// `[[queue]]`.
    #[serde(default)]
    pub queue: Vec<Queue>,
    /// `[[inquiry]]`.
    #[serde(default)]
    pub inquiry: Vec<Inquiry>,
    /// `[objects]`.
    pub objects: Option<Objects>,
}

impl Channel {
    /// Loads a file that is about a channel alone, of an adapter with these messages. All mistakes are reported that can be found once it is TOML of the
    /// right shape.
    pub fn load(name: &str, text: &str, messages: &[&str]) -> Result<Self, Vec<LoadError>> {
        let parts: Parts = toml::from_str(text).map_err(|error| vec![misshapen(name, &error)])?;
        let none = || vec![LoadError::new(name, &(0..0), "there is no `[channel]`")];
        parts.check(name, messages)?.ok_or_else(none)
    }

    /// The operation of that name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| *operation.name == *name)
    }

    /// The operation by which a message begins an exchange of its own.
    pub fn beginning(&self, message: &str) -> Option<&Operation> {
        let is_its =
            |operation: &&Operation| operation.message.as_deref().is_some_and(|own| *own == *message);
        self.operations.iter().filter(is_its).find(|operation| operation.is_beginning())
    }

    /// The operation that a message of so many bytes goes by, where a smaller one would go by this one.
    pub fn fitting<'c>(&'c self, operation: &'c Operation, bytes: usize) -> &'c Operation {
        let larger = operation.larger.as_ref().filter(|larger| bytes > larger.over);
        larger.and_then(|larger| self.operation(&larger.operation)).unwrap_or(operation)
    }

    /// The operation by which a message is sent in an exchange that another operation began.
    pub fn following(&self, began: &str, message: &str) -> Option<&Operation> {
        let names = |name: &Option<Name>, is: &str| name.as_deref().is_some_and(|name| *name == *is);
        let fits = |one: &&Operation| {
            names(&one.message, message) && names(&one.follows, began) && one.asks.is_none()
        };
        self.operations.iter().find(fits)
    }

    /// The operation by which something is asked of a declaration that another operation began.
    pub fn asking(&self, what: &str, began: Option<&str>) -> Option<&Operation> {
        let is = |name: &Option<Name>, is: &str| name.as_deref().is_some_and(|name| *name == *is);
        let fits =
            |one: &&Operation| is(&one.asks, what) && began.is_some_and(|began| is(&one.follows, began));
        self.operations.iter().find(fits).or_else(|| self.operation(what))
    }

    /// The stream of that name.
    pub fn stream(&self, name: &str) -> Option<&Stream> {
        self.streams.iter().find(|stream| *stream.name == *name)
    }

    /// The webhook of that name.
    pub fn webhook(&self, name: &str) -> Option<&Webhook> {
        self.webhooks.iter().find(|webhook| *webhook.name == *name)
    }

    /// The queue of that name.
    pub fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| *queue.name == *name)
    }

    /// The inquiry of that name.
    pub fn inquiry(&self, name: &str) -> Option<&Inquiry> {
        self.inquiries.iter().find(|inquiry| *inquiry.name == *name)
    }

    /// The counterpart's address for an account, without a slash at the end: its `base_url`, or that of its
    /// `environment`.
    pub fn base(&self, values: &Values) -> Result<String, Missing> {
        let declared = self.settings.base_url.get(environment(values));
        let base = self.settings.address(values, "account.base_url", declared)?;
        Ok(base.trim_end_matches('/').to_owned())
    }
}

/// The environment that an account works in.
pub(crate) fn environment(values: &Values) -> &str {
    values.get("account.environment").unwrap_or("production")
}

impl Settings {
    /// An address that an account replaces, or that is declared. What an account says stays one part of it, but where the
    /// setting lays down what may be said: a host has its port, and its path.
    pub(crate) fn address(
        &self,
        values: &Values,
        replaced_by: &str,
        declared: Option<&Template>,
    ) -> Result<String, Missing> {
        match (values.get(replaced_by), declared) {
            (Some(own), _) => Ok(own.to_owned()),
            (None, Some(declared)) => {
                let mut all = Values::new();
                for (name, value) in values.iter() {
                    // The address as a whole is no part of an address.
                    let is_part = name != "base" && !self.lays_down(name);
                    let value = if is_part { Encoding::Url.encode(value) } else { value.into() };
                    all.set(name, value);
                }
                declared.fill(&all, Encoding::Plain)
            }
            (None, None) => Err(Missing(replaced_by.to_owned())),
        }
    }

    /// True of a value of the account whose setting says what it may be.
    fn lays_down(&self, name: &str) -> bool {
        let name = name.strip_prefix("account.").unwrap_or_default();
        self.account.iter().any(|setting| setting.name == name && setting.matches.is_some())
    }
}
