//! The published samples of the edition 2022-05, one a message type.

use std::fs;

use dragoman_samples::sample;

use crate::mapped::{Mapped, mapped};

/// The numbers of all messages.
pub const ALL: [&str; 42] = [
    "213", "214", "215", "216", "303", "304", "311", "312", "403", "404", "411", "412", "505", "506", "507",
    "508", "509", "510", "511", "512", "513", "514", "603", "604", "605", "606", "607", "608", "621", "622",
    "623", "624", "625", "626", "701", "702", "711", "712", "792", "816", "818", "900",
];

/// The messages that are signed before they are sent, by their schema.
pub const SIGNED: [&str; 4] = ["621", "623", "625", "711"];

/// The mapping of a message.
pub fn ceb(number: &str) -> &'static Mapped {
    mapped(String::leak(format!("ceb/{number}")))
}

/// Each message of which a sample is published, with the sample; none where there are no samples.
pub fn published() -> Vec<(&'static str, Vec<u8>)> {
    let Some(folder) = sample("china-ceb/2022-05") else { return Vec::new() };
    let read = |number: &'static str| {
        let file = format!("CEB{number}Message.xml");
        let found = ["samples-import", "samples-export"].map(|kind| folder.join(kind).join(&file));
        found.iter().find_map(|path| Some((number, fs::read(path).ok()?)))
    };
    let all: Vec<_> = ALL.into_iter().filter_map(read).collect();
    assert_eq!(all.len(), 39);
    all
}
