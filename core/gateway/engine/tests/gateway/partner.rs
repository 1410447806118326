//! Files of partners: taken once, acknowledged, declared; and documents that become messages.

use std::path::{Path, PathBuf};

use dragoman_engine::Visited;
use dragoman_store::Query;
use serde_json::Value;

use crate::setup::{Setup, clerk};

/// A gateway with a partner, and the partner's folder.
struct Exchanging {
    setup: Setup,
    place: tempfile::TempDir,
}

const PARTNER: &str = r#"
[[partner]]
name = "northwind"
folder = "PLACE"
account = "acme"

[partner.send]
order = "edifact/order"
shipment = "x12/856"

[partner.envelope]
ours = "5000002000009"
ours_qualifier = "14"
theirs = "4000001000005"
theirs_qualifier = "14"
"#;

impl Exchanging {
    async fn new(more: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let partner = PARTNER.replace("PLACE", place.path().to_str().unwrap());
        let setup = Setup::new(&format!("{partner}{more}")).await;
        setup.gateway.import_master(&clerk(), &Setup::demo("master.csv")).await.unwrap();
        let exchanging = Self { setup, place };
        exchanging.visit().await;
        exchanging
    }

    async fn visit(&self) -> Visited {
        self.setup.gateway.visit_partner("northwind").await.unwrap()
    }

    /// Looks, lets the time pass that a file has to stay as it is, and looks again.
    async fn settled(&self) -> Visited {
        self.visit().await;
        self.setup.pass(3);
        self.visit().await
    }

    fn drop(&self, path: &str, text: &str) {
        std::fs::write(self.place.path().join(path), text).unwrap();
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let files = std::fs::read_dir(self.place.path().join(folder)).unwrap().map(Result::unwrap);
        let mut names: Vec<_> = files
            .filter(|file| file.path().is_file())
            .map(|file| file.file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn text(&self, folder: &str, ending: &str) -> String {
        let names = self.names(folder);
        let name = names.iter().find(|name| name.ends_with(ending));
        assert!(name.is_some(), "no {ending} among {names:?}");
        std::fs::read_to_string(self.place.path().join(folder).join(name.unwrap())).unwrap()
    }

    fn report(&self, folder: &str, file: &str) -> Value {
        let path: PathBuf = self.place.path().join(folder).join(format!("{file}.report.json"));
        serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()
    }

    async fn orders(&self) -> usize {
        self.setup.settle().await;
        let query = Query { kind: Some("order".into()), limit: 100, ..Query::default() };
        self.setup.gateway.list(&clerk(), query).await.unwrap().data.len()
    }
}

fn order() -> String {
    Setup::case("edifact/cases/order.in")
}

/// An interchange of the case's order with other numbers; without one, of an order that is broken.
fn several(numbers: &[Option<&str>]) -> String {
    let text = order();
    let (head, rest) = text.split_once("UNH+1+").unwrap();
    let (body, rest) = rest.split_once("UNT+").unwrap();
    let count = rest.split('+').next().unwrap();
    let message = |(at, number): (usize, Option<&str>)| match number {
        Some(number) => format!("UNH+{at}+{body}UNT+{count}+{at}'\n").replace("PO-1001", number),
        None => format!("UNH+{at}+ORDERS:D:96A:UN'\nBGM+220++9'\nUNT+3+{at}'\n"),
    };
    let all: String = (1..).zip(numbers.iter().copied()).map(message).collect();
    format!("{head}{all}UNZ+{}+R1'\n", numbers.len())
}

#[tokio::test]
async fn an_order_is_taken_acknowledged_and_kept() {
    let it = Exchanging::new("").await;
    it.drop("in/po.edi", &order());
    assert_eq!(it.settled().await.taken, 1);
    assert_eq!(it.names("done"), ["po.edi", "po.edi.report.json"]);
    assert!(it.names("in").is_empty() && it.names("work").is_empty() && it.names("error").is_empty());
    let contrl = it.text("out", ".contrl.edi");
    assert!(contrl.contains("UNB+UNOC:3+5000002000009:14+4000001000005:14+"), "{contrl}");
    assert!(contrl.contains("UCI+R1+4000001000005:14+5000002000009:14+7'"), "{contrl}");
    let canonical: Value = serde_json::from_str(&it.text("canonical", ".json")).unwrap();
    assert_eq!(canonical["order_number"], "PO-1001");
    let report = it.report("done", "po.edi");
    let message = &report["messages"][0];
    assert_eq!((&message["message"], &message["became"]), (&"edifact/order".into(), &"order".into()));
    assert_eq!(it.orders().await, 1);
}

#[tokio::test]
async fn orders_of_one_interchange_are_taken_one_by_one_and_declared_by_the_flow() {
    let flow = "\n[[flow]]\nname = \"edi\"\nfrom = \"northwind\"\nto = \"acme\"\n\
                consignment = \"consignment.toml\"\nrates = \"adapters/gb-cds/demo/rates.csv\"\n";
    let it = Exchanging::new(flow).await;
    it.drop("in/two.edi", &several(&[Some("PO-1001"), Some("PO-1002")]));
    it.settled().await;
    assert_eq!(it.orders().await, 2);
    let report = it.report("done", "two.edi");
    assert_eq!((&report["count"], &report["messages"][1]["number"]), (&2.into(), &"PO-1002".into()));
    // Their articles are not in the customs master: each order says what it waits for.
    let id = report["messages"][1]["id"].as_str().unwrap();
    let view = it.setup.view(id).await;
    assert_eq!(view.row.state, "incomplete", "{view:?}");
}

/// An invoice names an order, and is none.
#[tokio::test]
async fn an_invoice_is_kept_and_is_no_order() {
    let it = Exchanging::new("").await;
    it.drop("in/invoice.edi", &Setup::case("edifact/cases/invoice.in"));
    it.settled().await;
    assert_eq!(it.report("done", "invoice.edi")["messages"][0]["became"], "read");
    assert_eq!((it.orders().await, it.names("canonical").len()), (0, 1));
}

#[tokio::test]
async fn the_same_content_is_taken_once_whatever_its_name() {
    let it = Exchanging::new("").await;
    it.drop("in/po.edi", &order());
    it.settled().await;
    it.drop("in/again.edi", &order());
    it.settled().await;
    assert_eq!(it.report("done", "again.edi")["duplicate_of"], "po.edi");
    assert_eq!((it.orders().await, it.names("out").len()), (1, 1));
    // The same name with other content is another file.
    it.drop("in/po.edi", &order().replace("PO-1001", "PO-1002"));
    it.settled().await;
    assert_eq!((it.orders().await, it.names("out").len()), (2, 2));
    assert!(it.names("done").contains(&"po.2.edi".to_owned()));
}

#[tokio::test]
async fn half_a_file_is_waited_for() {
    let it = Exchanging::new("").await;
    let text = order();
    let (half, _) = text.split_at(text.len() / 2);
    it.drop("in/po.edi", half);
    it.drop("in/other.edi.part", &text);
    assert_eq!(it.settled().await.taken, 0);
    it.drop("in/po.edi", &text);
    assert_eq!(it.settled().await.taken, 1);
    // What never gets its end is taken at last, and found broken.
    it.drop("in/cut.edi", &half.replace("PO-1001", "PO-1002"));
    it.settled().await;
    it.setup.pass(60);
    assert_eq!(it.visit().await.taken, 1);
    let contrl = it.names("out").into_iter().find(|name| name.starts_with("cut.")).unwrap();
    assert!(it.text("out", &contrl).contains("+4+"), "it is rejected");
}

#[tokio::test]
async fn what_was_begun_is_ended_after_a_crash() {
    let it = Exchanging::new("").await;
    // It was claimed and its order taken in, and then the machine stopped.
    it.drop("in/po.edi", &order());
    it.settled().await;
    let acknowledged = it.text("out", ".contrl.edi");
    let records = it.setup.store.records("main", "file", "", 10).await.unwrap();
    let begun = records[0].body.replace("true", "false");
    let change = dragoman_store::RecordChange {
        tenant: "main".into(),
        space: "file".into(),
        key: records[0].key.clone(),
        expected: records[0].revision,
        body: Some(begun),
    };
    let batch = dragoman_store::Batch { records: vec![change], ..Default::default() };
    it.setup.store.commit(batch).await.unwrap();
    let rename = |from: &str, to: &str| {
        std::fs::rename(it.place.path().join(from), it.place.path().join(to)).unwrap();
    };
    rename("done/po.edi", "work/po.edi");
    assert_eq!(it.visit().await.taken, 1);
    assert_eq!((it.orders().await, it.names("out").len()), (1, 1), "nothing is there twice");
    let number = |text: &str| text.split("UNZ+").nth(1).map(str::to_owned);
    assert_eq!(number(&it.text("out", ".contrl.edi")), number(&acknowledged), "with the number that it had");
}

#[tokio::test]
async fn what_nothing_reads_is_put_aside_with_the_reason() {
    let it = Exchanging::new("").await;
    it.drop("in/photo.bin", "\u{1}\u{2}\u{3} nothing that anybody knows");
    it.drop("in/empty.edi", "");
    it.settled().await;
    assert_eq!(it.setup.gateway.visit_partner("northwind").await.unwrap(), Visited::default());
    it.setup.pass(60);
    it.visit().await;
    for name in ["photo.bin", "empty.edi"] {
        let report = it.report("error", name);
        let findings = report["findings"].as_array().unwrap();
        assert!(findings[0]["code"].as_str().is_some_and(|code| code.starts_with("DG-E10")), "{report}");
    }
    assert!(it.names("done").is_empty() && it.names("out").is_empty());
}

#[tokio::test]
async fn a_broken_message_in_the_middle_does_not_stop_the_rest() {
    let it = Exchanging::new("").await;
    it.drop("in/three.edi", &several(&[Some("PO-1001"), None, Some("PO-1003")]));
    it.settled().await;
    let report = it.report("done", "three.edi");
    let became: Vec<_> = (0..3).map(|at| report["messages"][at]["became"].clone()).collect();
    assert_eq!(became, ["order", "refused", "order"], "{report:#}");
    assert_eq!(it.orders().await, 2);
}

#[tokio::test]
async fn a_document_becomes_a_message_and_its_acknowledgement_finds_it() {
    let it = Exchanging::new("").await;
    it.drop("send/order-7.json", &Setup::case("edifact/cases/order.json"));
    assert_eq!(it.settled().await.sent, 1);
    let sent = it.text("out", ".edifact-order.edi");
    assert!(sent.contains("UNB+UNOC:3+5000002000009:14+4000001000005:14+"), "{sent}");
    assert!(sent.contains("BGM+220+PO-1001"), "{sent}");
    assert_eq!(it.names("send/done"), ["order-7.json", "order-7.json.report.json"]);
    let number = sent.rsplit('+').next().unwrap().trim_end().trim_end_matches('\'').to_owned();
    let contrl = format!(
        "UNB+UNOC:3+4000001000005:14+5000002000009:14+261129:1200+99'UNH+1+CONTRL:D:3:UN'\
         UCI+{number}+5000002000009:14+4000001000005:14+4+12'UNT+3+1'UNZ+1+99'"
    );
    it.drop("in/answer.edi", &contrl);
    it.settled().await;
    let message = it.report("done", "answer.edi")["messages"][0].clone();
    assert_eq!(
        (&message["became"], &message["of"], &message["verdict"]),
        (&"acknowledgement".into(), &"order-7.json".into(), &"rejected".into()),
        "{message}"
    );
    assert!(it.names("out").iter().all(|name| !name.starts_with("answer")), "nobody acknowledges it");
}

#[tokio::test]
async fn a_document_that_would_lose_something_or_goes_nowhere_is_not_sent() {
    let it = Exchanging::new("").await;
    it.drop("send/declaration.json", &Setup::case("edifact/cases/import.json"));
    it.drop("send/nonsense.json", "{\"type\": \"order\", \"order_number\": ");
    it.settled().await;
    it.setup.pass(60);
    it.visit().await;
    assert!(it.names("out").is_empty());
    let report = it.report("send/error", "declaration.json");
    assert_eq!(report["messages"][0]["became"], "refused", "{report}");
    assert!(it.names("send/error").contains(&"nonsense.json.report.json".to_owned()));
}

#[tokio::test]
async fn an_x12_order_is_answered_by_997() {
    let it = Exchanging::new("").await;
    it.drop("in/po.x12", &Setup::case("x12/cases/order.in"));
    it.settled().await;
    let answer = it.text("out", ".997.x12");
    assert!(answer.contains("AK1*PO*42") && answer.contains("AK9*A*1*1*1"), "{answer}");
    it.drop("send/notice.json", &Setup::case("x12/cases/ship-notice.json"));
    it.settled().await;
    let sent = it.text("out", ".x12-856.x12");
    let group = sent.lines().find(|line| line.starts_with("GS*SH*")).unwrap().to_owned();
    assert!(group.contains("*5000002000009*4000001000005*2026"), "{group}");
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed() {
    let it = Exchanging::new("").await;
    let secret = it.place.path().join("secret.edi");
    std::fs::write(&secret, order()).unwrap();
    std::os::unix::fs::symlink(Path::new(&secret), it.place.path().join("in/link.edi")).unwrap();
    it.settled().await;
    it.setup.pass(60);
    assert_eq!(it.visit().await.taken, 0);
}

#[tokio::test]
async fn a_partner_that_cannot_be_is_refused() {
    let refused = |toml: &str| {
        let config: dragoman_engine::Config = toml::from_str(toml).unwrap();
        async move {
            let catalogue = dragoman_adapters::Catalogue::new(dragoman_adapters::Data::embedded()).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let store = std::sync::Arc::new(dragoman_store::Sqlite::open(folder.path()).unwrap());
            let files = |_: &str| Ok(String::new());
            let clock = dragoman_engine::Clock::system();
            let opened = dragoman_engine::Gateway::open(config, &files, catalogue.into(), store, clock).await;
            opened.err().unwrap().to_string()
        }
    };
    let partner = "[[partner]]\nname = \"a\"\nfolder = \"a\"\n";
    assert_eq!(
        refused(&format!("{partner}{partner}")).await,
        "partner `a`: there is an account or a partner of this name already"
    );
    assert_eq!(refused(&format!("{partner}account = \"b\"\n")).await, "partner `a`: there is no account `b`");
    let wrong = refused(&format!("{partner}send.order = \"edifact/cusres\"\n")).await;
    assert!(wrong.starts_with("partner `a`: `send.order`"), "{wrong}");
}
