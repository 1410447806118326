//! Schemathesis asks every operation for what the description allows, and for what it does not: nothing fails inside,
//! and no answer is another than described. It runs where Python can install it; `DRAGOMAN_SCHEMATHESIS` is the number
//! of examples an operation.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use dragoman_api::Options;
use dragoman_engine::people::Right;

use crate::filing::{master, order};
use crate::site::Site;

/// The version, as the package index has it.
const PACKAGE: &str = "schemathesis==4.32.5";

/// A content can be wrong in ways that no schema knows: a document of another type, a kind that contradicts its name.
/// Headers that are unknown are not refused.
const SETTINGS: &str = "[generation]\nallow-extra-parameters = false\n[checks.positive_data_acceptance]\nexpected-statuses = \
    ['2xx', '401', '403', '404', '409', '412', '415', '422', '429']\n";

/// Where the tool is installed, once; the reason where it cannot be.
fn tool() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis");
    let tool = folder.join("bin/st");
    if tool.exists() {
        return Ok(tool);
    }
    let run = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(()) } else { Err(said) }
    };
    run(Path::new("python3"), &["-m", "venv", &folder.display().to_string()])?;
    run(&folder.join("bin/pip"), &["install", "--quiet", "--disable-pip-version-check", PACKAGE])?;
    if tool.exists() { Ok(tool) } else { Err("`st` is not there after installing it".into()) }
}

/// A site that listens, with a key that may do everything.
struct Served {
    site: Site,
    key: String,
    address: SocketAddr,
}

impl Served {
    async fn new() -> Self {
        let site = Site::new(Options::default()).await;
        let key = site.key("main", "schemathesis", &Right::ALL).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = site.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { site, key, address }
    }

    /// Asks it, with more settings, for the operations whose path matches.
    async fn asked(&self, name: &str, settings: &str, paths: &str) {
        let tool = match tokio::task::spawn_blocking(tool).await.unwrap() {
            Ok(tool) => tool,
            Err(why) => return eprintln!("skipped: {PACKAGE} cannot be installed: {why}"),
        };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("schemathesis-{name}"));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("schemathesis.toml");
        std::fs::write(&file, format!("{settings}\n{SETTINGS}")).unwrap();
        let examples = std::env::var("DRAGOMAN_SCHEMATHESIS").unwrap_or_else(|_| "15".into());
        let mut command = Command::new(tool);
        command.args(["--config-file", &file.display().to_string()]);
        command.args(["run", &format!("http://{}/openapi.json", self.address), "--checks", "all"]);
        command.args([
            "--max-examples",
            &examples,
            "--header",
            &format!("Authorization: Bearer {}", self.key),
        ]);
        // One worker: threads of CPython 3.11 share the depth of the syntax trees that they build, and one that finds it
        // changed fails (github.com/python/cpython/issues/106905).
        command.args([
            "--workers",
            "1",
            "--continue-on-failure",
            "--no-color",
            "--include-path-regex",
            paths,
        ]);
        let output = tokio::task::spawn_blocking(move || command.current_dir(folder).output().unwrap());
        let output = output.await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("Operations"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing() {
    Served::new().await.asked("all", "", ".").await;
}

/// The same where there is something to find: what can be done with exchanges is asked of exchanges that are there.
#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing_in_what_is_there() {
    let served = Served::new().await;
    let (site, key) = (&served.site, &served.key);
    site.post("/v1/goods", key, "text/csv", master()).await;
    let mut ids: Vec<String> = Vec::new();
    for number in 0..8 {
        let order = order().replace("026-1000001-1000001", &format!("026-{number}"));
        let taken = site.post("/v1/orders?account=shop", key, "application/json", order).await;
        assert_eq!(taken.status, 201, "{}", taken.text());
        let taken = taken.json();
        let entries =
            ["orders", "declarations"].map(|list| taken[list].as_array().cloned().unwrap_or_default());
        ids.extend(entries.concat().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
    }
    site.settle().await;
    assert!(ids.len() >= 8, "{ids:?}");
    let settings = format!(
        "[dictionaries.ids]\nvalues = {ids:?}\n\n[parameters]\n\"path.id\" = {{ dictionary = \"ids\" }}\n"
    );
    served.asked("there", &settings, r"^/v1/(exchanges|orders|declarations)/\{id\}").await;
    let measured = site.get("/metrics", "").await;
    let is_found =
        |line: &&str| line.contains("/v1/exchanges/{id}/timeline") && line.contains("status=\"200\"");
    assert!(
        measured.text().lines().any(|line| is_found(&line)),
        "it was asked for others: {}",
        measured.text()
    );
}
