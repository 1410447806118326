//! The entries of an export, one after the other: the text is far too large for a tree.

use super::ReferenceError;
use crate::xml::attribute::Attribute;
use crate::xml::text::resolve;
use crate::xml::token::{Fault, Token, Tokens};

/// An entry: its items by name in their order, and its descriptions by language.
#[derive(Debug, Default)]
pub struct Entry {
    items: Vec<(String, String)>,
}

impl Entry {
    fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e str> {
        self.items.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The first item of a name; empty where there is none.
    pub fn first(&self, name: &str) -> String {
        self.all(name).next().unwrap_or_default().to_owned()
    }

    /// The different values of a name, in one order.
    pub fn sorted(&self, name: &str) -> String {
        let mut all: Vec<_> = self.all(name).collect();
        all.sort_unstable();
        all.dedup();
        all.join(" ")
    }

    /// The description in English.
    pub fn english(&self) -> String {
        self.first("en")
    }

    /// The name of an office: in English where it has one, else in the first language. The language of a name stands
    /// before it.
    pub fn office(&self) -> String {
        let mut language = "";
        let mut first = None;
        for (name, value) in &self.items {
            match name.as_str() {
                "LanguageCode" => language = value,
                "CustomsOfficeUsualName" if language == "EN" => return value.clone(),
                "CustomsOfficeUsualName" => first = first.or(Some(value)),
                _ => {}
            }
        }
        first.cloned().unwrap_or_default()
    }
}

/// Goes through the entries with the name of the entity that each is of.
pub fn entries(text: &str, each: &mut dyn FnMut(&str, &Entry)) -> Result<(), ReferenceError> {
    let mut tokens = Tokens::new(text, 64);
    let (mut open, mut entity, mut entry) = (Vec::new(), "", Entry::default());
    let (mut item, mut value) = (None, String::new());
    loop {
        match tokens.next().map_err(broken)? {
            Token::Start { local, is_empty, .. } => {
                let of = |key: &str| attribute(&tokens.attributes, key);
                match local {
                    "RDEntity" => entity = of("name").unwrap_or_default(),
                    "RDEntry" => entry = Entry::default(),
                    _ => {}
                }
                let is_item = matches!(local, "dataItem" | "description");
                item = of("name").or(of("lang")).filter(|_| is_item);
                value.clear();
                if !is_empty {
                    open.push(local);
                }
            }
            Token::Text(text) | Token::Section(text) => value.push_str(text),
            Token::Reference(name) => {
                let letter = resolve(name);
                value.push(
                    letter.map_err(|_| ReferenceError::Broken(format!("`&{name};` stands for nothing")))?,
                );
            }
            Token::End => {
                if open.pop() == Some("RDEntry") {
                    each(entity, &entry);
                } else if let Some(item) = item.take() {
                    let words: Vec<_> = value.split_whitespace().collect();
                    entry.items.push((item.to_owned(), words.join(" ")));
                }
            }
            Token::Comment(_) | Token::Instruction(_) => {}
            Token::Doctype => return Err(ReferenceError::Broken("it has a document type definition".into())),
            Token::EndOfText if open.is_empty() => return Ok(()),
            Token::EndOfText => return Err(ReferenceError::Broken("it ends too early".into())),
        }
    }
}

fn attribute<'t>(attributes: &[Attribute<'t>], key: &str) -> Option<&'t str> {
    attributes.iter().find(|attribute| attribute.key == key).map(|attribute| attribute.value)
}

fn broken(fault: Fault<'_>) -> ReferenceError {
    ReferenceError::Broken(match fault {
        Fault::Markup(message) => message.to_owned(),
        Fault::Mismatched { expected, found } => format!("`</{found}>` closes `<{expected}>`"),
        Fault::Unmatched(found) => format!("`</{found}>` closes nothing"),
    })
}
