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

    /// Not knowing ends only by an answer to an enquiry, by what proves that it arrived, or by a person.
    #[test]
    fn the_machine_does_not_guess(event in event()) {
        let by_right = matches!(
            event,
            Event::Asked { .. } | Event::Decided { .. } | Event::Delivered { .. } | Event::Responded { .. }
        );
        prop_assert_eq!(State::Unknown.after(&event).is_ok(), by_right);
    }

    /// What the counterpart answered to is not sent again, whatever was thought of it before.
    #[test]
    fn an_answer_proves_that_it_arrived(events in prop::collection::vec(event(), 0..40)) {
        let state = events.iter().fold(State::Queued, |state, event| state.after(event).unwrap_or(state));
        let heard = state.after(&Event::Responded { said: Said::default() }).unwrap();
        prop_assert!(heard.is_end());
        let again = heard.after(&Event::Attempted { attempt: 9 });
        prop_assert!(again.is_err());
    }

    /// From wherever it stands, somebody can bring it to an end.
    #[test]
    fn every_state_has_a_way_to_an_end(held: bool, events in prop::collection::vec(event(), 0..40)) {
        let state = events.iter().fold(State::accepted(held), |state, event| state.after(event).unwrap_or(state));
        let give_up = match state {
            State::Unknown => Event::Decided { decision: Decision::GiveUp },
            _ => Event::Dead { why: String::new() },
        };
        prop_assert!(state.is_end() || state.after(&give_up) == Ok(State::Dead));
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
