//! Where everything fails, one tries and the others wait.

use std::sync::Arc;

use dragoman_transport::{Held, Wait};
use jiff::{SignedDuration, Timestamp};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::setup::{Memory, Side, now};

fn admit(side: &Side, name: &str, now: Timestamp) -> Result<(), Wait> {
    side.transport.admit(side.account(), side.channel.operation(name).unwrap(), now)
}

#[tokio::test]
async fn an_endpoint_in_trouble_is_left_alone_until_one_gets_through() {
    let server = MockServer::start().await;
    Mock::given(path("/submit"))
        .respond_with(ResponseTemplate::new(500))
        .up_to_n_times(6)
        .mount(&server)
        .await;
    Mock::given(path("/submit")).respond_with(ResponseTemplate::new(202)).mount(&server).await;
    let side = Side::new("", &server.uri(), Arc::new(Memory::default()));
    for _ in 0..5 {
        assert_eq!(admit(&side, "submit", now()), Ok(()));
        assert_eq!(side.send("submit", now()).await.unwrap().answer.status, 500);
    }
    let wait = admit(&side, "submit", now()).unwrap_err();
    assert_eq!(wait.held, Held::Broken);
    assert_eq!(admit(&side, "other", now()), Ok(()), "another operation");
    let later = now() + SignedDuration::try_from(wait.time).unwrap();
    assert_eq!(admit(&side, "submit", later), Ok(()), "one tries");
    assert_eq!(admit(&side, "submit", later).unwrap_err().held, Held::Broken, "the others wait");
    side.send("submit", later).await.unwrap();
    let longer = admit(&side, "submit", later).unwrap_err();
    assert!(longer.time > wait.time, "{longer:?}");
    let later = later + SignedDuration::try_from(longer.time).unwrap();
    assert_eq!(admit(&side, "submit", later), Ok(()));
    side.send("submit", later).await.unwrap();
    assert_eq!([admit(&side, "submit", later), admit(&side, "submit", later)], [Ok(()), Ok(())]);
}

#[tokio::test]
async fn nobody_there_counts_and_a_refusal_does_not() {
    let side = Side::new("", "http://127.0.0.1:1", Arc::new(Memory::default()));
    for _ in 0..5 {
        assert!(!side.send("submit", now()).await.unwrap_err().may_have_arrived());
    }
    assert_eq!(admit(&side, "submit", now()).unwrap_err().held, Held::Broken);

    let server = MockServer::start().await;
    Mock::given(path("/submit")).respond_with(ResponseTemplate::new(400)).mount(&server).await;
    let side = Side::new("", &server.uri(), Arc::new(Memory::default()));
    for _ in 0..9 {
        side.send("submit", now()).await.unwrap();
    }
    assert_eq!(admit(&side, "submit", now()), Ok(()));
}
