//! A form as data: what it is for, its boxes and its tables.

use std::collections::BTreeMap;

use dragoman_model::Schema;
use dragoman_tree::PlaceId;
use serde::Deserialize;
use serde_json::Value;

use crate::NotPrinted;
use crate::line::{Line, plain, text_at};
use crate::names::Names;

/// A form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// What stands over it.
    pub title: String,
    /// Where it is laid down.
    pub source: String,
    /// The type of the documents that it is for.
    pub kind: String,
    /// Paths with the value, or one of the values, that they have to have.
    #[serde(default)]
    pub when: BTreeMap<String, Wanted>,
    /// The path of what the barcode of every page holds.
    pub barcode: Option<String>,
    /// Whose names are looked up in code lists.
    #[serde(default)]
    pub names: Vec<Names>,
    /// What stands at the head of every page.
    #[serde(default)]
    pub head: Vec<Line>,
    /// Its boxes.
    #[serde(default, rename = "box")]
    pub boxes: Vec<Field>,
    /// Its tables, after the boxes.
    #[serde(default, rename = "table")]
    pub tables: Vec<Table>,
    /// Boxes after the tables.
    #[serde(default)]
    pub foot: Vec<Field>,
}

/// What a value has to be.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Wanted {
    /// This.
    One(String),
    /// One of these.
    Any(Vec<String>),
}

impl Wanted {
    fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Any(values) => values,
        }
    }
}

/// A box, or a column of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What stands over it.
    pub label: String,
    /// How many of the twelve columns of the page it takes.
    pub columns: u8,
    /// What it shows, a line each; lines of which nothing is known are left out.
    #[serde(default)]
    pub show: Vec<Line>,
}

/// A table: a row for each entry of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What stands over it.
    pub title: String,
    /// The path of the list.
    pub each: String,
    /// True where it begins on a page of its own.
    #[serde(default)]
    pub own_page: bool,
    /// Its columns.
    #[serde(rename = "column")]
    pub columns: Vec<Field>,
}

/// Why a form cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// It is no TOML, or not of this shape.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// Nothing is called so.
    #[error("there is no document type `{0}`")]
    Kind(String),
    /// The type of document has no such path.
    #[error("`{kind}` has no `{path}`")]
    Path {
        /// The type of document.
        kind: String,
        /// The path.
        path: String,
    },
    /// A row of boxes that is not as wide as the page.
    #[error("the boxes up to `{0}` do not end with the twelve columns of the page")]
    Width(String),
}

/// The columns of a page.
const COLUMNS: u32 = 12;

impl Form {
    /// Reads a form, and checks that its paths are those of the model and its rows as wide as the page.
    pub fn load(text: &str) -> Result<Self, FormError> {
        let form: Self = toml::from_str(text)?;
        let schema = Schema::standard();
        let root = schema.document(&form.kind).ok_or_else(|| FormError::Kind(form.kind.clone()))?;
        let find = |parent: PlaceId, path: &str| {
            let plain = plain(path);
            schema
                .resolve(parent, &plain)
                .ok_or_else(|| FormError::Path { kind: form.kind.clone(), path: plain })
        };
        for path in form.when.keys().chain(&form.barcode) {
            find(root, path)?;
        }
        for names in &form.names {
            for path in &names.of {
                let of = find(root, path)?;
                find(of, &names.code)?;
                find(of, "name")?;
            }
        }
        check(&form.head, root, &find)?;
        for boxes in [&form.boxes, &form.foot] {
            for field in boxes {
                check(&field.show, root, &find)?;
            }
            rows(boxes)?;
        }
        for table in &form.tables {
            let entry = find(root, &table.each)?;
            for column in &table.columns {
                check(&column.show, entry, &find)?;
            }
            rows(&table.columns)?;
        }
        Ok(form)
    }

    /// Refuses a document of another type.
    pub(crate) fn accepts(&self, document: &Value) -> Result<(), NotPrinted> {
        let is_one = |path: &str, wanted: &[String]| {
            let found = text_at(document, path).unwrap_or_default();
            if wanted.contains(&found) {
                return Ok(());
            }
            Err(NotPrinted::OtherDocument { path: path.to_owned(), wanted: wanted.join(" or "), found })
        };
        is_one("type", std::slice::from_ref(&self.kind))?;
        self.when.iter().try_for_each(|(path, wanted)| is_one(path, wanted.values()))
    }
}

fn check(
    lines: &[Line],
    parent: PlaceId,
    find: &impl Fn(PlaceId, &str) -> Result<PlaceId, FormError>,
) -> Result<(), FormError> {
    for path in lines.iter().flat_map(Line::paths) {
        find(parent, &path)?;
    }
    Ok(())
}

fn rows(fields: &[Field]) -> Result<(), FormError> {
    let mut width = 0;
    for field in fields {
        width += u32::from(field.columns);
        if width > COLUMNS || field.columns == 0 {
            return Err(FormError::Width(field.label.clone()));
        }
        width %= COLUMNS;
    }
    match fields.last() {
        Some(last) if width > 0 => Err(FormError::Width(last.label.clone())),
        _ => Ok(()),
    }
}
