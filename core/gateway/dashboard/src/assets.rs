//! What pages load besides: one style sheet, one script, one icon, all in the binary. Each is served under an address
//! that holds the hash of its content, so that browsers keep it for good.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest, Sha256};

/// What browsers may load and do: nothing but our own style, script and requests.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Something that pages load.
#[derive(Debug)]
pub struct Asset {
    name: &'static str,
    media_type: &'static str,
    text: &'static str,
}

/// The style sheet.
pub static STYLE: Asset = Asset {
    name: "style.css",
    media_type: "text/css; charset=utf-8",
    text: include_str!("assets/style.css"),
};
/// The script.
pub static SCRIPT: Asset = Asset {
    name: "script.js",
    media_type: "text/javascript; charset=utf-8",
    text: include_str!("assets/script.js"),
};
/// The icon.
pub static ICON: Asset =
    Asset { name: "icon.svg", media_type: "image/svg+xml", text: include_str!("assets/icon.svg") };

static ADDRESSES: LazyLock<[String; 3]> = LazyLock::new(|| {
    [&STYLE, &SCRIPT, &ICON].map(|asset| format!("/assets/{}/{}", hash(asset.text), asset.name))
});

impl Asset {
    /// Where it is served.
    pub fn address(&self) -> &'static str {
        ADDRESSES.iter().find(|address| address.ends_with(self.name)).map_or("", String::as_str)
    }
}

/// The asset of an address.
pub fn served(path: &str) -> Option<Response> {
    let asset = [&STYLE, &SCRIPT, &ICON].into_iter().find(|asset| asset.address() == path)?;
    let headers = [(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Some((headers, asset.text).into_response())
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(6).fold(String::new(), |mut hash, byte| {
        // Writing into a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}
