//! Reading a list: windows, pages, and that nothing is passed over.

mod law;

use dragoman_channel::{By, Cursor, Next, Page, Plan, Stream, Unreadable, Values, Window};
use dragoman_exchange::ErrorClass;

use crate::{answer, at, examplia};

const NOW: &str = "2026-11-22T12:00:00Z";

fn stream(name: &str) -> Stream {
    examplia().stream(name).unwrap().clone()
}

/// A cursor whose sweep is not due.
fn cursor(since: &str) -> Cursor {
    Cursor { swept_at: Some(at(NOW)), ..Cursor::new(at(since)) }
}

fn window(plan: Plan) -> Window {
    match plan {
        Plan::Read(window) => window,
        Plan::Rest(until) => panic!("rests until {until}"),
    }
}

fn page(stream: &Stream, window: &Window, body: &str) -> Page {
    stream.page(window, &answer(200, &[], body)).unwrap()
}

#[test]
fn a_window_overlaps_what_is_had_and_stays_behind_the_moment() {
    let first = window(stream("orders").plan(&cursor("2026-11-22T11:30:00.700Z"), at(NOW)));
    assert_eq!((first.by, first.since), (By::Updated, at("2026-11-22T11:25:00Z")));
    assert_eq!(first.until, Some(at("2026-11-22T11:58:00Z")));
    let mut values = Values::new();
    stream("orders").fill(&first, &mut values);
    assert_eq!(values.get("window.since"), Some("2026-11-22T11:25:00Z"));
    assert_eq!(values.get("window.until"), Some("2026-11-22T11:58:00Z"));
    assert_eq!((values.get("page.token"), stream("orders").operation(&first)), (None, "list"));
}

#[test]
fn a_long_time_is_read_in_windows_of_the_greatest_length() {
    let stream = stream("orders");
    let first = window(stream.plan(&cursor("2026-11-19T00:05:00Z"), at(NOW)));
    assert_eq!((first.since, first.until), (at("2026-11-19T00:00:00Z"), Some(at("2026-11-20T00:00:00Z"))));
    // The next follows at once: the moment has not been reached.
    let ended =
        stream.after(&cursor("2026-11-19T00:05:00Z"), &first, &page(&stream, &first, r#"{"orders":[]}"#));
    let second = window(stream.plan(&ended, at(NOW)));
    assert_eq!((second.since, second.until), (at("2026-11-19T23:55:00Z"), Some(at("2026-11-20T23:55:00Z"))));
    // At the moment it rests.
    let last = cursor("2026-11-22T00:05:00Z");
    let window = window(stream.plan(&last, at(NOW)));
    let rested = stream.after(&last, &window, &page(&stream, &window, r#"{"orders":[]}"#));
    assert_eq!(rested.since, at("2026-11-22T11:58:00Z"));
    assert_eq!(stream.plan(&rested, at(NOW)), Plan::Rest(at("2026-11-22T12:01:00Z")));
}

#[test]
fn what_the_platform_no_longer_shows_is_said_to_be_cut_off() {
    let stream = stream("orders");
    let cut = window(stream.plan(&cursor("2026-01-01T00:00:00Z"), at(NOW)));
    assert!(cut.cut);
    assert_eq!(cut.since, at("2026-09-23T12:00:00Z"));
    assert!(!window(stream.plan(&cursor("2026-11-01T00:00:00Z"), at(NOW))).cut);
}

#[test]
fn the_end_that_the_platform_says_is_where_the_next_window_begins() {
    let stream = stream("echoing");
    let start = cursor("2026-11-22T11:30:00Z");
    let first = window(stream.plan(&start, at(NOW)));
    assert_eq!(first.until, None);
    let mut values = Values::new();
    stream.fill(&first, &mut values);
    assert_eq!(values.get("window.since"), Some("1795346700000"));
    let ended = page(&stream, &first, r#"{"orders":[],"until":"2026-11-22T11:57:59.123Z"}"#);
    assert_eq!(ended.next, Next::End(at("2026-11-22T11:57:59.123Z")));
    assert_eq!(stream.after(&start, &first, &ended).since, at("2026-11-22T11:57:59.123Z"));
    // The first page's end counts, not a later one's.
    let more = stream.page(
        &first,
        &answer(200, &[("X-Next", "t")], r#"{"orders":[],"more":true,"until":"2026-11-22T11:57:00Z"}"#),
    );
    let Next::More(second) = more.unwrap().next else { panic!() };
    let ended = page(&stream, &second, r#"{"orders":[],"until":"2026-11-22T11:59:00Z"}"#);
    assert_eq!(ended.next, Next::End(at("2026-11-22T11:57:00Z")));
}

#[test]
fn an_end_that_cannot_be_is_not_believed() {
    let stream = stream("echoing");
    let start = cursor("2026-11-22T11:30:00Z");
    let first = window(stream.plan(&start, at(NOW)));
    for nonsense in [r#""2999-12-31T00:00:00Z""#, r#""soon""#, "7", "null"] {
        let ended = page(&stream, &first, &format!(r#"{{"orders":[],"until":{nonsense}}}"#));
        assert_eq!(ended.next, Next::End(at("2026-11-22T11:58:00Z")), "{nonsense}");
    }
    // One from before does not lead back.
    let ended = page(&stream, &first, r#"{"orders":[],"until":"2020-01-01T00:00:00Z"}"#);
    assert_eq!(stream.after(&start, &first, &ended).since, start.since);
}

#[test]
fn pages_are_followed_and_taken_up_again_where_they_were_left() {
    let stream = stream("orders");
    let start = cursor("2026-11-22T11:30:00Z");
    let first = window(stream.plan(&start, at(NOW)));
    let read = page(
        &stream,
        &first,
        r#"{"orders":[{"id":7,"changed":"x","total":1.50,"lines":[]},{"id":"8","state":"PENDING","lines":[1]}],"next":"t1"}"#,
    );
    let shown: Vec<_> = read
        .items
        .iter()
        .map(|item| (&*item.id, item.updated.as_deref(), item.whole, item.shown.settled))
        .collect();
    assert_eq!(shown, [("7", Some("x"), false, true), ("8", None, true, false)]);
    assert_eq!(read.items[0].shown.bytes, br#"{"id":7,"changed":"x","total":1.50,"lines":[]}"#);
    // The cursor is kept as JSON, and goes on there, at whatever moment.
    let kept = serde_json::to_string(&stream.after(&start, &first, &read)).unwrap();
    let again: Cursor = serde_json::from_str(&kept).unwrap();
    assert_eq!(again.since, start.since, "nothing is had before the last page");
    let second = window(stream.plan(&again, at("2026-11-22T13:00:00Z")));
    assert_eq!((second.since, second.until, second.token.as_deref()), (first.since, first.until, Some("t1")));
    let ended = stream.after(&again, &second, &page(&stream, &second, r#"{"orders":[]}"#));
    assert_eq!((ended.since, ended.open), (at("2026-11-22T11:58:00Z"), None));
}

/// An item that is fetched alone has the same bytes as in a list, whatever stands around it.
#[test]
fn an_item_that_is_fetched_alone_is_looked_for_in_its_answer() {
    let stream = stream("orders");
    let alone = |answer: &str| stream.alone(answer.as_bytes());
    let pending = alone(r#"{"took": 3, "order": {"id":"8","state":"PENDING","lines":[1]}}"#).unwrap();
    assert_eq!(pending.bytes, br#"{"id":"8","state":"PENDING","lines":[1]}"#);
    assert_eq!((pending.settled, pending.ended), (false, false));
    let paid = alone(r#"{"order": {"id":"8","state":"PAID"}}"#).unwrap();
    assert_eq!((paid.settled, paid.ended), (true, false));
    let sent = alone(r#"{"order": {"id":"8","state":"SENT"}}"#).unwrap();
    assert_eq!((sent.settled, sent.ended), (true, true));
    for nothing in ["{}", "", "<order/>", r#"{"order": null}"#, r#"{"order": {"id""#] {
        assert_eq!(alone(nothing), None, "{nothing}");
    }
}

/// The last page has no place to go on from, or one that leads nowhere, where the answer says that nothing follows.
#[test]
fn the_last_page_is_known() {
    let stream = stream("echoing");
    let first = window(stream.plan(&cursor("2026-11-22T11:30:00Z"), at(NOW)));
    let next = |body: &str| stream.page(&first, &answer(200, &[("X-Next", "t")], body)).unwrap().next;
    assert!(matches!(next(r#"{"orders":[],"more":true}"#), Next::More(_)));
    assert!(matches!(next(r#"{"orders":[],"more":false}"#), Next::End(_)));
}

#[test]
fn a_place_that_comes_again_ends_the_reading_but_not_the_window() {
    let stream = stream("orders");
    let start = cursor("2026-11-22T11:30:00Z");
    let first = window(stream.plan(&start, at(NOW)));
    let body = r#"{"orders":[{"id":"1"}],"next":"for ever"}"#;
    let Next::More(second) = page(&stream, &first, body).next else { panic!() };
    let repeated = page(&stream, &second, body);
    assert_eq!((repeated.items.len(), &repeated.next), (1, &Next::Repeated));
    let after = stream.after(&start, &second, &repeated);
    assert_eq!((after.since, after.open.as_ref()), (start.since, None), "nothing is passed over");
    assert_eq!(
        stream.plan(&after, at(NOW)),
        Plan::Rest(at("2026-11-22T12:01:00Z")),
        "and nothing is hammered"
    );
    assert_eq!(window(stream.plan(&after, at("2026-11-22T12:01:00Z"))).since, first.since);
}

#[test]
fn a_window_of_too_many_pages_is_read_in_parts() {
    let stream = stream("orders");
    let start = cursor("2026-11-22T08:05:00Z");
    let mut window_now = window(stream.plan(&start, at(NOW)));
    for token in ["a", "b"] {
        let body = format!(r#"{{"orders":[],"next":"{token}"}}"#);
        let Next::More(next) = page(&stream, &window_now, &body).next else { panic!() };
        window_now = next;
    }
    let capped = page(&stream, &window_now, r#"{"orders":[],"next":"c"}"#);
    assert_eq!(capped.next, Next::Capped);
    let after = stream.after(&start, &window_now, &capped);
    assert_eq!(after.since, start.since);
    let half = window(stream.plan(&after, at(NOW)));
    assert_eq!((half.since, half.until), (at("2026-11-22T08:00:00Z"), Some(at("2026-11-22T09:59:00Z"))));
    // The parts follow each other, and the length is the usual one again when the moment is reached.
    let after = stream.after(&after, &half, &page(&stream, &half, r#"{"orders":[]}"#));
    assert_eq!(after.narrowed, Some(7140));
    let rest = window(stream.plan(&after, at(NOW)));
    let after = stream.after(&after, &rest, &page(&stream, &rest, r#"{"orders":[]}"#));
    let last = window(stream.plan(&after, at(NOW)));
    let after = stream.after(&after, &last, &page(&stream, &last, r#"{"orders":[]}"#));
    assert_eq!((after.narrowed, after.since), (None, at("2026-11-22T11:58:00Z")));
}

/// One that cannot be narrowed further is read to its end: else the same pages would be asked for for ever.
#[test]
fn the_narrowest_window_may_have_many_pages() {
    let stream = stream("orders");
    let start = Cursor { narrowed: Some(60), ..cursor("2026-11-22T08:05:00Z") };
    let mut narrowest = window(stream.plan(&start, at(NOW)));
    for token in ["a", "b", "c", "d", "e"] {
        let body = format!(r#"{{"orders":[],"next":"{token}"}}"#);
        let Next::More(next) = page(&stream, &narrowest, &body).next else { panic!("{token}") };
        narrowest = next;
    }
}

#[test]
fn failures_move_the_cursor_only_where_that_helps() {
    let stream = stream("orders");
    let start = cursor("2026-11-22T08:05:00Z");
    let first = window(stream.plan(&start, at(NOW)));
    let Next::More(second) = page(&stream, &first, r#"{"orders":[],"next":"t"}"#).next else { panic!() };
    let open = Cursor { open: Some(second.clone()), ..start.clone() };
    for class in [ErrorClass::Transient, ErrorClass::RateLimited, ErrorClass::AuthExpired] {
        assert_eq!(stream.failed(&open, &second, class), None, "{class}");
    }
    let again = stream.failed(&open, &second, ErrorClass::CursorExpired).unwrap();
    assert_eq!(window(stream.plan(&again, at(NOW))), first);
    let narrowed = stream.failed(&open, &first, ErrorClass::WindowTooLarge).unwrap();
    assert_eq!(window(stream.plan(&narrowed, at(NOW))).until, Some(at("2026-11-22T09:59:00Z")));
    let mut least = narrowed;
    for _ in 0..20 {
        least = stream.failed(&least, &first, ErrorClass::WindowTooLarge).unwrap();
    }
    assert_eq!(least.narrowed, Some(600), "longer than the overlap, or it would never get on");
    let refused = stream.failed(&open, &second, ErrorClass::InvalidRequest).unwrap();
    assert_eq!((refused.open, refused.since), (None, start.since));
    assert_eq!(stream.failed(&start, &first, ErrorClass::InvalidRequest), None);
}

#[test]
fn a_place_to_go_on_from_does_not_hold_for_ever() {
    let stream = stream("orders");
    let start = cursor("2026-11-22T11:30:00Z");
    let first = window(stream.plan(&start, at(NOW)));
    let read = page(&stream, &first, r#"{"orders":[],"next":"t"}"#);
    let kept = stream.after(&start, &first, &read);
    assert_eq!(window(stream.plan(&kept, at("2026-11-22T17:59:59Z"))).token.as_deref(), Some("t"));
    let late = window(stream.plan(&kept, at("2026-11-22T18:00:00Z")));
    assert_eq!((late.token, late.since, late.until), (None, first.since, Some(at("2026-11-22T17:58:00Z"))));
}

#[test]
fn a_sweep_goes_over_what_was_created_and_moves_nothing() {
    let stream = stream("orders");
    let start = Cursor::new(at("2026-11-22T11:30:00Z"));
    let sweep = window(stream.plan(&start, at(NOW)));
    assert_eq!(
        (sweep.by, sweep.since, sweep.until),
        (By::Created, at("2026-11-15T12:00:00Z"), Some(at("2026-11-22T11:58:00Z")))
    );
    assert_eq!(stream.operation(&sweep), "list_created");
    let swept = stream.after(&start, &sweep, &page(&stream, &sweep, r#"{"orders":[{"id":"late"}]}"#));
    assert_eq!((swept.since, swept.swept_at), (start.since, Some(at(NOW))));
    assert_eq!(window(stream.plan(&swept, at(NOW))).by, By::Updated);
    // One that is refused does not hold up the list.
    let refused = stream.failed(&start, &sweep, ErrorClass::InvalidRequest).unwrap();
    assert_eq!(window(stream.plan(&refused, at(NOW))).by, By::Updated);
    // It is due again a day later.
    let rested = Cursor { read_at: Some(at("2026-11-23T12:00:00Z")), ..swept };
    assert_eq!(window(stream.plan(&rested, at("2026-11-23T12:00:00Z"))).by, By::Created);
}

#[test]
fn an_answer_without_a_list_is_no_empty_list() {
    let stream = stream("orders");
    let first = window(stream.plan(&cursor("2026-11-22T11:30:00Z"), at(NOW)));
    let read = |body: &str| stream.page(&first, &answer(200, &[], body)).unwrap_err();
    assert_eq!(read("{}"), Unreadable::NoList);
    assert_eq!(read(r#"{"orders":null}"#), Unreadable::NoList);
    for broken in ["", "{", r#"{"orders":[{"id":"1"}"#, "<html>"] {
        assert_eq!(read(broken), Unreadable::Broken, "{broken}");
    }
    assert_eq!(read("<html/>"), Unreadable::NoList);
    assert_eq!(read(r#"{"orders":[{"id":"1"},{"name":"x"}]}"#), Unreadable::NoId(2));
}
