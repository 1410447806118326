//! Lines that carry values: their codec, canonical leaves and wire leaves.

use dragoman_tree::PlaceId;

use super::lower::{Context, Lowering, Outcome};
use super::{Derived, Leaf, Line, SlotId, Spread};
use crate::codec::{self, Cells, Codec};
use crate::language::ast::{Arrow, Flag, Left, Map, Predicate, WirePath};

impl Lowering<'_> {
    /// A line with one wire path and no block.
    pub(super) fn leaf_line(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        fields: &[PlaceId],
        path: &WirePath,
        cells: Option<&WirePath>,
    ) -> Outcome<()> {
        let codec = self.codec(cx, map)?;
        if matches!(codec, Codec::Pointer) {
            return self.rows(cx, map, codec, fields, None, path);
        }
        let Some(cells) = cells else {
            if map.arrow == Arrow::Read {
                return self.looking(cx, map, codec, fields, cx.slot, std::slice::from_ref(path));
            }
            let slot = self.slot(cx, path, false)?;
            return self.line_at(cx, map, codec, fields, slot);
        };
        let anchor = self.slot(cx, path, true)?;
        let leaf = self.slot(&Context { slot: anchor, ..cx.clone() }, cells, true)?;
        let leaves = vec![Leaf { slot: leaf, path: self.chain(anchor, leaf) }];
        let fields = self.codec_fields(cx, &codec, fields)?;
        self.finish(cx, map, codec, fields, None, anchor, leaves, Spread::Cells)
    }

    /// One leaf, and those that the codec's arguments name.
    fn line_at(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        codec: Codec,
        fields: &[PlaceId],
        slot: SlotId,
    ) -> Outcome<()> {
        let fields = self.codec_fields(cx, &codec, fields)?;
        let mut leaves = vec![slot];
        for path in codec::paths(&map.codecs) {
            let attribute = path.steps.first().is_some_and(|step| step.attribute);
            let from = if attribute { slot } else { self.plan.slot(slot).parent };
            leaves.push(self.slot(&Context { slot: from, ..cx.clone() }, path, false)?);
        }
        let anchor = self.common(&leaves);
        let leaves: Vec<_> =
            leaves.into_iter().map(|slot| Leaf { slot, path: self.chain(anchor, slot) }).collect();
        self.finish(cx, map, codec, fields, None, anchor, leaves, Spread::Once)
    }

    /// `left <=> base@(a, b) codec`.
    pub(super) fn tuple(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        base: Option<&WirePath>,
        paths: &[WirePath],
    ) -> Outcome<()> {
        let codec = self.codec(cx, map)?;
        let fields = match &map.left {
            Left::One(left) => vec![self.field(cx, left)?],
            Left::Tuple(lefts) => lefts.iter().map(|left| self.field(cx, left)).collect::<Outcome<_>>()?,
            Left::Here(_) => vec![cx.field],
            Left::List { path, .. } => {
                return self.refuse(cx, &path.at, "a list cannot be made of several leaves; give it a block");
            }
        };
        let anchor = match base {
            Some(base) => self.slot(cx, base, false)?,
            None => cx.slot,
        };
        if map.arrow == Arrow::Read {
            return self.looking(cx, map, codec, &fields, anchor, paths);
        }
        let fields = self.codec_fields(cx, &codec, &fields)?;
        let mut leaves = Vec::new();
        for path in paths {
            let slot = self.slot(&Context { slot: anchor, ..cx.clone() }, path, false)?;
            leaves.push(Leaf { slot, path: self.chain(anchor, slot) });
        }
        self.count_cells(cx, &codec, fields.len(), leaves.len())?;
        self.finish(cx, map, codec, fields, None, anchor, leaves, Spread::Once)
    }

    fn count_cells(&mut self, cx: &Context<'_>, codec: &Codec, fields: usize, given: usize) -> Outcome<()> {
        let wanted = codec.cells(fields);
        if given == wanted {
            return Ok(());
        }
        let message = format!("`{}` works on {wanted} wire leaves, and {given} are given", codec.name());
        self.refuse(cx, &cx.rule, message)
    }

    /// A line that only reads looks at leaves that other lines carry: the first occurrence of each.
    fn looking(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        codec: Codec,
        fields: &[PlaceId],
        anchor: SlotId,
        paths: &[WirePath],
    ) -> Outcome<()> {
        let fields = self.codec_fields(cx, &codec, fields)?;
        let place = self.plan.slot(anchor).place;
        let mut leaves = Vec::new();
        for path in paths {
            let selects = path.steps.iter().flat_map(|step| &step.predicates);
            if !selects.into_iter().all(|predicate| matches!(predicate, Predicate::Nth(1))) {
                return self.refuse(
                    cx,
                    &path.at,
                    "a line that only reads looks at the first occurrence: `[1]`",
                );
            }
            leaves.push(Leaf { slot: SlotId::NONE, path: self.leaf_path(cx, place, path)? });
        }
        self.count_cells(cx, &codec, fields.len(), leaves.len())?;
        self.finish(cx, map, codec, fields, None, anchor, leaves, Spread::Once)
    }

    /// `list[] <=> Pointer pointer(wco, rows)`: a list of chains of rows.
    pub(super) fn chains(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        list: PlaceId,
        path: &WirePath,
    ) -> Outcome<()> {
        let codec = self.codec(cx, map)?;
        self.rows(cx, map, codec, &[list], Some(list), path)
    }

    fn rows(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        codec: Codec,
        fields: &[PlaceId],
        list: Option<PlaceId>,
        path: &WirePath,
    ) -> Outcome<()> {
        let fields = self.codec_fields(cx, &codec, fields)?;
        let anchor = self.slot(cx, path, true)?;
        let place = self.plan.slot(anchor).place;
        let mut leaves = Vec::new();
        for name in codec::pointer::ROW {
            let Some(child) = self.plan.grammar.child(place, name) else {
                let message = format!("a row of a WCO pointer has a `{name}`, and this element has none");
                return self.refuse(cx, &path.at, message);
            };
            let slot = self.chain_slot(anchor, &[child]);
            leaves.push(Leaf { slot, path: vec![child] });
        }
        let spread = if list.is_some() { Spread::Chains } else { Spread::Cells };
        self.finish(cx, map, codec, fields, list, anchor, leaves, spread)
    }

    fn codec(&mut self, cx: &Context<'_>, map: &Map) -> Outcome<Codec> {
        match map.codecs.as_slice() {
            [] => Ok(Codec::Same),
            [one] => match codec::build(one, self.library.tables) {
                Ok(codec) => Ok(codec),
                Err(message) => self.refuse(cx, &one.name.at, message),
            },
            [_, second, ..] => {
                self.refuse(cx, &second.name.at, "one codec a line: a second one is not in this version")
            }
        }
    }

    /// The leaves that a codec makes of the left side: `price` and `money` are `price.amount`, `price.currency`.
    fn codec_fields(&mut self, cx: &Context<'_>, codec: &Codec, fields: &[PlaceId]) -> Outcome<Vec<PlaceId>> {
        let members = codec.members();
        let [only] = fields else {
            return if members == Cells::Each {
                Ok(fields.to_vec())
            } else {
                self.refuse(cx, &cx.rule, format!("`{}` makes one value, not several", codec.name()))
            };
        };
        let schema = self.schema;
        match members {
            Cells::Each => {
                let field = schema.get(*only);
                if field.is_some_and(|field| field.end.0 > only.0 + 1) {
                    let path = schema.path(*only);
                    return self.refuse_hint(
                        cx,
                        &cx.rule,
                        format!("`{path}` is an object, and `{}` makes one text", codec.name()),
                        "give it a block, name the member, or use a codec such as `money` or `measure`",
                    );
                }
                Ok(vec![*only])
            }
            Cells::Members(names) => {
                let found: Option<Vec<_>> = names.iter().map(|name| schema.child(*only, name)).collect();
                match found {
                    Some(found) => Ok(found),
                    None => {
                        let path = schema.path(*only);
                        let message =
                            format!("`{}` makes {}, which `{path}` lacks", codec.name(), names.join(", "));
                        self.refuse(cx, &cx.rule, message)
                    }
                }
            }
            Cells::Sibling(suffix) => {
                let sibling = schema.get(*only).and_then(|field| {
                    let name = format!("{}{suffix}", schema.names().get(field.name));
                    schema.child(field.parent, &name)
                });
                match sibling {
                    Some(sibling) => Ok(vec![*only, sibling]),
                    None => {
                        let path = schema.path(*only);
                        self.refuse(
                            cx,
                            &cx.rule,
                            format!("`{path}` is no date and time, which `{}` makes", codec.name()),
                        )
                    }
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a line, gathered once")]
    fn finish(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        codec: Codec,
        fields: Vec<PlaceId>,
        list: Option<PlaceId>,
        anchor: SlotId,
        leaves: Vec<Leaf>,
        spread: Spread,
    ) -> Outcome<()> {
        if codec.is_one_way() && map.arrow == Arrow::Both {
            let message =
                format!("`{}` runs one way only: several wire values make one canonical value", codec.name());
            return self.refuse_hint(cx, &cx.rule, message, "write `<=` and say why with `because \"…\"`");
        }
        let flag = |wanted: &Flag| map.flags.iter().any(|flag| flag.is == *wanted);
        let mut line = Line {
            scope: cx.scope,
            arrow: map.arrow,
            guards: cx.guards.clone(),
            fields,
            list,
            anchor,
            leaves,
            codec,
            within: spread == Spread::Cells && anchor == cx.slot,
            spread,
            derived: None,
            default: None,
            always: flag(&Flag::Always),
            empty: flag(&Flag::Empty),
            sparse: cx.sparse,
            reference: None,
            source: cx.source(&cx.rule),
        };
        for flag in &map.flags {
            match &flag.is {
                Flag::Derived(Some((how, of))) => {
                    line.derived = Some(Derived { how: *how, of: self.from_document(cx, of)? });
                }
                Flag::Derived(None) => {
                    return self.refuse(cx, &flag.at, "say how it is derived: `derived count(list)`");
                }
                Flag::Default(value) => line.default = Some(value.as_str().into()),
                Flag::Ref(of) => line.reference = Some(self.from_document(cx, of)?),
                Flag::Only(name) => {
                    if !self.plan.grammar.name().ends_with(name.as_str()) {
                        return Err(super::lower::Stop);
                    }
                }
                Flag::Always | Flag::Empty | Flag::Wrapped | Flag::Optional => {}
            }
        }
        self.add_line(line);
        Ok(())
    }

    /// A canonical path as `derived` and `ref` use it: from the innermost object around the line that has it.
    fn from_document(
        &mut self,
        cx: &Context<'_>,
        path: &crate::language::ast::CanonicalPath,
    ) -> Outcome<PlaceId> {
        let has = |place: &PlaceId| {
            path.names.iter().try_fold(*place, |at, name| self.schema.child(at, name)).is_some()
        };
        let field = self.schema.ancestry(cx.field).find(has);
        self.field(&Context { field: field.unwrap_or(cx.field), ..cx.clone() }, path)
    }

    /// The places between two slots.
    fn chain(&self, from: SlotId, to: SlotId) -> Vec<PlaceId> {
        let mut chain = Vec::new();
        let mut at = to;
        while at != from && at != SlotId::NONE {
            chain.push(self.plan.slot(at).place);
            at = self.plan.slot(at).parent;
        }
        chain.reverse();
        chain
    }

    /// The innermost slot around all of these.
    fn common(&self, slots: &[SlotId]) -> SlotId {
        let above = |slot: SlotId| {
            std::iter::successors(Some(slot), |at| {
                Some(self.plan.slot(*at).parent).filter(|parent| *parent != SlotId::NONE)
            })
        };
        let Some((first, rest)) = slots.split_first() else { return SlotId::ROOT };
        above(*first)
            .find(|slot| rest.iter().all(|other| above(*other).any(|at| at == *slot)))
            .unwrap_or(SlotId::ROOT)
    }
}
