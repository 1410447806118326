//! What happened, in words.

use dragoman_exchange::{Decision, Event};
use dragoman_store::StoredEvent;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Happened {
    /// Its place in the journal.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who did it, or said it.
    pub actor: String,
    /// In one word: `accepted`, `attempted`, `responded` …
    pub what: &'static str,
    /// In words.
    pub text: String,
    /// The submission that it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<String>,
    /// SHA-256 of the message behind it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A line of the timeline.
pub(crate) fn happened(stored: &StoredEvent) -> Happened {
    let one = &stored.event;
    Happened {
        seq: stored.seq,
        at: one.at,
        actor: one.actor.clone(),
        what: one.event.word(),
        text: text(&one.event),
        submission: one.submission.clone(),
        message: stored.content_hash.clone(),
    }
}

fn text(event: &Event) -> String {
    match event {
        Event::OrderReceived { from, message, gaps, .. } if gaps.is_empty() => {
            format!("{message} came in from {from}")
        }
        Event::OrderReceived { from, message, gaps, .. } => {
            format!(
                "{message} came in from {from}; the customs master has to say more about {}",
                gaps.join(", ")
            )
        }
        Event::PaymentReceived { message } => format!("its payment came in, as {message}"),
        Event::Inquired { account, number, until, .. } => {
            format!("{account} asks about order {number}, until {until}")
        }
        Event::Unanswerable { why, .. } => {
            let why: Vec<_> = why.iter().map(|one| format!("{}: {}", one.code, one.text)).collect();
            format!("cannot be answered: {}", why.join("; "))
        }
        Event::Answerable { .. } => "can be answered".to_owned(),
        Event::Overdue => "the time for it is over, and the counterpart has no answer".to_owned(),
        Event::ShipmentReceived { from, message, .. } => format!("{message} came in from {from}"),
        Event::Drafted { account, orders, errors, .. } => drafted(account, orders, *errors),
        Event::Corrected { changes } => {
            let paths: Vec<_> = changes.iter().map(|change| change.path.as_str()).collect();
            format!("corrected {}", paths.join(", "))
        }
        Event::Accepted { purpose, account, held: None, .. } => {
            format!("{} accepted for {account}", purpose.word())
        }
        Event::Accepted { purpose, account, held: Some(why), .. } => {
            format!("{} for {account} waits for approval: {why}", purpose.word())
        }
        Event::Approved => "approved".to_owned(),
        Event::Attempted { attempt: 1 } => "about to be sent".to_owned(),
        Event::Attempted { attempt } => format!("about to be sent, attempt {attempt}"),
        Event::Deferred { class, said, until } => format!("not taken ({class}): {said}; again after {until}"),
        Event::OutcomeUnknown { why } => format!("nobody knows whether it arrived: {why}"),
        Event::Asked { found: Some(true) } => "asked for: it is there".to_owned(),
        Event::Asked { found: Some(false) } => "asked for: it is not there".to_owned(),
        Event::Asked { found: None } => "asked for: no answer yet".to_owned(),
        Event::Delivered { conversation: Some(id) } => format!("delivered, conversation {id}"),
        Event::Delivered { conversation: None } => "delivered".to_owned(),
        Event::Refused { class, said } => format!("refused ({class}): {said}"),
        Event::Dead { why } => format!("given up: {why}"),
        Event::Decided { decision } => match decision {
            Decision::Resend => "decided: it did not arrive, and is sent again".to_owned(),
            Decision::Delivered => "decided: it arrived".to_owned(),
            Decision::GiveUp => "decided: it is given up".to_owned(),
        },
        Event::Replayed { submission } => format!("sent off again, as {submission}"),
        Event::Responded { said } | Event::Parked { said, .. } => {
            let meaning = if said.events.is_empty() { "pending" } else { &said.events };
            let errors = if said.errors > 0 { format!(", {} errors", said.errors) } else { String::new() };
            let parked = if matches!(event, Event::Parked { .. }) { "; nobody waits for it" } else { "" };
            format!("customs says {} ({meaning}{errors}){parked}", said.native)
        }
        Event::Matched { stream } => format!("belongs to {stream}"),
        Event::Closed { why } => format!("left at that: {why}"),
        Event::Erased { why } => format!("the messages were erased: {why}"),
    }
}

fn drafted(account: &str, orders: &[(String, String)], errors: usize) -> String {
    let numbers: Vec<_> = orders.iter().map(|(_, number)| number.as_str()).collect();
    let from =
        if numbers.is_empty() { "handed in".to_owned() } else { format!("of order {}", numbers.join(", ")) };
    let faults =
        if errors > 0 { format!("; {errors} errors keep it from being sent") } else { String::new() };
    format!("declaration for {account}, {from}{faults}")
}
