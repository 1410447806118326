//! Checking a signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_c14n::C14nMode;
use jiff::Timestamp;
use uppsala::{Document, NodeId};

use crate::key::Certificate;
use crate::methods::{Method, Methods};
use crate::signed_info::{enveloped, read, signatures, signed_info};
use crate::{DSIG, ENVELOPED};

/// What was signed, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The number of the certificate.
    pub serial: String,
    /// What the authority calls the method.
    pub method: String,
    /// The canonical form of what is signed.
    pub canonical: Vec<u8>,
}

/// Why a signature says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The message cannot be read.
    #[error("the message cannot be read: {0}")]
    Unread(String),
    /// There is no signature.
    #[error("the message is not signed")]
    Unsigned,
    /// There are several, or it stands elsewhere: then something else than the message may be signed.
    #[error("the message has to have one signature, as a child of its root")]
    Wrapped,
    /// It is not built as the authority lays down.
    #[error("the signature is not built as it has to be: {0}")]
    Form(&'static str),
    /// The authority takes no such method.
    #[error("no such method is taken: {0}")]
    Method(String),
    /// The message is not the one that was signed.
    #[error("the message is not what was signed: its digest is another")]
    Digest,
    /// Nobody who is trusted signed it.
    #[error("none of the trusted certificates is of the key that signed")]
    Key,
    /// The certificate does not hold at the moment.
    #[error("the certificate {0} does not hold at the time")]
    Expired(String),
}

/// Checks the signature of a message: that all of it is signed, by the key of one of the certificates, which holds at that
/// moment.
pub fn check(
    message: &[u8],
    methods: &Methods,
    trusted: &[Certificate],
    at: Timestamp,
) -> Result<Checked, Refused> {
    let text = std::str::from_utf8(message).map_err(|error| Refused::Unread(error.to_string()))?;
    let document = read(text).map_err(Refused::Unread)?;
    let signature = match signatures(&document).as_slice() {
        [] => return Err(Refused::Unsigned),
        [only] if document.parent(*only) == document.document_element() => *only,
        _ => return Err(Refused::Wrapped),
    };
    let parts = Parts::of(&document, signature)?;
    let method = parts.method(methods)?;
    let unknown = || Refused::Method(parts.canonicalization.clone());
    let form = methods.canonical(&parts.canonicalization).ok_or_else(unknown)?;
    let canonical = enveloped(&document, Some(signature), C14nMode::Inclusive);
    let canonical = canonical.ok_or(Refused::Form("its message has no canonical form"))?;
    if method.digest.of(&canonical) != parts.digest {
        return Err(Refused::Digest);
    }
    let info = signed_info(&document, parts.info, form);
    let info = info.ok_or(Refused::Form("its SignedInfo has no canonical form"))?;
    let signed = |one: &&Certificate| one.verifies(method.scheme, &info, &parts.value);
    let certificate = trusted.iter().find(signed).ok_or(Refused::Key)?;
    let serial = certificate.serial().to_owned();
    if !certificate.holds(at) {
        return Err(Refused::Expired(serial));
    }
    Ok(Checked { serial, method: method.uri.clone(), canonical })
}

/// What a signature says.
struct Parts {
    info: NodeId,
    canonicalization: String,
    method: String,
    digest_method: String,
    digest: Vec<u8>,
    value: Vec<u8>,
}

impl Parts {
    fn of(document: &Document<'_>, signature: NodeId) -> Result<Self, Refused> {
        let read = Element { document, id: signature };
        let [info, value] = match read.children()?.as_slice() {
            [info, value] => [*info, *value],
            [info, value, key] if key.is("KeyInfo") => [*info, *value],
            _ => return Err(Refused::Form("it holds more than SignedInfo, SignatureValue and KeyInfo")),
        };
        let [form, method, reference] = info.named(
            ["CanonicalizationMethod", "SignatureMethod", "Reference"],
            "SignedInfo has to hold one canonical form, one method and one reference",
        )?;
        if reference.attribute("URI") != Some("") {
            return Err(Refused::Form("the reference is not to the whole message"));
        }
        let [transforms, digest_method, digest] = reference.named(
            ["Transforms", "DigestMethod", "DigestValue"],
            "the reference has to hold transforms, one method and one value",
        )?;
        let transforms = transforms.children()?;
        let transforms: Vec<_> = transforms.iter().map(|one| one.attribute("Algorithm")).collect();
        let canonical = C14nMode::Inclusive.uri();
        if transforms != [Some(ENVELOPED)] && transforms != [Some(ENVELOPED), Some(canonical)] {
            return Err(Refused::Form("the reference is transformed by more than taking the signature out"));
        }
        if !info.is("SignedInfo") || !value.is("SignatureValue") {
            return Err(Refused::Form("SignedInfo and SignatureValue have to come first"));
        }
        let algorithm = |of: Element<'_, '_>| of.attribute("Algorithm").unwrap_or_default().to_owned();
        Ok(Self {
            info: info.id,
            canonicalization: algorithm(form),
            method: algorithm(method),
            digest_method: algorithm(digest_method),
            digest: digest.bytes("DigestValue is not in base 64")?,
            value: value.bytes("SignatureValue is not in base 64")?,
        })
    }

    fn method<'m>(&self, methods: &'m Methods) -> Result<&'m Method, Refused> {
        let unknown = || Refused::Method(format!("{} with {}", self.method, self.digest_method));
        methods.called(&self.method, &self.digest_method).ok_or_else(unknown)
    }
}

/// An element of a signature.
#[derive(Clone, Copy)]
struct Element<'e, 'd> {
    document: &'e Document<'d>,
    id: NodeId,
}

impl<'e> Element<'e, '_> {
    /// The elements in it, which all have to be of the namespace of signatures.
    fn children(self) -> Result<Vec<Self>, Refused> {
        let document = self.document;
        let elements = document.children(self.id).into_iter().filter(|id| document.element(*id).is_some());
        let children: Vec<_> = elements.map(|id| Self { document, id }).collect();
        let is_own = |one: &Self| {
            document
                .element(one.id)
                .is_some_and(|element| element.name.namespace_uri.as_deref() == Some(DSIG))
        };
        if children.iter().all(is_own) {
            Ok(children)
        } else {
            Err(Refused::Form("it holds foreign elements"))
        }
    }

    /// The elements in it, which have to be these.
    fn named<const N: usize>(self, names: [&str; N], why: &'static str) -> Result<[Self; N], Refused> {
        let children = <[Self; N]>::try_from(self.children()?).map_err(|_| Refused::Form(why))?;
        let is_so = children.iter().zip(names).all(|(child, name)| child.is(name));
        if is_so { Ok(children) } else { Err(Refused::Form(why)) }
    }

    fn is(self, name: &str) -> bool {
        self.document.element(self.id).is_some_and(|element| element.matches_name_ns(DSIG, name))
    }

    fn attribute(self, name: &str) -> Option<&'e str> {
        self.document.get_attribute(self.id, name)
    }

    fn bytes(self, why: &'static str) -> Result<Vec<u8>, Refused> {
        let text: String = self.document.text_content_deep(self.id).split_whitespace().collect();
        STANDARD.decode(text).map_err(|_| Refused::Form(why))
    }
}
