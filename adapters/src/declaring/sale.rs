//! The documents of a sale as they are sent.

use dragoman_model::{Document, Timestamp};
use dragoman_rules::{Agreement, Made, Stamp};
use sha2::{Digest, Sha256};

use super::customs::Customs;
use super::declaration::{Declaration, write};
use crate::message::Message;
use crate::send::Layout;

/// A document that goes beside a declaration, such as the order that it is about.
#[derive(Debug)]
pub struct Beside {
    /// The message that it is sent as.
    pub message: Message,
    /// It, with its message.
    pub written: Declaration,
}

impl Customs {
    /// A declaration as it is sent, completed from the other documents of its sale, with those that go beside it, completed
    /// too; `None` where a message's mapping writes nothing. Where nothing is compared, nothing goes beside it.
    pub fn sale(
        &self,
        declaration: Document<'static>,
        others: &[&Document<'static>],
        moment: Timestamp,
        layout: Layout,
    ) -> Option<(Declaration, Vec<Beside>)> {
        let Some(agreement) = &self.agreement else {
            return Some((self.write(declaration, layout)?, Vec::new()));
        };
        let sales = agreement.sales_of(&declaration);
        let is_of = |document: &&&Document<'static>| {
            agreement.sales_of(document).iter().any(|one| sales.contains(one))
        };
        let mut documents: Vec<_> = others.iter().filter(is_of).map(|other| (*other).clone()).collect();
        documents.push(declaration);
        let (mut own, mut beside) = (None, Vec::new());
        for Made { message, document, .. } in sent_of(self, agreement, &documents, &sales.join(" "), moment) {
            let name = format!("{}/{message}", self.adapter);
            match self.beside.iter().find(|one| one.plain_name() == name) {
                Some(message) => {
                    let written = write(document, message, layout)?;
                    beside.push(Beside { message: message.clone(), written });
                }
                None => own = Some(self.write(document, layout)?),
            }
        }
        Some((own?, beside))
    }
}

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
