//! Orders as they come, one document each.

use dragoman_adapters::{Catalogue, Message, Received, alone, card_number, receive};
use dragoman_mapping::Got;
use dragoman_model::Document;
use dragoman_tree::Finding;

/// An order as it was read.
#[derive(Debug)]
pub(crate) struct ReadOrder {
    /// Its own bytes: the input, or its part of a list.
    pub bytes: Vec<u8>,
    /// What they say; spans count in `bytes`.
    pub document: Document<'static>,
    /// What is worth saying about the bytes and about what they say.
    pub findings: Vec<Finding>,
}

/// What one pass over an input found.
#[derive(Default)]
struct Pass {
    orders: Vec<(Document<'static>, Vec<Finding>)>,
    /// Findings that belong to no order.
    others: Vec<Finding>,
    /// The number of a payment card, where one is stated.
    card: Option<Finding>,
}

/// Reads the orders of an input, at least one: of a list (a page, a line each, an interchange) every order alone, with
/// bytes of its own. `Err` where there is none: the findings say why.
pub(crate) fn read_orders(
    catalogue: &Catalogue,
    message: &Message,
    bytes: &[u8],
) -> Result<Vec<ReadOrder>, Vec<Finding>> {
    read_documents(catalogue, message, "order", bytes)
}

/// The same for documents of any kind.
pub(crate) fn read_documents(
    catalogue: &Catalogue,
    message: &Message,
    kind: &str,
    bytes: &[u8],
) -> Result<Vec<ReadOrder>, Vec<Finding>> {
    let Pass { mut orders, others, card } = pass(catalogue, message, kind, bytes);
    if let Some(card) = card {
        return Err(vec![card]);
    }
    if let (1, Some((document, mut findings))) = (orders.len(), orders.pop()) {
        findings.extend(others);
        return Ok(vec![ReadOrder { bytes: bytes.to_vec(), document, findings }]);
    }
    // Spans of what is kept count in what is kept: each is read again by itself.
    let read = |bytes: Vec<u8>| {
        let (document, findings) = pass(catalogue, message, kind, &bytes).orders.pop()?;
        Some(ReadOrder { bytes, document, findings })
    };
    let orders: Vec<_> = parts(catalogue, message, kind, bytes).into_iter().filter_map(read).collect();
    if orders.is_empty() { Err(others) } else { Ok(orders) }
}

fn pass(catalogue: &Catalogue, message: &Message, kind: &str, bytes: &[u8]) -> Pass {
    let mut pass = Pass::default();
    receive(catalogue, message, bytes, &mut |received| {
        let Received { got, mut findings, tree, node, .. } = received;
        pass.card = pass.card.take().or_else(|| card_number(tree, node));
        match got {
            Some(got) if is_of(kind, &got) => {
                findings.extend(got.findings);
                pass.orders.push((got.document.detach(), findings));
            }
            _ => pass.others.extend(findings),
        }
    });
    pass
}

/// The bytes of each order of an input by itself.
fn parts(catalogue: &Catalogue, message: &Message, kind: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    receive(catalogue, message, bytes, &mut |received| {
        if received.got.as_ref().is_some_and(|got| is_of(kind, got)) {
            parts.extend(alone(&received, bytes));
        }
    });
    parts
}

fn is_of(kind: &str, got: &Got<'_>) -> bool {
    got.document.kind() == kind
}
