//! Metrics of the process, for Prometheus.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Upper bounds of the classes that times are counted in, in seconds.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Collects from now on. Where something else in the process collects already, that keeps what it has.
pub fn collect() {
    HANDLE.get_or_init(|| {
        let times = Matcher::Suffix("_seconds".to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(times, &SECONDS).ok()?;
        let handle = builder.install_recorder().ok()?;
        metrics::describe_counter!("dragoman_http_requests_total", "Requests by method, route and status");
        metrics::describe_histogram!("dragoman_http_request_seconds", "Time until an answer began");
        dragoman_engine::describe_metrics();
        Some(handle)
    });
}

/// What was collected, in the text form of Prometheus.
pub fn rendered() -> String {
    let handle = HANDLE.get().and_then(Option::as_ref);
    handle
        .map(|handle| {
            handle.run_upkeep();
            handle.render()
        })
        .unwrap_or_default()
}
