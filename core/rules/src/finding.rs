//! What rules have to say about a declaration.

use dragoman_tree::{Code, Finding, Severity};

use crate::{Demand, MissingRate, Rule};

/// Findings of this crate.
pub const CODES: &[&Code] = &[&UNDECIDED, &MISSING, &NOTE];

/// A rule compares an amount in a currency for which there is no rate.
pub const UNDECIDED: Code = Code {
    id: "DG-E0801",
    title: "a rule cannot be decided without a rate of exchange",
    help: "The rule compares an amount with one in another currency, and the table of rates has no rate of the \
           purpose that the rule asks for on that day. No other rate is taken in its place. The rule is treated as \
           one that does not apply.",
};

/// A datum that the data set demands is not there.
pub const MISSING: Code = Code {
    id: "DG-E0802",
    title: "a datum that the declaration needs is missing",
    help: "Neither the order nor the customs master, the consignment, the profile or a rule states it. The hint \
           says who could supply it. The declaration is made without it, and customs would refuse it.",
};

/// Something that a rule has to say.
pub const NOTE: Code = Code {
    id: "DG-E0803",
    title: "a rule has something to say",
    help: "The rule changes nothing; what it says is worth knowing before the declaration is sent.",
};

/// The finding that a rule cannot be decided.
pub fn undecided(rule: &Rule, rate: &MissingRate) -> Finding {
    let MissingRate { from, to, purpose } = rate;
    if from.is_empty() {
        let message = format!("rule {} compares an amount that states no currency", rule.id);
        return Finding::error(&UNDECIDED, message);
    }
    let message = format!("rule {} ({}) needs a rate {from} to {to}", rule.id, rule.title);
    let hint = format!("add a row to the table of rates: purpose {purpose}, from {from}, to {to}");
    Finding::error(&UNDECIDED, message).hint(hint)
}

/// The finding that what a rule demands is not there, in a declaration of that data set.
pub fn missing(rule: &Rule, demand: &Demand, data_set: &str) -> Finding {
    let message = format!("{} is missing; data set {data_set} needs it (rule {})", demand.what, rule.id);
    let finding = Finding::new(&MISSING, demand.severity, message);
    finding.hint(format!("who could supply it: {}", demand.ask))
}

/// The finding for what a rule notes.
pub fn note(rule: &Rule, text: &str, hint: Option<&str>, severity: Severity) -> Finding {
    let finding = Finding::new(&NOTE, severity, format!("{text} (rule {})", rule.id));
    match hint {
        Some(hint) => finding.hint(hint),
        None => finding,
    }
}
