//! `dragoman adapter new`: a folder of data to begin an adapter with, made like another one.

mod draft;
mod guess;
mod page;
mod renamed;
mod schema;

use std::path::Path;

use dragoman_adapters::{Adapter, AdapterMessage, Catalogue, Data, Message, Party, receive};
use dragoman_mapping::canonical;
use dragoman_model::Schema;
use dragoman_syntax::grammar::layout;
use dragoman_syntax::json::Style;

use crate::Context;
use crate::arguments::New;
use crate::commands::sample;
use crate::failure::{Failure, Outcome};
use crate::outputs::save;
use crate::terminal::{note, print};

/// The seed of the cases that an adapter begins with.
const SEED: u64 = 7;

/// Writes the folder, and names what it wrote.
pub fn run(context: &Context, asked: &New) -> Result<Outcome, Failure> {
    let catalogue = &context.catalogue;
    let like = catalogue.adapters().iter().find(|adapter| adapter.name == asked.like);
    let like = like.ok_or_else(|| {
        let message = format!("there is no adapter `{}`", asked.like);
        Failure::new(message, "`dragoman adapter list` shows them")
    })?;
    let folder = asked.out.join(&asked.name);
    is_free(catalogue, &asked.name, &folder)?;
    let mut files = renamed::files(catalogue.data(), &like.name, &asked.name);
    if let Some(schemas) = &asked.from {
        if let Some(root) = asked.root.get(like.messages.len()) {
            let message = format!("`--root {root}` is one too many: {} has {}", like.name, named(like));
            return Err(Failure::new(message, "each root is that of the message at its place"));
        }
        for (message, root) in like.messages.iter().zip(&asked.root) {
            drafted(catalogue, (like, message), asked, (schemas, root), &mut files)?;
        }
    }
    for (path, text) in &files {
        write(&folder.join(path), text.as_bytes())?;
    }
    let mut data = catalogue.data().clone();
    crate::data::lay(&mut data, &folder, &format!("adapters/{}", asked.name))?;
    cases(data, &asked.name, &folder)?;
    let shown = folder.display();
    note(&format!(
        "next: change what is said in it, and ask `dragoman adapter test {shown}` what is missing\n"
    ));
    Ok(Outcome::Clean)
}

/// The names of an adapter's messages.
fn named(adapter: &Adapter) -> String {
    adapter.messages.iter().map(|message| message.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Puts the grammar of a message, and a mapping that is guessed of it, in the place of the other adapter's.
fn drafted(
    catalogue: &Catalogue,
    (like, message): (&Adapter, &AdapterMessage),
    asked: &New,
    (schemas, root): (&Path, &str),
    files: &mut Vec<(String, String)>,
) -> Result<(), Failure> {
    let name = format!("{}/{}", asked.name, message.name);
    let known = catalogue.message(&format!("{}/{}", like.name, message.name))?;
    let grammar = schema::grammar(schemas, root, &name)?;
    let Some(model) = known.mapping().map(|mapping| mapping.model()) else { return Ok(()) };
    let fixed = match (&like.party, Schema::standard().name_of(model)) {
        (Party::Platform(_), _) => format!("fixed platform.name = \"{}\"\n", asked.name),
        (Party::Customs(_) | Party::Any, "declaration") => "fixed kind = \"declaration\"\n".to_owned(),
        (Party::Customs(_) | Party::Any, _) => String::new(),
    };
    let mapping = draft::mapping(&grammar, model, &fixed, catalogue.data().clone())?;
    let replaced = [format!("mappings/{}.gram", message.name), format!("mappings/{}.map", message.name)];
    files.retain(|(path, _)| !replaced.contains(path) && path != "sim.toml");
    files.extend(replaced.into_iter().zip([layout(&grammar), mapping]));
    let before = message.mapping.replacen(&format!("{}/", like.name), &format!("{}/", asked.name), 1);
    for (_, text) in files.iter_mut().filter(|(path, _)| path == "adapter.toml") {
        *text = text.replacen(&format!("mapping = \"{before}\""), &format!("mapping = \"{name}\""), 1);
    }
    Ok(())
}

/// A name that folders and messages can have, and nobody has yet.
fn is_free(catalogue: &Catalogue, name: &str, folder: &Path) -> Result<(), Failure> {
    let is_letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.chars().all(is_letter) {
        let message = format!("`{name}` is no name of an adapter");
        return Err(Failure::new(
            message,
            "a small letter, then small letters, digits and `-`: `acme`, `fr-delta`",
        ));
    }
    if catalogue.adapters().iter().any(|adapter| adapter.name == name) || folder.exists() {
        let message = format!("there is an adapter `{name}` already");
        return Err(Failure::new(message, "choose another name, or another folder with `--out`"));
    }
    Ok(())
}

/// A case a message, made up, with what is read of it; and the page, which shows one.
fn cases(data: Data, name: &str, folder: &Path) -> Result<(), Failure> {
    let catalogue = Catalogue::new(data)?;
    let Some(adapter) = catalogue.adapters().iter().find(|adapter| adapter.name == name) else {
        return Ok(());
    };
    let mut example = None;
    for message in &adapter.messages {
        let (full, case) = (format!("{name}/{}", message.name), folder.join("cases").join(&message.name));
        let bytes = sample::one(&catalogue, &full, SEED)?;
        let read = read(&catalogue, &catalogue.message(&full)?, &bytes);
        write(&case.with_extension("in"), &bytes)?;
        write(&case.with_extension("json"), read.as_bytes())?;
        example.get_or_insert((message.name.clone(), read));
    }
    write(&folder.join("README.md"), page::page(adapter, example.as_ref()).as_bytes())
}

/// The canonical documents of a message, as `translate` prints them.
fn read(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> String {
    let mut text = String::new();
    receive(catalogue, message, bytes, &mut |received| {
        if let Some(got) = &received.got {
            text.push_str(canonical::write(&got.document, Style::Pretty).trim_end());
            text.push('\n');
        }
    });
    text
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    save(path, bytes)?;
    print(format!("{}\n", path.display()).as_bytes());
    Ok(())
}

/// Whose adapter it is, in the words of a table.
fn way(adapter: &Adapter, message: &str) -> &'static str {
    adapter.message(message).map_or("", |message| message.direction.word())
}
