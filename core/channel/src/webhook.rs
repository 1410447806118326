//! Webhooks from platforms. They are hints: what they are about is fetched.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::content::Content;
use crate::http::Answer;
use crate::outcome::given;
use crate::predicate::Place;
use crate::signer::hexadecimal;
use crate::span::Name;
use crate::template::{Encoding, Missing, Template};
use crate::values::Values;
use crate::verify::{Rejected, Verify};

/// A kind of message that a platform sends when something happens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Its name, the last part of the address that the platform sends it to.
    pub name: Name,
    /// How it shows where it comes from.
    pub verify: Verify,
    /// The status that one is answered with which is not believed; 401, where nothing is said.
    pub refused: Option<u16>,
    /// How the platform asks, by GET, whether the address is ours.
    pub challenge: Option<Challenge>,
    /// What happened.
    pub topic: Place,
    /// The event's own id: the same for the same event, however often it is sent.
    pub id: Place,
    /// What is done about it.
    #[serde(default)]
    pub on: Vec<On>,
}

/// How a platform asks whether an address is ours. The answer is the SHA-256, in hexadecimal digits, of what it asks with,
/// the token and the address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// The parameter that it asks with.
    pub parameter: String,
    /// The member of the answer.
    pub answer: String,
    /// What it was told for this address.
    pub token: Template,
}

impl Challenge {
    /// The answer to what was asked, at the address that the platform was told. `Err` where the account has no token.
    pub fn answer(&self, asked: &str, address: &str, values: &Values) -> Result<String, Missing> {
        let token = self.token.fill(values, Encoding::Plain)?;
        Ok(hexadecimal(&Sha256::digest(format!("{asked}{token}{address}"))))
    }
}

/// What is done when something happens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct On {
    /// What happens.
    pub topics: Vec<String>,
    /// The operation that fetches what it is about.
    pub fetch: Option<Name>,
    /// The stream that is read again.
    pub sync: Option<Name>,
    /// What a person is asked to do.
    pub person: Option<String>,
    /// Values that the message gives, by name.
    #[serde(default)]
    pub gives: BTreeMap<String, Place>,
}

/// A webhook that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint<'w> {
    /// The event's own id, where it has one.
    pub id: Option<String>,
    /// What happened.
    pub topic: String,
    /// What is done about it; none where nothing is declared for it.
    pub on: Option<&'w On>,
    /// What it is about.
    pub values: Values,
}

impl Webhook {
    /// Verifies and reads a webhook. `values` hold the account's secrets.
    pub fn read(
        &self,
        headers: &[(String, String)],
        body: &[u8],
        values: &Values,
    ) -> Result<Hint<'_>, Rejected> {
        self.verify.check(headers, body, values)?;
        let answer = Answer { status: 200, headers: headers.to_vec(), body: body.to_vec() };
        let content = Content::read(body);
        let topic = self.topic.text(&answer, &content).unwrap_or_default().to_owned();
        let on = self.on.iter().find(|on| on.topics.contains(&topic));
        let values = on.map(|on| given(on.gives.iter(), &answer, &content)).unwrap_or_default();
        let id = self.id.text(&answer, &content).map(str::to_owned);
        Ok(Hint { id, topic, on, values })
    }
}
