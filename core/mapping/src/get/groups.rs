//! Flat lists over nested elements: which entry of the outer list an element stands in.

use dragoman_tree::{Finding, NodeId, Value};

use super::{Cell, Reading, UNGROUPED};
use crate::plan::{Group, Plan, ScopeId};

/// The element of an outer list that was asked for last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    scope: ScopeId,
    element: NodeId,
    key: Option<(NodeId, Value)>,
}

impl<'r> Reading<'r, '_> {
    /// The key of the outer list's entry around an element, and its leaf. `None` where there is no key, or it is that
    /// of another entry before.
    pub(super) fn key_around(
        &mut self,
        scope: ScopeId,
        group: &'r Group,
        node: NodeId,
    ) -> Option<(NodeId, Value)> {
        let plan: &'r Plan = self.plan;
        let slot = plan.scope(group.of).slot;
        let is_outer = |at: &NodeId| self.slots.get(at.index()) == Some(&slot);
        let element = self.tree.ancestors(node).find(is_outer)?;
        if let Some(known) = self.around.filter(|known| (known.scope, known.element) == (scope, element)) {
            return known.key;
        }
        let key = self.key_of(scope, group, element);
        self.around = Some(Around { scope, element, key });
        key
    }

    fn key_of(&mut self, scope: ScopeId, group: &Group, element: NodeId) -> Option<(NodeId, Value)> {
        let found = self.descend(element, &group.path).map(|leaf| self.leaf_cell(leaf, false));
        let Some(Cell::Text(leaf, value)) = found else {
            self.note(
                Finding::warning(&UNGROUPED, "it has no key, by which its entries would name it"),
                element,
            );
            return None;
        };
        let text = self.tree.text_of(value).unwrap_or_default();
        // Elements of several lists may stand in one element in turn: it is asked for more than once.
        if *self.keys.entry((scope, text.to_owned())).or_insert(element) == element {
            return Some((leaf, value));
        }
        self.note(Finding::warning(&UNGROUPED, format!("`{text}` is the key of another one before")), leaf);
        None
    }
}
