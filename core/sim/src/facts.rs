//! What conditions and answers may ask for beside the declaration.

use dragoman_rules::Fact;

/// `fact.…` in a `sim.toml`.
pub(crate) const FACTS: &[Fact] = &[
    Fact { name: "now", of_item: false, meaning: "the moment of the answer, as YYYYMMDDhhmmssZ" },
    Fact { name: "mrn", of_item: false, meaning: "the number that customs gives the declaration" },
    Fact { name: "id", of_item: false, meaning: "the answer's own number" },
    Fact { name: "reused_lrn", of_item: false, meaning: "the reference, where it was declared before" },
];

/// The values of the facts at one moment; what there is not is not there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub now: String,
    pub mrn: String,
    pub id: String,
    pub reused_lrn: Option<String>,
}

impl Facts {
    /// The value of a fact.
    pub fn get(&self, name: &str) -> Option<&str> {
        match name {
            "now" => Some(&self.now),
            "mrn" => Some(&self.mrn),
            "id" => Some(&self.id),
            "reused_lrn" => self.reused_lrn.as_deref(),
            _ => None,
        }
    }
}
