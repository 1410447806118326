//! Which names the open objects have had, to notice one that occurs twice.

#![expect(clippy::indexing_slicing, reason = "names are indices, and the table is grown to the name first")]

use dragoman_tree::{NameId, NodeId};

const NEVER: NodeId = NodeId(u32::MAX);

/// For each name the object that had it last, with what to restore when that object closes. So one look-up a
/// member is enough, however many members an object has.
#[derive(Debug, Default)]
pub(super) struct Members {
    last: Vec<NodeId>,
    changed: Vec<(NameId, NodeId)>,
}

impl Members {
    /// Begins an object; give what this returns to [`leave`](Self::leave).
    pub fn enter(&self) -> usize {
        self.changed.len()
    }

    /// Notes a member of the innermost object; true where it had one of that name already.
    pub fn is_second(&mut self, object: NodeId, name: NameId) -> bool {
        let index = name.0 as usize;
        if index >= self.last.len() {
            self.last.resize(index + 1, NEVER);
        }
        let last = std::mem::replace(&mut self.last[index], object);
        if last != object {
            self.changed.push((name, last));
        }
        last == object
    }

    /// Ends the innermost object.
    pub fn leave(&mut self, entered: usize) {
        for (name, last) in self.changed.drain(entered..).rev() {
            self.last[name.0 as usize] = last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_objects_do_not_hide_the_outer_ones_names() {
        let (outer, inner, name) = (NodeId(0), NodeId(1), NameId(7));
        let mut members = Members::default();
        let out = members.enter();
        assert!(!members.is_second(outer, name));
        let within = members.enter();
        assert!(!members.is_second(inner, name));
        assert!(members.is_second(inner, name));
        members.leave(within);
        assert!(members.is_second(outer, name));
        members.leave(out);
        assert!(!members.is_second(NodeId(5), name));
    }
}
