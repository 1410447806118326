//! A customs service to declare to: its messages, its rules, and what its error codes mean.

use std::collections::HashMap;

use dragoman_adapters::{Adapter, AdapterMessage, Direction, Fault, Message, Party, Refused};
use dragoman_declare::{FACTS, Meaning};
use dragoman_mapping::language::LoadError;
use dragoman_model::{Schema, nearest};
use dragoman_rules::Rules;
use dragoman_sim::Authority;

use crate::Context;
use crate::failure::Failure;

/// A customs service.
#[derive(Debug)]
pub struct Customs<'c> {
    /// The adapter.
    pub adapter: &'c Adapter,
    /// The message that declarations are sent as.
    pub declaration: Message,
    /// The rules of the country.
    pub rules: Rules,
    errors: HashMap<String, Meaning>,
}

impl<'c> Customs<'c> {
    /// The customs service of an adapter by its name.
    pub fn find(context: &'c Context, name: &str) -> Result<Self, Failure> {
        let adapters = context.catalogue.adapters();
        let adapter = adapters.iter().find(|adapter| adapter.name == name).ok_or_else(|| {
            let near = nearest(name, adapters.iter().map(|adapter| adapter.name.as_str()));
            let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            Failure::new(format!("there is no adapter `{name}`"), near + "`dragoman adapter list` shows all")
        })?;
        Self::of(context, adapter)
    }

    /// The customs service that an adapter speaks with.
    pub fn of(context: &'c Context, adapter: &'c Adapter) -> Result<Self, Failure> {
        let declaration = message(context, adapter, Direction::Out, "declaration")?;
        let (Party::Customs(_), Some(rules), Some(declaration)) =
            (&adapter.party, &adapter.rules, declaration)
        else {
            let name = &adapter.name;
            let message = format!("nothing can be declared to `{name}`");
            return Err(Failure::new(
                message,
                "an adapter to declare to is of a customs service and names its `rules`",
            ));
        };
        let path = format!("mappings/{rules}.toml");
        let text = context.catalogue.data().get(&path).unwrap_or_default();
        let loaded = dragoman_rules::load(rules, text, FACTS);
        let rules = loaded.map_err(|errors| refused(context, &path, errors))?;
        Ok(Self { adapter, declaration, rules, errors: meanings(context, adapter) })
    }

    /// What an error code means, where it is known.
    pub fn explain(&self, code: &str) -> Option<Meaning> {
        self.errors.get(code).cloned()
    }

    /// What the simulator of this service is called and knows, and the message that it answers with.
    pub fn simulator(&self, context: &Context) -> Result<(Box<str>, Authority, Message), Failure> {
        let name = &self.adapter.name;
        let path = format!("adapters/{name}/sim.toml");
        let Some(text) = context.catalogue.data().get(&path) else {
            return Err(Failure::new(format!("`{name}` has no simulator"), "one is made by a `sim.toml`"));
        };
        let script = dragoman_sim::load(name, text).map_err(|errors| refused(context, &path, errors))?;
        let Some(authority) = script.authority else {
            return Err(Failure::new(
                format!("the simulator of `{name}` is no authority"),
                "see its `sim.toml`",
            ));
        };
        let answers = context.catalogue.message(&format!("{name}/{}", authority.answers))?;
        Ok((script.title, authority, answers))
    }
}

/// The message of an adapter in that direction that holds documents of that type.
fn message(
    context: &Context,
    adapter: &Adapter,
    direction: Direction,
    document: &str,
) -> Result<Option<Message>, Failure> {
    let of_direction = |message: &&AdapterMessage| message.direction == direction;
    for one in adapter.messages.iter().filter(of_direction) {
        let message = context.catalogue.message(&format!("{}/{}", adapter.name, one.name))?;
        let model = message.mapping().map(|mapping| mapping.model());
        if model.is_some() && model == Schema::standard().document(document) {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// Mistakes in a file of the catalogue.
pub fn refused(context: &Context, path: &str, errors: Vec<LoadError>) -> Failure {
    let data = context.catalogue.data();
    let text = data.get(path).unwrap_or_default();
    let fault = |error: LoadError| fault(data.shown(path), text, error);
    Failure::Data(Refused(errors.into_iter().map(fault).collect()))
}

/// A mistake in a file, with its text to show the place in.
pub fn fault(path: &str, text: &str, error: LoadError) -> Fault {
    let LoadError { at, message, hint, .. } = error;
    Fault { path: path.to_owned(), text: text.into(), at, message, hint }
}

/// What an authority's error codes mean: the table that its adapter names, `code,meaning,fix` behind lines that begin
/// with `#`.
pub fn meanings(context: &Context, adapter: &Adapter) -> HashMap<String, Meaning> {
    let path = adapter.errors.as_ref().map(|name| format!("mappings/codes/{name}.csv"));
    let text = path.and_then(|path| context.catalogue.data().get(&path)).unwrap_or_default();
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
    let row = |record: csv::StringRecord| {
        let mut cells = record.iter().map(|cell| cell.trim().to_owned());
        Some((cells.next()?, Meaning { text: cells.next()?, fix: cells.next().unwrap_or_default() }))
    };
    reader.records().filter_map(Result::ok).filter_map(row).collect()
}
