//! What is signed, in canonical form.

use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::NodeSet;
use uppsala::{Document, NodeId, Parser};

use crate::DSIG;

/// Reads a message. A document type declaration has no place in what is signed: it can make other bytes of it.
pub fn read(text: &str) -> Result<Document<'_>, String> {
    Parser::new().with_forbid_dtd(true).parse(text).map_err(|error| error.to_string())
}

/// The signatures in a message, wherever they are.
pub fn signatures(document: &Document<'_>) -> Vec<NodeId> {
    document.get_elements_by_tag_name_ns(DSIG, "Signature")
}

/// The canonical form of the message without its signature and without comments (sections 4.3.3.3 and 6.6.4).
pub fn enveloped(document: &Document<'_>, signature: Option<NodeId>, form: C14nMode) -> Option<Vec<u8>> {
    let mut nodes = NodeSet::all_without_comments(document);
    for id in signature.into_iter().flat_map(|id| std::iter::once(id).chain(document.descendants(id))) {
        nodes.remove_id(id);
        document.get_attribute_nodes(id).iter().for_each(|attribute| nodes.remove_id(*attribute));
    }
    canonicalize_doc::<&str>(document, form, Some(&nodes), &[]).ok()
}

/// The canonical form of the `SignedInfo` of a signature.
pub fn signed_info(document: &Document<'_>, signed_info: NodeId, form: C14nMode) -> Option<Vec<u8>> {
    let nodes = if form.with_comments() {
        NodeSet::tree_with_comments(signed_info, document)
    } else {
        NodeSet::tree_without_comments(signed_info, document)
    };
    canonicalize_doc::<&str>(document, form, Some(&nodes), &[]).ok()
}
