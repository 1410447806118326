//! `dragoman grammar`: what messages may hold.

mod import;

use dragoman_syntax::grammar::changes;

use crate::Context;
use crate::arguments::Grammar;
use crate::failure::{Failure, Outcome};
use crate::terminal::print;

/// Runs a command on grammars.
pub fn run(context: &Context, arguments: &Grammar) -> Result<Outcome, Failure> {
    match arguments {
        Grammar::Show { name } => show(context, name),
        Grammar::Diff { old, new, message } => diff(context, [old, new], message.as_deref()),
        Grammar::Import(from) => import::run(from),
    }
}

/// Prints what changed, one line a change: `+` came, `-` went, `~` is otherwise.
fn diff(context: &Context, names: [&str; 2], message: Option<&str>) -> Result<Outcome, Failure> {
    let [old, new] = names.map(|name| match message {
        Some(message) => context.catalogue.grammar(&format!("edifact/{name}/{message}").to_lowercase()),
        None => context.catalogue.grammar(name),
    });
    for change in changes(&*old?, &*new?) {
        print(format!("{change}\n").as_bytes());
    }
    Ok(Outcome::Clean)
}

/// Prints the file of a grammar, or of the one that a message is written by.
fn show(context: &Context, name: &str) -> Result<Outcome, Failure> {
    let catalogue = &context.catalogue;
    let name = match (catalogue.grammar(name), catalogue.message(name)) {
        (Ok(_), _) => Some(name.to_owned()),
        (_, Ok(message)) => message.written().map(|grammar| grammar.name().to_owned()),
        (Err(error), _) => return Err(error.into()),
    };
    let Some(name) = name else {
        return Err(Failure::new("canonical JSON has no grammar", "`dragoman model` shows what is in it"));
    };
    print(catalogue.data().get(&format!("mappings/{name}.gram")).unwrap_or_default().as_bytes());
    Ok(Outcome::Clean)
}
