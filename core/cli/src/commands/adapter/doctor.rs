//! `dragoman adapter doctor`: what a live account lacks.

use std::fmt::Write;
use std::sync::Arc;

use dragoman_engine::people::Actor;
use dragoman_engine::{Examined, Verdict, config};
use dragoman_store::StoreError;

use crate::Context;
use crate::arguments::Doctor;
use crate::failure::{Failure, Outcome};
use crate::gateway::{Configured, Opened, runtime};
use crate::terminal::print;

/// Examines an account; it has findings where something is not as it should be.
pub fn run(context: &Context, asked: &Doctor) -> Result<Outcome, Failure> {
    let configured = Configured::read(&asked.place, None)?;
    let account = account(&configured, &asked.account)?;
    let examined = runtime()?.block_on(async {
        let store = configured.open_store().map_err(|error| match error {
            StoreError::InUse(_) => Failure::new(
                "a gateway is running, and holds the account's tokens",
                "end it for as long as the account is examined",
            ),
            error => error.into(),
        })?;
        let opened = Opened::on(store, &configured, Arc::clone(&context.catalogue)).await?;
        let by = Actor::gateway(&account.tenant);
        let examined = opened.gateway.examine(&by, &account.name).await;
        examined.map_err(|error| Failure::failed(&error))
    })?;
    let text = if asked.json {
        serde_json::to_string_pretty(&examined).map_err(|error| Failure::failed(&error))? + "\n"
    } else {
        text(&examined)
    };
    print(text.as_bytes());
    Ok(if examined.is_bad() { Outcome::Findings } else { Outcome::Clean })
}

/// The account of a name, or the only one of an adapter.
fn account<'c>(configured: &'c Configured, named: &str) -> Result<&'c config::Account, Failure> {
    let accounts = &configured.config().account;
    if let Some(account) = accounts.iter().find(|account| account.name == named) {
        return Ok(account);
    }
    let mut of_adapter = accounts.iter().filter(|account| account.adapter == named);
    if let (Some(account), None) = (of_adapter.next(), of_adapter.next()) {
        return Ok(account);
    }
    let names: Vec<_> = accounts.iter().map(|account| account.name.as_str()).collect();
    let hint = match (names.as_slice(), dragoman_model::nearest(named, names.iter().copied())) {
        ([], _) => "the configuration has no [[account]]; name another with --config".to_owned(),
        (_, Some(near)) => format!("did you mean `{near}`?"),
        _ => names.join(", "),
    };
    Err(Failure::new(format!("there is no account `{named}`"), hint))
}

fn text(examined: &Examined) -> String {
    let Examined { account, adapter, environment, checks } = examined;
    let all = if examined.is_bad() { "something is wrong" } else { "nothing is wrong" };
    let mut text = format!("{account} ({adapter}, {environment}): {all}\n");
    for check in checks {
        let word = match check.verdict {
            Verdict::Good => "ok",
            Verdict::Bad => "wrong",
            Verdict::Unknown => "unknown",
        };
        let _ = writeln!(text, "  {word:8} {}: {}", check.what, check.said);
        if let Some(advice) = &check.advice {
            let _ = writeln!(text, "           {advice}");
        }
    }
    text
}
