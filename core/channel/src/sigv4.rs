//! Signature Version 4 of Amazon Web Services: a request signed with the id and the secret of an access key. Source: AWS,
//! "Create a signed AWS API request".

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::http::Request;
use crate::signer::{Signed, hexadecimal, path_and_query};
use crate::template::Encoding;

/// An access key, and the service that it is shown to.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// The access key's id.
    pub key: &'a str,
    /// Its secret.
    pub secret: &'a str,
    /// The region that the service is in.
    pub region: &'a str,
    /// The service.
    pub service: &'a str,
}

impl Access<'_> {
    /// Signs a request with all its headers; one with parts is none that can be signed.
    pub fn sign(&self, request: &mut Request, now: Timestamp) -> Signed {
        let moment = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let day = moment.split('T').next().unwrap_or_default().to_owned();
        request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Authorization"));
        request.set_header("X-Amz-Date", moment.clone());
        let (canonical, names) = canonical(request);
        let Self { key, secret, region, service } = self;
        let scope = format!("{day}/{region}/{service}/aws4_request");
        let base = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{}", hash(canonical.as_bytes()));
        let steps = [&day, *region, *service, "aws4_request", &base];
        let code = steps.iter().fold(format!("AWS4{secret}").into_bytes(), |key, text| code(&key, text));
        let code = hexadecimal(&code);
        let shown =
            format!("AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={code}");
        request.set_header("Authorization", shown);
        Signed { base: format!("{canonical}\n\n{base}"), code }
    }
}

/// The request as it is signed, and the names of the headers in it.
fn canonical(request: &Request) -> (String, String) {
    let (path, query) = path_and_query(&request.url);
    // Of every service but one the path is encoded once more.
    let path: Vec<_> = path.split('/').map(|step| Encoding::Url.encode(step)).collect();
    let mut query: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let header = |(name, value): &(String, String)| {
        let words: Vec<_> = value.split_whitespace().collect();
        (name.to_ascii_lowercase(), words.join(" "))
    };
    let mut headers: Vec<_> = request.headers.iter().map(header).collect();
    if request.header("Host").is_none() {
        headers.push(("host".to_owned(), host(&request.url).to_owned()));
    }
    headers.sort_unstable();
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let (method, path, query) = (request.method.word(), path.join("/"), query.join("&"));
    (format!("{method}\n{path}\n{query}\n{lines}\n{names}\n{}", hash(request.bytes())), names)
}

/// The host of an address, with its port.
fn host(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    behind.split(['/', '?']).next().unwrap_or_default()
}

fn hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn code(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes a key of any length.
    let mac = Hmac::<Sha256>::new_from_slice(key);
    mac.map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Method, Standing};

    fn signed(method: Method, query: &str, headers: &[(&str, &str)], body: &str) -> String {
        let mut request = Request {
            operation: "suite".into(),
            method,
            url: format!("https://example.amazonaws.com/{query}"),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: if body.is_empty() { Body::None } else { Body::Bytes(body.into()) },
            standing: Standing::None,
            signed: false,
        };
        let access = Access {
            key: "AKIDEXAMPLE",
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service: "service",
        };
        access.sign(&mut request, "2015-08-30T12:36:00Z".parse().unwrap());
        request.header("Authorization").unwrap().to_owned()
    }

    /// AWS's Signature Version 4 test suite: get-vanilla, post-vanilla, get-vanilla-query-order-key-case,
    /// post-header-key-sort and post-x-www-form-urlencoded.
    #[test]
    fn the_published_suite_is_reproduced() {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let cases = [
            (signed(Method::Get, "", &[], ""), "host;x-amz-date", GET),
            (signed(Method::Post, "", &[], ""), "host;x-amz-date", POST),
            (signed(Method::Get, "?Param2=value2&Param1=value1", &[], ""), "host;x-amz-date", QUERY),
            (signed(Method::Post, "", &[("My-Header1", "value1")], ""), "host;my-header1;x-amz-date", HEADER),
            (signed(Method::Post, "", &form, "Param1=value1"), "content-type;host;x-amz-date", FORM),
        ];
        for (shown, names, code) in cases {
            let expected = format!(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                 SignedHeaders={names}, Signature={code}"
            );
            assert_eq!(shown, expected);
        }
    }

    const GET: &str = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    const POST: &str = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";
    const QUERY: &str = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
    const HEADER: &str = "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c";
    const FORM: &str = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a";
}
