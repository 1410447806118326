//! Serving: from the first request until the program is told to stop.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use dragoman_api::{Api, Options};
use dragoman_dashboard::Site;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::failure::{Failure, reason};
use crate::gateway::Opened;

/// Requests that are being answered have so long to end.
const ANSWERING: Duration = Duration::from_secs(10);

/// What is being sent has so long to end. What does not is an attempt of unknown outcome at the next start.
const SENDING: Duration = Duration::from_secs(45);

/// Takes a place to listen at.
pub async fn bind(listen: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen).await.map_err(|error| {
        let message = format!("{listen} cannot be listened at: {}", reason(&error));
        Failure::new(message, "name another address with --listen, such as 127.0.0.1:8081")
    })
}

/// Serves a gateway until it is told to end, which gives a reason: then no more requests are taken, those that are under
/// way and what is being sent come to their end, and the store is closed.
pub async fn serve(
    opened: Opened,
    listener: TcpListener,
    options: Options,
    told: impl Future<Output = &'static str>,
) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(|error| Failure::failed(&error))?;
    let workers = opened.gateway.start();
    let api = Api::new(opened.gateway.clone(), opened.people.clone(), options);
    let routes = routes(&opened, &api).into_make_service_with_connect_info::<SocketAddr>();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = axum::serve(listener, routes).with_graceful_shutdown(async move {
        // A sender that is gone says the same.
        let _ = stopped.await;
    });
    let mut serving = tokio::spawn(serving.into_future());
    tracing::info!(address = %format_args!("http://{address}"), "listening");
    tokio::select! {
        signal = told => tracing::info!(signal, "stopping"),
        ended = &mut serving => {
            let message = ended.map_or_else(|error| error.to_string(), |_| "serving ended".to_owned());
            return Err(Failure::Failed { message, hint: None });
        }
    }
    api.close();
    drop(stop);
    if tokio::time::timeout(ANSWERING, &mut serving).await.is_err() {
        serving.abort();
        tracing::warn!("some requests were not answered in time");
    }
    if tokio::time::timeout(SENDING, workers.stop()).await.is_err() {
        tracing::warn!("something that is being sent did not end in time; its outcome will be asked for");
    }
    tracing::info!("stopped");
    Ok(())
}

/// The HTTP interface and the pages, open to the same people.
fn routes(opened: &Opened, api: &Api) -> Router {
    let Options { secure, behind_proxy, open, oidc, .. } = api.options().clone();
    let pages = dragoman_dashboard::Options { secure, behind_proxy, open, oidc: oidc.is_some() };
    let site = Site::new(opened.gateway.clone(), opened.people.clone(), pages);
    dragoman_api::router(api).merge(dragoman_dashboard::router(&site))
}

/// Listens for the signals to stop, from now on; what it gives waits for one, and gives its name.
#[cfg(unix)]
pub fn signals() -> Result<impl Future<Output = &'static str>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| Failure::failed(&error))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| Failure::failed(&error))?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    })
}

#[cfg(not(unix))]
pub fn signals() -> Result<impl Future<Output = &'static str>, Failure> {
    Ok(async {
        // Where the signal cannot be waited for, it ends the program by itself.
        let _ = tokio::signal::ctrl_c().await;
        "Ctrl-C"
    })
}
