//! The catalogue: mappings, grammars and adapters by name, loaded when they are first asked for.

mod rules;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use dragoman_mapping::language::LoadError;
use dragoman_mapping::{Mapping, Sources, load};
use dragoman_model::{CodeList, nearest};
use dragoman_rules::{Agreement, Checks};
use dragoman_syntax::edifact::MessageType;
use dragoman_syntax::grammar::{self, Grammar, Syntax};
use dragoman_syntax::x12::SetType;

use crate::adapter::{Adapter, Direction};
use crate::data::Data;
use crate::edition::{AS_JSON, parted};
use crate::fault::Fault;
use crate::message::Message;

/// Everything that can be translated, by name. It is shared between threads; what is loaded stays.
#[derive(Debug)]
pub struct Catalogue {
    data: Data,
    adapters: Vec<Adapter>,
    grammars: Mutex<Loaded<Grammar>>,
    mappings: Mutex<Loaded<Mapping>>,
    checks: Mutex<Loaded<Checks>>,
    agreements: Mutex<Loaded<Agreement>>,
    lists: Mutex<Loaded<CodeList>>,
    /// The grammars of EDIFACT and X12 by what their `message` lines say.
    interchanged: OnceLock<HashMap<String, String>>,
}

type Loaded<T> = HashMap<String, Result<Arc<T>, Refused>>;

/// Something that the catalogue cannot give.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// There is nothing of that name.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// What was asked for: message, mapping, grammar, adapter.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest name that there is.
        nearest: Option<String>,
    },
    /// An adapter that nothing can be declared to.
    #[error("nothing can be declared to `{adapter}`")]
    NotDeclaredTo {
        /// Its name.
        adapter: String,
    },
    /// A data file has mistakes.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// Mistakes in data files; all of them, not only the first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} {} in data files", .0.len(), if .0.len() == 1 { "mistake" } else { "mistakes" })]
pub struct Refused(pub Vec<Fault>);

impl Catalogue {
    /// A catalogue of some data. The adapters are read at once, everything else when it is asked for.
    pub fn new(data: Data) -> Result<Self, Refused> {
        let mut adapters = Vec::new();
        let mut faults = Vec::new();
        for name in data.names("adapters/", "/adapter.toml") {
            match Adapter::read(&data, name) {
                Ok(adapter) => adapters.push(adapter),
                Err(mistakes) => faults.extend(mistakes),
            }
        }
        if !faults.is_empty() {
            return Err(Refused(faults));
        }
        let (grammars, mappings) = (Mutex::default(), Mutex::default());
        let (checks, agreements, lists) = (Mutex::default(), Mutex::default(), Mutex::default());
        let interchanged = OnceLock::new();
        Ok(Self { data, adapters, grammars, mappings, checks, agreements, lists, interchanged })
    }

    /// The files behind the catalogue.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// All adapters, by name.
    pub fn adapters(&self) -> &[Adapter] {
        &self.adapters
    }

    /// Which way a message of an adapter goes in everyday use.
    pub fn direction(&self, name: &str) -> Option<Direction> {
        let (adapter, message) = parted(name).0.split_once('/')?;
        let adapter = self.adapters.iter().find(|known| known.name == adapter)?;
        adapter.messages.iter().find(|known| known.name == message).map(|known| known.direction)
    }

    /// The names of all messages of adapters: `amazon/order`, `gb-cds/declaration` …
    pub fn message_names(&self) -> impl Iterator<Item = String> {
        self.adapters.iter().flat_map(|adapter| {
            adapter.messages.iter().map(|message| format!("{}/{}", adapter.name, message.name))
        })
    }

    /// The names that content is recognised by: messages of adapters, and mappings that no adapter names, such as those
    /// of a folder that is laid over the program's.
    pub(crate) fn recognised_names(&self) -> impl Iterator<Item = String> {
        let messages = || self.adapters.iter().flat_map(|adapter| &adapter.messages);
        let is_own = move |name: &&str| !messages().any(|message| message.mapping == **name);
        self.message_names().chain(self.mapping_names().filter(is_own).map(str::to_owned))
    }

    /// The names of all mappings.
    pub fn mapping_names(&self) -> impl Iterator<Item = &str> {
        self.data.names("mappings/", ".map")
    }

    /// The names of the messages that have an overlay.
    pub fn overlay_names(&self) -> impl Iterator<Item = String> {
        self.message_names().filter(|name| self.data.get(&overlay_path(name)).is_some())
    }

    /// The names of all grammars, those of segments only included.
    pub fn grammar_names(&self) -> impl Iterator<Item = &str> {
        self.data.names("mappings/", ".gram")
    }

    /// What a name stands for: `canonical`, a message of an adapter, in an edition where one stands behind `@`, or a mapping
    /// by its own name. Of an XML message `NAME+json` is one that is written as JSON.
    pub fn message(&self, name: &str) -> Result<Message, CatalogueError> {
        if name == Message::CANONICAL {
            return Ok(Message::Canonical);
        }
        if let Some(plain) = name.strip_suffix(AS_JSON) {
            let message = self.message(plain)?.into_json();
            return if message.name() == name { Ok(message) } else { Err(self.unknown_message(name)) };
        }
        let mapping = match self.mapping_of(name) {
            Some(mapping) => mapping,
            None if self.mapping_path(name).is_some() => Cow::Borrowed(name),
            None => return Err(self.unknown_message(name)),
        };
        let mapping = self.mapping(&mapping)?;
        Ok(Message::Mapped { name: name.to_owned(), mapping })
    }

    /// The mapping of an adapter's message: that of its edition, where one is named; its overlay, where the adapter has one.
    fn mapping_of<'n>(&'n self, name: &'n str) -> Option<Cow<'n, str>> {
        let (plain, edition) = parted(name);
        let (adapter, message) = plain.split_once('/')?;
        let adapter = self.adapters.iter().find(|one| one.name == adapter)?;
        let own = &adapter.message(message)?.mapping;
        let has_overlay = self.data.get(&overlay_path(plain)).is_some();
        let edition = match edition {
            Some(edition) => Some(adapter.edition(edition)?),
            None => None,
        };
        Some(match edition.filter(|edition| edition.mappings.is_some()) {
            Some(edition) => Cow::Owned(edition.mapping(own)),
            None => Cow::Borrowed(if has_overlay { plain } else { own }),
        })
    }

    /// What a setting of a mapping says, or that of the mapping it is laid over.
    fn setting(&self, mapping: &str, word: &str) -> Option<&str> {
        let text = self.data.get(&self.mapping_path(mapping)?)?;
        let said = |word: &str| text.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(' '));
        said(word).or_else(|| self.setting(said("base").filter(|base| base.trim() != mapping)?.trim(), word))
    }

    fn unknown_message(&self, name: &str) -> CatalogueError {
        let known: Vec<_> = self.message_names().chain([Message::CANONICAL.to_owned()]).collect();
        let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        CatalogueError::Unknown { what: "message", name: name.to_owned(), nearest: near }
    }

    /// False where a message's mapping says in its text that it is of another syntax or root: a look that spares
    /// loading it.
    pub(crate) fn might_be(&self, name: &str, syntax: Syntax, root: Option<&str>) -> bool {
        let own = self.mapping_of(name);
        let wire = self.setting(own.as_deref().unwrap_or(name), "wire").unwrap_or_default();
        let mut words = wire.split_whitespace();
        let is_syntax = words.next() == Some(syntax.word());
        let named = words.next().filter(|word| *word != "grammar");
        let around = own.as_deref().and_then(|mapping| self.setting(mapping, "inside"));
        let outermost = around.and_then(|path| path.split(['/', ' ']).next());
        is_syntax && (named.is_none() || root.is_none() || named == root || outermost == root)
    }

    /// A mapping, or an overlay by its message's name.
    pub fn mapping(&self, name: &str) -> Result<Arc<Mapping>, CatalogueError> {
        if self.mapping_path(name).is_none() {
            let near = nearest(name, self.mapping_names()).map(str::to_owned);
            return Err(CatalogueError::Unknown { what: "mapping", name: name.to_owned(), nearest: near });
        }
        if let Some(known) = lock(&self.mappings).get(name) {
            return known.clone().map_err(Into::into);
        }
        let loaded = self.load_mapping(name);
        lock(&self.mappings).insert(name.to_owned(), loaded.clone());
        loaded.map_err(Into::into)
    }

    fn load_mapping(&self, name: &str) -> Result<Arc<Mapping>, Refused> {
        self.with_sources(|sources| load(name, sources)).map(Arc::new)
    }

    /// The names of all code lists.
    pub fn list_names(&self) -> impl Iterator<Item = &str> {
        self.data.names("mappings/lists/", ".csv")
    }

    /// A code list: `customs-offices`, unpacked when it is first asked for.
    pub fn list(&self, name: &str) -> Result<Arc<CodeList>, CatalogueError> {
        if let Some(known) = lock(&self.lists).get(name) {
            return known.clone().map_err(Into::into);
        }
        let path = format!("mappings/lists/{name}.csv");
        let Some(text) = self.data.unpacked(&path) else {
            let near = nearest(name, self.list_names()).map(str::to_owned);
            return Err(CatalogueError::Unknown { what: "code list", name: name.to_owned(), nearest: near });
        };
        let refused = |(line, message)| Refused(vec![Fault::of_list(&self.data, &path, line, message)]);
        let loaded = CodeList::parse(&text).map(Arc::new).map_err(refused);
        lock(&self.lists).insert(name.to_owned(), loaded.clone());
        loaded.map_err(Into::into)
    }

    /// The text of a mapping as it counts: overlays applied, and where each rule came from.
    pub fn show_mapping(&self, name: &str) -> Result<String, CatalogueError> {
        self.mapping(name)?;
        Ok(self.with_sources(|sources| dragoman_mapping::show(name, sources))?)
    }

    /// Does something with the files that mappings name. A grammar's own mistakes go before those that follow
    /// from its absence.
    fn with_sources<T>(
        &self,
        work: impl Fn(&Sources<'_>) -> Result<T, Vec<LoadError>>,
    ) -> Result<T, Refused> {
        let broken = RefCell::new(Vec::new());
        let grammar = |name: &str| match self.grammar(name) {
            Ok(grammar) => Some(grammar),
            Err(CatalogueError::Refused(Refused(faults))) => {
                broken.borrow_mut().extend(faults);
                None
            }
            Err(CatalogueError::Unknown { .. } | CatalogueError::NotDeclaredTo { .. }) => None,
        };
        let mapping = |name: &str| self.data.get(&self.mapping_path(name)?).map(str::to_owned);
        let table = |name: &str| self.data.get(&format!("mappings/codes/{name}.csv")).map(str::to_owned);
        let sources = Sources { mapping: &mapping, grammar: &grammar, table: &table };
        work(&sources).map_err(|errors| {
            let fault = |error: LoadError| {
                let path = self.mapping_path(&error.file).unwrap_or_else(|| error.file.clone());
                Fault::of_load_error(&self.data, &path, error)
            };
            let broken = broken.take();
            Refused(if broken.is_empty() { errors.into_iter().map(fault).collect() } else { broken })
        })
    }

    /// A grammar.
    pub fn grammar(&self, name: &str) -> Result<Arc<Grammar>, CatalogueError> {
        let path = format!("mappings/{name}.gram");
        let Some(text) = self.data.get(&path) else {
            let near = nearest(name, self.grammar_names()).map(str::to_owned);
            return Err(CatalogueError::Unknown { what: "grammar", name: name.to_owned(), nearest: near });
        };
        if let Some(known) = lock(&self.grammars).get(name) {
            return known.clone().map_err(Into::into);
        }
        let loaded = grammar::parse(text, &|name| self.grammar_part(name)).map(Arc::new).map_err(|error| {
            let named = format!("mappings/{}.gram", error.file);
            let file = if self.data.get(&named).is_some() { named } else { path };
            Refused(vec![Fault::of_grammar(&self.data, &file, error)])
        });
        lock(&self.grammars).insert(name.to_owned(), loaded.clone());
        loaded.map_err(Into::into)
    }

    /// What a grammar file refers to: another grammar by name, a table of codes with its ending.
    fn grammar_part(&self, name: &str) -> Option<&str> {
        self.data.get(&format!("mappings/{name}")).or_else(|| self.data.get(&format!("mappings/{name}.gram")))
    }

    /// The EDIFACT grammar of the message type that a UNH states: same name, version, release and agency; where there
    /// is none, that of the nearest directory: the last before the stated one, else the first after it.
    pub fn edifact_grammar(&self, of: &MessageType) -> Option<Arc<Grammar>> {
        let lines = self.interchanged.get_or_init(|| self.message_lines());
        let wanted = [&of.name, &of.version, &of.release, &of.agency].map(String::as_str).join(" ");
        if let Some(name) = lines.get(&wanted) {
            return self.grammar(name).ok();
        }
        let stated = directory(&of.release);
        let mut others: Vec<_> = lines
            .iter()
            .filter_map(|(line, name)| match line.split(' ').collect::<Vec<_>>()[..] {
                [message, _, release, ..] if message == of.name => Some((directory(release), name)),
                _ => None,
            })
            .collect();
        others.sort_unstable();
        let before = others.iter().rev().find(|(release, _)| *release < stated);
        let (_, name) = before.or(others.first())?;
        self.grammar(name).ok().filter(|grammar| grammar.syntax == Syntax::Edifact)
    }

    /// The X12 grammar of a transaction set: that of its version where there is one, else the first of its number.
    /// Grammars describe what is read, so those of other versions fit as far as they go.
    pub fn x12_grammar(&self, of: &SetType) -> Option<Arc<Grammar>> {
        let lines = self.interchanged.get_or_init(|| self.message_lines());
        let mut fitting: Vec<_> =
            lines.iter().filter(|(line, _)| line.split(' ').next() == Some(&*of.number)).collect();
        fitting.sort_by_key(|(line, _)| (!line.ends_with(&of.version), (*line).clone()));
        fitting
            .iter()
            .find_map(|(_, name)| self.grammar(name).ok().filter(|grammar| grammar.syntax == Syntax::X12))
    }

    /// What the `message` lines of the grammars say, with the first grammar that says so.
    fn message_lines(&self) -> HashMap<String, String> {
        let mut found = HashMap::new();
        for name in self.grammar_names() {
            let text = self.grammar_part(name).unwrap_or_default();
            let head = text.lines().take_while(|line| !line.starts_with('0'));
            for stated in head.filter_map(|line| line.strip_prefix("message ")) {
                let words: Vec<_> = stated.split_whitespace().collect();
                found.entry(words.join(" ")).or_insert_with(|| name.to_owned());
            }
        }
        found
    }

    /// The path of a mapping's file, or of the overlay of a message of that name.
    fn mapping_path(&self, name: &str) -> Option<String> {
        let paths = [format!("mappings/{name}.map"), overlay_path(name)];
        paths.into_iter().find(|path| self.data.get(path).is_some())
    }
}

/// Year and letter of a release: `96B` is before `01A`, and both after `911`.
fn directory(release: &str) -> (u32, &str) {
    let (year, letter) = release.split_at_checked(2).unwrap_or((release, ""));
    let year: u32 = year.parse().unwrap_or_default();
    (if year < 80 { year + 2000 } else { year + 1900 }, letter)
}

/// `gb-cds/declaration` to `adapters/gb-cds/overlay/declaration.map`.
fn overlay_path(name: &str) -> String {
    let (adapter, message) = name.split_once('/').unwrap_or((name, ""));
    format!("adapters/{adapter}/overlay/{message}.map")
}

/// The value behind a lock; one that a panic left behind is whole, since loaded things are only ever added.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
