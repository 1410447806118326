use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::error_class::ErrorClass;
use crate::event::{Purpose, Said};

fn event() -> impl Strategy<Value = Event> {
    let until = Timestamp::UNIX_EPOCH;
    let said = || "no".to_owned();
    prop::sample::select(vec![
        Event::Approved,
        Event::Attempted { attempt: 1 },
        Event::Deferred { class: ErrorClass::Transient, said: said(), until },
        Event::OutcomeUnknown { why: said() },
        Event::Asked { found: Some(true) },
        Event::Asked { found: Some(false) },
        Event::Asked { found: None },
        Event::Delivered { conversation: None },
        Event::Refused { class: ErrorClass::InvalidRequest, said: said() },
        Event::Dead { why: said() },
        Event::Decided { decision: Decision::Resend },
        Event::Decided { decision: Decision::Delivered },
        Event::Decided { decision: Decision::GiveUp },
        Event::Responded { said: Said::default() },
    ])
}

/// What makes a second attempt right: the first is known not to have arrived, or a person took it on.
fn frees(event: &Event) -> bool {
    matches!(
        event,
        Event::Deferred { .. }
            | Event::Asked { found: Some(false) }
            | Event::Decided { decision: Decision::Resend }
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Between two attempts something always says that the first did not arrive, and an end stays the end it is.
    #[test]
    fn nothing_is_sent_twice_and_an_end_is_one(
        held: bool,
        events in prop::collection::vec(event(), 0..40),
    ) {
        let mut state = State::accepted(held);
        let mut under_way = false;
        for event in events {
            let Ok(next) = state.after(&event) else { continue };
            if state.is_end() {
                prop_assert_eq!(next, state);
            }
            if frees(&event) && next != state {
                under_way = false;
            }
            if matches!(event, Event::Attempted { .. }) {
                prop_assert!(!under_way, "a second attempt from {}", state.word());
                under_way = true;
            }
            state = next;
        }
    }

    /// From wherever it stands, somebody can bring it to an end.
    #[test]
    fn every_state_has_a_way_to_an_end(held: bool, events in prop::collection::vec(event(), 0..40)) {
        let state = events.iter().fold(State::accepted(held), |state, event| state.after(event).unwrap_or(state));
        let end = state.after(&Event::Dead { why: String::new() });
        prop_assert!(state.is_end() || end == Ok(State::Dead));
    }
}

proptest! {
    #[test]
    fn the_word_of_an_event_is_what_the_journal_writes(event in event()) {
        let written = serde_json::to_value(&event).unwrap();
        prop_assert_eq!(written["event"].as_str(), Some(event.word()));
    }
}

#[test]
fn the_word_of_a_purpose_is_what_the_journal_writes() {
    for purpose in Purpose::ALL {
        assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.word());
    }
}

#[test]
fn what_cannot_happen_is_said() {
    let error = State::Held.after(&Event::Attempted { attempt: 1 }).unwrap_err();
    assert_eq!(error.to_string(), "attempted cannot happen to a submission that is held");
    assert!(State::Delivered.after(&Event::Attempted { attempt: 2 }).is_err());
    assert!(State::Unknown.after(&Event::Attempted { attempt: 2 }).is_err());
}
