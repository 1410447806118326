//! `left <=> right`: which kind of line it is.

use super::{Context, Lowering, Outcome};
use crate::language::ast::{Arrow, Body, Left, Map, Right, Selector, WirePath};
use crate::plan::Object;

impl Lowering<'_> {
    pub(super) fn map(&mut self, cx: &Context<'_>, map: &Map) -> Outcome<()> {
        self.check_direction(cx, map)?;
        if let Left::One(left) = &map.left
            && let Some(open) = self.opened(cx, left)
        {
            return self.extension(cx, map, left, open);
        }
        match &map.right {
            Right::Alternatives(all) if all.len() > 1 && map.arrow == Arrow::Read && map.body.is_none() => {
                self.first_of(cx, map, all)
            }
            Right::Alternatives(all) if all.len() > 1 => self.alternatives(cx, map, all),
            Right::Alternatives(all) => match all.first() {
                Some(Selector { path, cells: Some(cells), by: Some(by) }) => {
                    self.grouped(cx, map, path, cells, by)
                }
                Some(only) => self.mapped(cx, map, &only.path, only.cells.as_ref()),
                None => Ok(()),
            },
            Right::Tuple { base, leaves } => self.tuple(cx, map, base.as_ref(), leaves),
        }
    }

    /// A line with one wire path.
    pub(super) fn mapped(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        path: &WirePath,
        cells: Option<&WirePath>,
    ) -> Outcome<()> {
        let body = map.body.as_ref();
        match &map.left {
            Left::Here(_) if body.is_some() => {
                let slot = self.slot(cx, path, false)?;
                self.body(&Context { slot, ..cx.clone() }, body);
                Ok(())
            }
            Left::Here(_) => self.leaf_line(cx, map, &[cx.field], path, cells),
            Left::One(left) if body.is_some() => {
                let field = self.field(cx, left)?;
                let slot = self.slot(cx, path, false)?;
                if slot != cx.slot {
                    let (guards, source) = (cx.guards.clone(), cx.source(&cx.rule));
                    let object = Object { scope: cx.scope, place: field, guards, source };
                    self.slot_mut(slot).objects.push(object);
                }
                self.body(&Context { field, slot, ..cx.clone() }, body);
                Ok(())
            }
            Left::One(left) => {
                let field = self.field(cx, left)?;
                self.leaf_line(cx, map, &[field], path, cells)
            }
            Left::List { path: left, key } => self.list(cx, map, left, key.as_ref(), path, cells),
            Left::Tuple(lefts) => {
                let fields = lefts.iter().map(|left| self.field(cx, left)).collect::<Outcome<Vec<_>>>()?;
                self.leaf_line(cx, map, &fields, path, cells)
            }
        }
    }

    pub(super) fn body(&mut self, cx: &Context<'_>, body: Option<&Body>) {
        match body {
            Some(Body::Block(rules)) => {
                let rules = rules.clone();
                self.block(cx, &rules);
            }
            Some(Body::Use(used)) => {
                let _ = self.used(cx, used);
            }
            None => {}
        }
    }
}
