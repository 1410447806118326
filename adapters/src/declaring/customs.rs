//! A customs service to declare to: its messages, its rules, and what its error codes mean.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use dragoman_declare::{FACTS, Meaning};
use dragoman_mapping::language::LoadError;
use dragoman_model::{Change, Document, Op, Scalar, Schema, apply, nearest};
use dragoman_rules::{Agreement, Rules};
use dragoman_tree::Kind;

use super::declaration::{Declaration, write};
use crate::adapter::{Adapter, AdapterMessage, Direction, Party};
use crate::catalogue::{Catalogue, CatalogueError, Refused};
use crate::edition::{in_edition, parted};
use crate::fault::Fault;
use crate::message::Message;
use crate::send::Layout;
use crate::words::Words;

/// A customs service.
#[derive(Debug)]
pub struct Customs {
    /// The adapter's name.
    pub adapter: String,
    /// The message that declarations are sent as.
    pub declaration: Message,
    /// The rules of the country.
    pub rules: Rules,
    /// What the documents of a sale have to agree in; none where nothing is compared.
    pub agreement: Option<Arc<Agreement>>,
    /// The messages that go beside a declaration.
    pub(super) beside: Vec<Message>,
    /// How its answers name places in words.
    pub(super) words: Vec<Words>,
    /// What a declaration states in its edition, by canonical path.
    states: BTreeMap<String, String>,
    errors: HashMap<String, Meaning>,
}

impl Customs {
    /// The customs service that the adapter of that name speaks with. Behind a slash may stand which of its messages
    /// declarations are sent as, where countries or releases differ, and in which edition; else it is the first that can be.
    pub fn of(catalogue: &Catalogue, name: &str) -> Result<Self, CatalogueError> {
        Self::taking(catalogue, name, false)
    }

    /// The same, for a message of any kind that is named: what is handed in whole need not be a declaration.
    pub fn of_any(catalogue: &Catalogue, name: &str) -> Result<Self, CatalogueError> {
        Self::taking(catalogue, name, true)
    }

    /// True where what it takes is a declaration.
    pub fn declares(&self) -> bool {
        holds(&self.declaration, "declaration")
    }

    fn taking(catalogue: &Catalogue, name: &str, any: bool) -> Result<Self, CatalogueError> {
        let (name, message) = name.split_once('/').map_or((name, None), |(name, one)| (name, Some(one)));
        let adapters = catalogue.adapters();
        let adapter = adapters.iter().find(|adapter| adapter.name == name).ok_or_else(|| {
            let near = nearest(name, adapters.iter().map(|adapter| adapter.name.as_str()));
            let nearest = near.map(str::to_owned);
            CatalogueError::Unknown { what: "adapter", name: name.to_owned(), nearest }
        })?;
        let usual = adapter.agreement.as_ref().map(|name| catalogue.agreement(name)).transpose()?;
        let compared = usual.as_ref().and_then(|agreement| agreement.message_of("declaration"));
        let document = Some("declaration").filter(|_| !any || message.is_none());
        let declaration = outgoing(catalogue, adapter, document, message.or(compared))?;
        let is_platform = matches!(adapter.party, Party::Platform(_));
        let nothing = || CatalogueError::NotDeclaredTo { adapter: adapter.name.clone() };
        let declaration = declaration.filter(|_| !is_platform).ok_or_else(nothing)?;
        let own = declaration.plain_name().rsplit('/').next().unwrap_or_default();
        let rules = adapter.rules_of(own).ok_or_else(nothing)?;
        let agreement = catalogue.agreement_of(&declaration)?;
        let beside = beside(catalogue, adapter, agreement.as_deref(), own)?;
        let path = format!("mappings/{rules}.toml");
        let text = catalogue.data().get(&path).unwrap_or_default();
        let loaded = dragoman_rules::load(rules, text, FACTS);
        let rules = loaded.map_err(|errors| refused(catalogue, &path, errors))?;
        let errors = meanings(catalogue, adapter);
        let edition = declaration.edition().and_then(|name| adapter.edition(name));
        let states = edition.map(|edition| edition.states.clone()).unwrap_or_default();
        let (adapter, words) = (adapter.name.clone(), adapter.words.clone());
        Ok(Self { adapter, declaration, rules, agreement, beside, words, states, errors })
    }

    /// Writes a declaration that was made from something else as the message that is sent, with what its edition states in
    /// the place of what the rules supply; `None` where the message's mapping writes nothing.
    pub fn write(&self, document: Document<'static>, layout: Layout) -> Option<Declaration> {
        let change = |(path, value): (&String, &String)| {
            document.find(path)?;
            let new = Some(Scalar { kind: Kind::String, text: value.as_str().into() });
            Some(Change { op: Op::Replace, path: path.clone(), old: None, new, reason: None })
        };
        let changes: Vec<_> = self.states.iter().filter_map(change).collect();
        // What does not fit stays as it was, and is found in the message.
        let stated = if changes.is_empty() { None } else { apply(&document, &changes).ok() };
        write(stated.unwrap_or(document), &self.declaration, layout)
    }

    /// What an error code means, where it is known.
    pub fn explain(&self, code: &str) -> Option<Meaning> {
        self.errors.get(code).cloned()
    }
}

/// The messages of the other documents of a sale.
fn beside(
    catalogue: &Catalogue,
    adapter: &Adapter,
    agreement: Option<&Agreement>,
    declaration: &str,
) -> Result<Vec<Message>, CatalogueError> {
    let names = agreement.into_iter().flat_map(Agreement::messages).filter(|name| *name != declaration);
    names.map(|name| catalogue.message(&format!("{}/{name}", adapter.name))).collect()
}

/// True for a message that holds a document of a type, or several.
fn holds(message: &Message, document: &str) -> bool {
    let model = message.mapping().map(|mapping| mapping.model());
    let names = [document.to_owned(), format!("{document}_batch")];
    model.is_some() && names.iter().any(|name| Schema::standard().document(name) == model)
}

/// The message that an adapter sends documents of a type, or of any, as: the one of that name, else the one that its channel submits,
/// else the first.
fn outgoing(
    catalogue: &Catalogue,
    adapter: &Adapter,
    document: Option<&str>,
    name: Option<&str>,
) -> Result<Option<Message>, CatalogueError> {
    let (name, edition) = name.map(parted).map_or((None, None), |(name, edition)| (Some(name), edition));
    if let Some(name) = name.filter(|name| adapter.message(name).is_none()) {
        // Says what there is instead.
        catalogue.message(&format!("{}/{name}", adapter.name))?;
    }
    let submitted =
        adapter.channel.as_ref().and_then(|channel| channel.operation("submit")?.message.as_ref());
    let name = name.or(submitted.map(|name| &**name));
    let is_sent = |message: &&AdapterMessage| {
        message.direction == Direction::Out && name.is_none_or(|name| message.name == name)
    };
    for one in adapter.messages.iter().filter(is_sent) {
        let message = catalogue.message(&in_edition(&format!("{}/{}", adapter.name, one.name), edition))?;
        if document.is_none_or(|document| holds(&message, document)) {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

pub(super) fn refused(catalogue: &Catalogue, path: &str, errors: Vec<LoadError>) -> Refused {
    let fault = |error: LoadError| Fault::of_load_error(catalogue.data(), path, error);
    Refused(errors.into_iter().map(fault).collect())
}

/// What an authority's error codes mean: the table that its adapter names, `code,meaning,fix` behind lines that begin
/// with `#`.
pub fn meanings(catalogue: &Catalogue, adapter: &Adapter) -> HashMap<String, Meaning> {
    let path = adapter.errors.as_ref().map(|name| format!("mappings/codes/{name}.csv"));
    let text = path.and_then(|path| catalogue.data().get(&path)).unwrap_or_default();
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
    let row = |record: csv::StringRecord| {
        let mut cells = record.iter().map(|cell| cell.trim().to_owned());
        Some((cells.next()?, Meaning { text: cells.next()?, fix: cells.next().unwrap_or_default() }))
    };
    reader.records().filter_map(Result::ok).filter_map(row).collect()
}
