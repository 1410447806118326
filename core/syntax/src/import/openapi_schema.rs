//! Schema objects of an `OpenAPI` document: references followed, `allOf` merged, and what they say of a value.

use dragoman_tree::{NodeId, Tree};

use super::openapi::ImportError;
use crate::grammar::{Base, Facets, Pattern};
use crate::json;

/// A document and where its schemas are.
pub(super) struct Document<'d> {
    tree: &'d Tree<'d>,
}

/// A schema object with everything that it refers to by `$ref` and `allOf`.
pub(super) struct Schema<'d> {
    tree: &'d Tree<'d>,
    /// The object itself and what it refers to; where they disagree, the first counts.
    parts: Vec<NodeId>,
    /// The schema that it is, where it is nothing but a reference to one.
    pub target: NodeId,
    /// The name of that schema.
    pub name: Option<&'d str>,
}

/// What a schema describes.
pub(super) enum Type<'d> {
    /// An object with known members.
    Object,
    /// An array, with the schema of its items.
    Array(Option<NodeId>),
    /// A string, number or bool.
    Scalar(Base),
    /// Something that a grammar cannot describe, and what it is.
    Other(&'d str),
}

impl<'d> Document<'d> {
    pub fn new(tree: &'d Tree<'d>) -> Self {
        Self { tree }
    }

    /// The version of the document.
    pub fn version(&self) -> &'d str {
        let version = json::find(self.tree, "/info/version").and_then(|node| self.tree.value(node));
        version.unwrap_or("-")
    }

    /// The schema of that name.
    pub fn schema(&self, name: &str) -> Result<NodeId, ImportError> {
        let schemas = ["/components/schemas", "/definitions"].into_iter();
        let found =
            schemas.filter_map(|place| json::find(self.tree, place)).find_map(|at| self.tree.child(at, name));
        found.ok_or_else(|| ImportError::NoSchema { name: name.into() })
    }

    /// Follows all references of a schema.
    pub fn resolve(&self, node: NodeId) -> Result<Schema<'d>, ImportError> {
        let mut parts = Vec::new();
        self.gather(node, &mut parts)?;
        let mut schema = Schema { tree: self.tree, parts, target: node, name: None };
        for _ in 0..schema.parts.len() {
            let parts: Vec<_> =
                self.tree.children(schema.target).filter(|at| self.tree.name(*at) == "allOf").collect();
            if let Some((target, name)) = self.reference(schema.target)? {
                (schema.target, schema.name) = (target, Some(name));
            } else if let [only] = parts.as_slice() {
                schema.target = *only;
            }
        }
        Ok(schema)
    }

    fn gather(&self, node: NodeId, parts: &mut Vec<NodeId>) -> Result<(), ImportError> {
        if parts.contains(&node) {
            return Ok(());
        }
        parts.push(node);
        if let Some((target, _)) = self.reference(node)? {
            self.gather(target, parts)?;
        }
        for part in self.tree.children(node).filter(|at| self.tree.name(*at) == "allOf") {
            self.gather(part, parts)?;
        }
        Ok(())
    }

    /// Where the `$ref` of a schema leads to, and the last step of it.
    fn reference(&self, node: NodeId) -> Result<Option<(NodeId, &'d str)>, ImportError> {
        let Some(at) = self.tree.child(node, "$ref") else { return Ok(None) };
        let Some(reference) = self.tree.value(at) else { return Ok(None) };
        let target = reference.strip_prefix('#').and_then(|pointer| json::find(self.tree, pointer));
        let name = reference.rsplit('/').next().unwrap_or_default();
        let lost =
            || ImportError::Reference { reference: reference.into(), pointer: json::pointer(self.tree, at) };
        target.map(|target| Some((target, name))).ok_or_else(lost)
    }
}

impl<'d> Schema<'d> {
    /// What it describes.
    pub fn kind(&self) -> Type<'d> {
        let named = self.texts("type").find(|name| *name != "null");
        if let Some(items) = self.member("items") {
            return Type::Array(Some(items));
        }
        if self.properties().next().is_some() {
            return Type::Object;
        }
        if let Some(alternatives) = ["oneOf", "anyOf"].into_iter().find(|word| self.member(word).is_some()) {
            return Type::Other(alternatives);
        }
        match named {
            Some("array") => Type::Array(None),
            Some("string") => Type::Scalar(match self.text("format") {
                Some("date-time") => Base::DateTime,
                Some("date") => Base::Date,
                _ => Base::String,
            }),
            Some("number") => Type::Scalar(Base::Number),
            Some("integer") => Type::Scalar(Base::Integer),
            Some("boolean") => Type::Scalar(Base::Bool),
            None if self.member("enum").is_some() => Type::Scalar(Base::String),
            Some(other) => Type::Other(other),
            None => Type::Other("any"),
        }
    }

    /// The members of an object: of members that several parts describe, the first.
    pub fn properties(&self) -> impl Iterator<Item = (&'d str, NodeId)> {
        let tree = self.tree;
        let objects = self.parts.iter().filter_map(move |part| tree.child(*part, "properties"));
        let all: Vec<_> =
            objects.flat_map(|object| tree.children(object)).map(|at| (tree.name(at), at)).collect();
        let mut names = Vec::new();
        all.into_iter().filter(move |(name, _)| {
            let is_new = !names.contains(name);
            names.push(name);
            is_new
        })
    }

    /// True where an object must have that member.
    pub fn requires(&self, name: &str) -> bool {
        self.texts("required").any(|required| required == name)
    }

    /// True where `null` may stand for the value.
    pub fn is_nullable(&self) -> bool {
        let marked = ["nullable", "x-nullable"].into_iter().any(|word| self.text(word) == Some("true"));
        marked || self.texts("type").any(|name| name == "null")
    }

    /// The codes that a value must be one of, sorted.
    pub fn codes(&self) -> Vec<Box<str>> {
        let mut codes: Vec<Box<str>> = self.texts("enum").map(Into::into).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The form of a value of that type; `note` is told what a grammar cannot say.
    pub fn facets(&self, base: Base, note: &mut dyn FnMut(String)) -> Facets {
        let mut facets = Facets::of(base);
        let number = |word| self.text(word).and_then(|text| text.parse().ok());
        facets.min_length = number("minLength").unwrap_or(0);
        facets.max_length = number("maxLength").unwrap_or(u32::MAX);
        facets.range = (self.text("minimum").map(Into::into), self.text("maximum").map(Into::into));
        for word in ["exclusiveMinimum", "exclusiveMaximum", "multipleOf"] {
            if let Some(text) = self.text(word).filter(|text| *text != "false") {
                note(format!("{word} {text} is left out"));
            }
        }
        for source in self.texts("pattern") {
            match Pattern::new(&anchored(source)) {
                Ok(pattern) => facets.patterns.push(pattern),
                Err(_) => note(format!("the pattern {source} is left out")),
            }
        }
        facets
    }

    fn member(&self, name: &str) -> Option<NodeId> {
        self.parts.iter().find_map(|part| self.tree.child(*part, name))
    }

    fn text(&self, name: &str) -> Option<&'d str> {
        self.tree.value(self.member(name)?)
    }

    /// The texts of a member of all parts, one or an array of them each.
    fn texts<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'d str> + 's {
        let children = self.parts.iter().flat_map(|part| self.tree.children(*part));
        children.filter(move |at| self.tree.name(*at) == name).filter_map(|at| self.tree.value(at))
    }
}

/// A pattern of JSON Schema, which may match anywhere in the value, as one that must match the whole value.
fn anchored(source: &str) -> String {
    const ANYTHING: &str = r"[\s\S]*";
    let source = source.replace("\\/", "/");
    if source.contains('|') {
        return format!("{ANYTHING}(?:{source}){ANYTHING}");
    }
    let (front, rest) = source.strip_prefix('^').map_or((ANYTHING, &*source), |rest| ("", rest));
    let end = rest.strip_suffix('$').filter(|rest| !rest.ends_with('\\'));
    let (rest, back) = end.map_or((rest, ANYTHING), |rest| (rest, ""));
    format!("{front}{rest}{back}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_anywhere_unless_they_say_otherwise() {
        let matches = |source: &str, value: &str| Pattern::new(&anchored(source)).unwrap().is_match(value);
        assert!(matches("^a+$", "aa") && !matches("^a+$", "baa") && !matches("^a+$", "aab"));
        assert!(matches("^a", "ab") && matches("b$", "ab") && matches("b", "abc\nd"));
        assert!(matches("^a|b$", "ax") && matches("^a|b$", "xb") && !matches("^a|b$", "xax"));
        assert!(matches("^https?:\\/\\/.+", "https://example") && matches("\\$", "a$b"));
    }
}
