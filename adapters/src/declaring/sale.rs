//! The documents of a sale as they are sent.

use dragoman_model::{Document, Timestamp};
use dragoman_rules::{Agreement, Made, Stamp};
use sha2::{Digest, Sha256};

use super::customs::Customs;

/// The documents of one sale, completed from each other and stamped with a moment. A document of one sale, message and
/// moment always has one UUID, so that making it again gives it again.
pub fn sent_of(
    customs: &Customs,
    agreement: &Agreement,
    documents: &[Document<'static>],
    sale: &str,
    moment: Timestamp,
) -> Vec<Made> {
    let uuid = |message: &str| {
        let about = format!("{}\n{message}\n{sale}\n{}", customs.adapter, moment.as_second());
        let digest = Sha256::digest(about.as_bytes());
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().as_hyphenated().to_string().to_uppercase()
    };
    agreement.complete(documents, &Stamp { moment, uuid: &uuid })
}
