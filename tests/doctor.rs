//! `dragoman adapter doctor` as people run it. What it finds is tried in the gateway's own tests.

use crate::run::Folder;

const CONFIG: &str = r#"
[[account]]
adapter = "woocommerce"
name = "shop"
host = "shop.example"
consumer_key = "ck_0"
consumer_secret_file = "secret"
base_url = "http://127.0.0.1:9/wp-json/wc/v3"
"#;

#[test]
fn an_account_that_is_not_reached_is_a_finding_with_advice() {
    let folder = Folder::new();
    folder.write("dragoman.toml", CONFIG);
    folder.write("secret", "cs_0");
    let ran = folder.run(&["adapter", "doctor", "shop"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let begin = "shop (woocommerce, sandbox): something is wrong\n  wrong    reach: no connection";
    assert!(ran.stdout.starts_with(begin), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n           look at the address"), "{}", ran.stdout);
    let ran = folder.run(&["adapter", "doctor", "woocommerce", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &found["checks"][0]["verdict"]), (1, &"bad".into()), "{found}");
    assert!(!ran.stdout.contains("cs_0"), "no secret is shown");
    let ran = folder.run(&["adapter", "doctor", "shp"]);
    assert!(ran.code > 1 && ran.stderr.contains("did you mean `shop`?"), "{}", ran.stderr);
}
