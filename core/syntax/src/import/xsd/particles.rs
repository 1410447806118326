//! Model groups to a flat list of elements (XML Schema Part 1, 3.8).
//!
//! A place of a grammar stands in a sequence, on its own or in a choice of single elements. Everything that a
//! nested group says beyond that is an error.

use super::schemas::{Component, Schemas};
use super::{ImportError, Wildcard};

/// An element at its place in a content model.
#[derive(Clone, Copy, Debug)]
pub(super) struct Particle<'s> {
    /// The `xs:element`: a global one, a local one or a reference.
    pub element: Component<'s>,
    pub min: u32,
    pub max: u32,
    /// Elements of one number other than 0 exclude each other.
    pub choice: u8,
    /// The most that it may occur, whatever the groups around it say.
    pub most: u32,
}

/// Flattens content models.
#[derive(Debug)]
pub(super) struct Flattener<'s> {
    pub schemas: &'s Schemas,
    pub wildcards: &'s [Wildcard<'s>],
    /// The choices of this content model so far.
    pub choices: u8,
}

type Particles<'s> = Result<Vec<Particle<'s>>, ImportError>;

impl<'s> Flattener<'s> {
    /// The elements of a particle, in order.
    pub fn flatten(&mut self, at: Component<'s>) -> Particles<'s> {
        let (min, max) = occurs(at)?;
        let inner = match at.element.name.as_str() {
            "element" => return Ok(vec![Particle { element: at, min, max, choice: 0, most: u32::MAX }]),
            "any" => return self.wildcard(at, min, max),
            "sequence" => self.sequence(at)?,
            "choice" => self.choice(at)?,
            "group" => self.group(at)?,
            "all" if at.element.parts().count() <= 1 => self.sequence(at)?,
            "all" => return Err(at.error("xs:all leaves the order open, which cannot be said in a grammar")),
            other => return Err(at.error(format!("xs:{other} is not supported"))),
        };
        repeat(inner, at, min, max)
    }

    fn sequence(&mut self, at: Component<'s>) -> Particles<'s> {
        let mut found = Vec::new();
        for part in at.element.parts() {
            found.extend(self.flatten(Component { element: part, ..at })?);
        }
        Ok(found)
    }

    fn group(&mut self, at: Component<'s>) -> Particles<'s> {
        let name = at.element.attribute("ref").unwrap_or_default();
        let group = self.schemas.find(at.document, "group", name);
        self.sequence(group.ok_or_else(|| at.error(format!("there is no group `{name}`")))?)
    }

    fn choice(&mut self, at: Component<'s>) -> Particles<'s> {
        let mut alternatives = Vec::new();
        for part in at.element.parts() {
            alternatives.push(self.flatten(Component { element: part, ..at })?);
        }
        // A wildcard that nothing stands for leaves no alternative behind.
        alternatives.retain(|alternative| !alternative.is_empty());
        if alternatives.len() <= 1 {
            return Ok(alternatives.into_iter().flatten().collect());
        }
        self.choices += 1;
        let mut found: Vec<Particle<'_>> = Vec::new();
        for alternative in alternatives {
            if alternative.len() > 1 && !is_one_choice(&alternative) {
                return Err(at.error("an alternative of several elements cannot be said in a grammar"));
            }
            found.extend(alternative);
        }
        for one in &mut found {
            one.choice = self.choices;
        }
        Ok(found)
    }

    /// The element that the options name for an `xs:any`.
    fn wildcard(&self, at: Component<'s>, min: u32, max: u32) -> Particles<'s> {
        let namespace = at.element.attribute("namespace").unwrap_or("##any");
        let known = self.wildcards.iter().find(|wildcard| wildcard.namespace == namespace);
        let known =
            known.ok_or_else(|| at.error(format!("no option says what stands for xs:any of {namespace}")))?;
        let Some((file, name)) = known.element else { return Ok(Vec::new()) };
        let element = self.schemas.global(self.schemas.unit(file), "element", name);
        let element = element.ok_or_else(|| at.error(format!("{file} has no global element `{name}`")))?;
        Ok(vec![Particle { element, min, max, choice: 0, most: known.max.unwrap_or(u32::MAX) }])
    }
}

/// Applies the occurrence of a group to its elements.
fn repeat<'s>(mut found: Vec<Particle<'s>>, at: Component<'s>, min: u32, max: u32) -> Particles<'s> {
    match (min, max) {
        (1, 1) => {}
        (0, 1) if found.iter().all(|one| one.min == 0) => {}
        (0, 1) if is_one_choice(&found) => {
            for one in &mut found {
                one.min = 0;
            }
        }
        _ if found.len() <= 1 => {
            for one in &mut found {
                (one.min, one.max) = (one.min.saturating_mul(min), one.max.saturating_mul(max));
            }
        }
        _ => {
            return Err(
                at.error("a repeated or optional group of several elements cannot be said in a grammar")
            );
        }
    }
    Ok(found)
}

/// True where all elements exclude each other.
fn is_one_choice(found: &[Particle<'_>]) -> bool {
    let first = found.first().map_or(0, |one| one.choice);
    first != 0 && found.iter().all(|one| one.choice == first)
}

/// `minOccurs` and `maxOccurs`.
fn occurs(at: Component<'_>) -> Result<(u32, u32), ImportError> {
    let number = |name: &str| match at.element.attribute(name) {
        None => Ok(1),
        Some("unbounded") => Ok(u32::MAX),
        Some(value) => value.parse().map_err(|_| at.error(format!("{name} `{value}` is no number"))),
    };
    Ok((number("minOccurs")?, number("maxOccurs")?))
}
