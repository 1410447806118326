//! `dragoman sign`: a message signed as its authority lays down, or its signature checked.

use std::path::Path;

use dragoman_adapters::{Message, Signature, recognise};
use dragoman_sign::{Certificate, Key};
use jiff::Timestamp;

use crate::Context;
use crate::arguments::Seal;
use crate::failure::{Failure, Outcome};
use crate::inputs::Input;
use crate::terminal::{note, print};

/// Signs a message, or checks the signature of one.
pub fn run(context: &Context, arguments: &Seal) -> Result<Outcome, Failure> {
    let path = (arguments.input.as_os_str() != "-").then(|| arguments.input.clone());
    let input = Input { path, below: arguments.input.clone(), found: false };
    let mut opened = input.open()?;
    opened.gather()?;
    let (name, bytes) = (&opened.source.name, opened.source.bytes());
    let message = message(context, &arguments.message, bytes, name)?;
    let signature = Signature::of(&context.catalogue, &message).ok_or_else(|| {
        let what = format!("{name}: `{}` is not signed", message.name());
        Failure::new(what, "`[signature]` in adapter.toml says how an authority's messages are signed")
    })?;
    let certificates =
        arguments.certificates.iter().map(|path| certificate(path)).collect::<Result<Vec<_>, _>>()?;
    match (&arguments.key, certificates.as_slice()) {
        (None, _) => Ok(checked(&signature, bytes, &certificates, name)),
        (Some(key), [certificate]) => {
            let key = Key::of_pem(&text(key)?).map_err(|error| unusable(key, &error))?;
            if !key.is_of(certificate) {
                let what = "the certificate is not of this key".to_owned();
                return Err(Failure::new(what, "an authority would find that nobody it knows signed"));
            }
            let sealed = signature.seal(bytes, &key, certificate);
            print(&sealed.map_err(|error| Failure::new(format!("{name}: {error}"), String::new()))?);
            Ok(Outcome::Clean)
        }
        (Some(_), _) => Err(Failure::new(
            "signing takes one certificate".to_owned(),
            "that of the key: `--certificate FILE`",
        )),
    }
}

fn checked(signature: &Signature<'_>, bytes: &[u8], trusted: &[Certificate], name: &str) -> Outcome {
    match signature.check(bytes, trusted, Timestamp::now()) {
        Ok(checked) => {
            note(&format!(
                "{name}: all of it is signed by certificate {}, {}\n",
                checked.serial, checked.method
            ));
            Outcome::Clean
        }
        Err(refused) => {
            note(&format!("{name}: {refused}\n"));
            Outcome::Findings
        }
    }
}

fn message(context: &Context, named: &str, bytes: &[u8], name: &str) -> Result<Message, Failure> {
    if named != "auto" {
        return Ok(context.catalogue.message(named)?);
    }
    recognise(&context.catalogue, bytes)?.ok_or_else(|| {
        Failure::new(format!("{name}: this is no message that is known"), "`--as NAME` says what it is")
    })
}

fn certificate(path: &Path) -> Result<Certificate, Failure> {
    Certificate::of_pem(&text(path)?).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &dragoman_sign::KeyError) -> Failure {
    Failure::new(format!("{}: {error}", path.display()), String::new())
}

fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{}: {error}", path.display()), String::new()))
}
