//! Schemathesis asks every operation for what the description allows, and for what it does not: nothing fails inside,
//! and no answer is another than described. It runs where Python can install it; `DRAGOMAN_SCHEMATHESIS` is the number
//! of examples an operation.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use dragoman_api::Options;
use dragoman_engine::people::Right;

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

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_nothing() {
    let tool = match tokio::task::spawn_blocking(tool).await.unwrap() {
        Ok(tool) => tool,
        Err(why) => return eprintln!("skipped: {PACKAGE} cannot be installed: {why}"),
    };
    let site = Site::new(Options::default()).await;
    let key = site.key("main", "schemathesis", &Right::ALL).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = site.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let examples = std::env::var("DRAGOMAN_SCHEMATHESIS").unwrap_or_else(|_| "15".into());
    let run = move || {
        let settings = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis.toml");
        std::fs::write(&settings, SETTINGS).unwrap();
        let mut command = Command::new(tool);
        command.args(["--config-file", &settings.display().to_string()]);
        command.args(["run", &format!("http://{address}/openapi.json"), "--checks", "all"]);
        command.args(["--max-examples", &examples, "--header", &format!("Authorization: Bearer {key}")]);
        command.args(["--workers", "2", "--continue-on-failure", "--no-color"]);
        command.current_dir(env!("CARGO_TARGET_TMPDIR")).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    server.abort();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("Operations"), "{said}");
}
