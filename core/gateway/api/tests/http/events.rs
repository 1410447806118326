//! What happens, as it happens.

use axum::body::Body;
use dragoman_api::Options;
use dragoman_engine::people::Right;
use futures_util::StreamExt;
use http::Request;
use tower::ServiceExt;

use crate::filing::order;
use crate::site::{Site, request};

/// A stream of events that somebody follows.
struct Following(axum::body::BodyDataStream, String);

impl Following {
    async fn begin(site: &Site, key: &str, last: Option<u64>) -> Self {
        let mut request = request("GET", "/v1/events", key).header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request: Request<Body> = request.body(Body::empty()).unwrap();
        let response = site.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body().into_data_stream(), String::new())
    }

    /// The next event: its id and name. None at the end.
    async fn next(&mut self) -> Option<(u64, String)> {
        loop {
            if let Some((event, rest)) = self.1.split_once("\n\n") {
                let field =
                    |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let found = field("id:").map(|id| (id.parse().unwrap(), field("event:").unwrap().to_owned()));
                self.1 = rest.to_owned();
                match found {
                    Some(found) => return Some(found),
                    None => continue,
                }
            }
            let bytes =
                tokio::time::timeout(std::time::Duration::from_secs(20), self.0.next()).await.unwrap()?;
            self.1.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
    }
}

#[tokio::test]
async fn who_follows_sees_what_happens_and_misses_nothing() {
    let site = Site::new(Options::default()).await;
    let key = site.key("main", "shop", &[Right::Read, Right::Personal, Right::Write]).await;
    let other = site.key("other", "shop", &[Right::Read, Right::Personal, Right::Write]).await;
    let mut following = Following::begin(&site, &key, None).await;
    site.post("/v1/orders?account=bazaar", &other, "application/json", order()).await;
    site.post("/v1/orders?account=shop", &key, "application/json", order()).await;
    let (first, what) = following.next().await.unwrap();
    assert_eq!(what, "order_received");
    drop(following);
    site.post("/v1/orders?account=shop", &key, "application/json", order().replace("026-1", "026-2")).await;
    let mut following = Following::begin(&site, &key, Some(first)).await;
    let (second, what) = following.next().await.unwrap();
    assert!(second > first && what == "order_received");
    let page = site.get("/v1/events", &key).await.json();
    let seqs: Vec<_> =
        page["data"].as_array().unwrap().iter().map(|one| one["seq"].as_u64().unwrap()).collect();
    assert_eq!((seqs, page["next"].as_u64()), (vec![first, second], Some(second)));
    site.api.close();
    assert!(following.next().await.is_none(), "who shuts down waits for nobody");
    assert_eq!(site.get("/readyz", "").await.problem(), "unavailable");
}
