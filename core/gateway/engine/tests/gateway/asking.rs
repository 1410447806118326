//! Asking what became of submissions: however many are open, each has its turn.

use std::sync::Arc;
use std::time::Duration;

use dragoman_adapters::{Catalogue, Data};
use dragoman_exchange::{Event, Purpose};
use dragoman_simulators::{Options, serve};
use dragoman_store::{Batch, Job, JobChange, NewEvent, RecordChange};
use jiff::{SignedDuration, Timestamp};

use crate::setup::Setup;

/// The office's question goes by the reference of the declaration, and after an hour the answer that it is not there
/// proves it.
fn asked_by_reference(text: &str) -> String {
    let own = "path = \"/customs/declarations-information/mrn/${declaration.mrn}/status\"";
    assert!(text.contains(own));
    text.replace(own, &format!("{}\nabsent_after = \"1h\"", own.replace(".mrn}", ".lrn}")))
}

async fn setup(limits: bool) -> Setup {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut data = Data::embedded();
    let path = "adapters/gb-cds/adapter.toml";
    let text = asked_by_reference(data.get(path).unwrap());
    data.lay(path.to_owned(), text, path.to_owned());
    let catalogue = Arc::new(Catalogue::new(data).unwrap());
    let options = Options { limits: false, ..Options::default() };
    let office = serve(Arc::clone(&catalogue), "gb-cds", options).await.unwrap();
    Setup::with(catalogue, office, limits).await
}

impl Setup {
    /// A submission of unknown outcome that was attempted so long ago. Customs does not have it.
    async fn unknown(&self, number: usize, ago: SignedDuration) {
        let at = self.gateway.clock().now() - ago;
        let (stream, submission) = (format!("stream-{number:04}"), format!("submission-{number:04}"));
        let told = |event: Event| NewEvent {
            tenant: "main".into(),
            stream: stream.clone(),
            submission: Some(submission.clone()),
            at,
            actor: "anna".into(),
            event,
            payload: None,
            data: None,
        };
        let accepted = Event::Accepted {
            purpose: Purpose::Declaration,
            account: "acme".into(),
            operation: "submit".into(),
            lrn: Some(format!("LRN{number:04}")),
            held: None,
        };
        let unknown = Event::OutcomeUnknown { why: "the line was cut".into() };
        let job = Job {
            submission: submission.clone(),
            tenant: "main".into(),
            stream: stream.clone(),
            lane: "acme:submit".into(),
            due: at,
            attempts: 1,
            body: b"<MetaData/>".to_vec(),
            about: r#"{"account":"acme","operation":"submit","purpose":"declaration"}"#.into(),
        };
        let asking = RecordChange {
            tenant: "main".into(),
            space: "asking".into(),
            key: submission.clone(),
            expected: 0,
            body: Some(stream.clone()),
        };
        let batch = Batch {
            events: vec![told(accepted), told(Event::Attempted { attempt: 1 }), told(unknown)],
            jobs: vec![JobChange::Put(job), JobChange::Hold(submission)],
            records: vec![asking],
            ..Batch::default()
        };
        self.store.commit(batch).await.unwrap();
    }
}

#[tokio::test]
async fn all_that_is_open_is_asked_for() {
    let setup = setup(false).await;
    for number in 0..205 {
        setup.unknown(number, SignedDuration::from_hours(2)).await;
    }
    assert_eq!(setup.gateway.ask_all("main").await.unwrap(), 205);
    assert_eq!(setup.view("stream-0204").await.row.state, "queued", "it is not there, and is sent again");
    assert_eq!(setup.gateway.ask_all("main").await.unwrap(), 0, "nothing is open");
}

/// Where limits let three questions through, it is not always the same three.
#[tokio::test]
async fn limits_leave_each_its_turn() {
    let setup = setup(true).await;
    for number in 0..3 {
        setup.unknown(number, SignedDuration::ZERO).await;
    }
    setup.unknown(3, SignedDuration::from_hours(2)).await;
    assert_eq!(setup.gateway.ask_all("main").await.unwrap(), 0, "three are asked for, and stay open");
    let deadline = Timestamp::now() + SignedDuration::from_secs(30);
    while setup.gateway.ask_all("main").await.unwrap() == 0 {
        assert!(Timestamp::now() < deadline, "the fourth never has its turn");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(setup.view("stream-0003").await.row.state, "queued");
    let state = setup.view("stream-0000").await.row.state;
    assert_eq!(state, "unknown", "that one is not proved: it may still arrive");
}
