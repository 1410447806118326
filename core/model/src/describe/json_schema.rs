//! JSON Schema (draft 2020-12) of the canonical JSON of a document.

use std::collections::BTreeMap;

use dragoman_tree::PlaceId;
use serde_json::{Map, Value, json};

use crate::{Field, Schema, Type};

/// The schema of one document's canonical JSON; `None` for a place that is no document. Forms are stated so
/// that people and generators know them: a reader takes other strings too, with a finding.
pub fn json_schema(document: PlaceId) -> Option<Value> {
    let schema = Schema::standard();
    let field = schema.get(document).filter(|field| field.ty == Type::Document)?;
    let mut definitions = Definitions { schema, known: BTreeMap::new() };
    let name = schema.name_of(document);
    let mut root = definitions.object(document);
    if let Some(kind) = root.get_mut("properties").and_then(|members| members.get_mut("type")) {
        *kind = json!({ "const": name });
    }
    root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".into(), json!(name));
    root.insert("required".into(), json!(["type"]));
    if !field.meaning.is_empty() {
        root.insert("description".into(), json!(field.meaning));
    }
    let known = definitions.known.into_iter().map(|(name, definition)| (name, Value::Object(definition)));
    root.insert("$defs".into(), Value::Object(known.collect()));
    Some(Value::Object(root))
}

/// Shapes, each stated once; one that has more members somewhere gets a number.
struct Definitions {
    schema: &'static Schema,
    known: BTreeMap<String, Map<String, Value>>,
}

impl Definitions {
    fn object(&mut self, place: PlaceId) -> Map<String, Value> {
        let schema = self.schema;
        let members =
            schema.children(place).map(|child| (schema.name_of(child).to_owned(), self.member(child)));
        let members: Map<_, _> = members.collect();
        let object = json!({ "type": "object", "properties": members, "additionalProperties": false });
        if let Value::Object(object) = object { object } else { Map::new() }
    }

    fn member(&mut self, place: PlaceId) -> Value {
        let Some(field) = self.schema.get(place) else { return Value::Null };
        let one = match field.ty {
            Type::Shape(name) => self.reference(place, name, field.list),
            Type::Object | Type::Document => Value::Object(self.object(place)),
            scalar => scalar_schema(scalar),
        };
        described(one, field)
    }

    /// A reference to the definition of a shape; entries of lists have members of their own.
    fn reference(&mut self, place: PlaceId, shape: &str, list: bool) -> Value {
        let definition = self.object(place);
        let base = if list { format!("{shape}-entry") } else { shape.to_owned() };
        let mut name = base.clone();
        let mut number = 1;
        while self.known.get(&name).is_some_and(|known| *known != definition) {
            number += 1;
            name = format!("{base}-{number}");
        }
        self.known.entry(name.clone()).or_insert(definition);
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}

fn described(one: Value, field: &Field) -> Value {
    let mut member = if field.list { json!({ "type": "array", "items": one }) } else { one };
    if let Value::Object(member) = &mut member {
        if !field.meaning.is_empty() {
            member.insert("description".into(), json!(field.meaning));
        }
        if field.list && field.max != u32::MAX {
            member.insert("maxItems".into(), json!(field.max));
        }
    }
    member
}

fn scalar_schema(ty: Type) -> Value {
    match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Open => json!({ "type": "object" }),
        Type::Value => json!({ "type": ["string", "boolean"] }),
        Type::Decimal | Type::Rate => {
            json!({ "type": "string", "pattern": r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$" })
        }
        Type::Int => json!({ "type": "string", "pattern": "^[+-]?[0-9]+$" }),
        Type::Enum(words) => json!({ "type": "string", "enum": words.iter().collect::<Vec<_>>() }),
        Type::Country => json!({ "type": "string", "pattern": "^[A-Z]{2}$" }),
        Type::Currency => json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
        Type::Uuid => json!({ "type": "string", "format": "uuid" }),
        _ => json!({ "type": "string" }),
    }
}
