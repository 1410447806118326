//! Signing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_c14n::C14nMode;
use uppsala::{Document, NodeId};

use crate::device::{Failed, Signer};
use crate::key::Certificate;
use crate::methods::{Method, Methods};
use crate::signed_info::{enveloped, read, signatures, signed_info};
use crate::{DSIG, ENVELOPED};

/// Why a message is not signed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// It is no message in XML and UTF-8.
    #[error("the message cannot be signed: {0}")]
    Unread(String),
    /// It has a signature.
    #[error("the message is signed already")]
    Signed,
    /// The authority takes no signature of such a key.
    #[error("the authority takes no signature of such a key")]
    Method,
    /// The canonical form is not known.
    #[error("there is no canonical form `{0}`")]
    Canonicalization(String),
    /// The key does not sign.
    #[error(transparent)]
    Failed(#[from] Failed),
}

/// Signs a message: gives it with an enveloped signature over all of it, in front of the first child of its root that has
/// one of these names, else as the last child. Not another byte changes.
pub fn seal(
    message: &[u8],
    methods: &Methods,
    signer: &dyn Signer,
    certificate: &Certificate,
    before: &[&str],
) -> Result<Vec<u8>, SealError> {
    let text = std::str::from_utf8(message).map_err(|error| SealError::Unread(error.to_string()))?;
    let document = read(text).map_err(SealError::Unread)?;
    if !signatures(&document).is_empty() {
        return Err(SealError::Signed);
    }
    let method = methods.preferred(signer.schemes()).ok_or(SealError::Method)?;
    let unknown = || SealError::Canonicalization(methods.canonicalization.clone());
    let form = methods.canonical(&methods.canonicalization).ok_or_else(unknown)?;
    let signed = enveloped(&document, None, C14nMode::Inclusive).ok_or_else(unknown)?;
    let digest = STANDARD.encode(method.digest.of(&signed));
    let at =
        place(&document, text, before).ok_or_else(|| SealError::Unread("its root is empty".to_owned()))?;
    let (head, tail) = text.split_at(at);
    let with = |value: &str| {
        let signature = signature(&methods.canonicalization, method, &digest, value, certificate);
        format!("{head}{signature}{tail}")
    };
    // The namespaces of the message are part of what is signed, so it is signed where it will stand.
    let draft = with("");
    let draft = read(&draft).map_err(SealError::Unread)?;
    let info = draft.get_elements_by_tag_name_ns(DSIG, "SignedInfo").first().copied();
    let info = info.and_then(|info| signed_info(&draft, info, form)).ok_or_else(unknown)?;
    let value = signer.sign(method.scheme, &info)?;
    Ok(with(&STANDARD.encode(value)).into_bytes())
}

/// Where the signature goes.
fn place(document: &Document<'_>, text: &str, before: &[&str]) -> Option<usize> {
    let root = document.document_element()?;
    let is_meant = |child: &NodeId| {
        document.element(*child).is_some_and(|element| before.contains(&&*element.name.local_name))
    };
    if let Some(child) = document.children(root).into_iter().find(is_meant) {
        return Some(document.node_range(child)?.start);
    }
    let range = document.node_range(root)?;
    let end = text.get(range.clone())?.rfind("</")?;
    Some(range.start + end)
}

fn signature(form: &str, method: &Method, digest: &str, value: &str, certificate: &Certificate) -> String {
    let Method { uri, digest_uri, .. } = method;
    format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{}\"></ds:\
         CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod><ds:Reference URI=\"\">\
         <ds:Transforms><ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform></ds:Transforms><ds:DigestMethod \
         Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>\
         <ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:KeyName>{}</ds:KeyName><ds:X509Data>\
         <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>",
        escaped(form),
        escaped(uri),
        escaped(digest_uri),
        certificate.serial(),
        STANDARD.encode(certificate.der()),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
