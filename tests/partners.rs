//! Partners that exchange files, as the page describes them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::gateway::Serving;
use crate::run::{Folder, root};

#[cfg(unix)]
#[path = "../core/gateway/folders/tests/openssh/sshd.rs"]
mod sshd;

/// Waits for a file whose name has an ending.
fn file(folder: &Path, ending: &str) -> String {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        let files = fs::read_dir(folder).into_iter().flatten().map(|file| file.unwrap().path());
        if let Some(found) = files.into_iter().find(|path| path.to_string_lossy().ends_with(ending)) {
            return fs::read_to_string(found).unwrap();
        }
        assert!(Instant::now() < until, "there is no {ending} in {}", folder.display());
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn order() -> Vec<u8> {
    fs::read(root().join("adapters/edifact/cases/order.in")).unwrap()
}

/// The configuration that the page shows can be used, with the account that it names.
#[test]
fn the_configuration_of_the_page_is_accepted() {
    let page = fs::read_to_string(root().join("docs/partners.md")).unwrap();
    let config = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let account = "\n[[account]]\nname = \"customs\"\nadapter = \"gb-cds\"\nenvironment = \"sandbox\"\n\
                   api_version = \"1.0\"\nclient_id = \"0123\"\nclient_secret_file = \"secrets/northwind\"\n\
                   push_token_file = \"secrets/northwind\"\n";
    let folder = Folder::new();
    folder.write("dragoman.toml", format!("{config}{account}"));
    folder.write("secrets/northwind", "s3cret\n");
    let checked = folder.run(&["check"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("ready: 1 account, 0 flows, 1 partner"), "{}", checked.stdout);
    assert!(!checked.stdout.contains("s3cret"), "{}", checked.stdout);
}

#[test]
fn a_partner_that_cannot_be_used_is_shown_where_it_stands() {
    let folder = Folder::new();
    folder.write(
        "dragoman.toml",
        "[[partner]]\nname = \"a\"\nfolder = \"a\"\nsend.order = \"edifact/invoices\"\n",
    );
    let checked = folder.run(&["check"]);
    assert_eq!(checked.code, 1, "{}", checked.stderr);
    assert!(checked.stderr.contains("dragoman.toml:2:8"), "{}", checked.stderr);
}

#[test]
fn a_dropped_file_is_answered() {
    let folder = Folder::new();
    let partner = "[[partner]]\nname = \"northwind\"\nfolder = \"files\"\nquiet = 1\nevery = 1\n";
    folder.write("dragoman.toml", partner);
    folder.write("files/in/po.edi", order());
    let _serving = Serving::start(folder.path(), &[]);
    let files = folder.path().join("files");
    assert!(file(&files.join("done"), "po.edi.report.json").contains("\"became\":\"order\""));
    assert!(file(&files.join("out"), ".contrl.edi").contains("UCI+R1+"));
    assert!(file(&files.join("canonical"), ".json").contains("PO-1001"));
}

#[cfg(unix)]
#[test]
fn a_file_on_a_server_is_fetched_and_answered_there() {
    let Some(sshd) = sshd::Sshd::start() else { return };
    let folder = Folder::new();
    let config = format!(
        "[[partner]]\nname = \"northwind\"\nfolder = \"files\"\nquiet = 1\nevery = 1\n\n[partner.sftp]\n\
         host = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\nhost_key = \"{}\"\nprivate_key_file = \"key\"\n\
         passphrase_file = \"passphrase\"\nin = \"{}\"\nout = \"{}\"\ndone = \"{}\"\n",
        sshd.port,
        sshd.user,
        sshd.host_key,
        sshd.at("in"),
        sshd.at("out"),
        sshd.at("done"),
    );
    folder.write("dragoman.toml", config);
    folder.write("key", &sshd.key);
    folder.write("passphrase", sshd::PASSPHRASE);
    fs::write(sshd.at("in/po.edi"), order()).unwrap();
    fs::write(sshd.at("in/half.edi.part"), "UNB+").unwrap();
    let _serving = Serving::start(folder.path(), &[]);
    assert!(file(Path::new(&sshd.at("out")), ".contrl.edi").contains("UCI+R1+"));
    assert_eq!(fs::read(sshd.at("done/po.edi")).unwrap(), order());
    assert!(fs::exists(sshd.at("in/half.edi.part")).unwrap(), "what is not finished stays there");
    file(&folder.path().join("files/out/done"), ".contrl.edi");
}
