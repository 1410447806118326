//! Flat lists over nested elements: the entries that name the outer entry which is being written.

use dragoman_tree::NodeId;
use rustc_hash::FxHashMap;

use super::{Use, Writing};
use crate::plan::{Group, Plan, ScopeId};

/// The entries of a flat list by the key that they name.
pub(super) type Groups<'w> = FxHashMap<&'w str, Vec<NodeId>>;

impl<'w> Writing<'w, '_> {
    /// Sorts the entries of a flat list by what they name. Those that name nothing are lost.
    pub(super) fn group(&mut self, id: ScopeId) {
        let plan: &'w Plan = self.plan;
        let Some(group) = &plan.scope(id).group else { return };
        let entries = self.assigned.get_mut(id.index()).map(std::mem::take).unwrap_or_default();
        let mut groups = Groups::default();
        for entry in entries {
            if let Some(key) = self.named(entry, group) {
                groups.entry(key).or_default().push(entry);
            }
        }
        self.groups.insert(id, groups);
    }

    /// The entries that name the current entry of the outer list; each is given once.
    pub(super) fn group_of(&mut self, id: ScopeId, group: &Group) -> Vec<NodeId> {
        let document = self.document;
        let key = self.node_at(group.of, group.key).and_then(|node| document.value(node));
        let groups = self.groups.get_mut(&id);
        key.zip(groups).and_then(|(key, groups)| groups.remove(key)).unwrap_or_default()
    }

    /// What an entry names is said by where it stands.
    pub(super) fn mark_group(&mut self, id: ScopeId) {
        let plan: &'w Plan = self.plan;
        let named = plan.scope(id).group.as_ref().and_then(|group| self.node_at(id, group.field));
        if let Some(node) = named {
            self.set_use(node, Use::Checked);
        }
    }

    fn named(&self, entry: NodeId, group: &Group) -> Option<&'w str> {
        let document = self.document;
        let member = document.children(entry).find(|node| document.place(*node) == group.field)?;
        document.value(member)
    }
}
