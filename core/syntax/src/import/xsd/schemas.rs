//! The files of a schema, and where a name leads.

use std::collections::HashMap;

use super::ImportError;
use super::document::{Document, Element};

/// Files that include each other: they share a namespace and see each other's components. A file that is imported
/// begins a unit of its own, so two versions of one namespace can stand side by side, each seen by its importers.
#[derive(Debug, Default)]
struct Unit {
    path: String,
    documents: Vec<usize>,
    /// Imported namespaces and the units that they lead to.
    imports: HashMap<String, usize>,
}

/// All files.
#[derive(Debug, Default)]
pub(super) struct Schemas {
    pub documents: Vec<Document>,
    units: Vec<Unit>,
}

/// A component and the file that it is in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component<'s> {
    pub document: &'s Document,
    pub element: &'s Element,
}

impl Component<'_> {
    pub fn error(&self, message: impl Into<String>) -> ImportError {
        self.document.error(self.element, message)
    }
}

type Files<'f> = &'f dyn Fn(&str) -> Option<String>;

/// Where a file is named.
#[derive(Debug)]
struct Link {
    file: String,
    line: u32,
    path: String,
    /// The namespace of an import; `None` for an include.
    import: Option<String>,
}

impl Schemas {
    /// Loads files, and everything that they include and import.
    pub fn load<'p>(paths: impl Iterator<Item = &'p str>, files: Files<'_>) -> Result<Self, ImportError> {
        let mut schemas = Self::default();
        for path in paths {
            let link = Link { file: path.into(), line: 1, path: path.into(), import: None };
            schemas.load_unit(&link, files)?;
        }
        Ok(schemas)
    }

    fn load_unit(&mut self, link: &Link, files: Files<'_>) -> Result<usize, ImportError> {
        if let Some(known) = self.units.iter().position(|unit| unit.path == link.path) {
            return Ok(known);
        }
        let unit = self.units.len();
        self.units.push(Unit { path: link.path.clone(), ..Unit::default() });
        self.load_document(link, None, unit, files)?;
        Ok(unit)
    }

    fn load_document(
        &mut self,
        link: &Link,
        including: Option<&str>,
        unit: usize,
        files: Files<'_>,
    ) -> Result<(), ImportError> {
        if self.documents.iter().any(|document| document.unit == unit && document.path == link.path) {
            return Ok(());
        }
        let text = files(&link.path).ok_or_else(|| ImportError {
            file: link.file.clone(),
            line: link.line,
            message: format!("there is no file `{}`", link.path),
        })?;
        let document = Document::read(&link.path, &text, including, unit)?;
        let (links, namespace) = (links(&document)?, document.namespace.clone());
        if let Some(unit) = self.units.get_mut(unit) {
            unit.documents.push(self.documents.len());
        }
        self.documents.push(document);
        for link in links {
            let Some(imported) = &link.import else {
                self.load_document(&link, Some(&namespace), unit, files)?;
                continue;
            };
            let target = self.load_unit(&link, files)?;
            if let Some(unit) = self.units.get_mut(unit) {
                unit.imports.insert(imported.clone(), target);
            }
        }
        Ok(())
    }

    /// The unit that begins with a file.
    pub fn unit(&self, path: &str) -> usize {
        self.units.iter().position(|unit| unit.path == path).unwrap_or(0)
    }

    /// A global component of a unit: `element`, `complexType`, `simpleType`, `group`, `attributeGroup`.
    pub fn global(&self, unit: usize, kind: &str, name: &str) -> Option<Component<'_>> {
        let documents = self.units.get(unit)?.documents.iter().filter_map(|index| self.documents.get(*index));
        let is_it = |element: &&Element| element.name == kind && element.attribute("name") == Some(name);
        let mut found = documents.filter_map(|document| {
            Some(Component { document, element: document.root.children.iter().find(is_it)? })
        });
        found.next()
    }

    /// The component that a qualified name in a file stands for.
    pub fn find(&self, from: &Document, kind: &str, name: &str) -> Option<Component<'_>> {
        let (namespace, local) = from.resolve(name)?;
        let unit = if namespace == from.namespace {
            from.unit
        } else {
            *self.units.get(from.unit)?.imports.get(namespace)?
        };
        self.global(unit, kind, local)
    }
}

/// The files that a file includes and imports.
fn links(document: &Document) -> Result<Vec<Link>, ImportError> {
    let mut links = Vec::new();
    for child in &document.root.children {
        let import = match child.name.as_str() {
            "include" => None,
            "import" => Some(child.attribute("namespace").unwrap_or_default().to_owned()),
            "redefine" => return Err(document.error(child, "xs:redefine is not supported")),
            _ => continue,
        };
        if let Some(location) = child.attribute("schemaLocation") {
            let (file, path) = (document.path.clone(), join(&document.path, location));
            links.push(Link { file, line: child.line, path, import });
        }
    }
    Ok(links)
}

/// A location relative to a file.
fn join(file: &str, location: &str) -> String {
    let mut steps: Vec<&str> = file.split('/').collect();
    steps.pop();
    for step in location.split('/') {
        match step {
            "." | "" => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn locations_are_relative() {
        assert_eq!(join("xsd/customs/a.xsd", "../wco/b.xsd"), "xsd/wco/b.xsd");
        assert_eq!(join("a.xsd", "./x/b.xsd"), "x/b.xsd");
        assert_eq!(join("a.xsd", "../b.xsd"), "../b.xsd");
    }
}
