//! Messages that are signed as their authority lays down.

use dragoman_sign::{Certificate, Checked, Key, KeyError, Methods, Refused, SealError, Signer};
use dragoman_syntax::grammar::Grammar;
use jiff::Timestamp;

use crate::catalogue::Catalogue;
use crate::edition::parted;
use crate::members::Members;
use crate::message::Message;

/// The element that a signature is (XML Signature Syntax and Processing, section 4.1).
const SIGNATURE: &str = "Signature";

/// Why a message is not signed.
#[derive(Debug, thiserror::Error)]
pub enum Unsealed {
    /// The key or its certificate cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// They do not belong together.
    #[error("the certificate is not of this key")]
    Apart,
    /// The message cannot be signed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// How a message is signed: by the methods of its authority.
#[derive(Clone, Debug)]
pub struct Signature<'c> {
    methods: &'c Methods,
    form: Form<'c>,
}

/// Where the signature is.
#[derive(Clone, Debug)]
enum Form<'c> {
    /// In XML, where the grammar has it: in front of these.
    Enveloped(Vec<String>),
    /// In JSON: among the members.
    Members(&'c Members),
}

impl<'c> Signature<'c> {
    /// How messages of that kind are signed; none where their authority has no signatures, or they no place for one.
    pub fn of(catalogue: &'c Catalogue, message: &Message) -> Option<Self> {
        let (adapter, name) = parted(message.name()).0.split_once('/')?;
        let adapter = catalogue.adapters().iter().find(|one| one.name == adapter)?;
        let members = adapter.message(name).and_then(|one| one.signed.as_ref());
        let form = match members {
            Some(members) => Form::Members(members),
            None => Form::Enveloped(behind(message.written()?)?),
        };
        Some(Self { methods: adapter.signature.as_ref()?, form })
    }

    /// Signs a message.
    pub fn seal(
        &self,
        message: &[u8],
        key: &dyn Signer,
        certificate: &Certificate,
    ) -> Result<Vec<u8>, SealError> {
        match &self.form {
            Form::Members(members) => members.seal(message, self.methods, key, certificate),
            Form::Enveloped(before) => {
                let before: Vec<_> = before.iter().map(String::as_str).collect();
                dragoman_sign::seal(message, self.methods, key, certificate, &before)
            }
        }
    }

    /// Signs a message by a key and its certificate, both in PEM. One that is signed already stays as it is.
    pub fn seal_by(&self, message: &[u8], key: &str, certificate: &str) -> Result<Vec<u8>, Unsealed> {
        let (key, certificate) = (Key::of_pem(key)?, Certificate::of_pem(certificate)?);
        if !key.is_of(&certificate) {
            return Err(Unsealed::Apart);
        }
        match self.seal(message, &key, &certificate) {
            Err(SealError::Signed) => Ok(message.to_vec()),
            sealed => Ok(sealed?),
        }
    }

    /// Checks the signature of a message against certificates in PEM; gives the number of the one that holds. `Err` says what
    /// is wrong.
    pub fn check_by(&self, message: &[u8], trusted: &[String], at: Timestamp) -> Result<String, String> {
        let trusted = trusted.iter().map(|pem| Certificate::of_pem(pem)).collect::<Result<Vec<_>, _>>();
        let trusted = trusted.map_err(|error| error.to_string())?;
        let checked = self.check(message, &trusted, at);
        checked.map(|checked| checked.serial).map_err(|refused| refused.to_string())
    }

    /// Checks the signature of a message.
    pub fn check(&self, message: &[u8], trusted: &[Certificate], at: Timestamp) -> Result<Checked, Refused> {
        match &self.form {
            Form::Members(members) => members.check(message, self.methods, trusted, at),
            Form::Enveloped(_) => dragoman_sign::check(message, self.methods, trusted, at),
        }
    }
}

/// What a grammar has behind the signature; none where it has no signature.
fn behind(grammar: &Grammar) -> Option<Vec<String>> {
    let mut names = grammar.children(Grammar::ROOT).map(|place| grammar.name_of(place));
    names.by_ref().find(|name| *name == SIGNATURE)?;
    Some(names.map(str::to_owned).collect())
}
