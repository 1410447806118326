//! Answering a request: the members that were asked for, of what its fields resolve to.

use serde_json::{Map, Value};

use crate::graphql::parse::{Document, Field, Literal, Operation, Selection};

/// What is answered, and what it costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The fields of the operation.
    pub data: Map<String, Value>,
    /// The objects that were answered.
    pub objects: u32,
}

/// Gives the value of a field of the operation for its arguments. `Err` is an error of the whole request.
pub type Resolve<'r> = &'r mut dyn FnMut(&str, &Map<String, Value>) -> Result<Value, String>;

impl Document {
    /// The operation of that name, or the only one.
    fn operation(&self, name: Option<&str>) -> Result<&Operation, String> {
        let is_it = |operation: &&Operation| name.is_none() || operation.name.as_deref() == name;
        let mut fitting = self.operations.iter().filter(is_it);
        match (fitting.next(), fitting.next()) {
            (Some(operation), None) => Ok(operation),
            (None, _) => Err("there is no such operation".to_owned()),
            _ => Err("an operation name is required".to_owned()),
        }
    }

    /// The first field that an operation asks for.
    pub fn first_field(&self, name: Option<&str>) -> Option<&str> {
        self.operation(name).ok()?.selections.iter().find_map(|selection| match selection {
            Selection::Field(field) => Some(&*field.name),
            Selection::Spread(_) | Selection::Inline(_) => None,
        })
    }

    /// The points that an operation asks for: one for each object; a page two, and one for every ten of its size. The
    /// weights are the simulator's own, the principle is the platform's.
    pub fn cost(&self, name: Option<&str>, variables: &Map<String, Value>) -> Result<u32, String> {
        let operation = self.operation(name)?;
        Ok(self.cost_of(&operation.selections, variables))
    }

    // Fragments that spread themselves were refused when the request was read.
    fn cost_of(&self, selections: &[Selection], variables: &Map<String, Value>) -> u32 {
        let cost = |selection: &Selection| match selection {
            Selection::Spread(name) => {
                self.fragments.get(name).map_or(0, |inner| self.cost_of(inner, variables))
            }
            Selection::Inline(inner) => self.cost_of(inner, variables),
            Selection::Field(field) if field.selections.is_empty() => 0,
            Selection::Field(field) => {
                let page = size(field, variables).map_or(0, |size| 1 + size / 10);
                page.saturating_add(1).saturating_add(self.cost_of(&field.selections, variables))
            }
        };
        selections.iter().map(cost).fold(0, u32::saturating_add)
    }
}

/// Runs an operation. `Err` is the message of an error.
pub fn run(
    document: &Document,
    name: Option<&str>,
    given: &Map<String, Value>,
    resolve: Resolve<'_>,
) -> Result<Outcome, String> {
    let operation = document.operation(name)?;
    let mut variables = given.clone();
    for (name, needed, usual) in &operation.variables {
        if variables.get(name).is_some_and(|value| !value.is_null()) {
            continue;
        }
        match usual {
            Some(usual) => variables.insert(name.clone(), usual.value(&Map::new())),
            None if *needed => return Err(format!("Variable ${name} was not provided")),
            None => None,
        };
    }
    let mut outcome = Outcome::default();
    let mut projection = Projection { document, variables: &variables, objects: 0 };
    for field in projection.fields(&operation.selections) {
        let arguments = field.arguments.iter().map(|(name, value)| (name.clone(), value.value(&variables)));
        let value = resolve(&field.name, &arguments.collect())?;
        let projected = projection.value(&value, field);
        outcome.data.insert(field.key.clone(), projected);
    }
    outcome.objects = projection.objects;
    Ok(outcome)
}

/// The size of a page that a field asks for.
fn size(field: &Field, variables: &Map<String, Value>) -> Option<u32> {
    let is_size = |(name, _): &&(String, Literal)| name == "first" || name == "last";
    let (_, size) = field.arguments.iter().find(is_size)?;
    u32::try_from(size.value(variables).as_u64()?).ok()
}

struct Projection<'p> {
    document: &'p Document,
    variables: &'p Map<String, Value>,
    objects: u32,
}

impl<'p> Projection<'p> {
    /// The fields of a selection, with those of its fragments.
    fn fields(&self, selections: &'p [Selection]) -> Vec<&'p Field> {
        let of = |selection: &'p Selection| match selection {
            Selection::Field(field) => vec![field],
            Selection::Inline(inner) => self.fields(inner),
            Selection::Spread(name) => {
                self.document.fragments.get(name).map(|inner| self.fields(inner)).unwrap_or_default()
            }
        };
        selections.iter().flat_map(of).collect()
    }

    /// A value as it was asked for.
    fn value(&mut self, value: &Value, field: &'p Field) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.value(item, field)).collect(),
            Value::Object(members) if !field.selections.is_empty() => {
                self.objects += 1;
                let mut out = Map::new();
                for inner in self.fields(&field.selections) {
                    let member = members.get(&inner.name).unwrap_or(&Value::Null);
                    out.insert(inner.key.clone(), self.value(member, inner));
                }
                self.cut(&mut out, field);
                Value::Object(out)
            }
            value => value.clone(),
        }
    }

    /// Cuts a page to the size that was asked for.
    fn cut(&self, page: &mut Map<String, Value>, field: &Field) {
        let Some(size) = size(field, self.variables).and_then(|size| usize::try_from(size).ok()) else {
            return;
        };
        let mut is_cut = false;
        for name in ["nodes", "edges"] {
            if let Some(Value::Array(items)) = page.get_mut(name)
                && items.len() > size
            {
                items.truncate(size);
                is_cut = true;
            }
        }
        if let (true, Some(Value::Object(info))) = (is_cut, page.get_mut("pageInfo")) {
            info.insert("hasNextPage".to_owned(), Value::Bool(true));
        }
    }
}
