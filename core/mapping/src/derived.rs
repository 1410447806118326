//! Values that follow from a document: counts and sums.

use dragoman_model::{Decimal, decimal};
use dragoman_tree::{NodeId, PlaceId, Tree};

use crate::language::ast::Derivation;

/// The number of entries of a list, or the exact sum of a leaf over them. `None` where there is no summand, or
/// one is no decimal.
pub(crate) fn derive(document: &Tree<'_>, how: Derivation, of: PlaceId) -> Option<String> {
    let nodes: Vec<NodeId> =
        document.subtree(NodeId::ROOT).filter(|node| document.place(*node) == of).collect();
    match how {
        Derivation::Count => Some(nodes.len().to_string()),
        Derivation::Sum if nodes.is_empty() => None,
        Derivation::Sum => {
            let add = |sum: Decimal, node| sum.checked_add(decimal(document.value(node)?).ok()?);
            Some(nodes.into_iter().try_fold(Decimal::ZERO, add)?.to_string())
        }
    }
}

/// Applies the operator of a `check`. `None` where an operand is no decimal or the result too large.
pub(crate) fn calculate(left: &str, operator: char, right: &str) -> Option<Decimal> {
    let (left, right) = (decimal(left).ok()?, decimal(right).ok()?);
    match operator {
        '*' => left.checked_mul(right),
        '+' => left.checked_add(right),
        _ => left.checked_sub(right),
    }
}
