//! The attributes of a complex type, those of the types that it is derived from first.

use super::ImportError;
use super::schemas::{Component, Schemas};

/// The declarations of attributes, and the name of the type that the first of them comes from.
#[derive(Debug, Default)]
pub(super) struct Attributes<'s> {
    pub declared: Vec<Component<'s>>,
    pub from: Option<&'s str>,
}

/// Collects the attributes of an `xs:complexType`.
pub(super) fn of<'s>(schemas: &'s Schemas, at: Component<'s>) -> Result<Attributes<'s>, ImportError> {
    let mut found = Attributes::default();
    collect(schemas, at, &mut found)?;
    found.declared.retain(|attribute| attribute.element.attribute("use") != Some("prohibited"));
    Ok(found)
}

fn collect<'s>(
    schemas: &'s Schemas,
    at: Component<'s>,
    found: &mut Attributes<'s>,
) -> Result<(), ImportError> {
    let content = ["simpleContent", "complexContent"].iter().find_map(|name| at.element.child(name));
    let derivation = content.and_then(|content| content.parts().next());
    if let Some(base) = derivation.and_then(|derivation| derivation.attribute("base"))
        && let Some(base) = schemas.find(at.document, "complexType", base)
    {
        collect(schemas, base, found)?;
    }
    let owner = Component { element: derivation.unwrap_or(at.element), ..at };
    own(schemas, owner, found)?;
    if !found.declared.is_empty() && found.from.is_none() {
        found.from = at.element.attribute("name");
    }
    Ok(())
}

/// The attributes that stand in an element themselves. One of a name known already takes its place.
fn own<'s>(schemas: &'s Schemas, at: Component<'s>, found: &mut Attributes<'s>) -> Result<(), ImportError> {
    for part in at.element.parts() {
        let part = Component { element: part, ..at };
        match part.element.name.as_str() {
            "attribute" => {
                let name = part.element.attribute("name");
                let name = name.ok_or_else(|| part.error("references to attributes are not supported"))?;
                let is_known = |known: &&mut Component<'_>| known.element.attribute("name") == Some(name);
                match found.declared.iter_mut().find(is_known) {
                    Some(known) => *known = part,
                    None => found.declared.push(part),
                }
            }
            "attributeGroup" => {
                let name = part.element.attribute("ref").unwrap_or_default();
                let group = schemas.find(at.document, "attributeGroup", name);
                own(schemas, group.ok_or_else(|| part.error(format!("there is no group `{name}`")))?, found)?;
            }
            "anyAttribute" => return Err(part.error("xs:anyAttribute cannot be said in a grammar")),
            _ => {}
        }
    }
    Ok(())
}
