use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::*;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Toy {
    gateway: Gateway,
    account: Vec<Account>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Gateway {
    listen: String,
    workers: u32,
    public: bool,
}

impl Default for Gateway {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080".into(), workers: 2, public: false }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    name: String,
    client_id: Option<String>,
    client_secret: Option<String>,
}

const FILE: &str = "[gateway]\nworkers = 3\n\n[[account]]\nname = \"acme-uk\"\nclient_id = \"from-file\"\n";

fn loaded(text: &str, environment: &[(&str, &str)]) -> Result<Loaded<Toy>, Failure> {
    let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let file = Some((Path::new("dragoman.toml"), text));
    load(&Layers {
        file,
        environment,
        command_line: vec![("gateway.listen", "0.0.0.0:1".into(), "--listen")],
    })
}

fn origin(loaded: &Loaded<Toy>, key: &str) -> (String, Origin) {
    let setting = loaded.settings().into_iter().find(|setting| setting.key == key).unwrap();
    (setting.value, setting.origin)
}

#[test]
fn the_command_line_goes_over_the_environment_and_that_over_the_file() {
    let environment = [
        ("DRAGOMAN_GATEWAY__LISTEN", "127.0.0.1:2"),
        ("DRAGOMAN_GATEWAY__PUBLIC", "true"),
        ("DRAGOMAN_ACCOUNT__ACME_UK__CLIENT_ID", "12345"),
        ("DRAGOMAN_SAMPLES", "no key of the configuration"),
    ];
    let loaded = loaded(FILE, &environment).unwrap();
    assert_eq!(origin(&loaded, "gateway.listen"), ("\"0.0.0.0:1\"".into(), Origin::CommandLine("--listen")));
    assert_eq!(origin(&loaded, "gateway.workers"), ("3".into(), Origin::Line(2)));
    let public = Origin::Environment("DRAGOMAN_GATEWAY__PUBLIC".into());
    assert_eq!(origin(&loaded, "gateway.public"), ("true".into(), public));
    assert_eq!(loaded.config.account[0].client_id.as_deref(), Some("12345"), "a text of digits stays a text");
    let nothing = load::<Toy>(&Layers::default()).unwrap();
    assert_eq!(origin(&nothing, "gateway.workers"), ("2".into(), Origin::Default));
}

#[test]
fn secrets_come_from_files_and_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cds"), "s3cret\n").unwrap();
    let path = folder.path().join("dragoman.toml");
    let text = format!("{FILE}client_secret_file = \"cds\"\n");
    let layers = Layers { file: Some((&path, &text)), ..Layers::default() };
    let loaded: Loaded<Toy> = load(&layers).unwrap();
    assert_eq!(loaded.config.account[0].client_secret.as_deref(), Some("s3cret"));
    let (value, from) = origin(&loaded, "account[0].client_secret");
    assert_eq!((value.as_str(), from), ("(set, not shown)", Origin::SecretFile("cds".into())));
}

#[test]
fn a_secret_in_the_file_is_refused_and_so_is_what_is_no_key() {
    let refused = |text: &str| match loaded(text, &[]).unwrap_err() {
        Failure::Content(Refused(faults)) => {
            (faults[0].message.clone(), text[faults[0].at.clone()].to_owned())
        }
        other => panic!("{other}"),
    };
    let (message, at) = refused(&format!("{FILE}client_secret = \"s3cret\"\n"));
    assert_eq!(message, "`account[0].client_secret` is a secret, and secrets do not stand here");
    assert_eq!(at, "\"s3cret\"");
    let (message, at) = refused("[gateway]\nlisen = \"x\"\n");
    assert!(message.starts_with("unknown field `lisen`"), "{message}");
    assert_eq!(at, "lisen");
}

#[test]
fn a_variable_that_fits_nothing_is_named() {
    let failed = |variable: &str, value: &str| loaded(FILE, &[(variable, value)]).unwrap_err().to_string();
    let unknown = failed("DRAGOMAN_ACCOUNT__ACNE__CLIENT_ID", "1");
    assert!(unknown.contains("DRAGOMAN_ACCOUNT__ACNE__CLIENT_ID") && unknown.contains("`ACNE`"), "{unknown}");
    let wrong = failed("DRAGOMAN_GATEWAY__WORKERS", "many");
    assert!(wrong.contains("DRAGOMAN_GATEWAY__WORKERS"), "{wrong}");
}

/// What adapters call secret is read from a file of its own, and is not shown. The id of a key is half of a secret.
#[test]
fn what_adapters_call_secret_is_one() {
    let catalogue = dragoman_adapters::Catalogue::new(dragoman_adapters::Data::embedded()).unwrap();
    let channels = catalogue.adapters().iter().filter_map(|adapter| adapter.channel.as_ref());
    let settings = channels.flat_map(|channel| &channel.settings.account).filter(|setting| setting.secret);
    let names: std::collections::BTreeSet<_> = settings.map(|setting| setting.name.clone()).collect();
    assert!(names.len() > 5);
    let open: Vec<_> = names.iter().filter(|name| !super::secrets::is_secret(name)).collect();
    assert_eq!(open, ["consumer_key", "queue_key"]);
}
