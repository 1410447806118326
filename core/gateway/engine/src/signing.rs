//! Messages that are signed before they go out.

use dragoman_adapters::{Message, Signature};

use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;

impl Gateway {
    /// A message as it goes out: signed, where its authority has signatures and the account a key.
    pub(crate) fn signed(&self, account: &str, message: &Message, bytes: Vec<u8>) -> Answer<Vec<u8>> {
        let account = self.0.accounts.get(account);
        let value = |name: &str| account.and_then(|account| account.values.get(name));
        let pair = value("account.signing_key").zip(value("account.signing_certificate"));
        let signature = Signature::of(&self.0.catalogue, message);
        let Some(((key, certificate), signature)) = pair.zip(signature) else { return Ok(bytes) };
        let signed = signature.seal_by(&bytes, key, certificate);
        signed.map_err(|error| EngineError::refused(format!("the message cannot be signed: {error}")))
    }
}
