//! Signatures in JSON: over a text of some of the members, in members of their own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dragoman_sign::{Certificate, Checked, Methods, Refused, SealError, Signer};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// How a message in JSON is signed: the text `"NAME":"VALUE"` of each member that is there, in this order, each value as it
/// stands in the message, but for the quotes around a text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Members {
    /// The members, outermost ones of the message. One that the message does not have is left out.
    pub members: Vec<String>,
    /// What stands between two of them in the text.
    pub between: String,
    /// The member with the number of the certificate.
    pub certificate: String,
    /// The member with the signature, in base64 (RFC 4648, section 4).
    pub value: String,
}

impl Members {
    /// The text that is signed; empty where the message is no object of JSON.
    pub fn text(&self, message: &[u8]) -> String {
        let members = std::str::from_utf8(message).ok().and_then(outermost).unwrap_or_default();
        let one = |name: &String| {
            let (_, value) = members.iter().find(|(known, _)| known == name)?;
            let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
            Some(format!("\"{name}\":\"{bare}\""))
        };
        self.members.iter().filter_map(one).collect::<Vec<_>>().join(&self.between)
    }

    /// Signs a message: with the number of the certificate and the signature as its last members.
    pub(crate) fn seal(
        &self,
        message: &[u8],
        methods: &Methods,
        key: &dyn Signer,
        certificate: &Certificate,
    ) -> Result<Vec<u8>, SealError> {
        let unread = |why: &str| SealError::Unread(why.to_owned());
        let text = std::str::from_utf8(message).map_err(|error| SealError::Unread(error.to_string()))?;
        let members = outermost(text).ok_or_else(|| unread("it is no object of JSON"))?;
        if members.iter().any(|(name, _)| *name == self.value || *name == self.certificate) {
            return Err(SealError::Signed);
        }
        let object = text.trim_end().strip_suffix('}').unwrap_or(text);
        let signed = self.text(message);
        if signed.is_empty() {
            return Err(unread("it has none of the members that are signed"));
        }
        let method = methods.preferred(key.schemes()).ok_or(SealError::Method)?;
        let value = STANDARD.encode(key.sign(method.scheme, signed.as_bytes())?);
        let Self { certificate: number, value: own, .. } = self;
        let serial = certificate.serial();
        Ok(format!("{},\"{number}\":\"{serial}\",\"{own}\":\"{value}\"}}", object.trim_end()).into_bytes())
    }

    /// Checks the signature of a message: that it was made with the key of one of the certificates, the one that the message
    /// names, which holds at that moment.
    pub(crate) fn check(
        &self,
        message: &[u8],
        methods: &Methods,
        trusted: &[Certificate],
        at: Timestamp,
    ) -> Result<Checked, Refused> {
        let text = std::str::from_utf8(message).map_err(|error| Refused::Unread(error.to_string()))?;
        let members = outermost(text).ok_or_else(|| Refused::Unread("it is no object of JSON".to_owned()))?;
        let stated = |wanted: &str| {
            let mut own = members.iter().filter(|(name, _)| name == wanted);
            let first = own.next().and_then(|(_, value)| serde_json::from_str::<String>(value).ok());
            first.filter(|_| own.next().is_none())
        };
        let twice = |name: &String| members.iter().filter(|(known, _)| known == name).count() > 1;
        if self.members.iter().any(twice) {
            return Err(Refused::Form("a member that is signed is there twice"));
        }
        let value = STANDARD.decode(stated(&self.value).ok_or(Refused::Unsigned)?);
        let value = value.map_err(|_| Refused::Form("it is no base64"))?;
        let serial = stated(&self.certificate).ok_or(Refused::Form("it names no certificate"))?;
        let certificate = trusted.iter().find(|one| one.serial() == serial).ok_or(Refused::Key)?;
        let canonical = self.text(message).into_bytes();
        let taken = methods.methods.iter().filter(|method| !method.only_read);
        let method = taken.into_iter().find(|one| certificate.verifies(one.scheme, &canonical, &value));
        let method = method.ok_or(Refused::Digest)?;
        if !certificate.holds(at) {
            return Err(Refused::Expired(serial));
        }
        Ok(Checked { serial, method: method.uri.clone(), canonical })
    }
}

/// The members of an object of JSON, each with its value as it stands.
fn outermost(text: &str) -> Option<Vec<(String, &str)>> {
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut members = Vec::new();
    let mut rest = text.trim_start().strip_prefix('{')?.trim_start();
    while !rest.starts_with('}') {
        let mut names = serde_json::Deserializer::from_str(rest).into_iter::<String>();
        let name = names.next()?.ok()?;
        let behind = rest.get(names.byte_offset()..)?.trim_start().strip_prefix(':')?.trim_start();
        let mut values = serde_json::Deserializer::from_str(behind).into_iter::<IgnoredAny>();
        values.next()?.ok()?;
        let (value, behind) = behind.split_at_checked(values.byte_offset())?;
        members.push((name, value));
        rest = behind.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_the_text_of_the_members_as_they_stand() {
        let members = ["sessionID", "head", "lists", "list", "time"].map(str::to_owned).to_vec();
        let [certificate, value] = ["certNo", "signValue"].map(str::to_owned);
        let signed = Members { members, between: "||".to_owned(), certificate, value };
        let message =
            r#"{"time":"17","sessionID":"S-1","head":{"a":"b\"c","n":1.50},"list":[{"o":"帆"}],"x":1}"#;
        let text = r#""sessionID":"S-1"||"head":"{"a":"b\"c","n":1.50}"||"list":"[{"o":"帆"}]"||"time":"17""#;
        assert_eq!(signed.text(message.as_bytes()), text);
        assert_eq!(signed.text(b"no JSON"), "");
    }
}
