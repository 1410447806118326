//! Batches to store.

use dragoman_exchange::{Event, Purpose, Said};
use dragoman_store::{Batch, Job, JobChange, Mark, NewEvent, Payload};
use jiff::{SignedDuration, Timestamp};

/// The tenant of all.
pub const TENANT: &str = "main";

/// An id such as the gateway makes: the first half in the order of time, the second random.
pub fn id(kind: u64, number: u64) -> String {
    let random = number.wrapping_add(kind << 56).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let time = number >> 4;
    format!(
        "{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}",
        0x0193_0000_u64 + (time >> 16),
        time & 0xFFFF,
        (number & 0xF) << 8 | kind,
        random >> 48,
        random & 0xFFFF_FFFF_FFFF
    )
}

/// Bytes that are as long as a message, and differ.
fn message(number: u64, bytes: usize) -> Vec<u8> {
    let mut state = number | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b'a' + ((state >> 40) % 26) as u8
    };
    (0..bytes).map(|_| next()).collect()
}

fn event(
    stream: &str,
    submission: Option<&str>,
    at: Timestamp,
    event: Event,
    payload: Option<Vec<u8>>,
) -> NewEvent {
    NewEvent {
        tenant: TENANT.into(),
        stream: stream.into(),
        submission: submission.map(str::to_owned),
        at,
        actor: "bench".into(),
        event,
        payload: payload.map(|bytes| Payload { media: "application/xml".into(), bytes }),
        data: Some(format!("sha256:{:064x}", 1)),
    }
}

fn accepted(number: u64) -> Event {
    Event::Accepted {
        purpose: Purpose::Declaration,
        account: "acme".into(),
        operation: "submit".into(),
        lrn: Some(lrn(number)),
        held: None,
    }
}

/// The reference of a declaration.
pub fn lrn(number: u64) -> String {
    format!("DG{number:018}")
}

fn mark(space: &str, value: String, stream: &str, submission: &str) -> Mark {
    Mark {
        tenant: TENANT.into(),
        space: space.into(),
        value,
        stream: stream.into(),
        submission: Some(submission.into()),
        digest: None,
    }
}

/// A submission that is accepted: one event with its message, one job, one key.
pub fn submission(number: u64, bytes: usize) -> Batch {
    let (stream, submission, now) = (id(1, number), id(2, number), Timestamp::now());
    let body = message(number, bytes);
    let job = Job {
        submission: submission.clone(),
        tenant: TENANT.into(),
        stream: stream.clone(),
        lane: "acme:submit".into(),
        due: now,
        attempts: 0,
        body: body.clone(),
        about: "{}".into(),
    };
    Batch {
        events: vec![event(&stream, Some(&submission), now, accepted(number), Some(body))],
        jobs: vec![JobChange::Put(job)],
        marks: vec![mark("lrn", lrn(number), &stream, &submission)],
        ..Batch::default()
    }
}

/// A whole exchange: an order, its declaration, which was sent and answered. One in twenty was rejected, with one of forty
/// causes; one in a hundred waits to be sent.
pub fn exchange(number: u64, begin: Timestamp) -> Batch {
    let (order, stream, submission) = (id(0, number), id(1, number), id(2, number));
    let at =
        |seconds: i64| begin + SignedDuration::from_secs(i64::try_from(number).unwrap_or(0) * 3 + seconds);
    let value = Some(format!("{}.50 GBP", number % 300));
    let received = Event::OrderReceived {
        from: "shop".into(),
        message: "shop/order".into(),
        number: format!("{number:010}"),
        value: value.clone(),
        gaps: Vec::new(),
    };
    let corridor =
        ["CN-GB", "US-GB", "CN-FI", "JP-GB"].get(number as usize % 4).map(|text| (*text).to_owned());
    let drafted = Event::Drafted {
        account: "acme".into(),
        lrn: Some(lrn(number)),
        orders: vec![(order.clone(), format!("{number:010}"))],
        data_set: Some("H7".into()),
        corridor,
        value,
        errors: 0,
    };
    let mut events = vec![
        event(&order, None, at(0), received, Some(message(number, 400))),
        event(&stream, None, at(1), drafted, None),
        event(&stream, Some(&submission), at(1), accepted(number), Some(message(number + 7, 800))),
    ];
    if number % 100 != 99 {
        let is_rejected = number.is_multiple_of(20);
        let said = Said {
            native: if is_rejected { "03" } else { "09" }.into(),
            events: if is_rejected { "rejected" } else { "cleared" }.into(),
            at: Some(at(4)),
            mrn: Some(format!("26GB{number:014}")),
            causes: if is_rejected { vec![format!("E{:03}:hs", number / 20 % 40)] } else { Vec::new() },
            ..Said::default()
        };
        for (seconds, one) in [
            (2, Event::Attempted { attempt: 1 }),
            (3, Event::Delivered { conversation: Some(id(3, number)) }),
            (4, Event::Responded { said }),
        ] {
            events.push(event(&stream, Some(&submission), at(seconds), one, None));
        }
    }
    let marks = vec![
        mark("lrn", lrn(number), &stream, &submission),
        mark("mrn", format!("26GB{number:014}"), &stream, &submission),
        mark("conversation", id(3, number), &stream, &submission),
        mark("order", format!("shop/{number:010}"), &order, &submission),
    ];
    Batch { events, marks, ..Batch::default() }
}
