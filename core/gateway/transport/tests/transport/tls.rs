//! Trust: authorities of an account, and certificates of our own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use dragoman_channel::Outcome;
use dragoman_transport::{Cause, Failure};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::setup::{Memory, Side, now};

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for a name, and its key.
fn issued(by: &Issuer, name: &str) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    (CertificateParams::new(vec![name.into()]).unwrap().signed_by(&key, by).unwrap(), key)
}

/// As an account states it.
fn stated(by: &Issuer) -> String {
    let (certificate, key) = issued(by, "gateway");
    format!("{}{}", certificate.pem(), key.serialize_pem())
}

/// A server that wants a certificate of one authority.
async fn server(own: &Issuer, name: &str, clients: &Issuer) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(clients.der().clone()).unwrap();
    let clients =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
    let (certificate, key) = issued(own, name);
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = match acceptor.accept(stream).into_fallible().await {
                    Ok(stream) => stream,
                    // A connection that is reset at once takes along what was said in it.
                    Err((_, _stream)) => return tokio::time::sleep(Duration::from_secs(1)).await,
                };
                let mut read = [0; 4096];
                let _ = stream.read(&mut read).await;
                let _ = stream.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n").await;
                let _ = stream.shutdown().await;
            });
        }
    });
    address
}

fn side(address: SocketAddr) -> Side {
    Side::new("", &format!("https://localhost:{}", address.port()), Arc::new(Memory::default()))
}

#[tokio::test]
async fn both_sides_show_who_they_are() {
    let (theirs, ours) = (authority("theirs"), authority("ours"));
    let mut side = side(server(&theirs, "localhost", &ours).await);
    side.values.set("account.authorities", theirs.pem());
    side.values.set("account.client_certificate", stated(&ours));
    side.transport.check(side.account()).unwrap();
    let reply = side.send("submit", now()).await.unwrap();
    assert!(matches!(reply.outcome, Outcome::Done(_)));

    // Their server is not trusted, or has another name: nothing was sent.
    side.values.set("account.authorities", authority("others").pem());
    let failure = side.send("submit", now()).await.unwrap_err();
    assert!(matches!(failure, Failure::NotSent(Cause::Tls(_))), "{failure}");
    side.values.set("account.authorities", "");
    let failure = side.send("submit", now()).await.unwrap_err();
    assert!(matches!(failure, Failure::NotSent(Cause::Tls(_))), "{failure}");
}

#[tokio::test]
async fn a_server_of_another_name_is_not_trusted() {
    let (theirs, ours) = (authority("theirs"), authority("ours"));
    let mut side = side(server(&theirs, "elsewhere.example", &ours).await);
    side.values.set("account.authorities", theirs.pem());
    side.values.set("account.client_certificate", stated(&ours));
    let failure = side.send("submit", now()).await.unwrap_err();
    assert!(matches!(failure, Failure::NotSent(Cause::Tls(_))), "{failure}");
}

#[tokio::test]
async fn a_certificate_that_is_refused_was_read_before_the_request_was() {
    let (theirs, ours) = (authority("theirs"), authority("ours"));
    let mut side = side(server(&theirs, "localhost", &ours).await);
    side.values.set("account.authorities", theirs.pem());
    for wrong in [String::new(), stated(&authority("others"))] {
        side.values.set("account.client_certificate", wrong);
        let failure = side.send("submit", now()).await.unwrap_err();
        assert!(matches!(failure, Failure::NotSent(Cause::Tls(_))), "{failure:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_cannot_be_read_is_said() {
    let mut side = side("127.0.0.1:1".parse().unwrap());
    side.values.set(
        "account.client_certificate",
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
    );
    let failure = side.transport.check(side.account()).unwrap_err();
    assert!(matches!(failure, Failure::NotSent(Cause::Settings(_))), "{failure}");
    assert!(!format!("{failure:?}{failure}").contains("c2Vj"));
}
