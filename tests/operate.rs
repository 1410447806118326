//! Looking after a gateway: keys, backups, verification.

use std::fs;

use crate::gateway::{Serving, ask};
use crate::run::{Folder, root};

fn clean(folder: &Folder, arguments: &[&str]) -> String {
    let ran = folder.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    ran.stdout
}

#[test]
fn the_first_key_and_the_first_person_are_let_in() {
    let folder = Folder::new();
    let key = clean(&folder, &["key", "create", "erp", "--scope", "read"]);
    let password = clean(&folder, &["key", "create", "anna", "--role", "admin"]);
    let again = folder.run(&["key", "create", "erp"]);
    assert_eq!((again.code, again.stderr.as_str()), (2, "error: there is a `erp` already\n"));
    assert_eq!(folder.run(&["key", "create", "anna", "--role", "queen"]).code, 2);
    let serving = Serving::start(folder.path(), &[]);
    let bearer = format!("Bearer {}", key.trim());
    let listed = ask(&serving.address, "GET", "/v1/adapters", &[("authorization", &bearer)], b"").unwrap();
    assert_eq!(listed.status, 200, "{}", listed.body);
    let users = ask(&serving.address, "GET", "/v1/users", &[("authorization", &bearer)], b"").unwrap();
    assert_eq!(users.status, 403, "it may only read");
    let body = serde_json::json!({ "name": "anna", "password": password.trim() }).to_string();
    let json = [("content-type", "application/json")];
    let signed = ask(&serving.address, "POST", "/v1/session", &json, body.as_bytes()).unwrap();
    assert_eq!(signed.status, 200, "{}", signed.body);
    let wrong = ask(&serving.address, "POST", "/v1/session", &json, body.replace("dgp", "dgq").as_bytes());
    assert_eq!(wrong.unwrap().status, 401);
    let running = folder.run(&["key", "create", "other"]);
    assert_eq!(running.code, 3, "{}", running.stderr);
    assert!(running.stderr.contains("POST /v1/keys"), "{}", running.stderr);
}

#[test]
fn a_backup_of_a_running_gateway_becomes_a_store() {
    let folder = Folder::new();
    let key = clean(&folder, &["key", "create", "erp"]);
    let serving = Serving::start(folder.path(), &[]);
    let made = clean(&folder, &["backup", "copy.sqlite"]);
    assert!(made.starts_with("copy.sqlite: "), "{made}");
    let taken = folder.run(&["backup", "copy.sqlite"]);
    assert_eq!(taken.code, 3, "a file that is there is left alone: {}", taken.stderr);
    drop(serving);
    let occupied = folder.run(&["restore", "copy.sqlite"]);
    assert_eq!(occupied.code, 3, "{}", occupied.stderr);
    assert!(occupied.stderr.contains("holds a store already"), "{}", occupied.stderr);
    let restored = folder.run(&["restore", "copy.sqlite", "--data", "again"]);
    assert_eq!(restored.code, 0, "{}", restored.stderr);
    assert!(restored.stderr.contains("master.key"), "{}", restored.stderr);
    fs::copy(folder.path().join("data/master.key"), folder.path().join("again/master.key")).unwrap();
    clean(&folder, &["verify", "copy.sqlite", "again"]);
    let serving = Serving::start(folder.path(), &["--data", "again"]);
    let bearer = format!("Bearer {}", key.trim());
    let listed = ask(&serving.address, "GET", "/v1/adapters", &[("authorization", &bearer)], b"").unwrap();
    assert_eq!(listed.status, 200, "keys come back with the store");
}

/// Hands an order in, so that the journal tells of something.
fn order(serving: &Serving, key: &str) {
    let order = fs::read(root().join("adapters/gb-cds/demo/orders/amazon.json")).unwrap();
    let bearer = format!("Bearer {}", key.trim());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let taken = ask(&serving.address, "POST", "/v1/orders", &headers, &order).unwrap();
    assert_eq!(taken.status, 201, "{}", taken.body);
}

#[test]
fn a_copy_that_was_changed_does_not_verify() {
    let folder = Folder::new();
    let key = clean(&folder, &["key", "create", "erp"]);
    let serving = Serving::start(folder.path(), &[]);
    order(&serving, &key);
    drop(serving);
    clean(&folder, &["backup", "copy.sqlite"]);
    let sound = clean(&folder, &["verify", "copy.sqlite"]);
    assert!(sound.starts_with("copy.sqlite: 1 event"), "{sound}");
    let copy = fs::read(folder.path().join("copy.sqlite")).unwrap();
    let told = b"order_received";
    let at = copy.windows(told.len()).position(|window| window == told).unwrap();
    let mut changed = copy.clone();
    changed[at] ^= 0x20;
    folder.write("changed.sqlite", changed);
    let mut damaged = copy;
    damaged[3] ^= 0x20;
    folder.write("damaged.sqlite", damaged);
    for name in ["changed.sqlite", "damaged.sqlite"] {
        let ran = folder.run(&["verify", name]);
        assert!(ran.code == 1 || ran.code == 3, "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.starts_with("error: "), "{name}: {}", ran.stderr);
    }
    folder.write("text", "no store");
    assert_eq!(folder.run(&["verify", "text"]).code, 3);
    assert_eq!(folder.run(&["verify", "nothing"]).code, 2);
    assert_eq!(folder.run(&["verify", "--data", "nowhere"]).code, 2);
}

#[test]
fn a_store_that_is_current_stays_as_it_is() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["migrate"]).code, 2, "there is none");
    clean(&folder, &["key", "create", "erp"]);
    assert_eq!(clean(&folder, &["migrate"]), "data: up to date\n");
}

#[test]
fn the_reading_of_orders_is_shown_with_and_without_a_gateway() {
    let folder = Folder::new();
    for secret in ["secret", "refresh"] {
        folder.write(secret, "s3cret\n");
    }
    folder.write(
        "dragoman.toml",
        "[gateway]\nlisten = \"127.0.0.1:0\"\n\n[[account]]\nadapter = \"amazon\"\nname = \"shop\"\nregion = \"eu\"\n\
         marketplaces = \"A1F83G8C2ARO7P\"\nclient_id = \"id\"\nclient_secret_file = \"secret\"\n\
         refresh_token_file = \"refresh\"\nbase_url = \"http://127.0.0.1:9\"\ntoken_url = \"http://127.0.0.1:9/token\"\n",
    );
    let shown = clean(&folder, &["sync", "status"]);
    assert!(shown.starts_with("shop/orders") && shown.contains("read never"), "{shown}");
    let key = clean(&folder, &["key", "create", "erp", "--scope", "read"]);
    folder.write("key", &key);
    let serving = Serving::start(folder.path(), &[]);
    let without = folder.run(&["sync", "status"]);
    assert_eq!(without.code, 2, "{}", without.stderr);
    assert!(without.stderr.contains("--key-file"), "{}", without.stderr);
    // It was told to listen at any port that is free: the configuration does not know which.
    let address = format!("[gateway]\nlisten = \"{}\"\n", serving.address);
    let config = folder.read("dragoman.toml").replace("[gateway]\nlisten = \"127.0.0.1:0\"\n", &address);
    folder.write("dragoman.toml", config);
    let shown = clean(&folder, &["sync", "status", "--key-file", "key"]);
    assert!(shown.starts_with("shop/orders"), "{shown}");
}

/// The configuration that the page shows can be used.
#[test]
fn the_configuration_of_the_page_is_accepted() {
    let page = fs::read_to_string(root().join("docs/operating.md")).unwrap();
    let config = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(config.starts_with("# dragoman.toml"), "{config}");
    let folder = Folder::new();
    folder.write("dragoman.toml", config);
    for name in ["seller.toml", "consignment.toml", "rates.csv"] {
        folder.write(name, fs::read(root().join("adapters/gb-cds/demo").join(name)).unwrap());
    }
    fs::create_dir(folder.path().join("secrets")).unwrap();
    for secret in ["shopify", "cds", "cds-push", "oidc"] {
        folder.write(&format!("secrets/{secret}"), "s3cret\n");
    }
    let checked = clean(&folder, &["check"]);
    assert!(checked.contains("ready: 2 accounts, 1 flow"), "{checked}");
    assert!(!checked.contains("s3cret"), "{checked}");
}

/// A rule that keeps nothing is shown where it stands.
#[test]
fn a_rule_of_retention_that_says_nothing_is_refused() {
    let folder = Folder::new();
    folder.write(
        "dragoman.toml",
        "[[retention]]\ncorridor = \"*-GB\"\nyears = 6\n\n[[retention]]\ncorridor = \"GB\"\nyears = 6\n",
    );
    let ran = folder.run(&["check"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stderr.contains("dragoman.toml:7:9") && ran.stderr.contains("`GB` is no corridor"),
        "{}",
        ran.stderr
    );
}
