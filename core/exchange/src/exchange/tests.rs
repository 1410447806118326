use dragoman_model::Flag;
use proptest::prelude::*;

use super::*;
use crate::error_class::ErrorClass;

fn said(events: &str, seconds: i64) -> Event {
    let at = Timestamp::from_second(seconds).ok();
    Event::Responded {
        said: Said { events: events.into(), at, mrn: Some("26GB1".into()), ..Said::default() },
    }
}

fn begun() -> Exchange {
    let mut exchange = Exchange::default();
    let drafted = Event::Drafted {
        account: "acme".into(),
        lrn: Some("DG-1".into()),
        orders: vec![("o".into(), "1001".into())],
        data_set: Some("H1".into()),
        corridor: None,
        value: None,
        errors: 0,
    };
    let accepted = Event::Accepted {
        purpose: Purpose::Declaration,
        account: "acme".into(),
        operation: "submit".into(),
        lrn: Some("DG-1".into()),
        held: None,
    };
    for event in [drafted, accepted, Event::Attempted { attempt: 1 }] {
        exchange.apply(Timestamp::UNIX_EPOCH, "clerk", Some("s1"), &event).unwrap();
    }
    exchange
}

proptest! {
    /// Answers tell the same whatever order they arrive in, and whether the answer to the request comes before them.
    #[test]
    fn the_order_of_arrival_does_not_matter(order in Just((0..5_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let events = [
            Event::Delivered { conversation: Some("c".into()) },
            said("accepted", 1),
            said("+duty_due", 2),
            said("-duty_due", 3),
            said("cleared", 4),
        ];
        let told = |order: &[usize]| {
            let mut exchange = begun();
            for index in order {
                exchange.apply(Timestamp::UNIX_EPOCH, "gb", Some("s1"), &events[*index]).unwrap();
            }
            exchange
        };
        prop_assert_eq!(told(&order), told(&[0, 1, 2, 3, 4]));
    }
}

#[test]
fn a_rejection_needs_a_correction_and_a_new_submission_begins_anew() {
    let mut exchange = begun();
    let at = Timestamp::UNIX_EPOCH;
    exchange.apply(at, "gb", Some("s1"), &said("rejected", 1)).unwrap();
    assert_eq!((exchange.state(), exchange.needs()), ("delivered", Some("correct")));
    let accepted = Event::Accepted {
        purpose: Purpose::Declaration,
        account: "acme".into(),
        operation: "submit".into(),
        lrn: Some("DG-2".into()),
        held: Some("value over 1000".into()),
    };
    exchange.apply(at, "clerk", Some("s2"), &accepted).unwrap();
    assert_eq!((exchange.state(), exchange.needs()), ("held", Some("approve")));
    assert_eq!((exchange.title.as_str(), exchange.status), ("DG-2", Status::default()));
}

#[test]
fn what_cannot_happen_changes_nothing() {
    let mut exchange = begun();
    let before = exchange.clone();
    let refused = Event::Refused { class: ErrorClass::InvalidRequest, said: "no".into() };
    exchange.apply(Timestamp::UNIX_EPOCH, "gb", Some("s9"), &refused).unwrap_err();
    exchange.apply(Timestamp::UNIX_EPOCH, "gb", Some("s1"), &Event::Approved).unwrap_err();
    assert_eq!(exchange, before);
}

/// What answers an earlier submission comes late, and says nothing about the one that followed.
#[test]
fn an_answer_to_what_was_sent_before_is_history() {
    let mut exchange = begun();
    let at = Timestamp::UNIX_EPOCH;
    exchange.apply(at, "gb", Some("s1"), &said("rejected", 1)).unwrap();
    exchange.apply(at, "clerk", Some("s2"), &accepted(Purpose::Declaration)).unwrap();
    exchange.apply(at, "gb", Some("s1"), &said("rejected", 2)).unwrap();
    assert_eq!((exchange.status, exchange.mrn.as_deref()), (Status::default(), None));
}

#[test]
fn the_fate_of_an_amendment_is_not_that_of_the_declaration() {
    let mut exchange = begun();
    let at = Timestamp::UNIX_EPOCH;
    exchange.apply(at, "gb", Some("s1"), &said("registered", 1)).unwrap();
    exchange.apply(at, "clerk", Some("a1"), &accepted(Purpose::Amendment)).unwrap();
    assert!(exchange.status.has(Flag::AmendPending));
    exchange.apply(at, "gb", Some("a1"), &said("rejected", 2)).unwrap();
    assert_eq!(exchange.status.state(), Standing::Registered);
    assert!(!exchange.status.has(Flag::AmendPending));
    assert!(exchange.last(Purpose::Amendment).unwrap().said.is_some());
    exchange.apply(at, "clerk", Some("c1"), &accepted(Purpose::Cancellation)).unwrap();
    exchange.apply(at, "gb", Some("c1"), &said("invalidated", 3)).unwrap();
    assert_eq!(exchange.status.state(), Standing::Invalidated);
    assert!(!exchange.status.has(Flag::CancelPending));
}

fn accepted(purpose: Purpose) -> Event {
    let (account, operation) = ("acme".to_owned(), "submit".to_owned());
    Event::Accepted { purpose, account, operation, lrn: Some("DG-2".into()), held: None }
}
