//! `dragoman serve`: started, asked, stopped; and `dragoman check` before it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use insta::assert_snapshot;
use serde_json::Value;

use crate::gateway::Serving;
use crate::run::{Folder, root};

/// A seller, its customs account and what it declares with.
const CONFIGURED: &str = r#"
[gateway]
public_url = "https://customs.example"

[[account]]
adapter = "gb-cds"
name = "acme"
client_id = "id"
client_secret_file = "secrets/cds"
api_version = "1.0"

[[flow]]
name = "uk"
to = "acme"
profile = "seller.toml"
consignment = "consignment.toml"
rates = "rates.csv"
master = "master.csv"
"#;

#[test]
fn it_serves_until_it_is_told_to_stop() {
    for signal in ["TERM", "INT"] {
        let folder = Folder::new();
        let serving = Serving::start(folder.path(), &["--data", "kept"]);
        assert_eq!(serving.get("/healthz").body, "ok\n");
        assert_eq!(serving.get("/readyz").status, 200);
        assert_eq!(serving.get("/openapi.json").json()["openapi"], "3.1.0");
        assert_eq!(serving.get("/v1/adapters").status, 401, "nobody is let in without a key");
        let page = serving.get("/sign-in");
        assert!(page.status == 200 && page.body.contains("<title>Sign in"), "{}", page.body);
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

/// A provider that says where it is, to everybody who asks; gives its address.
fn provider() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let said = format!(
        r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/authorize","token_endpoint":"{issuer}/token"}}"#
    );
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            while stream.read_line(&mut line).is_ok_and(|read| read > 2) {
                line.clear();
            }
            let length = said.len();
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}");
            // Who asked may be gone.
            let _ = write!(stream.get_mut(), "{head}\r\nconnection: close\r\n\r\n{said}");
        }
    });
    issuer
}

#[test]
fn people_may_sign_in_at_a_provider_that_is_configured() {
    let folder = Folder::new();
    let issuer = provider();
    folder.write("secrets/oidc", "s3cret\n");
    let config = |secret: &str| {
        let gateway = "[gateway]\npublic_url = \"https://customs.example/\"\n";
        format!("{gateway}\n[oidc]\nissuer = \"{issuer}\"\nclient_id = \"dragoman\"\n{secret}")
    };
    folder.write("dragoman.toml", config("client_secret = \"s3cret\"\n"));
    let ran = folder.run(&["check"]);
    assert!(ran.code == 1 && ran.stderr.contains("secrets do not stand here"), "{}", ran.stderr);
    folder.write("dragoman.toml", config("client_secret_file = \"secrets/oidc\"\n"));
    let ran = folder.run(&["check"]);
    assert!(ran.code == 0 && !ran.stdout.contains("s3cret"), "{}{}", ran.stdout, ran.stderr);
    let serving = Serving::start(folder.path(), &[]);
    assert!(serving.get("/sign-in").body.contains("href=\"/v1/session/oidc\""));
    let left = serving.get("/v1/session/oidc");
    assert_eq!(left.status, 303, "{}", left.body);
    let to = left.header("location");
    assert!(to.starts_with(&format!("{issuer}/authorize?")), "{to}");
    let back = "redirect_uri=https%3A%2F%2Fcustoms.example%2Fv1%2Fsession%2Foidc%2Fcallback";
    assert!(to.contains(back) && to.contains("client_id=dragoman"), "{to}");
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

#[test]
fn what_is_configured_is_shown_with_where_it_came_from() {
    let folder = Folder::new();
    folder.write("secrets/cds", "s3cret\n");
    folder.write("dragoman.toml", CONFIGURED);
    for file in ["seller.toml", "consignment.toml", "master.csv", "rates.csv"] {
        folder.write(file, fs::read(root().join("adapters/gb-cds/demo").join(file)).unwrap());
    }
    let ran = folder.run(&["check"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(!ran.stdout.contains("s3cret"));
    assert!(!folder.path().join("data").exists(), "the store is not touched");
    let folders = fs::read_dir(root().join("adapters")).unwrap();
    let adapters = folders.filter(|one| one.as_ref().unwrap().path().join("adapter.toml").exists()).count();
    let told = format!("of {adapters} adapters");
    assert!(ran.stdout.contains(&told), "{}", ran.stdout);
    assert_snapshot!(ran.stdout.replace(&told, "of … adapters"));
    let elsewhere = Folder::new();
    let file = folder.path().join("dragoman.toml");
    let ran = elsewhere.run(&["check", "--config", file.to_str().unwrap(), "--data", "mine"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let data = elsewhere.path().join("mine");
    assert!(ran.stdout.contains(data.to_str().unwrap()) && ran.stdout.contains("command line --data"));
}

#[test]
fn a_file_that_a_flow_names_is_checked_too() {
    let folder = Folder::new();
    folder.write("secrets/cds", "s3cret\n");
    folder.write("dragoman.toml", CONFIGURED);
    let ran = folder.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stderr);
}
