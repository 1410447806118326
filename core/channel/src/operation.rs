//! What can be asked of a counterpart: one request, what it needs, and what its answer gives.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Channel;
use crate::body::{BodyText, Json, Multipart};
use crate::content::{At, Content, Path};
use crate::first::First;
use crate::http::{Answer, Body, Method, Request, Standing};
use crate::join::Join;
use crate::outcome::{ErrorRule, given};
use crate::predicate::{Place, Predicate};
use crate::span::{Name, Span};
use crate::template::{Encoding, Missing, Template};
use crate::values::Values;

/// The operation that declarations are handed in by.
pub const SUBMIT: &str = "submit";

/// One thing that can be asked of a counterpart. The gateway knows these by name: `submit`, `amend`, `cancel`, `arrive`
/// and `upload` hand in, `query` asks what became of a declaration, `ship` tells a platform of a parcel; others say
/// themselves what their message begins or follows, or are named by streams, notifications and webhooks.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Its name.
    pub name: Name,
    /// The method.
    pub method: Method,
    /// Whose standing is shown: the account's, where nothing is said; nobody's at a `url`.
    pub standing: Option<Standing>,
    /// Whether it is signed; all at a `path` are, and none at a `url`, where nothing is said.
    pub signed: Option<bool>,
    /// The path below the counterpart's address.
    pub path: Option<Template>,
    /// The whole address, where an earlier answer gave it.
    pub url: Option<Template>,
    /// Parameters; one without a value is left out, and one that is no text is written as JSON.
    #[serde(default)]
    pub query: BTreeMap<String, Json>,
    /// The whole query, as an answer gave it. Where it has a value, `query` is left out.
    pub whole_query: Option<Template>,
    /// Headers; one without a value is left out. One of the channel of the same name is replaced, or left out where
    /// this one is empty.
    #[serde(default)]
    pub headers: BTreeMap<String, Template>,
    /// The media type of the body.
    pub content_type: Option<String>,
    /// The media type that is wanted.
    pub accept: Option<Template>,
    /// The body is this message of the adapter.
    pub message: Option<Name>,
    /// The XML text that stands around the message: `message.base64` is the message in it.
    pub around: Option<Template>,
    /// A message of this kind, handed in whole, begins an exchange of its own, as a declaration does with `submit`.
    #[serde(default)]
    pub begins: bool,
    /// A message of this kind, handed in whole, is sent in an exchange that this operation began.
    pub follows: Option<Name>,
    /// What it asks for, of a declaration that the operation it `follows` began: `amend`, `cancel`, `arrive`. The operation of
    /// that name does, where none says so.
    pub asks: Option<Name>,
    /// Where the document of a message that is handed in whole has our reference for it, by canonical path; `lrn`, where
    /// nothing is said.
    pub reference: Option<String>,
    /// What of the declaration is said again in a request about it, by canonical path; all of it, where `.` is named.
    #[serde(default)]
    pub keeps: Vec<String>,
    /// What is stated in the document that the message is made of, by canonical path: for requests about a declaration.
    /// One without a value is left out.
    #[serde(default)]
    pub states: BTreeMap<String, Template>,
    /// The body is this JSON; a member without a value is left out.
    pub json: Option<Json>,
    /// The body is this form of `application/x-www-form-urlencoded`.
    pub form: Option<BTreeMap<String, Template>>,
    /// The body is this XML text.
    pub xml: Option<Template>,
    /// The body is this query of GraphQL. Values come in through `variables` alone.
    pub graphql: Option<String>,
    /// The variables of the query.
    pub variables: Option<Json>,
    /// The body is a form with a file.
    pub multipart: Option<Multipart>,
    /// Values without which it is not sent, beside those of its path and address.
    #[serde(default)]
    pub requires: Vec<Name>,
    /// What success is, beside a status of 2xx; the channel's, where nothing is said.
    pub ok: Option<Predicate>,
    /// Its own kinds of failure, before the channel's.
    #[serde(default, rename = "error")]
    pub errors: Vec<ErrorRule>,
    /// Values that its answer gives, by name: `conversation` is what later answers refer to.
    #[serde(default)]
    pub gives: BTreeMap<String, Place>,
    /// What is asked before, to do nothing twice.
    pub first: Option<First>,
    /// What is asked as well, and put into its answer.
    #[serde(default)]
    pub join: Vec<Join>,
    /// What follows for each entry of its answer.
    pub then: Option<Then>,
    /// The operation that takes its place where the message is too large for it.
    pub larger: Option<Larger>,
    /// Whether it may be sent again after an outcome that is not known; `idempotent` for GET, else `never`, where
    /// nothing is said.
    pub repeat: Option<Repeat>,
    /// For a question: after how long an answer that it is not there proves it.
    pub absent_after: Option<Span>,
}

/// Whether a request may be sent again when it is not known what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Repeat {
    /// Never by the machine.
    Never,
    /// Sending it twice is as good as once.
    Idempotent,
}

/// An operation that follows, once for each entry of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// The operation.
    pub operation: Name,
    /// The entries.
    pub each: Path,
    /// Values that an entry gives, by name.
    #[serde(default)]
    pub gives: BTreeMap<String, Path>,
    /// The element whose members are the fields of a form: they become the list `form.fields`.
    pub fields: Option<Path>,
}

/// The way that large messages go.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Larger {
    /// Above so many bytes.
    pub over: usize,
    /// The operation.
    pub operation: Name,
}

/// The list of the fields of a form that an answer gave.
pub(crate) const FIELDS: &str = "form.fields";

impl Operation {
    /// Whether it may be sent again when it is not known what became of it.
    pub fn repeat(&self) -> Repeat {
        let by_method = if self.method == Method::Get { Repeat::Idempotent } else { Repeat::Never };
        self.repeat.unwrap_or(by_method)
    }

    /// True where an exchange begins with it.
    pub fn is_beginning(&self) -> bool {
        self.begins || *self.name == *SUBMIT
    }

    /// Where the document of its message has our reference for it.
    pub fn reference(&self) -> &str {
        self.reference.as_deref().unwrap_or("lrn")
    }

    /// The address with its parameters.
    fn with_query(&self, url: String, values: &Values) -> String {
        let whole = self.whole_query.as_ref().and_then(|query| query.fill(values, Encoding::Plain).ok());
        match whole.as_deref().map(|query| query.trim_start_matches('?')) {
            // What cannot stand in a query would begin something else.
            Some(query) if query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') => {
                format!("{url}?{query}")
            }
            _ => with_query(url, &self.query, values),
        }
    }

    fn standing(&self) -> Standing {
        match (self.standing, &self.url) {
            (Some(standing), None) => standing,
            (None, None) => Standing::Account,
            (_, Some(_)) => Standing::None,
        }
    }

    /// What the answer gives, by name.
    pub(crate) fn given(&self, answer: &Answer, content: &Content<'_>) -> Values {
        given(self.gives.iter(), answer, content)
    }

    /// What follows: the values of each further request, to be added to those of this one.
    pub fn next(&self, answer: &Answer) -> Vec<Values> {
        let Some(then) = &self.then else { return Vec::new() };
        let content = Content::read(&answer.body);
        let entries = content.root().all(&then.each).into_iter();
        entries
            .map(|entry| {
                let mut values = Values::new();
                for (name, path) in &then.gives {
                    if let Some(text) = entry.text(path) {
                        values.set(name, text);
                    }
                }
                let forms = then.fields.iter().flat_map(|path| entry.all(path));
                let fields = forms.flat_map(At::members);
                let field =
                    |(name, value): (&str, &str)| Values::new().with("name", name).with("value", value);
                values.set_list(FIELDS, fields.map(field).collect());
                values
            })
            .collect()
    }

    /// What its body is.
    pub(crate) fn body(&self) -> Result<BodyText<'_>, &'static str> {
        let mut bodies: Vec<_> =
            self.message.iter().map(|name| BodyText::Message(name, self.around.as_ref())).collect();
        bodies.extend(self.json.as_ref().map(BodyText::Json));
        bodies.extend(self.form.as_ref().map(BodyText::Form));
        bodies.extend(self.xml.as_ref().map(BodyText::Xml));
        let variables = self.variables.as_ref();
        bodies.extend(self.graphql.as_deref().map(|query| BodyText::Graphql(query, variables)));
        bodies.extend(self.multipart.as_ref().map(BodyText::Multipart));
        match (bodies.pop(), bodies.is_empty()) {
            (body, true) => Ok(body.unwrap_or(BodyText::None)),
            _ => Err("a body is one of `message`, `json`, `form`, `xml`, `graphql` and `multipart`"),
        }
    }
}

impl Channel {
    /// The request of an operation. `content` is the message or the document that is handed in. `Err` names the first
    /// value that it cannot do without.
    pub fn request(
        &self,
        operation: &Operation,
        values: &Values,
        content: Option<&[u8]>,
    ) -> Result<Request, Missing> {
        let base = self.base(values)?;
        let values = &values.clone().with("base", &*base);
        for name in &operation.requires {
            if values.get(name).is_none() && values.list(name).is_empty() {
                return Err(Missing(name.to_string()));
            }
        }
        let url = match (&operation.path, &operation.url) {
            (Some(path), _) => format!("{base}{}", path.fill(values, Encoding::Url)?),
            (None, Some(url)) => url.fill(values, Encoding::Plain)?,
            (None, None) => base,
        };
        let body = operation.body().unwrap_or(BodyText::None);
        let content_type = operation.content_type.as_deref().or(body.media_type());
        let mut request = Request {
            operation: operation.name.to_string(),
            method: operation.method,
            url: operation.with_query(url, values),
            headers: Vec::new(),
            body: body.fill(values, content)?,
            standing: operation.standing(),
            signed: operation.signed.unwrap_or(operation.path.is_some()),
        };
        if let Some(accept) = &operation.accept {
            request.set_header("Accept", accept.fill(values, Encoding::Plain)?);
        }
        if let Some(content_type) = content_type.filter(|_| !matches!(request.body, Body::Multipart(_))) {
            request.set_header("Content-Type", content_type.to_owned());
        }
        // What is for the counterpart is not for an address that an answer gave.
        let shared = self.settings.headers.iter().filter(|_| operation.url.is_none());
        for (name, value) in shared.chain(&operation.headers) {
            if let Ok(value) = value.fill(values, Encoding::Plain) {
                if value.is_empty() {
                    request.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
                } else {
                    request.set_header(name, one_line(&value));
                }
            }
        }
        Ok(request)
    }
}

/// A value of a header: control characters would begin another one.
pub(crate) fn one_line(value: &str) -> String {
    value.chars().filter(|letter| !letter.is_control()).collect()
}

fn with_query(url: String, query: &BTreeMap<String, Json>, values: &Values) -> String {
    let mut out = url;
    for (name, value) in query {
        let Ok(value) = value.parameter(values) else { continue };
        out.push(if out.contains('?') { '&' } else { '?' });
        out.push_str(&pair(name, &value));
    }
    out
}

/// A parameter, encoded.
pub(crate) fn pair(name: &str, value: &str) -> String {
    format!("{}={}", Encoding::Url.encode(name), Encoding::Url.encode(value))
}
