//! `dragoman adapter`: the adapters that there are.

use std::fmt::Write;

use dragoman_adapters::Party;

use crate::Context;
use crate::failure::Outcome;
use crate::terminal::print;

/// Prints all adapters with their messages.
pub fn list(context: &Context) -> Outcome {
    let mut text = String::new();
    for adapter in context.catalogue.adapters() {
        let party = match &adapter.party {
            Party::Customs(country) => format!("customs of {country}"),
            Party::Platform(platform) => format!("platform {platform}"),
            Party::Any => "format".to_owned(),
        };
        let _ = writeln!(text, "{}  {} ({party})", adapter.name, adapter.title);
        for message in &adapter.messages {
            let name = format!("{}/{}", adapter.name, message.name);
            let _ = writeln!(text, "  {name:24} {:3}  {}", message.direction.word(), message.mapping);
        }
    }
    print(text.as_bytes());
    Outcome::Clean
}
