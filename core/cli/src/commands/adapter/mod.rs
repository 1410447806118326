//! `dragoman adapter`: the adapters that there are, and the requests that they make.

mod doctor;
mod new;
mod test;

use std::fmt::Write;

use dragoman_adapters::Party;
use dragoman_channel::{Ask, Channel, Missing, Request, Signed, Values};
use jiff::Timestamp;

use crate::Context;
use crate::arguments::Sign;
use crate::failure::{Failure, Outcome};
use crate::terminal::print;

pub use doctor::run as doctor;
pub use new::run as new;
pub use test::{GUESS, run as test};

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

/// Prints a request as it would be sent.
pub fn sign(context: &Context, asked: &Sign) -> Result<Outcome, Failure> {
    let channel = channel(context, &asked.adapter)?;
    let now = asked.at.unwrap_or_else(Timestamp::now);
    let values = values(&asked.values, now)?;
    let (request, signed) = match channel.queue(&asked.operation) {
        Some(queue) => {
            let ask = Ask::Receive(10, queue.wait.0, queue.hidden.0);
            let mut request = queue.request(ask, &values).map_err(missing)?;
            let signed = queue.sign(&mut request, &values, now).map_err(missing)?;
            (request, Some(signed))
        }
        None => asked_of(channel, asked, &values, now)?,
    };
    let mut text = String::new();
    if asked.explain {
        let _ = match &signed {
            Some(signed) => writeln!(text, "base: {}\ncode: {}\n", signed.base, signed.code),
            None => writeln!(text, "this request is not signed\n"),
        };
    }
    let _ = writeln!(text, "{} {}", request.method.word(), request.url);
    for (name, value) in &request.headers {
        let _ = writeln!(text, "{name}: {value}");
    }
    if !request.bytes().is_empty() {
        let _ = writeln!(text, "\n{}", String::from_utf8_lossy(request.bytes()));
    }
    print(text.as_bytes());
    Ok(Outcome::Clean)
}

fn missing(missing: Missing) -> Failure {
    let said = missing.to_string();
    let Missing(name) = missing;
    Failure::new(said, format!("say it: {}=…", name.trim_start_matches("account.")))
}

/// The request of an operation, signed where its counterpart wants that.
fn asked_of(
    channel: &Channel,
    asked: &Sign,
    values: &Values,
    now: Timestamp,
) -> Result<(Request, Option<Signed>), Failure> {
    let operation = channel.operation(&asked.operation).ok_or_else(|| {
        let known: Vec<_> = channel.operations.iter().map(|operation| &*operation.name).collect();
        let near = dragoman_model::nearest(&asked.operation, known.iter().copied());
        let hint = near.map_or_else(|| known.join(", "), |near| format!("did you mean `{near}`?"));
        Failure::new(format!("there is no operation `{}`", asked.operation), hint)
    })?;
    let mut request = channel.request(operation, values, None).map_err(missing)?;
    if asked.token.is_some() || channel.settings.auth.oauth2().is_none() {
        let auth = &channel.settings.auth;
        auth.authorise(&mut request, values, asked.token.as_deref()).map_err(missing)?;
    }
    let signed = channel.sign(&mut request, values, now, &asked.nonce).map_err(missing)?;
    Ok((request, signed))
}

fn channel<'c>(context: &'c Context, name: &str) -> Result<&'c Channel, Failure> {
    let adapters = context.catalogue.adapters();
    let adapter = adapters.iter().find(|adapter| adapter.name == name).ok_or_else(|| {
        let near = dragoman_model::nearest(name, adapters.iter().map(|adapter| adapter.name.as_str()));
        let hint = near
            .map_or("`dragoman adapter list` shows them".into(), |near| format!("did you mean `{near}`?"));
        Failure::new(format!("there is no adapter `{name}`"), hint)
    })?;
    adapter.channel.as_ref().ok_or_else(|| {
        Failure::new(format!("`{name}` says nothing about requests"), "it is a format without a counterpart")
    })
}

/// What a request is filled with: a name without a dot is the account's.
fn values(stated: &[String], now: Timestamp) -> Result<Values, Failure> {
    let mut values = Values::new().with("now", now.to_string());
    for one in stated {
        let (name, value) = one
            .split_once('=')
            .ok_or_else(|| Failure::new(format!("`{one}` is no NAME=VALUE"), "such as order.id=1001"))?;
        let name = if name.contains('.') { name.to_owned() } else { format!("account.{name}") };
        values.set(name, value);
    }
    Ok(values)
}
