//! `dragoman sync`: how far the orders of each account have been read.

use std::fs;
use std::sync::Arc;

use dragoman_engine::people::Actor;
use dragoman_store::StoreError;
use serde_json::Value;

use crate::Context;
use crate::arguments::SyncStatus;
use crate::failure::{Failure, Outcome};
use crate::gateway::{Configured, Opened, runtime};
use crate::terminal::print;

/// Prints a line a stream of orders.
pub fn status(context: &Context, arguments: &SyncStatus) -> Result<Outcome, Failure> {
    let configured = Configured::read(&arguments.place, None)?;
    let views = runtime()?.block_on(async {
        match configured.open_store() {
            Ok(store) => read(&Opened::on(store, &configured, Arc::clone(&context.catalogue)).await?).await,
            Err(StoreError::InUse(_)) => asked(&configured, arguments).await,
            Err(error) => Err(error.into()),
        }
    })?;
    let text: String = if views.is_empty() {
        "no account reads orders\n".to_owned()
    } else {
        views.iter().map(line).collect()
    };
    print(text.as_bytes());
    Ok(Outcome::Clean)
}

/// What the store says, of all tenants.
async fn read(opened: &Opened) -> Result<Vec<Value>, Failure> {
    let accounts = opened.gateway.config().account.iter();
    let mut tenants: Vec<_> = accounts.map(|account| account.tenant.clone()).collect();
    tenants.sort_unstable();
    tenants.dedup();
    let mut views = Vec::new();
    for tenant in tenants {
        let of_one = opened.gateway.sync_status(&Actor::gateway(&tenant)).await;
        let of_one = of_one.map_err(|error| Failure::failed(&error))?;
        views.extend(of_one.iter().filter_map(|view| serde_json::to_value(view).ok()));
    }
    Ok(views)
}

/// What the running gateway says, of the tenant of the key.
async fn asked(configured: &Configured, arguments: &SyncStatus) -> Result<Vec<Value>, Failure> {
    let key = match &arguments.key_file {
        Some(file) => fs::read_to_string(file).map_err(|error| Failure::file(file, "read", &error))?,
        None => std::env::var("DRAGOMAN_KEY").map_err(|_| {
            Failure::new(
                "a gateway is running, and wants a key",
                "name a file that holds one with --key-file",
            )
        })?,
    };
    let url = format!("http://{}/v1/sync", configured.config().gateway.listen);
    let asked = reqwest::Client::new().get(&url).bearer_auth(key.trim()).send().await;
    let answer = asked.map_err(|error| Failure::failed(&error))?;
    let status = answer.status();
    let body: Value = answer.json().await.map_err(|error| Failure::failed(&error))?;
    match body.get("data").and_then(Value::as_array) {
        Some(views) if status.is_success() => Ok(views.clone()),
        _ => {
            let why = body.get("title").and_then(Value::as_str).unwrap_or_default();
            Err(Failure::Failed { message: format!("{url} answers {status}: {why}"), hint: None })
        }
    }
}

/// How one stream stands.
fn line(view: &Value) -> String {
    let text = |path: &str| view.pointer(path).and_then(Value::as_str).unwrap_or("never");
    let name = format!("{}/{}", text("/account"), text("/stream"));
    let unsettled = view.get("unsettled").and_then(Value::as_u64).filter(|count| *count > 0);
    let unsettled = unsettled.map(|count| format!(", {count} to fetch again")).unwrap_or_default();
    let (since, read) = (text("/cursor/since"), text("/cursor/read_at"));
    let mut lines = vec![format!("{name:24} had up to {since}, read {read}{unsettled}\n")];
    if let Some(trouble) = view.pointer("/trouble/1").and_then(Value::as_str) {
        lines.push(format!("    trouble since {}: {trouble}\n", text("/trouble/0")));
    }
    let asks = view.get("asks").and_then(Value::as_array).into_iter().flatten();
    lines.extend(asks.filter_map(Value::as_str).map(|ask| format!("    {ask}\n")));
    lines.concat()
}
