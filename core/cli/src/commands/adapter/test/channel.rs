//! How an adapter talks with its counterpart: what the gateway looks for is there, and every request can be made.

use dragoman_adapters::{Adapter, Catalogue, Party};
use dragoman_channel::{Auth, Channel, Operation, Repeat, Values};
use jiff::Timestamp;

use super::Report;

/// A secret that nothing may show.
const SECRET: &str = "hidden-7";

/// What settings are called that are secrets.
const SECRETS: [&str; 4] = ["secret", "token", "password", "key"];

/// Everything about the channel, where there is one.
pub fn check(catalogue: &Catalogue, adapter: &Adapter, report: &mut Report) {
    let Some(channel) = &adapter.channel else {
        match adapter.party {
            Party::Any => report.good("it is a format, and has no counterpart"),
            _ => report.note("its counterpart is not talked with: there is no [channel] in adapter.toml"),
        }
        return;
    };
    operations(adapter, channel, report);
    settings(channel, report);
    let faults: Vec<_> =
        channel.operations.iter().filter_map(|operation| request(channel, operation).err()).collect();
    for fault in &faults {
        report.missing(fault.clone());
    }
    report.check(
        faults.is_empty(),
        "every request can be made, and shows no secret in its address",
        "requests that can be made",
    );
    let sim = format!("adapters/{}/sim.toml", adapter.name);
    match catalogue.data().get(&sim).map(|text| dragoman_sim::load(&adapter.name, text)) {
        None => report.note("there is no sim.toml: its counterpart cannot be played"),
        Some(Ok(_)) => report.good("sim.toml is understood"),
        Some(Err(errors)) => {
            for error in errors {
                report.missing(format!("sim.toml: {}", error.message));
            }
        }
    }
}

/// What the gateway looks for by name, for each side of the trade.
fn operations(adapter: &Adapter, channel: &Channel, report: &mut Report) {
    let wanted: &[&str] = match adapter.party {
        Party::Customs(_) => &["submit", "amend", "cancel"],
        Party::Platform(_) => &["ship"],
        Party::Any => &[],
    };
    let lacks = |name: &str| channel.settings.lacks.get(name);
    for name in wanted {
        if let Some(why) = lacks(name).filter(|_| channel.operation(name).is_none()) {
            report.apart(format!("there is no operation `{name}`: {why}"));
            continue;
        }
        let is_there = channel.operation(name).is_some();
        report.check(is_there, format!("there is an operation `{name}`"), format!("an operation `{name}`"));
    }
    match adapter.party {
        Party::Platform(_) => {
            let has = !channel.streams.is_empty();
            report.check(has, "orders are read", "how orders are read: [[stream]]");
            if channel.operation("ship").is_none() && lacks("ship").is_some() {
                return;
            }
            let asks = channel
                .operation("ship")
                .is_some_and(|ship| ship.first.is_some() || ship.repeat() == Repeat::Idempotent);
            report.check(
                asks,
                "nothing is told twice",
                "`first` of `ship`, or `repeat = \"idempotent\"`: else a parcel is told twice",
            );
        }
        Party::Customs(_) => {
            let has = channel.notifications.is_some();
            report.check(has, "answers are read", "how answers arrive: [notifications]");
        }
        Party::Any => {}
    }
}

fn settings(channel: &Channel, report: &mut Report) {
    if channel.settings.by_hand {
        report.good("people hand things over to it: it has no address");
    } else {
        let has_address = channel.settings.base_url.contains_key("production");
        report.check(has_address, "it has an address", "its address: base_url.production");
        report.check(
            channel.settings.auth != Auth::None,
            "an account shows its standing",
            "how an account shows its standing: [channel.auth]",
        );
    }
    let is_limited = |operation: &&Operation| channel.limits_of(operation).next().is_none();
    match channel.operations.iter().find(is_limited) {
        None => report.good("every operation has a limit"),
        Some(operation) => report.missing(format!("a limit of `{}`: [[channel.limit]]", &*operation.name)),
    }
    for setting in &channel.settings.account {
        let is_secret = SECRETS.iter().any(|word| setting.name.ends_with(word));
        if is_secret && !setting.secret {
            report.missing(format!("`secret = true` of the setting `{}`", setting.name));
        }
    }
}

/// Makes a request of an operation with values that are made up, and signs it.
fn request(channel: &Channel, operation: &Operation) -> Result<(), String> {
    let name = &*operation.name;
    let said = |missing: dragoman_channel::Missing| format!("`{name}` cannot be asked: {missing}");
    let mut values = made_up(channel);
    for needed in &operation.requires {
        if values.get(needed).is_none() && values.list(needed).is_empty() {
            values.set(&**needed, "1");
        }
    }
    let mut request = match channel.request(operation, &values, Some(b"<made-up/>")) {
        // What an earlier answer gave is not made up.
        Err(missing) if !missing.0.starts_with("account.") => return Ok(()),
        made => made.map_err(said)?,
    };
    channel.settings.auth.authorise(&mut request, &values, Some("token")).map_err(said)?;
    channel.sign(&mut request, &values, Timestamp::UNIX_EPOCH, "nonce").map_err(said)?;
    let is_shown = request.url.contains(SECRET) && operation.path.is_some();
    if is_shown { Err(format!("`{name}` shows a secret in its address")) } else { Ok(()) }
}

/// A value for everything that an account can say, and for an order with a parcel.
fn made_up(channel: &Channel) -> Values {
    let mut values = Values::new().with("account.environment", "production").with("account.client_id", "7");
    values.set("account.client_secret", SECRET);
    for setting in &channel.settings.account {
        values.set(format!("account.{}", setting.name), if setting.secret { SECRET } else { "1" });
    }
    for known in dragoman_channel::KNOWN.iter().filter(|known| known.name != "base") {
        values.set(known.name, "1");
    }
    let line = Values::new().with("id", "1").with("quantity", "1");
    values.set_list("shipment.lines", vec![line]);
    values
}
