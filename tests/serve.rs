//! `dragoman serve`: started, asked, stopped.

use std::net::TcpListener;

use insta::assert_snapshot;
use serde_json::Value;

use crate::gateway::Serving;
use crate::run::Folder;

#[test]
fn it_serves_until_it_is_told_to_stop() {
    for signal in ["TERM", "INT"] {
        let folder = Folder::new();
        let serving = Serving::start(folder.path(), &["--data", "kept"]);
        assert_eq!(serving.get("/healthz").body, "ok\n");
        assert_eq!(serving.get("/readyz").status, 200);
        assert_eq!(serving.get("/openapi.json").json()["openapi"], "3.1.0");
        assert_eq!(serving.get("/v1/adapters").status, 401, "nobody is let in without a key");
        assert!(folder.path().join("kept/dragoman.sqlite").is_file());
        serving.signal(signal);
        let (status, log) = serving.end();
        assert!(status.success(), "{status}: {log:#?}");
        for line in &log {
            let line: Value = serde_json::from_str(line).unwrap();
            assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
        }
        assert!(log.last().unwrap().contains("stopped"), "{log:#?}");
        assert!(log.iter().any(|line| line.contains(&format!("SIG{signal}"))), "{log:#?}");
    }
}

#[test]
fn a_folder_has_one_gateway() {
    let folder = Folder::new();
    let first = Serving::start(folder.path(), &[]);
    let second = folder.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.code, 3, "{}", second.stderr);
    assert!(second.stderr.contains("in use by another gateway"), "{}", second.stderr);
    drop(first);
    Serving::start(folder.path(), &[]);
}

#[test]
fn an_address_that_is_taken_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = Folder::new().run(&["serve", "--listen", &address]);
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.stderr.replace(&address, "ADDRESS"));
}

#[test]
fn mistakes_of_the_configuration_are_shown_at_their_place() {
    let said = |config: &str| {
        let folder = Folder::new();
        folder.write("dragoman.toml", config);
        let ran = folder.run(&["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(!folder.path().join("data").exists() || !config.contains("lisen"));
        ran.stderr
    };
    assert_snapshot!(said("[gateway]\nlisen = \"127.0.0.1:8080\"\n"));
    assert_snapshot!(said(
        "[[account]]\nadapter = \"gb-cds\"\nname = \"acme\"\nclient_secret = \"s3cret\"\n"
    ));
    assert_snapshot!(said("[[account]]\nadapter = \"gb-cds\"\nname = \"acme\"\nbadge = \"x\"\n"));
    assert_snapshot!(said(
        "[[flow]]\nname = \"uk\"\nfrom = \"shop\"\nto = \"acme\"\nconsignment = \"c.toml\"\n"
    ));
}

#[test]
fn a_configuration_that_is_not_there_is_said() {
    let ran = Folder::new().run(&["serve", "--config", "elsewhere.toml"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (2, "error: elsewhere.toml cannot be read: no such file or directory\n")
    );
}
