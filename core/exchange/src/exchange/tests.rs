use dragoman_model::Flag;
use proptest::prelude::*;

use super::*;
use crate::error_class::ErrorClass;

const AT: Timestamp = Timestamp::UNIX_EPOCH;

/// An answer that names a reference of ours, or none.
fn said(lrn: Option<&str>, events: &str, seconds: i64) -> Event {
    let at = Timestamp::from_second(seconds).ok();
    let said = Said {
        events: events.into(),
        at,
        lrn: lrn.map(str::to_owned),
        mrn: Some("26GB1".into()),
        version: Some(seconds.to_string()),
        causes: if events == "rejected" { vec![format!("cause-{seconds}")] } else { Vec::new() },
        ..Said::default()
    };
    Event::Responded { said }
}

fn accepted(purpose: Purpose, lrn: &str) -> Event {
    Event::Accepted {
        purpose,
        account: "acme".into(),
        operation: "submit".into(),
        lrn: Some(lrn.into()),
        held: None,
    }
}

fn delivered() -> Event {
    Event::Delivered { conversation: Some("c".into()) }
}

fn told(exchange: &mut Exchange, submission: &str, events: &[Event]) {
    for event in events {
        exchange.apply(AT, "somebody", Some(submission), event).unwrap();
    }
}

/// A declaration that is being sent.
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
    let events = [drafted, accepted(Purpose::Declaration, "DG-1"), Event::Attempted { attempt: 1 }];
    told(&mut exchange, "s1", &events);
    exchange
}

/// A declaration that was accepted, with an amendment on its way.
fn amended() -> Exchange {
    let mut exchange = begun();
    told(&mut exchange, "s1", &[delivered(), said(Some("DG-1"), "accepted", 1)]);
    let events = [accepted(Purpose::Amendment, "DG-1A"), Event::Attempted { attempt: 1 }];
    told(&mut exchange, "s2", &events);
    exchange
}

proptest! {
    /// Answers tell the same whatever order they arrive in, and whether the answer to the request comes before them.
    #[test]
    fn the_order_of_arrival_does_not_matter(order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let events = [
            ("s1", delivered()),
            ("s1", said(None, "accepted", 1)),
            ("s1", said(Some("DG-1"), "+duty_due", 2)),
            ("s2", delivered()),
            ("s2", said(Some("DG-1A"), "rejected", 9)),
            ("s2", said(Some("DG-1"), "-duty_due", 10)),
            ("s2", said(Some("DG-1"), "cleared", 4)),
            ("nobody", said(Some("DG-9"), "released +control", 5)),
        ];
        let tell = |order: &[usize]| {
            let mut exchange = amended();
            for (submission, event) in order.iter().map(|index| &events[*index]) {
                exchange.apply(AT, "gb", Some(submission), event).unwrap();
            }
            exchange
        };
        let exchange = tell(&order);
        prop_assert_eq!(&exchange, &tell(&[0, 1, 2, 3, 4, 5, 6, 7]));
        prop_assert_eq!(exchange.status.state(), Standing::Cleared);
        prop_assert_eq!(exchange.status.flags().collect::<Vec<_>>(), [Flag::Control]);
        prop_assert_eq!(exchange.version.as_deref(), Some("10"));
        prop_assert_eq!(exchange.needs(), Some("correct"), "the amendment was rejected");
    }
}

#[test]
fn an_answer_to_an_amendment_leaves_the_declaration_where_it_stands() {
    let mut exchange = begun();
    told(&mut exchange, "s1", &[delivered(), said(Some("DG-1"), "registered", 1)]);
    told(&mut exchange, "s2", &[accepted(Purpose::Amendment, "DG-1A")]);
    let mut granted = exchange.clone();
    told(&mut granted, "s2", &[said(Some("DG-1A"), "accepted", 2)]);
    told(&mut exchange, "s2", &[said(Some("DG-1A"), "rejected", 2)]);
    for exchange in [&granted, &exchange] {
        assert_eq!(exchange.status.state(), Standing::Registered);
    }
    assert_eq!(granted.needs(), None);
    assert_eq!((exchange.needs(), exchange.causes.len()), (Some("correct"), 1));
    told(&mut exchange, "s3", &[accepted(Purpose::Cancellation, "DG-1C")]);
    told(&mut exchange, "s3", &[said(Some("DG-1C"), "invalidated", 3)]);
    assert_eq!(
        (exchange.status.state(), exchange.needs()),
        (Standing::Invalidated, None),
        "its decision counts"
    );
}

#[test]
fn a_rejection_needs_a_correction_and_a_new_submission_begins_anew() {
    let mut exchange = begun();
    told(&mut exchange, "s1", &[said(Some("DG-1"), "rejected", 1)]);
    assert_eq!((exchange.state(), exchange.needs()), ("delivered", Some("correct")));
    let mut held = accepted(Purpose::Declaration, "DG-2");
    if let Event::Accepted { held, .. } = &mut held {
        *held = Some("value over 1000".into());
    }
    told(&mut exchange, "s2", &[held]);
    assert_eq!((exchange.state(), exchange.needs()), ("held", Some("approve")));
    assert_eq!((exchange.title.as_str(), exchange.status), ("DG-2", Status::default()));
    // What is still said of the first does not touch the second.
    told(&mut exchange, "s1", &[said(Some("DG-1"), "rejected +control", 2)]);
    assert_eq!((exchange.status, exchange.causes.len(), exchange.mrn.clone()), (Status::default(), 0, None));
}

#[test]
fn what_becomes_of_its_sending_is_its_first_status() {
    let said = || "503".to_owned();
    let unknown = Event::OutcomeUnknown { why: said() };
    let refused = Event::Refused { class: ErrorClass::InvalidRequest, said: said() };
    for (events, status, needs) in [
        (vec![delivered()], "received", None),
        (vec![unknown], "sent", Some("decide")),
        (vec![refused], "rejected", Some("correct")),
        (vec![Event::Dead { why: said() }], "undeliverable", Some("replay")),
    ] {
        let mut exchange = begun();
        told(&mut exchange, "s1", &events);
        assert_eq!((exchange.status.state().word(), exchange.needs()), (status, needs), "{events:?}");
        assert!(needs.is_none_or(|needs| Exchange::NEEDS.contains(&needs)));
    }
}

#[test]
fn what_is_asked_of_people_ends_when_one_leaves_it_at_that() {
    let mut exchange = begun();
    told(&mut exchange, "s1", &[said(None, "accepted +documents_wanted", 1)]);
    assert_eq!(exchange.needs(), Some("documents"));
    told(&mut exchange, "s1", &[said(None, "+query", 2)]);
    assert_eq!(exchange.needs(), Some("answer"));
    let mut exchange = begun();
    told(
        &mut exchange,
        "s1",
        &[said(None, "rejected", 1), Event::Closed { why: "not sold after all".into() }],
    );
    assert_eq!(exchange.needs(), None);
    told(&mut exchange, "s2", &[Event::Corrected { changes: Vec::new() }]);
    assert_eq!(exchange.needs(), Some("correct"));
}

#[test]
fn what_cannot_happen_changes_nothing() {
    let mut exchange = begun();
    let before = exchange.clone();
    let refused = Event::Refused { class: ErrorClass::InvalidRequest, said: "no".into() };
    exchange.apply(AT, "gb", Some("s9"), &refused).unwrap_err();
    exchange.apply(AT, "gb", Some("s1"), &Event::Approved).unwrap_err();
    assert_eq!(exchange, before);
}

/// Its own fate is not that of the declaration; as long as nobody decided, it is pending, by whatever clock.
#[test]
fn an_amendment_is_pending_until_it_is_decided() {
    let mut exchange = begun();
    told(&mut exchange, "s1", &[delivered(), said(Some("DG-1"), "registered", 1)]);
    told(&mut exchange, "a1", &[accepted(Purpose::Amendment, "DG-1A"), said(Some("DG-1A"), "received", 1)]);
    assert!(exchange.status.has(Flag::AmendPending));
    let mut granted = exchange.clone();
    told(&mut granted, "a1", &[said(Some("DG-1A"), "-amend_pending", -9)]);
    assert!(!granted.status.has(Flag::AmendPending));
    let mut named = exchange.clone();
    told(&mut named, "a1", &[said(Some("DG-1"), "-amend_pending", -9)]);
    assert!(
        !named.status.has(Flag::AmendPending),
        "it names the declaration, in the amendment's conversation"
    );
    told(&mut granted, "a2", &[accepted(Purpose::Amendment, "DG-1B")]);
    assert!(granted.status.has(Flag::AmendPending), "the next one");
    told(&mut granted, "a2", &[Event::Dead { why: "too often".into() }]);
    assert!(!granted.status.has(Flag::AmendPending), "it never arrives");
    told(&mut exchange, "a1", &[said(Some("DG-1A"), "rejected", -9)]);
    assert!(!exchange.status.has(Flag::AmendPending));
    assert!(exchange.last(Purpose::Amendment).unwrap().said.is_some());
    told(&mut exchange, "c1", &[accepted(Purpose::Cancellation, "DG-1C")]);
    assert!(exchange.status.has(Flag::CancelPending));
    told(&mut exchange, "c1", &[said(Some("DG-1C"), "invalidated", 3)]);
    assert_eq!(exchange.status.state(), Standing::Invalidated);
    assert!(!exchange.status.has(Flag::CancelPending));
}

/// An authority that names the declaration alone in its answers to a change: what it rejects once the declaration stands is the
/// change, and the declaration stays.
#[test]
fn a_change_is_rejected_by_the_name_of_what_it_changes() {
    let mut exchange = amended();
    told(&mut exchange, "s2", &[delivered()]);
    let rejected = said(Some("DG-1"), "rejected", 9);
    exchange.apply(AT, "cn", Some("s1"), &rejected).unwrap();
    assert_eq!(
        (exchange.status.state(), exchange.status.has(Flag::AmendPending)),
        (Standing::Accepted, false)
    );
    assert_eq!(exchange.needs(), Some("correct"), "the change");
    let mut never = begun();
    told(&mut never, "s1", &[delivered(), said(Some("DG-1"), "rejected", 9)]);
    assert_eq!(never.status.state(), Standing::Rejected);
}

/// An answer by the authority's number alone says nothing of whether what went out last arrived.
#[test]
fn an_answer_that_names_nothing_proves_nothing() {
    let mut exchange = begun();
    exchange.apply(AT, "gb", None, &said(None, "rejected", 1)).unwrap();
    assert_eq!((exchange.submissions[0].state, exchange.needs()), (State::Attempting, Some("correct")));
    exchange.apply(AT, "gb", None, &said(Some("DG-1"), "rejected", 1)).unwrap();
    assert_eq!(exchange.submissions[0].state, State::Delivered);
}
