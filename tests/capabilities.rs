//! The tables of what the program speaks: by adapter in `README.md`, by message in `docs/messages.md`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use dragoman_adapters::{AdapterMessage, Catalogue, Data, Party};
use dragoman_channel::{Repeat, Stream};
use dragoman_model::Schema;
use dragoman_syntax::grammar::Syntax;

use crate::run::root;

/// As many messages of an adapter are named in `README.md`; of more, how many there are.
const NAMED: usize = 10;

/// The page of all messages.
fn messages() -> String {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let mut table = String::from(
        "# Messages\n\nEvery message that the program reads and writes; both are possible with each, `direction` is the \
         usual one. This page is made from the adapters (`UPDATE=1 cargo test -p dragoman-tests capabilities`).\n\n\
         | with whom | message | direction | format | defined by | canonical document |\n\
         |---|---|---|---|---|---|\n",
    );
    for adapter in catalogue.adapters() {
        for message in &adapter.messages {
            let name = format!("{}/{}", adapter.name, message.name);
            let loaded = catalogue.message(&name).unwrap();
            let mapping = loaded.mapping().unwrap();
            let format = format_of(mapping.syntax());
            let grammars: Vec<_> =
                mapping.grammars().map(|grammar| format!("`{}`", grammar.name())).collect();
            let (title, page) = (&adapter.title, &adapter.name);
            let document = Schema::standard().name_of(mapping.model());
            let (way, grammars) = (message.direction.word(), grammars.join(", "));
            let _ = writeln!(
                table,
                "| [{title}](../adapters/{page}/README.md) | `{name}` | {way} | {format} | {grammars} | `{document}` |"
            );
        }
    }
    table
}

fn format_of(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Xml => "XML",
        Syntax::Json => "JSON",
        Syntax::Edifact => "EDIFACT",
        Syntax::X12 => "X12",
        Syntax::Flat => "flat",
    }
}

/// A row for each adapter: its messages by name, or how many there are.
fn adapters() -> String {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let mut table =
        String::from("| with whom | messages | format | canonical documents |\n|---|---|---|---|\n");
    for adapter in catalogue.adapters() {
        let (mut formats, mut documents) = (BTreeSet::new(), BTreeSet::new());
        for message in &adapter.messages {
            let loaded = catalogue.message(&format!("{}/{}", adapter.name, message.name)).unwrap();
            let mapping = loaded.mapping().unwrap();
            formats.insert(format_of(mapping.syntax()));
            documents.insert(format!("`{}`", Schema::standard().name_of(mapping.model())));
        }
        let names: Vec<_> = adapter.messages.iter().map(|message| format!("`{}`", message.name)).collect();
        let named = match names.len() {
            0..=NAMED => names.join(", "),
            count => format!("{count} messages, {} to {}", names[0], names[count - 1]),
        };
        let (title, page) = (&adapter.title, &adapter.name);
        let join = |words: Vec<&str>| words.join(", ");
        let (formats, documents) =
            (join(formats.into_iter().collect()), join(documents.iter().map(String::as_str).collect()));
        let _ =
            writeln!(table, "| [{title}](adapters/{page}/README.md) | {named} | {formats} | {documents} |");
    }
    table
}

/// What a platform's channel and mapping can do, and what its page says that it was tried against.
fn platforms() -> String {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let mut table = String::from(
        "| platform | read | push | webhooks | customs fields | tested against |\n|---|---|---|---|---|---|\n",
    );
    for adapter in catalogue.adapters() {
        let (Party::Platform(_), Some(channel)) = (&adapter.party, &adapter.channel) else { continue };
        let every = |stream: &Stream| if stream.sweep.is_some() { "changes, and a sweep" } else { "changes" };
        let read = channel.streams.first().map_or("", every);
        let push = match channel.operation("ship") {
            Some(ship) if ship.first.is_some() => "tracking, asked first",
            Some(ship) if ship.repeat() == Repeat::Idempotent => "tracking, repeatable",
            Some(_) => "tracking",
            None => "",
        };
        let more = [("customs", "; what customs made of it"), ("parts", "; what sets consist of")];
        let more = more.iter().filter(|(name, _)| channel.operation(name).is_some());
        let more: String = more.map(|(_, words)| *words).collect();
        let webhooks = if channel.webhooks.is_empty() { "" } else { "signed hints" };
        let text = |message: &AdapterMessage| {
            catalogue.data().get(&format!("mappings/{}.map", message.mapping)).unwrap_or_default().to_owned()
        };
        let mappings: String = adapter.messages.iter().map(text).collect();
        let fields = ["code", "origin", "net_mass"].into_iter();
        let has = |field: &&str| mappings.contains(&format!("customs.{field}"));
        let fields: Vec<_> = fields.filter(has).map(|field| field.replace('_', " ")).collect();
        let (title, name, fields) = (&adapter.title, &adapter.name, fields.join(", "));
        let page = fs::read_to_string(root().join("adapters").join(name).join("README.md")).unwrap();
        let tried = page.split_once("Tried against ").unwrap().1;
        let tried =
            tried.split([';', '\n']).next().unwrap().split(". ").next().unwrap().trim_end_matches('.');
        let tried = tried.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(
            table,
            "| [{title}](adapters/{name}/README.md) | {read} | {push}{more} | {webhooks} | {fields} | {tried} |"
        );
    }
    table
}

#[test]
fn the_page_of_messages_is_current() {
    let path = root().join("docs/messages.md");
    let current = messages();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &current).unwrap();
    }
    let is_current = fs::read_to_string(&path).unwrap_or_default() == current;
    assert!(is_current, "docs/messages.md is not current: run with UPDATE=1");
}

#[test]
fn the_table_of_capabilities_is_current() {
    let path = root().join("README.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- capabilities").unwrap();
    let (opening, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once("<!-- end of capabilities").unwrap();
    let current = format!(
        "{before}<!-- capabilities{opening}\n\n{}\n{}\n<!-- end of capabilities{after}",
        adapters(),
        platforms()
    );
    if std::env::var_os("UPDATE").is_some() && current != page {
        fs::write(&path, &current).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == current, "README.md is not current: run with UPDATE=1");
}
