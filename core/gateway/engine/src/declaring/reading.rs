//! Orders as they come, one document each.

use dragoman_adapters::{Catalogue, Message, Received, receive};
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
    /// Where the JSON value of each order begins in the input.
    starts: Vec<u64>,
    /// Findings that belong to no order.
    others: Vec<Finding>,
}

/// Reads the orders of an input, at least one: of a list (a page, a line each) every order alone, with bytes of its own.
/// `Err` where there is none: the findings say why.
pub(crate) fn read_orders(
    catalogue: &Catalogue,
    message: &Message,
    bytes: &[u8],
) -> Result<Vec<ReadOrder>, Vec<Finding>> {
    let Pass { mut orders, starts, others } = pass(catalogue, message, bytes);
    if let (1, Some((document, mut findings))) = (orders.len(), orders.pop()) {
        findings.extend(others);
        return Ok(vec![ReadOrder { bytes: bytes.to_vec(), document, findings }]);
    }
    let alone = |start: &u64| {
        let bytes = value_at(bytes, *start)?;
        let (document, findings) = pass(catalogue, message, bytes).orders.pop()?;
        Some(ReadOrder { bytes: bytes.to_vec(), document, findings })
    };
    let orders: Vec<_> = starts.iter().filter_map(alone).collect();
    if orders.is_empty() { Err(others) } else { Ok(orders) }
}

fn pass(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> Pass {
    let mut pass = Pass::default();
    receive(catalogue, message, bytes, &mut |received| {
        let Received { tree, node, offset, got, mut findings, .. } = received;
        match got {
            Some(got) if got.document.kind() == "order" => {
                pass.starts.push(offset + tree.file_span(node).start);
                findings.extend(got.findings);
                pass.orders.push((got.document.detach(), findings));
            }
            _ => pass.others.extend(findings),
        }
    });
    pass
}

/// The bytes of the JSON value that begins at an offset. Lists of orders are JSON in all formats that there are.
fn value_at(bytes: &[u8], start: u64) -> Option<&[u8]> {
    let rest = bytes.get(usize::try_from(start).ok()?..)?;
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    rest.get(..values.byte_offset())
}
