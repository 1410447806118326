//! `dragoman serve`: the gateway, until it is told to stop.

use std::sync::Arc;

use dragoman_api::Options;

use crate::Context;
use crate::arguments::Serve;
use crate::failure::{Failure, Outcome};
use crate::gateway::{Configured, Opened, bind, runtime, serve, signals, start_log};

/// Serves.
pub fn run(context: &Context, arguments: &Serve) -> Result<Outcome, Failure> {
    let configured = Configured::read(&arguments.place, arguments.listen.as_deref())?;
    start_log(&configured.config().log, &context.terminal)?;
    runtime()?.block_on(async {
        let opened = Opened::open(&configured, Arc::clone(&context.catalogue)).await?;
        let listener = bind(&configured.config().gateway.listen).await?;
        let options = Options { oidc: opened.gateway.provider(), ..options(&configured) };
        serve(opened, listener, options, signals()?).await?;
        Ok(Outcome::Clean)
    })
}

/// How the gateway is reached.
fn options(configured: &Configured) -> Options {
    let settings = &configured.config().gateway;
    let secure = settings.public_url.as_ref().is_some_and(|url| url.starts_with("https:"));
    Options { secure, behind_proxy: settings.behind_proxy, ..Options::default() }
}
