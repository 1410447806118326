//! `list[] <=> A >> B by member`: a flat list over elements that are nested in those of another list.

use dragoman_tree::PlaceId;

use super::{Context, Lowering, Outcome};
use crate::language::ast::{Left, Map, Spanned, WirePath};
use crate::plan::{Group, ScopeId, SlotId, Stand};

impl Lowering<'_> {
    pub(super) fn grouped(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        around: &WirePath,
        path: &WirePath,
        by: &Spanned<String>,
    ) -> Outcome<()> {
        let Left::List { path: left, key } = &map.left else {
            return self.refuse(cx, &by.at, "`by` is for a list: `items[] <=> A >> B by member`");
        };
        let list = self.field(cx, left)?;
        let Some(field) = self.schema.child(list, &by.is) else {
            let message = format!("`{}` has no `{}`", self.schema.path(list), by.is);
            return self.refuse(cx, &by.at, message);
        };
        let outer = self.around(cx, around)?;
        let slot = self.slot(&Context { slot: outer, ..cx.clone() }, path, true)?;
        let group = self.group(outer, field);
        let scope = self.open_scope(cx, map, list, slot, Stand::Each, key.as_ref())?;
        if let Some(found) = self.plan.scopes.get_mut(scope.index()) {
            found.group.clone_from(&group);
        }
        // Of an edition in which the elements around occur once there is nothing to tell.
        let repeats = self.plan.slot(outer).repeats(&self.plan.grammar);
        if group.is_none() && repeats {
            return self.refuse_hint(
                cx,
                &around.at,
                "nothing tells these elements apart",
                "a line before this one makes them a list with a key: `houses[] key sequence <=> …`",
            );
        }
        self.entries(cx, map, list, (scope, slot), path)
    }

    /// The slot of the elements around, which may repeat.
    fn around(&mut self, cx: &Context<'_>, path: &WirePath) -> Outcome<SlotId> {
        let chain = self.leaf_path(cx, self.plan.slot(cx.slot).place, path)?;
        Ok(self.chain_slot(cx.slot, &chain))
    }

    /// The list that stands in a slot, and where its key is.
    fn group(&self, slot: SlotId, field: PlaceId) -> Option<Group> {
        let of: ScopeId = self.plan.slot(slot).entries?;
        let key = self.plan.scope(of).key?;
        let line = self.plan.lines.iter().find(|line| line.scope == of && line.fields == [key])?;
        let path = self.chain(slot, line.leaves.first()?.slot);
        Some(Group { of, key, path, field })
    }
}
