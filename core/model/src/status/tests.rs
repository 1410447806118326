use proptest::prelude::*;

use super::*;

fn states() -> impl Strategy<Value = State> {
    prop::sample::select(State::ALL.to_vec())
}

fn events() -> impl Strategy<Value = Status> {
    let flag = (prop::sample::select(Flag::ALL.to_vec()), any::<bool>());
    let end = prop::sample::select(vec!["", "=exited", "=returned"]);
    (states(), prop::collection::vec(flag, 0..3), end, prop::option::of(0i64..3)).prop_map(
        |(state, flags, end, at)| {
            let flags =
                flags.iter().map(|((_, word), open)| format!("{}{word}", if *open { '+' } else { '-' }));
            let event = format!("{state} {} {end}", flags.collect::<Vec<_>>().join(" "));
            let at = at.map(|second| Timestamp::from_second(second).unwrap());
            let (status, finding) = Status::of_event(&event, at);
            assert_eq!(finding, None);
            status
        },
    )
}

#[test]
fn unknown_is_pending() {
    let (status, finding) = Status::of_event("", None);
    assert!(status.is_pending() && finding.is_none());
    let (status, finding) = Status::of_event("released accepted_maybe", None);
    assert!(status.is_pending(), "a word that is not understood must not half count");
    assert_eq!(finding.unwrap().code, UNKNOWN.id);
    let hint = Status::of_event("acepted", None).1.unwrap().hint;
    assert_eq!(hint.as_deref(), Some("did you mean accepted?"));
    assert!(Status::of_event("=released", None).1.is_some(), "only an end can be decided");
}

#[test]
fn flags_open_and_close_by_time_not_by_arrival() {
    let at = |second| Some(Timestamp::from_second(second).unwrap());
    let opened = Status::of_event("accepted +control", at(1)).0;
    let closed = Status::of_event("-control +duty_due", at(2)).0;
    for status in [opened.join(closed), closed.join(opened)] {
        assert_eq!(status.flags().collect::<Vec<_>>(), [Flag::DutyDue]);
        assert_eq!(status.state(), State::Accepted);
    }
}

#[test]
fn a_dispute_ends_by_decision() {
    let exited = Status::of(State::Exited);
    let disputed = exited.join(Status::of(State::Invalidated));
    assert_eq!(disputed.state(), State::Disputed);
    assert_eq!(disputed.join(Status::of_event("=invalidated", None).0).state(), State::Invalidated);
}

#[test]
fn a_rejection_after_acceptance_is_a_finding() {
    let rejected = Status::of(State::Rejected);
    assert!(Status::of(State::Accepted).late_rejection(&rejected).is_some());
    assert!(Status::of(State::Registered).late_rejection(&rejected).is_none());
    assert_eq!(Status::of(State::Released).join(rejected).state(), State::Released);
}

#[test]
fn an_answer_to_an_amendment_is_of_the_goods_above_accepted() {
    let of_goods = |event| Status::of_event(event, None).0.of_goods();
    assert_eq!(of_goods("rejected +control").state(), State::Draft);
    assert!(of_goods("rejected +control").has(Flag::Control));
    assert_eq!(of_goods("accepted").state(), State::Draft);
    for state in State::ALL.into_iter().filter(|state| state.rank() > State::Accepted.rank()) {
        assert_eq!(Status::of(state).of_goods().state(), state);
    }
}

#[test]
fn words_are_one_to_one() {
    for state in State::ALL {
        assert_eq!(State::from_word(state.word()), Some(state));
    }
    for (index, (flag, word)) in Flag::ALL.into_iter().enumerate() {
        assert_eq!((flag.word(), Flag::from_word(word), flag as usize), (word, Some(flag), index));
    }
    assert!(State::ALL.is_sorted_by_key(|state| state.rank()));
}

proptest! {
    #[test]
    fn states_are_a_semilattice(a in states(), b in states(), c in states()) {
        prop_assert_eq!(a.join(b), b.join(a));
        prop_assert_eq!(a.join(b).join(c), a.join(b.join(c)));
        prop_assert_eq!(a.join(a), a);
        prop_assert!(a.is_below(a.join(b)) && b.is_below(a.join(b)));
    }

    #[test]
    fn statuses_are_a_semilattice(a in events(), b in events(), c in events()) {
        prop_assert_eq!(a.join(b), b.join(a));
        prop_assert_eq!(a.join(b).join(c), a.join(b.join(c)));
        prop_assert_eq!(a.join(a), a);
        prop_assert_eq!(a.join(b).join(a), a.join(b), "it never falls");
    }

    #[test]
    fn any_text_as_an_event_is_survived(event in "[a-z_+=\\- ]{0,40}") {
        let (status, finding) = Status::of_event(&event, None);
        prop_assert!(finding.is_none() || status.is_pending());
    }
}
