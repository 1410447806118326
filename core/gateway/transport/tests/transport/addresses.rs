//! Strangers lead nowhere but to the public internet.

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use dragoman_transport::{Cause, Failure, Guard, Http, Names, Refused, Settings, is_public};
use proptest::prelude::*;
use tokio::net::TcpListener;
use url::Url;

use crate::setup::{says, server, short};

fn guarded(names: Arc<dyn Names>, allow: &[&str]) -> Http {
    let allow = allow.iter().map(|net| net.parse().unwrap()).collect();
    let guard = Some(Guard { allow, plain: true });
    Http::new(&Settings { guard, names, ..short() }).unwrap()
}

async fn get(http: &Http, url: &str) -> Result<u16, Failure> {
    let request = http::Request::get(url).body(Bytes::new()).unwrap();
    http.send(request).await.map(|answer| answer.status().as_u16())
}

/// Names whose addresses are given, one answer a question; the last one stays.
struct Given(Mutex<Vec<Vec<IpAddr>>>, AtomicUsize);

impl Given {
    fn of(answers: &[&[&str]]) -> Arc<Self> {
        let parsed = |answer: &&[&str]| answer.iter().map(|one| one.parse().unwrap()).collect();
        Arc::new(Self(Mutex::new(answers.iter().rev().map(parsed).collect()), AtomicUsize::new(0)))
    }
}

#[async_trait]
impl Names for Given {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.0.lock().unwrap();
        let last = answers.last().cloned().unwrap_or_default();
        if answers.len() > 1 {
            answers.pop();
        }
        Ok(last)
    }
}

#[test]
fn what_is_not_public_is_known() {
    let private = "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.0.1 \
        169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 \
        198.19.255.255 198.51.100.1 203.0.113.255 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 \
        :: ::1 ::2 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe \
        64:ff9b:1::1 100::1 2001::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 fd00::1 \
        fe80::1 febf::1 fec0::1 ff02::1 ffff::1";
    for address in private.split_whitespace() {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
    let public = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 \
        169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.1 192.167.255.255 192.169.0.0 198.17.255.255 \
        198.20.0.0 223.255.255.255 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2001:200::1 2001:4860:4860::8888 2606:4700::1111 \
        2a00:1450::1";
    for address in public.split_whitespace() {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
}

proptest! {
    #[test]
    fn an_ipv4_address_stays_what_it_is_in_any_dress(bits: u32) {
        let v4 = std::net::Ipv4Addr::from_bits(bits);
        let is = is_public(v4.into());
        prop_assert_eq!(is_public(v4.to_ipv6_mapped().into()), is);
        prop_assert!(!is_public(v4.to_ipv6_compatible().into()), "no such addresses are in use");
        let url = |host: String| Guard { plain: true, ..Guard::default() }.url(&Url::parse(&format!("http://{host}/")).unwrap());
        let [a, b, c, d] = v4.octets();
        let low = bits & 0x00ff_ffff;
        for host in [
            v4.to_string(), format!("{v4}."), bits.to_string(), format!("0x{bits:x}"), format!("0{bits:o}"),
            format!("{a}.{low}"), format!("0x{a:X}.0{b:o}.{}", u16::from_be_bytes([c, d])), format!("[::ffff:{v4}]"),
            format!("%3{}{}", a.to_string().chars().next().unwrap(), &v4.to_string()[1..]),
        ] {
            prop_assert_eq!(url(host.clone()).is_ok(), is, "{}", host);
        }
    }

    #[test]
    fn what_is_allowed_is_one_address_more(bits: u128) {
        let v6 = IpAddr::from(std::net::Ipv6Addr::from_bits(bits));
        let guard = Guard { allow: vec![v6.to_canonical().into()], plain: false };
        prop_assert_eq!(guard.address(v6), Ok(()));
        prop_assert_eq!(Guard::default().address(v6).is_ok(), is_public(v6));
    }
}

#[tokio::test]
async fn nobody_comes_to_a_private_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let http = guarded(Arc::new(dragoman_transport::SystemNames), &["10.0.0.0/8"]);
    let hosts = [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "2130706433",
        "0x7f.1",
        "017700000001",
        "0",
        "127.1",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
    ];
    for host in hosts {
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        let failure = get(&http, url.as_str()).await.unwrap_err();
        assert!(
            matches!(failure, Failure::NotSent(Cause::Refused(Refused::Private { .. }))),
            "{host}: {failure}"
        );
    }
    let came = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(came.is_err(), "somebody came");
}

#[test]
fn a_url_says_where_it_leads_and_nothing_else() {
    let judged = |url: &str, plain: bool| Guard { plain, ..Guard::default() }.url(&Url::parse(url).unwrap());
    assert_eq!(judged("https://hooks.example/in?a=1", false), Ok(()));
    assert_eq!(judged("http://hooks.example/", true), Ok(()));
    assert_eq!(judged("http://hooks.example/", false), Err(Refused::Scheme("http".into())));
    assert_eq!(judged("ftp://hooks.example/", true), Err(Refused::Scheme("ftp".into())));
    assert_eq!(judged("file:///etc/passwd", true), Err(Refused::Scheme("file".into())));
    assert_eq!(judged("https://hooks.example@127.0.0.1/", false), Err(Refused::Credentials));
    assert_eq!(judged("https://:secret@hooks.example/", false), Err(Refused::Credentials));
}

#[tokio::test]
async fn a_name_leads_where_it_led_when_it_was_judged() {
    let address = server(says("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")).await;
    let url = format!("http://hooks.example:{}/", address.port());
    let private =
        |failure: &Failure| matches!(failure, Failure::NotSent(Cause::Refused(Refused::Private { .. })));
    let failure = get(&guarded(Given::of(&[&["127.0.0.1"]]), &[]), &url).await.unwrap_err();
    assert!(private(&failure), "{failure}");
    // One among good ones.
    let failure = get(&guarded(Given::of(&[&["192.0.3.1", "127.0.0.1"]]), &[]), &url).await.unwrap_err();
    assert!(private(&failure), "{failure}");
    // A name that is allowed to lead here at first is looked up once, and again for the next connection.
    let names = Given::of(&[&["127.0.0.1"], &["10.0.0.1"]]);
    let http = guarded(names.clone(), &["127.0.0.0/8"]);
    assert_eq!(get(&http, &url).await.unwrap(), 200);
    assert_eq!(names.1.load(Ordering::SeqCst), 1);
    let failure = get(&http, &url).await.unwrap_err();
    assert!(private(&failure), "{failure}");
    let failure = get(&guarded(Given::of(&[&[]]), &[]), &url).await.unwrap_err();
    assert!(matches!(failure, Failure::NotSent(Cause::Connect(_))), "{failure}");
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_not_followed() {
    let target = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = target.local_addr().unwrap();
    for status in [301, 302, 303, 307, 308] {
        let moved = format!("HTTP/1.1 {status} Moved\r\nlocation: http://{to}/\r\ncontent-length: 0\r\n\r\n");
        let address = server(says(&moved)).await;
        let http = guarded(Given::of(&[&["127.0.0.1"]]), &["127.0.0.1/32"]);
        assert_eq!(get(&http, &format!("http://hooks.example:{}/", address.port())).await.unwrap(), status);
    }
    assert!(tokio::time::timeout(Duration::from_millis(50), target.accept()).await.is_err(), "somebody came");
}
