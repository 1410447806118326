//! Expanding shapes in place: from the table's members to the arena.

use std::sync::Arc;

use dragoman_tree::{NameTable, PlaceId};

use super::table::{Definition, Member, error};
use super::{Field, Identifiers, Schema, SchemaError, Type};

/// Deeper than any document: a shape that holds itself.
const TOO_DEEP: usize = 16;

pub(super) fn compile(definitions: &[Definition]) -> Result<Schema, SchemaError> {
    let every_entry = [
        Member::implied("sequence", Type::Int, "number of the entry as the wire states it"),
        Member::implied("extensions", Type::Open, "what one adapter alone needs, by its name"),
    ];
    let documents = definitions.iter().filter(|own| is_document(own.name));
    let roots: Vec<_> = documents.map(|own| Member::implied(own.name, Type::Document, "")).collect();
    let rows = Rows { definitions, every_entry: &every_entry };
    let mut expansion = Expansion { rows, schema: Schema::default(), table: NameTable::default() };
    for root in &roots {
        let place = expansion.expand(root.name, &[root], None, 0)?;
        expansion.schema.documents.push(place);
    }
    expansion.schema.names = Arc::new(expansion.table);
    Ok(expansion.schema)
}

fn is_document(name: &str) -> bool {
    name.starts_with(|first: char| first.is_lowercase())
}

/// The rows that speak of one member: the shape's first, each later one refining it.
type Layers<'t, 'l> = &'l [&'t Member];

/// What the table says, to look up.
#[derive(Clone, Copy)]
struct Rows<'t> {
    definitions: &'t [Definition],
    every_entry: &'t [Member; 2],
}

impl<'t> Rows<'t> {
    fn definition(&self, name: &str) -> Option<&'t [Member]> {
        let found = self.definitions.iter().find(|definition| definition.name == name)?;
        Some(&found.members)
    }

    /// The members of a type; `None` for one that the table lacks. A document has what every document has:
    /// the head of the definition `*` before its own members, the last (`extensions`) behind them.
    fn members_of(&self, ty: Type, name: &str) -> Option<Vec<&'t Member>> {
        let name = match ty {
            Type::Document => name,
            Type::Shape(shape) => shape,
            _ => return Some(Vec::new()),
        };
        let every = if is_document(name) { self.definition("*").unwrap_or_default() } else { &[] };
        let (head, tail) = every.split_at(every.len().saturating_sub(1));
        let own = self.definition(name)?;
        Some(head.iter().chain(own).chain(tail).collect())
    }

    /// The members of a place, each with its rows, in order.
    fn members(&self, name: &str, layers: Layers<'t, '_>, ty: Type) -> Option<Vec<Vec<&'t Member>>> {
        let entry = layers.first().is_some_and(|layer| layer.list) && ty.is_branch() && ty != Type::Open;
        let [sequence, extensions] = self.every_entry;
        let mut all = self.members_of(ty, name)?;
        all.extend(layers.iter().flat_map(|layer| &layer.members));
        if entry {
            all.push(extensions);
            if all.iter().all(|member| member.name != sequence.name) {
                all.insert(0, sequence);
            }
        }
        let mut groups: Vec<Vec<&Member>> = Vec::new();
        for member in all {
            match groups.iter_mut().find(|group| group.iter().any(|own| own.name == member.name)) {
                Some(group) => group.push(member),
                None => groups.push(vec![member]),
            }
        }
        Some(groups)
    }
}

struct Expansion<'t> {
    rows: Rows<'t>,
    schema: Schema,
    table: NameTable,
}

impl<'t> Expansion<'t> {
    /// Adds the place of that name with all that stands below it.
    fn expand(
        &mut self,
        name: &str,
        layers: Layers<'t, '_>,
        parent: Option<PlaceId>,
        depth: usize,
    ) -> Result<PlaceId, SchemaError> {
        let line = layers.iter().map(|layer| layer.line()).max().unwrap_or(0);
        if depth > TOO_DEEP {
            return Err(error(line, "a shape that holds itself"));
        }
        let Some(ty) = layers.iter().find_map(|layer| layer.ty) else {
            return Err(error(line, format!("{name} refines a member that is not there")));
        };
        let place = self.open(name, layers, ty, parent);
        let Some(members) = self.rows.members(name, layers, ty) else {
            return Err(error(line, format!("there is no type {ty}")));
        };
        if members.is_empty() && ty.is_branch() && ty != Type::Open {
            return Err(error(line, format!("{name} has no members")));
        }
        for member in &members {
            let name = member.first().map_or("", |layer| layer.name);
            self.expand(name, member, Some(place), depth + 1)?;
            if let Some((suffix, sibling)) = sibling(member) {
                self.open(
                    &format!("{name}{suffix}"),
                    &[&sibling],
                    sibling.ty.unwrap_or_default(),
                    Some(place),
                );
            }
        }
        self.close(place, layers, line)?;
        Ok(place)
    }

    fn open(&mut self, name: &str, layers: &[&Member], ty: Type, parent: Option<PlaceId>) -> PlaceId {
        let place = PlaceId(self.schema.fields.len() as u32);
        let name = self.table.intern(name);
        let parent = parent.unwrap_or(place);
        let last = |state: fn(&Member) -> Option<u32>| layers.iter().rev().find_map(|layer| state(layer));
        let said = layers.iter().rev().map(|layer| layer.meaning).find(|meaning| !meaning.is_empty());
        self.schema.fields.push(Field {
            name,
            parent,
            end: PlaceId(place.0 + 1),
            ty,
            list: layers.first().is_some_and(|layer| layer.list),
            min: last(|layer| layer.min).unwrap_or(0),
            max: last(|layer| layer.max).unwrap_or(1),
            key: None,
            ids: layers.iter().fold(Identifiers::default(), |ids, layer| ids.refined(layer.ids)),
            personal: layers.iter().any(|layer| layer.personal),
            meaning: said.unwrap_or_default(),
        });
        if place != parent {
            self.schema.index.insert((parent, name), place);
        }
        place
    }

    /// Ends a place: its subtree is complete, and its key can be looked up.
    fn close(&mut self, place: PlaceId, layers: &[&Member], line: usize) -> Result<(), SchemaError> {
        let end = PlaceId(self.schema.fields.len() as u32);
        let key = layers.iter().rev().map(|layer| layer.key).find(|key| !key.is_empty());
        let found = key.and_then(|key| self.schema.index.get(&(place, self.table.find(key)?)).copied());
        if let (Some(key), None) = (key, found) {
            return Err(error(line, format!("the key {key} is no member")));
        }
        if let Some(field) = self.schema.fields.get_mut(place.index()) {
            field.end = end;
            field.key = found;
        }
        Ok(())
    }
}

/// The sibling that holds the language of a text or the format code of a date, with the end of its name.
fn sibling(layers: &[&Member]) -> Option<(&'static str, Member)> {
    if layers.iter().any(|layer| layer.lang) {
        let meaning = "language of the text, where the wire names it";
        return Some(("_lang", Member::implied("", Type::Lang, meaning)));
    }
    match layers.iter().find_map(|layer| layer.ty)? {
        Type::Date | Type::DateTime => {
            let meaning = "format code of the date, where the wire states one";
            Some(("_format", Member::implied("", Type::Code("date-format"), meaning)))
        }
        _ => None,
    }
}
