//! What a counterpart asks of us: a document about an order, by a time. It is answered twice: at once that the question is
//! here, and with the document, which goes to the counterpart's own address.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::body::Json;
use crate::content::{Content, Path};
use crate::span::{Name, Span};
use crate::template::{Encoding, Missing, Template};
use crate::values::Values;
use crate::verify::Rejected;

/// `[[inquiry]]`: a kind of question that a counterpart asks.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inquiry {
    /// Its name, the last part of the address that it is sent to.
    pub name: Name,
    /// What is asked for, as people call it.
    pub meaning: String,
    /// The secret part of the address. Where the account has none, nothing is asked.
    pub key: Template,
    /// The field of the form that the question stands in; it is the body itself, where nothing is said.
    pub field: Option<String>,
    /// The question's own id: the same for the same question, however often it is sent.
    pub id: Path,
    /// The number of the order that it is about.
    pub order: Path,
    /// How long there is to answer.
    pub within: Span,
    /// What is answered at once.
    pub receipt: Json,
    /// What is answered at once where it is no such question: `inquiry.fault` says why.
    pub refusal: Json,
    /// The message of the adapter that answers it, made from what is known of the payment of the order.
    pub message: Name,
    /// The operation that sends it.
    pub operation: Name,
    /// What is stated in its document, whatever is known, by canonical path. An empty one takes a value away.
    #[serde(default)]
    pub states: BTreeMap<String, Template>,
    /// What is supplied where nothing that is known states it.
    #[serde(default, rename = "supply")]
    pub supplies: Vec<Supply>,
}

/// A value that is supplied where it is lacking.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Supply {
    /// Its canonical path.
    pub path: String,
    /// It is not supplied where something stands here.
    pub unless: Option<String>,
    /// The value; a member without one is left out.
    pub value: Json,
}

/// A question as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Its own id, where it has one.
    pub id: Option<String>,
    /// The order's number, where it names one.
    pub order: Option<String>,
}

impl Inquiry {
    /// Whether whoever asks knows the secret part of the address. It takes a time that does not tell how near a guess was.
    pub fn check(&self, key: &str, values: &Values) -> Result<(), Rejected> {
        let wanted = self.key.fill(values, Encoding::Plain).map_err(|_| Rejected::NoSecret)?;
        let is_same = bool::from(key.as_bytes().ct_eq(wanted.as_bytes()));
        is_same.then_some(()).ok_or(Rejected::Forged)
    }

    /// Reads a question. What is none has neither id nor order.
    pub fn read(&self, body: &[u8]) -> Question {
        let field = self.field.as_deref().map(|name| {
            let mut pairs = url::form_urlencoded::parse(body);
            pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned().into_bytes())
        });
        let text = match field {
            Some(Some(text)) => text,
            Some(None) => return Question::default(),
            None => body.to_vec(),
        };
        let content = Content::read(&text);
        let at = |path: &Path| content.root().text(path).map(str::to_owned);
        Question { id: at(&self.id), order: at(&self.order) }
    }

    /// The templates in what is answered and supplied.
    pub(crate) fn jsons(&self) -> impl Iterator<Item = &Json> {
        [&self.receipt, &self.refusal].into_iter().chain(self.supplies.iter().map(|supply| &supply.value))
    }
}

impl Json {
    /// It as JSON text with the values in it.
    pub fn fill(&self, values: &Values) -> Result<String, Missing> {
        let mut out = String::new();
        self.write(values, &mut out).map(|()| out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inquiry(field: &str) -> Inquiry {
        let text = format!(
            "name = \"ask\"\nmeaning = \"m\"\nkey = \"${{account.key}}\"\n{field}\nid = \"session\"\norder = \"order\"\nwithin = \"1h\"\n\
             receipt = {{ code = \"1\", at = \"${{now.milliseconds:number}}\" }}\nrefusal = {{ code = \"2\" }}\n\
             message = \"m\"\noperation = \"send\""
        );
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn a_question_is_read_from_its_field() {
        let asked = inquiry("field = \"openReq\"");
        let read = asked.read(b"x=1&openReq=%7B%22session%22%3A%22S+1%22%2C%22order%22%3A%22SO-1%22%7D");
        assert_eq!(read, Question { id: Some("S 1".into()), order: Some("SO-1".into()) });
        assert_eq!(asked.read(b"{\"session\":\"S\"}"), Question::default());
        let bare = inquiry("").read(b"{\"session\":\"S\",\"order\":7}");
        assert_eq!(bare, Question { id: Some("S".into()), order: Some("7".into()) });
    }

    #[test]
    fn only_who_knows_the_key_is_believed() {
        let (asked, values) = (inquiry(""), Values::new().with("account.key", "secret"));
        assert_eq!(asked.check("secret", &values), Ok(()));
        assert_eq!(asked.check("secre", &values), Err(Rejected::Forged));
        assert_eq!(asked.check("", &Values::new()), Err(Rejected::NoSecret));
    }

    #[test]
    fn what_is_answered_has_its_values() {
        let values = Values::new().with("now.milliseconds", "1795348800000");
        assert_eq!(inquiry("").receipt.fill(&values).unwrap(), r#"{"at":1795348800000,"code":"1"}"#);
    }
}
