//! `dragoman sample`: synthetic messages, the same for the same seed.

use std::path::Path;
use std::sync::Arc;

use dragoman_adapters::{Catalogue, Message, ending};
use dragoman_mapping::Mapping;
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::sample::{sampled, seed_of};
use dragoman_tree::Tree;

use crate::Context;
use crate::arguments::Sample;
use crate::failure::{Failure, Outcome};
use crate::outputs::save;
use crate::terminal::print;

/// What messages are made of.
struct Making {
    grammar: Arc<Grammar>,
    /// The mapping of a message; a grammar has none.
    mapping: Option<Arc<Mapping>>,
}

/// Prints messages, or writes them into files.
pub fn run(context: &Context, arguments: &Sample) -> Result<Outcome, Failure> {
    let making = making(&context.catalogue, &arguments.name)?;
    if let Some(folder) = &arguments.out {
        return files(&making, arguments, folder);
    }
    if making.grammar.syntax == Syntax::Xml && arguments.size > 1 {
        let message = format!("a text of XML is one message, not {}", arguments.size);
        return Err(Failure::new(message, "`--out DIR` writes one file a message"));
    }
    print(&written(&making, arguments.seed, arguments.size)?);
    Ok(Outcome::Clean)
}

/// A message of that name, of a seed.
pub fn one(catalogue: &Catalogue, name: &str, seed: u64) -> Result<Vec<u8>, Failure> {
    written(&making(catalogue, name)?, seed, 1)
}

/// The grammar that a message is written by, or that has the name itself.
fn making(catalogue: &Catalogue, name: &str) -> Result<Making, Failure> {
    let message = catalogue.message(name);
    let mapping = message.as_ref().ok().and_then(Message::mapping).cloned();
    let grammar = match (mapping.as_ref().and_then(|mapping| mapping.written()), message) {
        (Some(grammar), _) => grammar.clone(),
        (None, Ok(_)) => catalogue.grammar(name)?,
        (None, Err(unknown)) => catalogue.grammar(name).map_err(|_| unknown)?,
    };
    if grammar.is_empty() {
        let message = format!("`{name}` describes segments, no message");
        return Err(Failure::new(message, "`dragoman adapter list` shows the messages"));
    }
    Ok(Making { grammar, mapping })
}

fn files(making: &Making, arguments: &Sample, folder: &Path) -> Result<Outcome, Failure> {
    let (name, ending) = (arguments.name.replace('/', "-"), ending(making.grammar.syntax));
    for number in 0..arguments.size {
        let bytes = written(making, seed_of(arguments.seed, number), 1)?;
        save(&folder.join(format!("{name}-{}.{ending}", number + 1)), &bytes)?;
    }
    Ok(Outcome::Clean)
}

fn written(making: &Making, seed: u64, size: u64) -> Result<Vec<u8>, Failure> {
    let Making { grammar, mapping } = making;
    let fits = |tree: &Tree<'_>| mapping.as_ref().is_none_or(|mapping| mapping.recognises(tree));
    let sampled = sampled(grammar, seed, size, &fits);
    match sampled.refused.first() {
        Some(why) => {
            let message = format!("`{}` cannot be written: {}", grammar.name(), why.message);
            Err(Failure::new(message, "`dragoman adapter list` shows the messages"))
        }
        None => Ok(sampled.bytes),
    }
}
