//! XML Schema 1.0 to a grammar.
//!
//! A schema is unfolded from its root element: every use of a type becomes places of its own, so that each has its
//! own path. What `.gram` files cannot say is an error that names it, never left out in silence.

mod attributes;
mod document;
mod element;
mod particles;
mod schemas;
mod simple;

use crate::grammar::{Grammar, GrammarBuilder, Header, Namespace, Syntax};

use element::Importer;
use schemas::Schemas;

/// What a schema does not say.
#[derive(Clone, Debug, Default)]
pub struct Options<'o> {
    /// The grammar's name: its path under `mappings/` without the ending.
    pub name: &'o str,
    /// The root: a global element of the entry schema.
    pub root: &'o str,
    /// Prefixes and namespaces, as the writer is to declare them; `""` is the default namespace. Where none is given, that
    /// of the entry schema is the default, and the others have numbers.
    pub namespaces: &'o [(&'o str, &'o str)],
    /// What stands where the schema has `xs:any`.
    pub wildcards: &'o [Wildcard<'o>],
    /// Elements whose occurrences are identified by a child: element, child.
    pub keys: &'o [(&'o str, &'o str)],
    /// Elements of which nothing below is unfolded, such as signatures.
    pub opaque: &'o [&'o str],
}

/// The global element that stands for an `xs:any` of one namespace.
#[derive(Clone, Copy, Debug)]
pub struct Wildcard<'o> {
    /// The namespace that the `xs:any` names.
    pub namespace: &'o str,
    /// The schema file and the global element in it; `None` where this message has nothing of that namespace.
    pub element: Option<(&'o str, &'o str)>,
    /// How often it may stand there, where that is less often than the schema says: an envelope that takes any
    /// number of messages is used with one.
    pub max: Option<u32>,
}

/// A schema that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct ImportError {
    /// The schema file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong or cannot be said in a grammar.
    pub message: String,
}

/// Imports the schema file `entry` with everything that it includes and imports. `files` gives the text of a file
/// by its path, which is that of `entry` with the schemas' relative locations applied.
pub fn import(
    entry: &str,
    files: &dyn Fn(&str) -> Option<String>,
    options: &Options<'_>,
) -> Result<Grammar, ImportError> {
    let wildcards = options.wildcards.iter().filter_map(|wildcard| Some(wildcard.element?.0));
    let schemas = Schemas::load(std::iter::once(entry).chain(wildcards), files)?;
    let mut source: Vec<Box<str>> = Vec::new();
    for line in schemas.documents.iter().map(|document| document.source().into()) {
        if !source.contains(&line) {
            source.push(line);
        }
    }
    let header = Header { name: options.name.into(), source, ..Header::default() };
    let mut build = GrammarBuilder::new(Syntax::Xml, header);
    let own = numbered(&schemas);
    let given = options.namespaces.iter().map(|(prefix, uri)| ((*prefix).to_owned(), *uri)).collect();
    for (prefix, uri) in if options.namespaces.is_empty() { own } else { given } {
        let namespace = Namespace { prefix: prefix.into(), uri: uri.into() };
        build.grammar_mut().namespaces.push(namespace);
    }
    let root = schemas.global(schemas.unit(entry), "element", options.root);
    let root = root.ok_or_else(|| ImportError {
        file: entry.into(),
        line: 1,
        message: format!("there is no global element `{}`", options.root),
    })?;
    Importer::new(&schemas, options, build).import(root)
}

/// The namespaces of schemas with prefixes that the schemas do not say: none for the first, where its elements are all in it.
fn numbered(schemas: &Schemas) -> Vec<(String, &str)> {
    let mut found: Vec<(String, &str)> = Vec::new();
    for document in &schemas.documents {
        let uri = document.namespace.as_str();
        if uri.is_empty() || found.iter().any(|(_, known)| *known == uri) {
            continue;
        }
        let is_whole = document.root.attribute("elementFormDefault") == Some("qualified");
        let prefix =
            if found.is_empty() && is_whole { String::new() } else { format!("n{}", found.len() + 1) };
        found.push((prefix, uri));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:p="urn:party" targetNamespace="urn:main"
        elementFormDefault="FORM"><xs:import namespace="urn:party" schemaLocation="party.xsd"/>
        <xs:element name="Root"><xs:complexType><xs:sequence><xs:element ref="p:Party"/></xs:sequence></xs:complexType></xs:element>
        </xs:schema>"#;
    const PARTY: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:party">
        <xs:element name="Party" type="xs:string"/></xs:schema>"#;

    #[test]
    fn namespaces_have_prefixes_where_none_are_given() {
        for (form, first) in [("qualified", ""), ("unqualified", "n1")] {
            let main = MAIN.replace("FORM", form);
            let files = |path: &str| match path {
                "main.xsd" => Some(main.clone()),
                "party.xsd" => Some(PARTY.to_owned()),
                _ => None,
            };
            let options = Options { name: "xx/main", root: "Root", ..Options::default() };
            let grammar = import("main.xsd", &files, &options).unwrap();
            let found: Vec<_> =
                grammar.namespaces.iter().skip(1).map(|known| (&*known.prefix, &*known.uri)).collect();
            assert_eq!(found, [(first, "urn:main"), ("n2", "urn:party")], "{form}");
        }
    }
}
