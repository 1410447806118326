//! Bodies of requests, filled in so that a value stays a value.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::http::{Body, Part};
use crate::operation::{FIELDS, pair};
use crate::span::Name;
use crate::template::{Encoding, Missing, Template};
use crate::values::{BASE64, Values};

/// A form with a file, for `multipart/form-data`: the fields that an earlier answer gave, and the file behind them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Multipart {
    /// The field of the file. It comes last.
    pub file: String,
}

/// A JSON value in which texts are templates. `{ each = "shipment.lines", of = … }` is an array with a value for each
/// entry of a list; in it the entry's values stand under the list's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// A text, or a number where the template says so.
    Text(Template),
    /// A number.
    Number(i64),
    /// True or false.
    Bool(bool),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Vec<(String, Json)>),
    /// An array with a value for each entry of a list.
    Each(Spanned<String>, Box<Json>),
}

/// What a body is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BodyText<'o> {
    None,
    Message(&'o Name, Option<&'o Template>),
    Json(&'o Json),
    Form(&'o BTreeMap<String, Template>),
    Xml(&'o Template),
    Graphql(&'o str, Option<&'o Json>),
    Multipart(&'o Multipart),
}

impl BodyText<'_> {
    /// The media type, where the operation does not say it.
    pub(crate) const fn media_type(self) -> Option<&'static str> {
        match self {
            Self::None | Self::Message(..) | Self::Multipart(_) => None,
            Self::Json(_) | Self::Graphql(..) => Some("application/json"),
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::Xml(_) => Some("application/xml; charset=UTF-8"),
        }
    }

    /// The body with the values in it.
    pub(crate) fn fill(self, values: &Values, content: Option<&[u8]>) -> Result<Body, Missing> {
        Ok(match self {
            Self::None => Body::None,
            Self::Message(name, around) => {
                let content = content.ok_or_else(|| Missing(name.to_string()))?;
                let enveloped = |around: &Template| {
                    let values = values.clone().with(BASE64, STANDARD.encode(content));
                    around.fill(&values, Encoding::Xml).map(String::into_bytes)
                };
                Body::Bytes(around.map_or_else(|| Ok(content.to_vec()), enveloped)?)
            }
            Self::Json(json) => {
                let mut out = String::new();
                json.write(values, &mut out)?;
                Body::Bytes(out.into_bytes())
            }
            Self::Form(form) => Body::Bytes(urlencoded(form, values).into_bytes()),
            Self::Xml(text) => Body::Bytes(text.fill(values, Encoding::Xml)?.into_bytes()),
            Self::Graphql(query, variables) => {
                let mut out = format!("{{\"query\":{}", quoted(query));
                let mut written = String::new();
                if variables.map(|json| json.write(values, &mut written)).transpose()?.is_some() {
                    out.push_str(",\"variables\":");
                    out.push_str(&written);
                }
                out.push('}');
                Body::Bytes(out.into_bytes())
            }
            Self::Multipart(form) => Body::Multipart(form.parts(values, content)?),
        })
    }
}

impl Multipart {
    fn parts(&self, values: &Values, content: Option<&[u8]>) -> Result<Vec<Part>, Missing> {
        let field = |entry: &Values| Part {
            name: entry.get("name").unwrap_or_default().to_owned(),
            file: None,
            media_type: None,
            content: entry.get("value").unwrap_or_default().as_bytes().to_vec(),
        };
        let mut parts: Vec<_> = values.list(FIELDS).iter().map(field).collect();
        parts.push(Part {
            name: self.file.clone(),
            file: Some(values.get("document.name").unwrap_or("document").to_owned()),
            media_type: values.get("document.media_type").map(str::to_owned),
            content: content.ok_or_else(|| Missing("the document".into()))?.to_vec(),
        });
        Ok(parts)
    }
}

/// A form as one text; what has no value is left out.
pub(crate) fn urlencoded(form: &BTreeMap<String, Template>, values: &Values) -> String {
    let filled = form.iter().filter_map(|(name, value)| {
        let value = value.fill(values, Encoding::Plain).ok()?;
        Some(pair(name, &value))
    });
    filled.collect::<Vec<_>>().join("&")
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// True for what RFC 8259 calls a number.
fn is_number(text: &str) -> bool {
    text.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

impl Json {
    /// It as the value of a parameter: a text as it is, anything else as JSON.
    pub(crate) fn parameter(&self, values: &Values) -> Result<String, Missing> {
        if let Self::Text(text) = self {
            return text.fill(values, Encoding::Plain);
        }
        let mut out = String::new();
        self.write(values, &mut out).map(|()| out)
    }

    /// Writes it with the values in it. `Err` where a text on its own, or in an array, has no value.
    pub(crate) fn write(&self, values: &Values, out: &mut String) -> Result<(), Missing> {
        match self {
            Self::Text(template) => match template.number() {
                Some(name) => {
                    let value = values.get(name).filter(|value| is_number(value));
                    out.push_str(value.ok_or_else(|| Missing(name.to_owned()))?);
                }
                None => out.push_str(&quoted(&template.fill(values, Encoding::Plain)?)),
            },
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
            Self::List(list) => array(list.iter().map(|one| (one, values)), out)?,
            Self::Object(members) => {
                out.push('{');
                let mut is_first = true;
                for (name, member) in members {
                    let mut written = String::new();
                    // A member whose value is missing is left out, and so is one all of whose members are.
                    if member.write(values, &mut written).is_err() || member.is_left_out(&written) {
                        continue;
                    }
                    if !std::mem::take(&mut is_first) {
                        out.push(',');
                    }
                    out.push_str(&quoted(name));
                    out.push(':');
                    out.push_str(&written);
                }
                out.push('}');
            }
            Self::Each(list, of) => {
                let list = list.get_ref();
                let entries: Vec<_> =
                    values.list(list).iter().map(|entry| values.within(list, entry)).collect();
                array(entries.iter().map(|entry| (&**of, entry)), out)?;
            }
        }
        Ok(())
    }

    fn is_left_out(&self, written: &str) -> bool {
        match self {
            Self::Object(members) => !members.is_empty() && written == "{}",
            Self::Each(..) => written == "[]",
            _ => false,
        }
    }

    /// All templates in it, and the lists that it goes through.
    pub(crate) fn visit<'j>(
        &'j self,
        template: &mut dyn FnMut(&'j Template),
        list: &mut dyn FnMut(&'j Spanned<String>),
    ) {
        match self {
            Self::Text(text) => template(text),
            Self::Number(_) | Self::Bool(_) => {}
            Self::List(all) => all.iter().for_each(|one| one.visit(template, list)),
            Self::Object(members) => members.iter().for_each(|(_, member)| member.visit(template, list)),
            Self::Each(name, of) => {
                list(name);
                of.visit(template, list);
            }
        }
    }

    fn at(self, span: Range<usize>) -> Self {
        match self {
            Self::Text(template) => Self::Text(template.standing_at(span)),
            other => other,
        }
    }
}

fn array<'j>(values: impl Iterator<Item = (&'j Json, &'j Values)>, out: &mut String) -> Result<(), Missing> {
    out.push('[');
    for (number, (json, values)) in values.enumerate() {
        if number > 0 {
            out.push(',');
        }
        json.write(values, out)?;
    }
    out.push(']');
    Ok(())
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a whole number, true, false, an array or a table")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Json, E> {
        Template::parse(text).map(Json::Text).map_err(E::custom)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_bool<E>(self, bool: bool) -> Result<Json, E> {
        Ok(Json::Bool(bool))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Json>>()? {
            let at = item.span();
            list.push(item.into_inner().at(at));
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut each = None;
        while let Some(name) = map.next_key::<String>()? {
            if name == "each" {
                each = Some(map.next_value::<Spanned<String>>()?);
                continue;
            }
            let member = map.next_value::<Spanned<Json>>()?;
            let at = member.span();
            members.push((name, member.into_inner().at(at)));
        }
        match (each, members.len()) {
            (None, _) => Ok(Json::Object(members)),
            (Some(list), 1) => match members.pop() {
                Some((name, of)) if name == "of" => Ok(Json::Each(list, Box::new(of))),
                _ => Err(de::Error::custom("`each` needs `of`: what stands for each entry")),
            },
            (Some(_), _) => Err(de::Error::custom("`each` stands with `of` alone")),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

impl JsonSchema for Json {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A value in which texts are templates; `{ each = \"list\", of = … }` is an array." })
    }
}
