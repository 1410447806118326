//! Receiving flat files: a message each, or several.

use dragoman_mapping::Mapping;
use dragoman_syntax::{Limits, flat};
use dragoman_tree::{NodeId, Tree};

use super::{Visit, documents, without_document};
use crate::catalogue::Catalogue;
use crate::message::Message;
use crate::recognise::not_a;

/// The messages of a flat file, read with the first grammar of the mapping that knows a record of it.
pub(super) fn receive(
    catalogue: &Catalogue,
    message: &Message,
    mapping: &Mapping,
    bytes: &[u8],
    visit: Visit<'_>,
) {
    let is_known = |tree: &Tree<'_>| tree.children(NodeId::ROOT).any(|node| tree.place(node).is_known());
    for grammar in mapping.grammars() {
        let messages = flat::messages(bytes, grammar, &Limits::default());
        if messages.iter().any(|one| is_known(&one.tree)) {
            for one in messages {
                documents(message, mapping, grammar, 0, &one.tree, one.findings, visit);
            }
            return;
        }
    }
    without_document(vec![not_a(catalogue, message, bytes)], visit);
}
