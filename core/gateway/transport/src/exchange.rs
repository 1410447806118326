//! A channel's request as HTTP, and HTTP's answer as a channel's.

use bytes::Bytes;
use dragoman_channel::{Answer, Body, Part, Request};
use http::HeaderValue;
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::http::Http;

/// Sends a request once.
pub(crate) async fn exchange(http: &Http, request: &Request) -> Result<Answer, Failure> {
    let answer = http.send(written(request)?).await?;
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    Ok(Answer { status: answer.status().as_u16(), headers, body: answer.into_body().to_vec() })
}

/// A text that no other request has.
pub(crate) fn nonce() -> String {
    let mut bytes = [0; 16];
    // Without chance it is the same again: who wants another one refuses the request.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn written(request: &Request) -> Result<http::Request<Bytes>, Failure> {
    let mut built = http::Request::builder().method(request.method.word()).uri(&request.url);
    for (name, value) in &request.headers {
        let mut value =
            HeaderValue::from_bytes(value.as_bytes()).map_err(|error| Failure::request(&error))?;
        // Any of them may hold a secret.
        value.set_sensitive(true);
        built = built.header(name, value);
    }
    let body = match &request.body {
        Body::None => Bytes::new(),
        Body::Bytes(bytes) => Bytes::copy_from_slice(bytes),
        Body::Multipart(parts) => {
            let boundary = boundary(parts);
            built = built.header("Content-Type", format!("multipart/form-data; boundary={boundary}"));
            form(parts, &boundary).into()
        }
    };
    built.body(body).map_err(|error| Failure::request(&error))
}

/// What separates the parts: made of their content, so that it cannot occur in it.
fn boundary(parts: &[Part]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.content.len() as u64).to_be_bytes());
        hash.update(&part.content);
    }
    hash.finalize().iter().take(16).fold("dragoman-".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// RFC 7578, with names escaped as browsers do.
fn form(parts: &[Part], boundary: &str) -> Vec<u8> {
    let escaped = |text: &str| text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let mut out = Vec::new();
    for part in parts {
        let mut head =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", escaped(&part.name));
        if let Some(file) = &part.file {
            head.extend(["; filename=\"", &escaped(file), "\""]);
        }
        if let Some(media_type) = &part.media_type {
            head.extend(["\r\nContent-Type: ", &media_type.replace(['\r', '\n'], "")]);
        }
        out.extend([head.as_bytes(), b"\r\n\r\n", &part.content, b"\r\n"].concat());
    }
    out.extend(format!("--{boundary}--\r\n").into_bytes());
    out
}
