//! Values that follow from a document: counts and sums.

use crate::stub::Decimal;
use dragoman_tree::{NodeId, PlaceId, Tree};

use crate::language::ast::Derivation;

/// The number of entries of a list, or the exact sum of a leaf over them. `None` where a summand is no decimal.
pub(crate) fn derive(document: &Tree<'_>, how: Derivation, of: PlaceId) -> Option<String> {
    let nodes = document.subtree(NodeId::ROOT).filter(|node| document.place(*node) == of);
    match how {
        Derivation::Count => Some(nodes.count().to_string()),
        Derivation::Sum => {
            let mut sum = Decimal::ZERO;
            for node in nodes {
                sum = sum.checked_add(Decimal::parse(document.value(node)?).value()?)?;
            }
            Some(sum.normalize().to_string())
        }
    }
}
