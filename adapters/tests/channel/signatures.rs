//! The examples of signatures that platforms publish come out as they stand there, and changed a little they do not.

use dragoman_adapters::{Catalogue, Data};
use dragoman_channel::{Channel, Values};
use dragoman_samples::sample;
use serde_json::Value;

use crate::at;

/// A counterpart of nobody's, whose requests are signed in a platform's way.
fn signing(base: &str, request: &str, signer: &str) -> Channel {
    let text = format!(
        "[channel]\nbase_url = {{ production = \"{base}\" }}\n[[channel.setting]]\nname = \"shop\"\nmeaning = \"a shop\"\n\
         [channel.auth.oauth2_refresh]\ntoken_url = \"{base}/token\"\nquery = \"access_token\"\n{signer}\n\
         [[operation]]\nname = \"ask\"\n{request}\n"
    );
    Channel::load("example.toml", &text, &[]).unwrap()
}

const ACCOUNT: [(&str, &str); 1] = [("account.environment", "production")];

/// What is signed, and the code.
fn signed(channel: &Channel, values: &[(&str, &str)], token: Option<&str>, now: &str) -> (String, String) {
    let mut all = Values::new();
    for (name, value) in ACCOUNT.iter().chain(values) {
        all.set(*name, *value);
    }
    let mut request = channel.request(channel.operation("ask").unwrap(), &all, None).unwrap();
    if token.is_some() {
        channel.settings.auth.authorise(&mut request, &all, token).unwrap();
    }
    let signed = channel.sign(&mut request, &all, at(now), "nonce").unwrap().unwrap();
    assert!(request.url.ends_with(&format!("sign={}", signed.code)), "{}", request.url);
    (signed.base, signed.code)
}

const SORTED: &str = "algorithm = \"hmac_sha256\"\nkey = \"${account.client_secret}\"\nencode = \"hex_upper\"\n\
    parts = [\"${request.path}\", \"${request.parameters}\", \"${request.body}\"]\noptional = [\"request.body\"]\n\
    place = { query = \"sign\" }\ntimestamp = { place = { query = \"timestamp\" }, format = \"epoch_milliseconds\" }";

fn vector(number: usize) -> Option<Value> {
    let text = std::fs::read_to_string(sample("marketplaces/signature_vectors.json")?).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    all.get(number).cloned()
}

fn text<'v>(vector: &'v Value, member: &str) -> &'v str {
    vector[member].as_str().unwrap()
}

#[test]
fn parameters_in_order_behind_the_path() {
    let Some(vector) = vector(0) else { return };
    let request = "method = \"GET\"\npath = \"/rest/order/get\"\n\
        query = { app_key = \"${account.client_id}\", order_id = \"${order.id}\", sign_method = \"sha256\" }";
    let signer = format!("[channel.signer]\nbelow = \"/rest\"\n{SORTED}");
    let channel = signing("https://api.example", request, &signer);
    let secret = text(&vector, "key");
    let values = [("account.client_id", "123456"), ("account.client_secret", secret), ("order.id", "1234")];
    let now = "2018-02-05T08:46:32Z";
    let (base, code) = signed(&channel, &values, Some("test"), now);
    assert_eq!((base.as_str(), code.as_str()), (text(&vector, "string"), text(&vector, "expect")));
    let other = signed(&channel, &values, Some("tess"), now).1;
    assert_ne!(other, code);
}

/// The adapter itself makes the published request, and nothing else of it.
#[test]
fn the_adapter_signs_as_is_published() {
    let Some(vector) = vector(0) else { return };
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let adapter = catalogue.adapters().iter().find(|one| one.name == "lazada").unwrap();
    let channel = adapter.channel.as_ref().unwrap();
    let values = Values::new()
        .with("account.environment", "production")
        .with("account.market", "sg")
        .with("account.client_id", "123456")
        .with("account.client_secret", text(&vector, "key"))
        .with("order.id", "1234");
    let mut request = channel.request(channel.operation("get_order").unwrap(), &values, None).unwrap();
    channel.settings.auth.authorise(&mut request, &values, Some("test")).unwrap();
    let signed = channel.sign(&mut request, &values, at("2018-02-05T08:46:32Z"), "nonce").unwrap().unwrap();
    assert_eq!(
        (signed.base.as_str(), signed.code.as_str()),
        (text(&vector, "string"), text(&vector, "expect"))
    );
}

/// A name among the parameters stands for the path; a path of its own stands before them.
#[test]
fn what_is_asked_by_name_is_signed_without_a_path() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let adapter = catalogue.adapters().iter().find(|one| one.name == "aliexpress").unwrap();
    let channel = adapter.channel.as_ref().unwrap();
    let values = Values::new()
        .with("account.environment", "production")
        .with("account.client_id", "123456")
        .with("account.client_secret", "helloworld")
        .with("token.refresh", "r")
        .with("order.id", "1234");
    let base = |operation: &str| {
        let mut request = channel.request(channel.operation(operation).unwrap(), &values, None).unwrap();
        channel.settings.auth.authorise(&mut request, &values, Some("test")).unwrap();
        channel.sign(&mut request, &values, at("2018-02-05T08:46:32Z"), "nonce").unwrap().unwrap().base
    };
    assert_eq!(
        base("get_order"),
        "access_tokentestapp_key123456methodaliexpress.solution.order.info.getparam1{\"order_id\":1234}sign_methodsha256timestamp1517820392000"
    );
    assert_eq!(
        base("token"),
        "/auth/token/refreshapp_key123456refresh_tokenrsign_methodsha256timestamp1517820392000"
    );
}

#[test]
fn the_secret_on_both_sides() {
    let Some(vector) = vector(1) else { return };
    let request = "method = \"POST\"\npath = \"/router/rest\"\nform = { app_key = \"${account.client_id}\", \
        fields = \"num_iid,title,nick,price,num\", format = \"json\", method = \"taobao.item.seller.get\", \
        num_iid = \"${order.id}\", session = \"test\", sign_method = \"md5\", v = \"2.0\" }";
    let signer = "[channel.signer]\nalgorithm = \"md5\"\nencode = \"hex_upper\"\nform = true\n\
        parts = [\"${account.client_secret}\", \"${request.parameters}\", \"${account.client_secret}\"]\n\
        place = { query = \"sign\" }\ntimestamp = { place = { query = \"timestamp\" }, format = \"spaced_east8\" }";
    let channel = signing("https://api.example", request, signer);
    let secret = text(&vector, "key");
    let values =
        [("account.client_id", "12345678"), ("account.client_secret", secret), ("order.id", "11223344")];
    let (base, code) = signed(&channel, &values, None, "2016-01-01T04:00:00Z");
    assert_eq!(base, format!("{secret}{}{secret}", text(&vector, "string")));
    assert_eq!(code, text(&vector, "expect"));
}

#[test]
fn the_body_as_it_is_sent() {
    let Some(vector) = vector(2) else { return };
    // The published body has a blank that no writer of JSON makes: a text is sent as it stands.
    let request = "method = \"POST\"\npath = \"/event/202309/webhooks\"\n\
        xml = '{\"address\":\"https://partner.tiktokshop.com\",\"event_type\": \"PACKAGE_UPDATE\"}'\n\
        query = { app_key = \"${account.client_id}\", shop_cipher = \"${account.shop}\" }";
    let signer = "[channel.signer]\nalgorithm = \"hmac_sha256\"\nkey = \"${account.client_secret}\"\nencode = \"hex_lower\"\n\
        exclude = [\"access_token\"]\nparts = [\"${account.client_secret}\", \"${request.path}\", \
        \"${request.parameters}\", \"${request.body}\", \"${account.client_secret}\"]\noptional = [\"request.body\"]\n\
        place = { query = \"sign\" }\ntimestamp = { place = { query = \"timestamp\" }, format = \"epoch_seconds\" }";
    let channel = signing("https://api.example", request, signer);
    let values = [
        ("account.client_id", "68xu9ks5p4i8"),
        ("account.client_secret", text(&vector, "key")),
        ("account.shop", "ROW_xkMbgAAAeVAQra0eZWebFQq5aIK"),
    ];
    let (base, code) = signed(&channel, &values, Some("not signed"), "2023-10-10T03:47:28Z");
    assert_eq!((base.as_str(), code.as_str()), (text(&vector, "string"), text(&vector, "computed_here")));
}

#[test]
fn parts_in_an_order_of_their_own() {
    let Some(vector) = vector(3) else { return };
    let request = "method = \"GET\"\npath = \"/api/v2/shop/auth_partner\"\nquery = { partner_id = \"${account.client_id}\" }";
    let signer = "[channel.signer]\nalgorithm = \"hmac_sha256\"\nkey = \"${account.client_secret}\"\nencode = \"hex_lower\"\n\
        parts = [\"${account.client_id}\", \"${request.path}\", \"${request.timestamp}\", \"${query.access_token}\", \
        \"${query.shop_id}\"]\noptional = [\"query.access_token\", \"query.shop_id\"]\nplace = { query = \"sign\" }\n\
        timestamp = { place = { query = \"timestamp\" }, format = \"epoch_seconds\" }";
    let channel = signing("https://api.example", request, signer);
    // The key is not published: what is signed can be compared, and the code cannot.
    let values = [("account.client_id", "10090"), ("account.client_secret", "unknown")];
    let now = "2020-07-16T10:57:20Z";
    assert_eq!(signed(&channel, &values, None, now).0, text(&vector, "string"));
    assert_eq!(signed(&channel, &values, Some("t"), now).0, format!("{}t", text(&vector, "string")));
}

/// What goes out of an adapter that signs carries the code, and nothing of it is the secret.
#[test]
fn no_secret_goes_out_with_a_signature() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    for adapter in catalogue.adapters() {
        let Some(channel) = adapter.channel.as_ref().filter(|channel| channel.settings.signer.is_some())
        else {
            continue;
        };
        let mut values = Values::new().with("account.client_id", "7").with("account.client_secret", "hidden");
        for setting in &channel.settings.account {
            if values.get(&format!("account.{}", setting.name)).is_none() {
                values.set(format!("account.{}", setting.name), "1");
            }
        }
        values.set("window.since", "1").set("window.until", "2");
        let stream = channel.streams.first().unwrap();
        let mut request = channel.request(channel.operation(&stream.list).unwrap(), &values, None).unwrap();
        channel.settings.auth.authorise(&mut request, &values, Some("token")).unwrap();
        channel.sign(&mut request, &values, at("2026-11-22T12:00:00Z"), "nonce").unwrap().unwrap();
        assert!(request.url.contains("sign="), "{}", request.url);
        assert!(!request.url.contains("hidden"), "{}", request.url);
    }
}

/// An integration of a shop, with all four parts: each request is signed, and no token stands in it. Compared with `oauthlib`
/// in [`dragoman_channel`]'s own tests.
#[test]
fn an_integration_signs_and_a_token_alone_is_shown() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let channel_of = |name: &str| {
        let adapter = catalogue.adapters().iter().find(|adapter| adapter.name == name).unwrap();
        adapter.channel.clone().unwrap()
    };
    let shown = |name: &str, values: &[(&str, &str)]| {
        let channel = channel_of(name);
        let mut all = Values::new();
        for (name, value) in ACCOUNT.iter().chain(values) {
            all.set(*name, *value);
        }
        let operation = channel.operation("get_order").unwrap();
        let mut request = channel.request(operation, &all.clone().with("order.id", "7"), None).unwrap();
        channel.settings.auth.authorise(&mut request, &all, None).unwrap();
        let signed = channel.sign(&mut request, &all, at("2026-11-22T12:00:00Z"), "n0").unwrap();
        (request.header("Authorization").unwrap().to_owned(), signed.map(|signed| signed.base))
    };
    let token = [("account.host", "shop.example"), ("account.access_token", "t")];
    assert_eq!(shown("adobe-commerce", &token), ("Bearer t".into(), None));
    let secrets = [
        ("account.consumer_key", "k"),
        ("account.consumer_secret", "s"),
        ("account.access_token_secret", "ts"),
    ];
    let (header, base) = shown("adobe-commerce", &[token, [secrets[0], secrets[1]]].concat());
    assert_eq!((&*header, base), ("Bearer t", None), "three of four are not enough");
    let (header, base) = shown("adobe-commerce", &[&token[..], &secrets[..]].concat());
    assert!(header.starts_with("OAuth oauth_consumer_key=\"k\", oauth_token=\"t\", "), "{header}");
    let base = base.unwrap();
    assert!(base.starts_with("GET&https%3A%2F%2Fshop.example%2Frest%2FV1%2Forders%2F7&"), "{base}");
    let keys = [
        ("account.host", "shop.example"),
        ("account.consumer_key", "ck_1"),
        ("account.consumer_secret", "cs_2"),
    ];
    assert_eq!(shown("woocommerce", &keys).0, "Basic Y2tfMTpjc18y");
    let plain = ("account.base_url", "http://shop.example/wp-json/wc/v3");
    let (header, base) = shown("woocommerce", &[&keys[..], &[plain]].concat());
    assert!(
        header.starts_with("OAuth ") && !header.contains("cs_2") && !header.contains("oauth_token"),
        "{header}"
    );
    assert!(base.unwrap().starts_with("GET&http%3A%2F%2Fshop.example%2Fwp-json%2Fwc%2Fv3%2Forders%2F7&"));
}
