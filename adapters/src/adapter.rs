//! Adapters: a country's customs service or a marketplace, as a folder of data.

use std::collections::BTreeMap;
use std::ops::Range;

use dragoman_channel::{
    Channel, Inquiry, Notifications, Objects, Operation, Parts, Queue, Settings, Stream, Webhook, misshapen,
};
use dragoman_sign::Methods;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::data::Data;
use crate::edition::Edition;
use crate::fault::Fault;
use crate::members::Members;
use crate::words::Words;

/// A country's customs service or a platform: what `adapters/NAME/adapter.toml` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Adapter {
    /// The folder's name, the first half of its messages' names.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Whose side of the trade it stands for.
    pub party: Party,
    /// The rules that declarations to it follow, a path under `mappings/` without ending: `rules/gb`.
    pub rules: Option<String>,
    /// What the documents of one sale have to agree in, a path under `mappings/` without ending: `rules/ceb-sale`.
    pub agreement: Option<String>,
    /// The table that explains its error codes, a path under `mappings/codes/` without ending: `cds/errors`.
    pub errors: Option<String>,
    /// How its answers name places in words.
    pub words: Vec<Words>,
    /// The code lists that have the names of its codes, and the elements in which these stand.
    pub lists: BTreeMap<String, Vec<String>>,
    /// Its messages, in the file's order.
    pub messages: Vec<AdapterMessage>,
    /// How its messages are signed; none where they are not.
    pub signature: Option<Methods>,
    /// Editions of its messages; none where there is one.
    pub editions: Vec<Edition>,
    /// How we talk to the counterpart; none for a format alone.
    pub channel: Option<Channel>,
}

/// Whom an adapter speaks with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// The customs administration of a country (ISO 3166-1 alpha-2), or of `EU`.
    Customs(String),
    /// A platform that orders come from.
    Platform(String),
    /// Anybody: a format without a counterpart of its own.
    Any,
}

impl Party {
    /// Whom a file names; where it names both, the place of the second.
    fn of(customs: Option<Spanned<String>>, platform: Option<Spanned<String>>) -> Result<Self, Range<usize>> {
        match (customs, platform) {
            (Some(_), Some(platform)) => Err(platform.span()),
            (Some(country), None) => Ok(Self::Customs(country.into_inner())),
            (None, Some(platform)) => Ok(Self::Platform(platform.into_inner())),
            (None, None) => Ok(Self::Any),
        }
    }
}

/// One kind of message that an adapter exchanges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterMessage {
    /// As the counterpart names it, the second half of the message's name.
    pub name: String,
    /// The mapping that reads and writes it. An overlay of the adapter has the message's own name.
    pub mapping: String,
    /// Which way it goes.
    pub direction: Direction,
    /// What the counterpart checks in it, a path under `mappings/` without ending: `rules/ens`.
    pub checks: Option<String>,
    /// The rules that declarations follow which are sent as it, where they are not the adapter's.
    pub rules: Option<String>,
    /// What it has to agree in with the other documents of its sale, where that is not the adapter's.
    pub agreement: Option<String>,
    /// How it is signed by its members, where it is JSON.
    pub signed: Option<Members>,
}

/// Which way a message goes in everyday use, seen from Dragoman. Every mapping runs both ways all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Sent to the counterpart.
    Out,
    /// Received from it.
    In,
}

impl Direction {
    /// The word that `adapter.toml` uses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }
}

/// `adapter.toml`: a country's customs service or a platform.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "adapter.toml")]
struct File {
    /// What people call it.
    title: String,
    /// The customs administration of this country (ISO 3166-1 alpha-2), or of `EU`.
    #[schemars(with = "Option<String>")]
    customs: Option<Spanned<String>>,
    /// The platform that orders come from.
    #[schemars(with = "Option<String>")]
    platform: Option<Spanned<String>>,
    /// The rules that declarations to it follow, a path under `mappings/` without ending.
    #[schemars(with = "Option<String>")]
    rules: Option<Spanned<String>>,
    /// What the documents of one sale have to agree in, a path under `mappings/` without ending.
    #[schemars(with = "Option<String>")]
    agreement: Option<Spanned<String>>,
    /// The table that explains its error codes, a path under `mappings/codes/` without ending.
    #[schemars(with = "Option<String>")]
    errors: Option<Spanned<String>>,
    /// How its answers name places in words, where they have no other way; the first words that fit count.
    #[serde(default)]
    words: Vec<Words>,
    /// The code lists that have the names of its codes, each with the elements in which these stand: `NAME`, or
    /// `AROUND/NAME`; a `*` at the end of a name stands for anything.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<String>>")]
    lists: BTreeMap<Spanned<String>, Vec<String>>,
    /// Its messages.
    #[serde(default)]
    message: Vec<FileMessage>,
    /// How its messages are signed.
    signature: Option<Methods>,
    /// Editions of its messages.
    #[serde(default)]
    edition: Vec<Edition>,
    /// How we talk to the counterpart.
    channel: Option<Settings>,
    /// What can be asked of it.
    #[serde(default)]
    operation: Vec<Operation>,
    /// How its answers arrive.
    notifications: Option<Notifications>,
    /// What is read again and again.
    #[serde(default)]
    stream: Vec<Stream>,
    /// What it tells us of.
    #[serde(default)]
    webhook: Vec<Webhook>,
    /// What it tells by queues.
    #[serde(default)]
    queue: Vec<Queue>,
    /// What it asks of us.
    #[serde(default)]
    inquiry: Vec<Inquiry>,
    /// What both show each other by address.
    objects: Option<Objects>,
}

/// One kind of message.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Message")]
struct FileMessage {
    /// As the counterpart names it.
    #[schemars(with = "String")]
    name: Spanned<String>,
    /// The mapping that reads and writes it.
    mapping: String,
    /// Which way it goes.
    direction: Direction,
    /// What the counterpart checks in it, a path under `mappings/` without ending.
    #[schemars(with = "Option<String>")]
    checks: Option<Spanned<String>>,
    /// The rules that declarations follow which are sent as it, where they are not the adapter's: a path under `mappings/`
    /// without ending.
    #[schemars(with = "Option<String>")]
    rules: Option<Spanned<String>>,
    /// What it has to agree in with the other documents of its sale, where that is not the adapter's: a path under
    /// `mappings/` without ending.
    #[schemars(with = "Option<String>")]
    agreement: Option<Spanned<String>>,
    /// How it is signed by its members, where it is JSON: by the methods of the adapter's `[signature]`.
    signed: Option<Members>,
}

/// The JSON Schema of `adapter.toml`.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(File).to_value()
}

impl Adapter {
    /// The message of that name.
    pub fn message(&self, name: &str) -> Option<&AdapterMessage> {
        self.messages.iter().find(|message| message.name == name)
    }

    /// The rules that declarations follow which are sent as a message.
    pub fn rules_of(&self, message: &str) -> Option<&str> {
        self.message(message).and_then(|one| one.rules.as_deref()).or(self.rules.as_deref())
    }

    /// What a message has to agree in with the other documents of its sale.
    pub fn agreement_of(&self, message: &str) -> Option<&str> {
        self.message(message).and_then(|one| one.agreement.as_deref()).or(self.agreement.as_deref())
    }

    /// The edition of that name.
    pub fn edition(&self, name: &str) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.name == name)
    }

    /// The edition that an account with these settings speaks; the first that fits.
    pub fn spoken<'s>(&self, setting: impl Fn(&str) -> Option<&'s str>) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.is_spoken(&setting))
    }

    /// Reads the `adapter.toml` of a folder.
    pub(crate) fn read(data: &Data, name: &str) -> Result<Self, Vec<Fault>> {
        let path = format!("adapters/{name}/adapter.toml");
        let fault = |at: Range<usize>, message: String| vec![Fault::of_adapter(data, &path, at, message)];
        let parsed = toml::from_str(data.get(&path).unwrap_or_default());
        let file: File = parsed.map_err(|error: toml::de::Error| {
            vec![Fault::of_load_error(data, &path, misshapen(&path, &error))]
        })?;
        let named = |name: Option<Spanned<String>>, path: &dyn Fn(&str) -> String| match name {
            Some(name) if data.get(&path(name.get_ref())).is_none() => {
                Err(fault(name.span(), format!("there is no file `{}`", path(name.get_ref()))))
            }
            name => Ok(name.map(Spanned::into_inner)),
        };
        let mapped = |name: &str| format!("mappings/{name}.toml");
        let (rules, agreement) = (named(file.rules, &mapped)?, named(file.agreement, &mapped)?);
        let errors = named(file.errors, &|name| format!("mappings/codes/{name}.csv"))?;
        for list in file.lists.keys() {
            let path = format!("mappings/lists/{}.csv", list.get_ref());
            if !data.has(&path) {
                return Err(fault(list.span(), format!("there is no file `{path}`")));
            }
        }
        let lists = file.lists.into_iter().map(|(list, elements)| (list.into_inner(), elements)).collect();
        let party = Party::of(file.customs, file.platform).map_err(|at| {
            fault(at, "an adapter is of `customs` or of a `platform`, not of both".to_owned())
        })?;
        let mut messages: Vec<AdapterMessage> = Vec::new();
        for FileMessage { name, mapping, direction, checks, rules, agreement, signed } in file.message {
            let (checks, rules) = (named(checks, &mapped)?, named(rules, &mapped)?);
            let agreement = named(agreement, &mapped)?;
            let (at, name) = (name.span(), name.into_inner());
            if messages.iter().any(|other| other.name == name) {
                return Err(fault(at, format!("there is a message `{name}` already")));
            }
            messages.push(AdapterMessage { name, mapping, direction, checks, rules, agreement, signed });
        }
        let broken = file.edition.iter().flat_map(Edition::faults).next();
        if let Some((at, message)) = broken.or_else(|| file.words.iter().find_map(Words::fault)) {
            return Err(fault(at, message));
        }
        let File { channel, operation, notifications, stream, webhook, queue, inquiry, objects, .. } = file;
        let names: Vec<_> = messages.iter().map(|message| &*message.name).collect();
        let parts = Parts { channel, operation, notifications, stream, webhook, queue, inquiry, objects };
        let channel = parts.check(&path, &names).map_err(|errors| {
            errors.into_iter().map(|error| Fault::of_load_error(data, &path, error)).collect::<Vec<_>>()
        })?;
        Ok(Self {
            name: name.to_owned(),
            title: file.title,
            party,
            rules,
            agreement,
            errors,
            words: file.words,
            lists,
            messages,
            signature: file.signature,
            editions: file.edition,
            channel,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
title = "Examplia"
customs = "XX"
[[message]]
name = "declaration"
mapping = "wco/declaration"
direction = "out"
"#;

    fn read(text: &str) -> Result<Adapter, Vec<Fault>> {
        let mut data = Data::default();
        data.lay("adapters/xx/adapter.toml".into(), text.into(), "xx.toml".into());
        Adapter::read(&data, "xx")
    }

    #[test]
    fn an_adapter_names_the_mappings_of_its_messages() {
        let adapter = read(GOOD).unwrap();
        assert_eq!(adapter.party, Party::Customs("XX".into()));
        assert_eq!(adapter.message("declaration").unwrap().mapping, "wco/declaration");
        assert_eq!(adapter.message("declaration").unwrap().direction, Direction::Out);
        assert!(adapter.message("notification").is_none());
    }

    #[test]
    fn mistakes_are_found_at_their_place() {
        let refused = |from: &str, to: &str| {
            let text = GOOD.replace(from, to);
            let fault = read(&text).unwrap_err().remove(0);
            (fault.text[fault.at].to_owned(), fault.message)
        };
        assert_eq!(refused("title", "titel").0, "titel");
        assert_eq!(refused("\"out\"", "\"sideways\"").0, "\"sideways\"");
        assert_eq!(refused("customs = \"XX\"", "customs = \"XX\"\nplatform = \"p\"").0, "\"p\"");
        assert_eq!(refused("customs = \"XX\"", "customs = \"XX\"\nrules = \"rules/xx\"").0, "\"rules/xx\"");
        let second = "\n[[message]]\nname = \"declaration\"\nmapping = \"m\"\ndirection = \"in\"\n";
        let (at, message) = refused("direction = \"out\"\n", &format!("direction = \"out\"\n{second}"));
        assert_eq!(
            (at.as_str(), message.as_str()),
            ("\"declaration\"", "there is a message `declaration` already")
        );
    }
}
