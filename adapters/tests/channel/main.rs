//! The adapters' channels: what goes out is what the counterpart describes, and what comes back means what it says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod amazon;
mod cds;
mod ctc;
mod every;
mod markets;
mod prism;
mod schema;
mod shopify;
mod signatures;

use dragoman_adapters::{Catalogue, Data};
use dragoman_channel::{Answer, Channel, Failure, Outcome, Request, Values};
use jiff::Timestamp;

fn channel(adapter: &str) -> Channel {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let adapter = catalogue.adapters().iter().find(|one| one.name == adapter).unwrap();
    adapter.channel.clone().unwrap()
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Answer { status, headers: headers.iter().map(header).collect(), body: body.into() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn request(channel: &Channel, operation: &str, values: &Values, content: Option<&[u8]>) -> Request {
    channel.request(channel.operation(operation).unwrap(), values, content).unwrap()
}

fn outcome(channel: &Channel, operation: &str, answer: &Answer) -> Outcome {
    channel.classify(channel.operation(operation).unwrap(), answer, at("2026-11-22T12:00:00Z"))
}

fn failure(channel: &Channel, operation: &str, answer: &Answer) -> Failure {
    match outcome(channel, operation, answer) {
        Outcome::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

/// A body of JSON.
fn json(request: &Request) -> serde_json::Value {
    serde_json::from_slice(request.bytes()).unwrap()
}
