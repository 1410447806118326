//! Messages of one interchange after another.

use dragoman_tree::NodeId;

use super::cells::{Cells, Outgoing};

/// The messages in runs that one interchange can hold: those whose header says the same, or that have none.
pub(crate) fn runs<'m, 't>(
    messages: &'m [Outgoing<'t>],
    header: &str,
) -> impl Iterator<Item = &'m [Outgoing<'t>]> {
    messages.chunk_by(|one, other| match (values(one, header), values(other, header)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    })
}

/// Values with their positions.
type Filled<'t> = Vec<((u32, u32, u32), &'t str)>;

/// The values of a segment of the envelope.
fn values<'t>(message: &Outgoing<'t>, header: &str) -> Option<Filled<'t>> {
    let (tree, _) = *message;
    let node = tree.child(tree.ids().next().filter(|root| *root == NodeId::ROOT)?, header)?;
    let mut cells = Cells::new(message, false);
    cells.collect(node);
    let filled = cells.list.iter().filter(|cell| !cell.value.is_empty());
    Some(filled.map(|cell| (cell.position(), cell.value)).collect())
}
