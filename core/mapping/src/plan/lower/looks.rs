//! Lines that only read: they look at leaves that other lines carry.

use dragoman_tree::PlaceId;

use super::lines::{MOST_LEAVES, Parts};
use super::{Context, Lowering, Outcome};
use crate::codec::Codec;
use crate::language::ast::{Left, Map, Predicate, Selector, WirePath};
use crate::plan::{Leaf, SlotId, Spread};

impl Lowering<'_> {
    /// `left <= path`, `left <= @(a, b)`: the first occurrence of each leaf.
    pub(super) fn looking(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        codec: Codec,
        fields: &[PlaceId],
        anchor: SlotId,
        paths: &[WirePath],
    ) -> Outcome<()> {
        let fields = self.codec_fields(cx, &codec, fields)?;
        let leaves = self.looked_at(cx, anchor, paths)?;
        self.count_cells(cx, &codec, fields.len(), leaves.len())?;
        self.finish(cx, map, Parts { codec, fields, list: None, anchor, leaves, spread: Spread::Once })
    }

    /// `left <= a | b`: the first of these leaves that holds a value.
    pub(super) fn first_of(&mut self, cx: &Context<'_>, map: &Map, all: &[Selector]) -> Outcome<()> {
        let Left::One(left) = &map.left else {
            return self.refuse(cx, &cx.rule, "only one value can be the first of several");
        };
        let field = self.field(cx, left)?;
        if !map.codecs.is_empty() || all.len() > MOST_LEAVES {
            let message = format!("the first of several is read as it stands, of {MOST_LEAVES} at most");
            return self.refuse(cx, &cx.rule, message);
        }
        let paths: Vec<WirePath> = all.iter().map(|selector| selector.path.clone()).collect();
        self.looking(cx, map, Codec::First(paths.len()), &[field], cx.slot, &paths)
    }

    /// `list[] <= path`: an entry for each leaf.
    pub(super) fn looking_list(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        list: PlaceId,
        path: &WirePath,
    ) -> Outcome<()> {
        let codec = self.codec(cx, map)?;
        let fields = self.codec_fields(cx, &codec, &[list])?;
        let leaves = self.looked_at(cx, cx.slot, std::slice::from_ref(path))?;
        self.count_cells(cx, &codec, fields.len(), leaves.len())?;
        let anchor = cx.slot;
        self.finish(cx, map, Parts { codec, fields, list: Some(list), anchor, leaves, spread: Spread::Looks })
    }

    fn looked_at(&mut self, cx: &Context<'_>, anchor: SlotId, paths: &[WirePath]) -> Outcome<Vec<Leaf>> {
        let from = self.plan.slot(anchor).place;
        paths.iter().map(|path| self.look(cx, from, path)).collect()
    }

    fn look(&mut self, cx: &Context<'_>, from: PlaceId, path: &WirePath) -> Outcome<Leaf> {
        let places = self.leaf_path(cx, from, path)?;
        let mut leaf = Leaf::new(SlotId::NONE, places);
        let selects = path.steps.iter().enumerate();
        for (at, predicate) in selects.flat_map(|(at, step)| step.predicates.iter().map(move |p| (at, p))) {
            match predicate {
                Predicate::Nth(1) => {}
                Predicate::Conditions(all) if at + 1 == path.steps.len() => {
                    let [condition] = all.as_slice() else { return self.refuse_look(cx, path) };
                    if !condition.path.steps.is_empty() {
                        return self.refuse_look(cx, path);
                    }
                    leaf.only = Some(self.condition(cx, from, condition)?.test);
                }
                _ => return self.refuse_look(cx, path),
            }
        }
        Ok(leaf)
    }

    fn refuse_look<T>(&mut self, cx: &Context<'_>, path: &WirePath) -> Outcome<T> {
        self.refuse_hint(
            cx,
            &path.at,
            "a line that only reads looks at the first occurrence: `[1]`",
            "or at the first leaf with some value, by its last step: `[. = \"x\"]`",
        )
    }
}
