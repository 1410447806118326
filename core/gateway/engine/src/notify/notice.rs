//! What a notification says, as far as the gateway needs to know it.

use dragoman_adapters::{Catalogue, Message, Received, receive};
use dragoman_model::Document;

/// The answers of customs in some bytes.
pub(crate) fn notices(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> Vec<Document<'static>> {
    let mut notices = Vec::new();
    receive(catalogue, message, bytes, &mut |received| {
        let Received { got, .. } = received;
        notices.extend(got.map(|got| got.document.detach()));
    });
    notices
}
