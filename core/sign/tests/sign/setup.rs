//! Keys that sign nothing real, and the methods of China's customs.

use dragoman_sign::{Certificate, Key, Methods, seal};
use jiff::Timestamp;

/// The key and its certificate.
pub struct Pair {
    pub key: Key,
    pub certificate: Certificate,
}

pub fn rsa() -> Pair {
    pair(include_str!("rsa.key.pem"), include_str!("rsa.pem"))
}

pub fn sm2() -> Pair {
    pair(include_str!("sm2.key.pem"), include_str!("sm2.pem"))
}

/// A certificate of somebody else.
pub fn other() -> Certificate {
    Certificate::of_pem(include_str!("other.pem")).unwrap()
}

fn pair(key: &str, certificate: &str) -> Pair {
    let (key, certificate) = (Key::of_pem(key).unwrap(), Certificate::of_pem(certificate).unwrap());
    assert!(key.is_of(&certificate));
    Pair { key, certificate }
}

/// Specification of the messages of cross-border e-commerce, 2022-05: SM2 is preferred, RSA is general.
pub fn methods() -> Methods {
    toml::from_str(
        r#"
        canonicalization = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
        [[method]]
        scheme = "sm2-sm3"
        uri = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"
        digest = "sm3"
        digest_uri = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"
        [[method]]
        scheme = "rsa-sha1"
        uri = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
        digest = "sha1"
        digest_uri = "http://www.w3.org/2000/09/xmldsig#sha1"
        "#,
    )
    .unwrap()
}

/// A moment at which all certificates hold.
pub fn now() -> Timestamp {
    "2030-01-01T00:00:00Z".parse().unwrap()
}

/// The message, signed as the last child of its root.
pub fn sealed(message: &str, pair: &Pair) -> String {
    let sealed = seal(message.as_bytes(), &methods(), &pair.key, &pair.certificate, &[]).unwrap();
    String::from_utf8(sealed).unwrap()
}
