//! `list[] <=> path`: an entry an element.

use dragoman_syntax::grammar::Syntax;
use dragoman_tree::PlaceId;

use super::{Context, Lowering, Outcome};
use crate::language::ast::{self, Arrow, CanonicalPath, Map, WirePath};
use crate::plan::{Scope, ScopeId, SlotId, Stand};

impl Lowering<'_> {
    pub(super) fn list(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        left: &CanonicalPath,
        key: Option<&ast::Spanned<String>>,
        path: &WirePath,
        cells: Option<&WirePath>,
    ) -> Outcome<()> {
        let list = self.field(cx, left)?;
        if !self.schema.get(list).is_some_and(|field| field.list) {
            return self.refuse_hint(
                cx,
                &left.at,
                format!("`{}` is no list", self.schema.path(list)),
                "leave out the `[]`",
            );
        }
        if map.codecs.iter().any(|codec| codec.name.is == "pointer") {
            return self.chains(cx, map, list, path);
        }
        if map.arrow == Arrow::Read && map.body.is_none() {
            return self.looking_list(cx, map, list, path);
        }
        if let Some(cells) = cells {
            return self.refuse(cx, &cells.at, "a list of cells is written without `>>`: `list[] <=> A/b`");
        }
        let slot = self.slot(cx, path, true)?;
        let stand = if slot == cx.slot || !self.plan.slot(slot).repeats(&self.plan.grammar) {
            Stand::Joined
        } else {
            Stand::Each
        };
        let scope = self.open_scope(cx, map, list, slot, stand, key)?;
        self.entries(cx, map, list, (scope, slot), path)
    }

    /// What stands in an entry: the lines of the block, or its own text.
    pub(super) fn entries(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        list: PlaceId,
        (scope, slot): (ScopeId, SlotId),
        path: &WirePath,
    ) -> Outcome<()> {
        let inner = Context { scope, field: list, slot, guards: Vec::new(), ..cx.clone() };
        match &map.body {
            Some(_) => self.body(&inner, map.body.as_ref()),
            None => {
                let here = WirePath { steps: Vec::new(), at: path.at.clone() };
                self.leaf_line(&inner, map, &[list], &here, None)?;
            }
        }
        Ok(())
    }

    pub(super) fn open_scope(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        list: PlaceId,
        slot: SlotId,
        stand: Stand,
        key: Option<&ast::Spanned<String>>,
    ) -> Outcome<ScopeId> {
        let key = match key {
            None => self.schema.get(list).and_then(|field| field.key),
            Some(name) => match self.schema.child(list, &name.is) {
                Some(key) => Some(key),
                None => {
                    let path = self.schema.path(list);
                    return self.refuse(cx, &name.at, format!("`{path}` has no `{}` to be its key", name.is));
                }
            },
        };
        let id = ScopeId(self.plan.scopes.len() as u16);
        self.plan.scopes.push(Scope {
            parent: cx.scope,
            place: list,
            end: self.schema.get(list).map_or(list, |field| field.end),
            slot,
            stand,
            key,
            group: None,
            fixed: Vec::new(),
            guards: cx.guards.clone(),
            wrapped: map.flags.iter().any(|flag| flag.is == ast::Flag::Wrapped),
            source: cx.source(&cx.rule),
        });
        match stand {
            Stand::Joined => self.slot_mut(slot).joined.push(id),
            _ => self.slot_mut(slot).entries = Some(id),
        }
        let wrapper = self.plan.slot(slot).parent;
        if self.plan.grammar.syntax == Syntax::Xml
            && wrapper != cx.slot
            && self.plan.scopes.last().is_some_and(|scope| scope.wrapped)
        {
            self.slot_mut(wrapper).wraps.push(id);
        }
        Ok(id)
    }
}
