//! Writing over the message that a document was read from.

use std::sync::Arc;

use dragoman_mapping::Put;
use dragoman_model::Document;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::Finding;

use crate::catalogue::Catalogue;
use crate::message::Message;
use crate::receive::receive;

/// Writes a document over the first message of an input: what its mapping does not speak of stays. With the grammar that
/// the input was read by.
///
/// # Errors
///
/// What is worth saying about the input last, where it has no such message.
pub fn put_over<'i>(
    catalogue: &Catalogue,
    message: &Message,
    document: &Document<'i>,
    original: &[u8],
) -> Result<(Put<'i>, Arc<Grammar>), Option<Box<Finding>>> {
    let (mut written, mut reason) = (None, None);
    receive(catalogue, message, original, &mut |received| {
        if let (None, Some(got), Some(grammar)) = (&written, &received.got, received.grammar) {
            let put = message.put_over(document, received.tree, got, grammar);
            written = put.map(|put| (put, Arc::clone(grammar)));
        }
        reason = reason.take().or_else(|| received.findings.into_iter().next_back().map(Box::new));
    });
    written.ok_or(reason)
}
