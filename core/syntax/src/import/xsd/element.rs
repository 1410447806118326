//! Elements to places, from the root down.

use dragoman_tree::{Kind, PlaceId};

use super::document::XSD;
use super::particles::{Flattener, Particle};
use super::schemas::{Component, Schemas};
use super::simple::{self, Simple};
use super::{ImportError, Options, attributes};
use crate::grammar::{
    AttributeSet, Base, CodeList, Facets, Grammar, GrammarBuilder, Place, is_same_attribute,
};

/// Deeper than any message; a schema that goes on refers to itself.
const DEEPEST: usize = 64;

/// Unfolds a schema into a grammar.
pub(super) struct Importer<'s> {
    schemas: &'s Schemas,
    options: &'s Options<'s>,
    build: GrammarBuilder,
}

impl<'s> Importer<'s> {
    pub fn new(schemas: &'s Schemas, options: &'s Options<'s>, build: GrammarBuilder) -> Self {
        Self { schemas, options, build }
    }

    /// The whole message.
    pub fn import(mut self, root: Component<'s>) -> Result<Grammar, ImportError> {
        self.element(Particle { element: root, min: 1, max: 1, choice: 0, most: 1 })?;
        Ok(self.build.finish())
    }

    fn element(&mut self, particle: Particle<'s>) -> Result<(), ImportError> {
        let at = particle.element;
        let declared = self.declaration(at)?;
        // A default says what an empty element means to its reader, not what may stand there.
        for unsupported in ["nillable", "abstract", "substitutionGroup"] {
            if declared.element.attribute(unsupported).is_some_and(|value| value != "false") {
                return Err(declared.error(format!("{unsupported} cannot be said in a grammar")));
            }
        }
        if self.build.depth() >= DEEPEST {
            return Err(declared.error("the schema refers to itself, which cannot be said in a grammar"));
        }
        let name = declared.element.attribute("name").unwrap_or_default();
        let mut place = self.build.place(name, Kind::Element);
        place.namespace = self.namespace(declared)?;
        (place.min, place.max, place.choice) =
            (particle.min, particle.max.min(particle.most), particle.choice);
        place.fixed = declared.element.attribute("fixed").map(Into::into);
        place.key = self.key(name, place.max);
        // The notes of a reference are its own: what it refers to may be called otherwise there.
        let note = |word: &str| at.element.note(word).map(Into::into);
        (place.wco, place.tded, place.format) = (note("WCOID"), note("TDEDUID"), note("WCOFormat"));
        let is_opaque = self.options.opaque.contains(&name);
        if is_opaque {
            place.facets = Some(self.build.facets(Facets::of(Base::Any)));
        }
        let id = self.build.open(place);
        if !is_opaque {
            self.content(declared, id, name)?;
        }
        self.build.close();
        Ok(())
    }

    /// The declaration that an `xs:element` is or refers to.
    fn declaration(&self, at: Component<'s>) -> Result<Component<'s>, ImportError> {
        let Some(name) = at.element.attribute("ref") else { return Ok(at) };
        let found = self.schemas.find(at.document, "element", name);
        found.ok_or_else(|| at.error(format!("there is no global element `{name}`")))
    }

    /// The namespace of an element: that of its file, but for local elements only where the file says so.
    fn namespace(&self, at: Component<'_>) -> Result<u16, ImportError> {
        let root = &at.document.root;
        let is_global = root.children.iter().any(|child| std::ptr::eq(child, at.element));
        let form = at.element.attribute("form").or(root.attribute("elementFormDefault"));
        let namespace =
            if is_global || form == Some("qualified") { at.document.namespace.as_str() } else { "" };
        let mut known = self.build.grammar().namespaces.iter();
        let index = known.position(|known| *known.uri == *namespace);
        index
            .map(|index| index as u16)
            .ok_or_else(|| at.error(format!("no option gives a prefix for the namespace {namespace}")))
    }

    fn key(&mut self, name: &str, max: u32) -> Option<dragoman_tree::NameId> {
        let (_, key) = self.options.keys.iter().find(|(element, _)| *element == name && max > 1)?;
        Some(self.build.intern(key))
    }

    fn content(&mut self, at: Component<'s>, place: PlaceId, name: &str) -> Result<(), ImportError> {
        if let Some(simple) = at.element.child("simpleType") {
            let simple = simple::simple_type(self.schemas, Component { element: simple, ..at })?;
            self.value(simple, name, place);
            return Ok(());
        }
        if let Some(complex) = at.element.child("complexType") {
            return self.complex(Component { element: complex, ..at }, place, name);
        }
        let type_name = at.element.attribute("type");
        let type_name =
            type_name.ok_or_else(|| at.error("an element of any type cannot be said in a grammar"))?;
        let is_built_in = at.document.resolve(type_name).is_some_and(|(namespace, _)| namespace == XSD);
        match self.schemas.find(at.document, "complexType", type_name).filter(|_| !is_built_in) {
            Some(complex) => return self.complex(complex, place, name),
            None => self.value(simple::by_name(self.schemas, at, type_name)?, name, place),
        }
        Ok(())
    }

    /// Gives a place its form.
    fn value(&mut self, simple: Simple, name: &str, place: PlaceId) {
        let facets = self.facets(simple, name);
        self.build.place_mut(place).facets = Some(facets);
    }

    /// The number of a form; a list of codes without a name is called after the element or attribute.
    fn facets(&mut self, simple: Simple, element: &str) -> u32 {
        let Simple { mut facets, codes } = simple;
        facets.list = codes.map(|(name, codes)| self.list(name.unwrap_or_else(|| element.into()), codes));
        self.build.facets(facets)
    }

    /// The name of a code list with these codes.
    fn list(&mut self, mut name: String, codes: Vec<String>) -> Box<str> {
        let mut codes: Vec<Box<str>> = codes.into_iter().map(Into::into).collect();
        codes.sort_unstable();
        codes.dedup();
        let lists = &mut self.build.grammar_mut().lists;
        while let Some(known) = lists.iter().find(|list| *list.name == *name) {
            if known.codes == codes {
                return name.into();
            }
            name.push('_');
        }
        lists.push(CodeList { name: name.as_str().into(), codes });
        name.into()
    }

    fn complex(&mut self, at: Component<'s>, place: PlaceId, name: &str) -> Result<(), ImportError> {
        if at.element.attribute("mixed") == Some("true") {
            return Err(at.error("text between elements cannot be said in a grammar"));
        }
        self.attributes(at)?;
        if let Some(simple) = simple::simple_content(self.schemas, at)? {
            self.value(simple, name, place);
            return Ok(());
        }
        let mut flattener =
            Flattener { schemas: self.schemas, wildcards: self.options.wildcards, choices: 0 };
        for particle in model(self.schemas, at, &mut flattener)? {
            self.element(particle)?;
        }
        Ok(())
    }

    fn attributes(&mut self, at: Component<'s>) -> Result<(), ImportError> {
        let found = attributes::of(self.schemas, at)?;
        let mut places = Vec::new();
        for attribute in found.declared {
            places.push(self.attribute(attribute)?);
        }
        if places.len() > 1 {
            self.share(found.from.unwrap_or("attributes"), &places);
        }
        for place in places {
            self.build.open(place);
            self.build.close();
        }
        Ok(())
    }

    fn attribute(&mut self, at: Component<'s>) -> Result<Place, ImportError> {
        let form = at.element.attribute("form").or(at.document.root.attribute("attributeFormDefault"));
        if form == Some("qualified") || at.element.attribute("default").is_some() {
            return Err(at.error("qualified attributes and defaults cannot be said in a grammar"));
        }
        let simple = match (at.element.attribute("type"), at.element.child("simpleType")) {
            (Some(name), _) => simple::by_name(self.schemas, at, name)?,
            (None, Some(simple)) => simple::simple_type(self.schemas, Component { element: simple, ..at })?,
            (None, None) => return Err(at.error("an attribute without a type is not supported")),
        };
        let name = at.element.attribute("name").unwrap_or_default();
        let mut place = self.build.place(name, Kind::Attribute);
        place.namespace = 0;
        place.min = u32::from(at.element.attribute("use") == Some("required"));
        place.fixed = at.element.attribute("fixed").map(Into::into);
        place.facets = Some(self.facets(simple, name));
        Ok(place)
    }

    /// Names a set of attributes, so that the file can say it once.
    fn share(&mut self, name: &str, attributes: &[Place]) {
        let sets = &mut self.build.grammar_mut().attributes;
        let is_it = |set: &AttributeSet| {
            set.attributes.len() == attributes.len()
                && set.attributes.iter().zip(attributes).all(|(one, other)| is_same_attribute(one, other))
        };
        if !sets.iter().any(is_it) {
            let twins = sets.iter().filter(|set| set.name.trim_end_matches('_') == name).count();
            let name = format!("{name}{}", "_".repeat(twins));
            sets.push(AttributeSet { name: name.into(), attributes: attributes.to_vec() });
        }
    }
}

/// The elements of a complex type in order, those of the type that it extends first.
fn model<'s>(
    schemas: &'s Schemas,
    at: Component<'s>,
    flattener: &mut Flattener<'s>,
) -> Result<Vec<Particle<'s>>, ImportError> {
    let mut found = Vec::new();
    let mut owner = at;
    if let Some(derivation) = at.element.child("complexContent").and_then(|content| content.parts().next()) {
        owner = Component { element: derivation, ..at };
        let base = derivation.attribute("base").unwrap_or_default();
        if derivation.name == "extension" {
            let base = schemas.find(at.document, "complexType", base);
            let base = base.ok_or_else(|| owner.error("the base of an extension is no complex type"))?;
            found = model(schemas, base, flattener)?;
        }
    }
    let is_particle = |name: &str| matches!(name, "sequence" | "choice" | "all" | "group" | "any");
    for part in owner.element.parts().filter(|part| is_particle(&part.name)) {
        found.extend(flattener.flatten(Component { element: part, ..owner })?);
    }
    Ok(found)
}
