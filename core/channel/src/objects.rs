//! `[objects]`: documents that both sides show each other by address, as linked objects (JSON-LD): what we show, what we are
//! told of, and how what others show is fetched.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Json;
use crate::span::Name;
use crate::template::{Missing, Template};
use crate::values::Values;

/// How documents are shown as linked objects, and fetched.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Objects {
    /// The message that they are read and written as; its grammar is one of JSON-LD.
    pub message: Name,
    /// The media type that they are shown as, with its parameters.
    pub content_type: String,
    /// The step of the address below which they are.
    pub path: String,
    /// The types whose objects have an address of their own, as the message names them: `cargo:Piece`.
    pub own: Vec<String>,
    /// The member that says how often an object was changed.
    pub revision: Option<String>,
    /// The member that says how often that was by now.
    pub latest_revision: Option<String>,
    /// Where others than we know an object by something else than an address.
    pub known_as: Option<KnownAs>,
    /// The operation that fetches one from the counterpart, where objects are below the same step: it names `object.name`.
    pub fetch: Option<Name>,
    /// How we are told that there is something to fetch.
    pub notification: Option<Notification>,
    /// What we say where we are asked what we want to be told of.
    pub subscription: Option<Subscription>,
    /// What we say of ourselves.
    pub information: Json,
    /// What is said where something cannot be done.
    pub error: Json,
}

/// What an object is known as.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownAs {
    /// The member that has it, a list.
    pub member: String,
    /// What is written there: `object.number`.
    pub entry: Json,
}

/// How we are told of objects.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notification {
    /// The step of the address that it is sent to.
    pub path: String,
    /// Its type, as the message names types.
    #[serde(rename = "type")]
    pub kind: String,
    /// The member that says what happened.
    pub event: String,
    /// What happens to an object that is fetched then. What else we are told of changes nothing.
    pub events: Vec<String>,
    /// The member that names the object.
    pub object: String,
}

/// What we want to be told of.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// The step of the address at which it is asked for.
    pub path: String,
    /// The parameter that says of what kind the topic is.
    pub kind: String,
    /// The parameter that names it.
    pub topic: String,
    /// The topics that we want to be told of, by kind.
    pub wanted: std::collections::BTreeMap<String, Vec<String>>,
    /// What is answered then: `topic.kind`, `topic.name`.
    pub answer: Json,
}

impl Objects {
    /// The names of the values that its texts name, with where they do.
    pub(crate) fn templates(&self) -> Vec<&Template> {
        let texts = [Some(&self.information), Some(&self.error)].into_iter().flatten();
        let known_as = self.known_as.iter().map(|known_as| &known_as.entry);
        let answers = self.subscription.iter().map(|subscription| &subscription.answer);
        let mut templates = Vec::new();
        for json in texts.chain(known_as).chain(answers) {
            json.visit(&mut |template| templates.push(template), &mut |_| {});
        }
        templates
    }
}

impl Json {
    /// It as a JSON text with the values in it.
    ///
    /// # Errors
    ///
    /// A text on its own, or in an array, has no value; a member without one is left out.
    pub fn text(&self, values: &Values) -> Result<String, Missing> {
        let mut out = String::new();
        self.write(values, &mut out).map(|()| out)
    }
}
