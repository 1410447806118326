//! What is asked and answered, apart from the connection.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

/// A request.
#[derive(Debug)]
pub(crate) struct Request {
    pub method: String,
    pub path: String,
    /// What stands behind `?`.
    pub query: String,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The parameters of the address.
    pub fn parameters(&self) -> Vec<(String, String)> {
        form(self.query.as_bytes())
    }

    /// Everything that it says, one in another with dots between: the parameters of its address, those of a form, and the
    /// members of JSON, in its body or in a parameter.
    pub fn said(&self) -> Vec<(String, String)> {
        let mut said = Vec::new();
        for (name, value) in self.parameters() {
            match members(&value) {
                Some(value) => flatten(&name, &value, &mut said),
                None => said.push((name, value)),
            }
        }
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(body) => flatten("", &body, &mut said),
            Err(_) => said.extend(form(&self.body)),
        }
        said
    }

    /// What it says as an object: its body as JSON, else the parameters of a form and of its address.
    pub fn object(&self) -> Value {
        if let Ok(body @ Value::Object(_)) = serde_json::from_slice(&self.body) {
            return body;
        }
        let all = form(&self.body).into_iter().chain(self.parameters());
        all.map(|(name, value)| {
            let value = members(&value).unwrap_or(Value::String(value));
            (name, value)
        })
        .collect()
    }
}

/// JSON with something in it.
fn members(text: &str) -> Option<Value> {
    let is_any = text.starts_with(['{', '[']);
    is_any.then(|| serde_json::from_str(text).ok())?
}

/// Adds the values of JSON, those in one another with dots between.
fn flatten(name: &str, value: &Value, said: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                let name = if name.is_empty() { member.clone() } else { format!("{name}.{member}") };
                flatten(&name, value, said);
            }
        }
        Value::Null => {}
        Value::String(text) => said.push((name.to_owned(), text.clone())),
        value => said.push((name.to_owned(), value.to_string())),
    }
}

/// Pairs of a form or an address (WHATWG URL, `application/x-www-form-urlencoded`).
pub(crate) fn form(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// The value of a parameter.
pub(crate) fn value<'p>(parameters: &'p [(String, String)], name: &str) -> Option<&'p str> {
    parameters.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
}

/// An answer, and how it goes out.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// How long it takes.
    pub after: Duration,
    /// After how many bytes the line is cut.
    pub cut_after: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_found_wherever_it_stands() {
        let request = |query: &str, body: &str| Request {
            method: "POST".into(),
            path: "/".into(),
            query: query.into(),
            headers: http::HeaderMap::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let one =
            request("a=1&p=%7B%22size%22%3A50%2C%22from%22%3A%22x%22%7D", r#"{"b":{"c":[2]},"d":null}"#);
        let mut said = one.said();
        said.sort();
        assert_eq!(said, [pair("a", "1"), pair("b.c", "[2]"), pair("p.from", "x"), pair("p.size", "50")]);
        assert_eq!(one.object(), serde_json::json!({ "b": { "c": [2] }, "d": null }));
        let form = request("a=1&ids=%5B7%5D", "b=2");
        assert_eq!(form.object(), serde_json::json!({ "a": "1", "ids": [7], "b": "2" }));
        assert_eq!(form.said(), [pair("a", "1"), pair("ids", "[7]"), pair("b", "2")]);
    }
}
