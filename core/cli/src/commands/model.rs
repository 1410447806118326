//! `dragoman model`: the canonical model, looked up or printed.

use dragoman_model::{Schema, dictionary, json_schema, lookup, nearest_field};

use crate::arguments::{Model, ModelFormat};
use crate::failure::{Failure, Outcome};
use crate::terminal::print;

/// Prints what a path or number names; all documents where nothing is asked for.
pub fn run(arguments: &Model) -> Result<Outcome, Failure> {
    let query = arguments.query.as_deref();
    let text = match arguments.format {
        ModelFormat::Text => fields(query)?,
        ModelFormat::JsonSchema => schema(query)?,
        ModelFormat::Markdown => dictionary(),
    };
    print(text.as_bytes());
    Ok(Outcome::Clean)
}

fn fields(query: Option<&str>) -> Result<String, Failure> {
    let Some(query) = query else {
        let schema = Schema::standard();
        let meaning = |place| schema.get(place).map_or("", |field| field.meaning);
        let line =
            |place| format!("{}  {}  {}\n", schema.name_of(place), schema.type_of(place), meaning(place));
        return Ok(schema.documents().map(line).collect());
    };
    let found = lookup(query);
    if found.matches.is_empty() {
        let message = format!("the canonical model has no path or number `{query}`");
        let hint = nearest_field(query).map_or_else(
            || {
                "`dragoman model` lists the documents; numbers are those of WCO, TDED, EU, SAD, CEB and X12"
                    .into()
            },
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Failure::new(message, hint));
    }
    Ok(found.to_string())
}

/// The JSON Schema of a document.
fn schema(document: Option<&str>) -> Result<String, Failure> {
    let schema = Schema::standard();
    let found = document.and_then(|name| schema.document(name)).and_then(json_schema);
    let found = found.ok_or_else(|| {
        let known: Vec<_> = schema.documents().map(|place| schema.name_of(place)).collect();
        Failure::new("a JSON Schema is of one document", format!("name it: {}", known.join(", ")))
    })?;
    Ok(serde_json::to_string_pretty(&found).unwrap_or_default() + "\n")
}
