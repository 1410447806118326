//! What conditions and answers may ask for beside the message.

use dragoman_rules::Fact;
use jiff::Timestamp;

use crate::check::Fault;

/// `fact.…` in a `sim.toml`.
pub(crate) const FACTS: &[Fact] = &[
    Fact { name: "now", of_item: false, meaning: "the moment of the answer, as YYYYMMDDhhmmssZ" },
    Fact {
        name: "moment",
        of_item: false,
        meaning: "the moment of the answer in UTC, as YYYY-MM-DDThh:mm:ss",
    },
    Fact { name: "day", of_item: false, meaning: "its day, as YYYY-MM-DD" },
    Fact { name: "message", of_item: false, meaning: "the adapter's name of the message that came" },
    Fact { name: "mrn", of_item: false, meaning: "the number that customs gave or gives the declaration" },
    Fact { name: "lrn", of_item: false, meaning: "the reference of the declaration that is meant" },
    Fact { name: "version", of_item: false, meaning: "the version of the declaration" },
    Fact { name: "state", of_item: false, meaning: "what the declaration that is meant has become" },
    Fact { name: "id", of_item: false, meaning: "the answer's own number" },
    Fact { name: "guid", of_item: false, meaning: "the same as a UUID, in capital letters" },
    Fact { name: "year", of_item: false, meaning: "the year of the answer" },
    Fact { name: "serial", of_item: false, meaning: "how many messages came, as nine digits" },
    Fact { name: "amount", of_item: false, meaning: "what the ledger adds up of this declaration" },
    Fact {
        name: "year_amount",
        of_item: false,
        meaning: "the same, with what was accepted of the same person that year",
    },
    Fact { name: "lacking", of_item: false, meaning: "the documents of the sale that have not come" },
    Fact { name: "fault_code", of_item: false, meaning: "the code of the first thing that is wrong" },
    Fact { name: "fault_text", of_item: false, meaning: "why, in words" },
    Fact { name: "fault_item", of_item: false, meaning: "the number of the goods item that it is about" },
    Fact { name: "reused_lrn", of_item: false, meaning: "the reference, where it was declared before" },
    Fact { name: "unknown_mrn", of_item: false, meaning: "the number, where no declaration has it" },
];

/// The values of the facts at one moment; what there is not is not there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub now: String,
    pub moment: String,
    pub day: String,
    pub message: String,
    pub mrn: String,
    pub lrn: String,
    pub version: String,
    pub state: String,
    pub id: String,
    pub year: String,
    pub serial: String,
    pub amount: String,
    pub year_amount: String,
    pub lacking: String,
    pub fault: Option<Fault>,
    /// The same number as a UUID.
    pub guid: String,
    pub reused_lrn: Option<String>,
    pub unknown_mrn: Option<String>,
}

impl Facts {
    /// Sets the moment of an answer, in each of its forms: that of the form 304 of UN/EDIFACT 2379 has a `Z`.
    pub fn set_moment(&mut self, at: Timestamp) {
        self.now = at.strftime("%Y%m%d%H%M%SZ").to_string();
        self.moment = at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        self.day = at.strftime("%Y-%m-%d").to_string();
        self.year = at.strftime("%Y").to_string();
    }

    /// Sets the number of an answer.
    pub fn set_id(&mut self, id: String) {
        let mut guid = id.to_uppercase();
        for at in [20, 16, 12, 8] {
            guid.insert(at, '-');
        }
        (self.id, self.guid) = (id, guid);
    }

    /// The value of a fact.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = match name {
            "now" => &self.now,
            "moment" => &self.moment,
            "day" => &self.day,
            "message" => &self.message,
            "mrn" => &self.mrn,
            "lrn" => &self.lrn,
            "version" => &self.version,
            "state" => &self.state,
            "id" => &self.id,
            "guid" => &self.guid,
            "year" => &self.year,
            "serial" => &self.serial,
            "amount" => &self.amount,
            "year_amount" => &self.year_amount,
            "lacking" => &self.lacking,
            "fault_code" => return self.fault.as_ref().map(|fault| &*fault.code),
            "fault_text" => return self.fault.as_ref()?.text.as_deref(),
            "fault_item" => return self.fault.as_ref()?.item.as_deref(),
            "reused_lrn" => return self.reused_lrn.as_deref(),
            "unknown_mrn" => return self.unknown_mrn.as_deref(),
            _ => return None,
        };
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}
