//! What codes are called: a form may show the name that a code list has where the document states none.

use std::sync::Arc;

use dragoman_model::CodeList;
use serde::Deserialize;
use serde_json::Value;

use crate::form::Form;
use crate::letters;

/// Whose names are looked up in a code list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// The list.
    pub list: String,
    /// The member with the code: `code`.
    pub code: String,
    /// The paths of what has it; each gets the member `name`.
    pub of: Vec<String>,
}

/// A document with the names that its form looks up. A name that the document states stays; one that the fonts cannot show
/// is left out.
pub fn named(form: &Form, mut document: Value, list: &dyn Fn(&str) -> Option<Arc<CodeList>>) -> Value {
    for names in &form.names {
        let Some(list) = list(&names.list) else { continue };
        for path in &names.of {
            let steps: Vec<_> = path.split('.').collect();
            add(&mut document, &steps, &mut |value| name(value, &names.code, &list));
        }
    }
    document
}

/// Does something with each value at the end of a path, where `list[]` is all entries.
fn add(value: &mut Value, steps: &[&str], each: &mut dyn FnMut(&mut Value)) {
    let Some((step, rest)) = steps.split_first() else { return each(value) };
    match step.strip_suffix("[]") {
        None => value.get_mut(step).into_iter().for_each(|found| add(found, rest, each)),
        Some(list) => {
            let entries = value.get_mut(list).and_then(Value::as_array_mut);
            entries.into_iter().flatten().for_each(|entry| add(entry, rest, each));
        }
    }
}

fn name(value: &mut Value, code: &str, list: &CodeList) {
    let found = value.get(code).and_then(Value::as_str).and_then(|code| list.get(code));
    let name = found.map(|row| row.name).filter(|name| letters::bytes(name).1.is_none());
    if let (Some(name), Some(members)) = (name, value.as_object_mut()) {
        members.entry("name").or_insert_with(|| name.into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_added_where_none_is_stated() {
        let form = "title = 't'\nsource = 's'\nkind = 'declaration'\n\
                    [[names]]\nlist = 'offices'\ncode = 'code'\nof = ['office.departure', 'office.transit[]']\n\
                    [[box]]\nlabel = 'l'\ncolumns = 12\nshow = ['{lrn}']\n";
        let form = Form::load(form).unwrap();
        let list =
            "# Offices.\n# source: s\n# edition: e\n# checked: c\ncode,name\nA1,Dover\nA2,Łódź\nA3,Calais\n";
        let list = Arc::new(CodeList::parse(list).unwrap());
        let document = json!({"office": {
            "departure": {"code": "A1"},
            "transit": [{"code": "A2"}, {"code": "A3", "name": "Kales"}, {"code": "A3"}, {"code": "A4"}],
        }});
        let named = named(&form, document, &|name| (name == "offices").then(|| list.clone()));
        assert_eq!(named["office"]["departure"]["name"], "Dover");
        let transit = named["office"]["transit"].as_array().unwrap();
        let names: Vec<_> = transit.iter().map(|office| office["name"].as_str()).collect();
        assert_eq!(names, [None, Some("Kales"), Some("Calais"), None]);
        let wrong = |of: &str| {
            Form::load(&format!(
                "title = 't'\nsource = 's'\nkind = 'declaration'\n[[names]]\nlist = 'offices'\ncode = 'code'\nof = ['{of}']\nbox = []\n"
            ))
        };
        assert!(wrong("office.departed").is_err() && wrong("lrn").is_err());
    }
}
