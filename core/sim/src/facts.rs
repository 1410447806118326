//! What conditions and answers may ask for beside the message.

use dragoman_rules::Fact;

/// `fact.…` in a `sim.toml`.
pub(crate) const FACTS: &[Fact] = &[
    Fact { name: "now", of_item: false, meaning: "the moment of the answer, as YYYYMMDDhhmmssZ" },
    Fact { name: "mrn", of_item: false, meaning: "the number that customs gave or gives the declaration" },
    Fact { name: "lrn", of_item: false, meaning: "the reference of the declaration that is meant" },
    Fact { name: "version", of_item: false, meaning: "the version of the declaration" },
    Fact { name: "state", of_item: false, meaning: "what the declaration that is meant has become" },
    Fact { name: "id", of_item: false, meaning: "the answer's own number" },
    Fact { name: "reused_lrn", of_item: false, meaning: "the reference, where it was declared before" },
    Fact { name: "unknown_mrn", of_item: false, meaning: "the number, where no declaration has it" },
];

/// The values of the facts at one moment; what there is not is not there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub now: String,
    pub mrn: String,
    pub lrn: String,
    pub version: String,
    pub state: String,
    pub id: String,
    pub reused_lrn: Option<String>,
    pub unknown_mrn: Option<String>,
}

impl Facts {
    /// The value of a fact.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = match name {
            "now" => &self.now,
            "mrn" => &self.mrn,
            "lrn" => &self.lrn,
            "version" => &self.version,
            "state" => &self.state,
            "id" => &self.id,
            "reused_lrn" => return self.reused_lrn.as_deref(),
            "unknown_mrn" => return self.unknown_mrn.as_deref(),
            _ => return None,
        };
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}
