//! Lines that carry values: their codec, canonical leaves and wire leaves.

use dragoman_tree::PlaceId;

use super::{Context, Lowering, Outcome, Stop};
use crate::codec::{self, Codec, NOTHING};
use crate::language::ast::{Arrow, At, CanonicalPath, Flag, Left, Map, Spanned, WirePath};
use crate::plan::{Derived, Leaf, Line, SlotId, Spread};

/// How many leaves a line can work on.
pub(super) const MOST_LEAVES: usize = 4;

/// What a line is made of.
pub(super) struct Parts {
    pub codec: Codec,
    pub fields: Vec<PlaceId>,
    pub list: Option<PlaceId>,
    pub anchor: SlotId,
    pub leaves: Vec<Leaf>,
    pub spread: Spread,
}

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
        if matches!(codec, Codec::Pointer | Codec::ErrorPoint) {
            return self.rows(cx, map, codec, fields, None, path);
        }
        let Some(cells) = cells else {
            if matches!(codec, Codec::Cut) {
                return self.refuse_hint(
                    cx,
                    &cx.rule,
                    format!("{codec} cuts a text into cells, and this line has one leaf"),
                    "say which cells: `text <=> FTX >> 4440 text(cut)`",
                );
            }
            if map.arrow == Arrow::Read {
                return self.looking(cx, map, codec, fields, cx.slot, std::slice::from_ref(path));
            }
            let slot = self.slot(cx, path, false)?;
            return self.line_at(cx, map, codec, fields, slot);
        };
        let anchor = self.slot(cx, path, true)?;
        let leaf = self.slot(&Context { slot: anchor, ..cx.clone() }, cells, true)?;
        let leaves = vec![Leaf::new(leaf, self.chain(anchor, leaf))];
        let fields = self.codec_fields(cx, &codec, fields)?;
        self.finish(cx, map, Parts { codec, fields, list: None, anchor, leaves, spread: Spread::Cells })
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
            leaves.into_iter().map(|slot| Leaf::new(slot, self.chain(anchor, slot))).collect();
        self.finish(cx, map, Parts { codec, fields, list: None, anchor, leaves, spread: Spread::Once })
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
            Left::List { path, .. } => return self.slots(cx, map, path, base, paths),
        };
        if let Some(more) = paths.get(NOTHING.len()) {
            return self.refuse(cx, &more.at, format!("a codec reads {} leaves at most", NOTHING.len()));
        }
        let anchor = self.base(cx, base)?;
        if map.arrow == Arrow::Read {
            return self.looking(cx, map, codec, &fields, anchor, paths);
        }
        let fields = self.codec_fields(cx, &codec, &fields)?;
        let mut leaves = Vec::new();
        for path in paths {
            let slot = self.slot(&Context { slot: anchor, ..cx.clone() }, path, false)?;
            leaves.push(Leaf::new(slot, self.chain(anchor, slot)));
        }
        self.count_cells(cx, &codec, fields.len(), leaves.len())?;
        self.finish(cx, map, Parts { codec, fields, list: None, anchor, leaves, spread: Spread::Once })
    }

    /// The slot that the leaves of a tuple are below.
    fn base(&mut self, cx: &Context<'_>, base: Option<&WirePath>) -> Outcome<SlotId> {
        base.map_or(Ok(cx.slot), |base| self.slot(cx, base, false))
    }

    /// `list[] <=> @(a, b) slots(2)`: an entry a leaf.
    fn slots(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        list: &CanonicalPath,
        base: Option<&WirePath>,
        paths: &[WirePath],
    ) -> Outcome<()> {
        let stated = map.flags.iter().find_map(|flag| match flag.is {
            Flag::Slots(number) => Some(number as usize),
            _ => None,
        });
        if stated != Some(paths.len()) || paths.len() > MOST_LEAVES {
            return self.refuse_hint(
                cx,
                &list.at,
                "a list over several leaves says how many: `list[] <=> @(a, b) slots(2)`",
                format!("at most {MOST_LEAVES}, and as many as are given; or give the list a block"),
            );
        }
        let field = self.field(cx, list)?;
        let codec = self.codec(cx, map)?;
        if !matches!(codec, Codec::Same) {
            return self.refuse(cx, &cx.rule, format!("{codec} does not work on a list of leaves"));
        }
        let fields = self.codec_fields(cx, &codec, &[field])?;
        let anchor = self.base(cx, base)?;
        let mut leaves = Vec::new();
        for path in paths {
            let slot = self.slot(&Context { slot: anchor, ..cx.clone() }, path, false)?;
            leaves.push(Leaf::new(slot, self.chain(anchor, slot)));
        }
        self.finish(
            cx,
            map,
            Parts { codec, fields, list: Some(field), anchor, leaves, spread: Spread::Slots },
        )
    }

    pub(super) fn count_cells(
        &mut self,
        cx: &Context<'_>,
        codec: &Codec,
        fields: usize,
        given: usize,
    ) -> Outcome<()> {
        let wanted = codec.cells(fields);
        if given == wanted {
            return Ok(());
        }
        let message = format!("{codec} works on {wanted} wire leaves, and {given} are given");
        self.refuse(cx, &cx.rule, message)
    }

    /// `list[] <=> Pointer pointer(wco, rows)`: a list of chains of rows, or of error points.
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
        let wanted: Vec<&[&str]> = match codec {
            Codec::ErrorPoint => codec::erp::LEAVES.iter().map(<[&str; 2]>::as_slice).collect(),
            _ => codec::pointer::ROW.iter().map(std::slice::from_ref).collect(),
        };
        let mut leaves = Vec::new();
        for way in wanted {
            leaves.push(self.row_leaf(cx, &codec, anchor, way, &path.at)?);
        }
        let spread = if list.is_some() { Spread::Chains } else { Spread::Cells };
        self.finish(cx, map, Parts { codec, fields, list, anchor, leaves, spread })
    }

    /// A leaf that every row has.
    fn row_leaf(
        &mut self,
        cx: &Context<'_>,
        codec: &Codec,
        anchor: SlotId,
        way: &[&str],
        at: &At,
    ) -> Outcome<Leaf> {
        let mut chain = Vec::new();
        let mut place = self.plan.slot(anchor).place;
        for name in way {
            let Some(child) = self.plan.grammar.child(place, name) else {
                let name = way.join("/");
                return self.refuse(cx, at, format!("{codec} reads a `{name}`, and this element has none"));
            };
            place = child;
            chain.push(child);
        }
        Ok(Leaf::new(self.chain_slot(anchor, &chain), chain))
    }

    pub(super) fn codec(&mut self, cx: &Context<'_>, map: &Map) -> Outcome<Codec> {
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

    /// Adds a line that is whole: its flags, and what they and the codec must fit.
    pub(super) fn finish(&mut self, cx: &Context<'_>, map: &Map, parts: Parts) -> Outcome<()> {
        let Parts { codec, fields, list, anchor, leaves, spread } = parts;
        if codec.is_one_way() && map.arrow == Arrow::Both {
            let message = format!("{codec} runs one way only: several wire values make one canonical value");
            return self.refuse_hint(cx, &cx.rule, message, "write `<=` and say why with `because \"…\"`");
        }
        self.check_domain(cx, &codec, &fields, &leaves)?;
        let mut line = Line {
            scope: cx.scope,
            arrow: map.arrow,
            guards: cx.guards.clone(),
            fields,
            list,
            anchor,
            leaves,
            codec,
            spread: if spread == Spread::Cells && anchor == cx.slot { Spread::Within } else { spread },
            derived: None,
            position: false,
            default: None,
            always: false,
            empty: false,
            sparse: cx.sparse,
            reference: None,
            source: cx.source(&cx.rule),
        };
        for flag in &map.flags {
            self.flag(cx, flag, &mut line)?;
        }
        self.add_line(line);
        Ok(())
    }

    fn flag(&mut self, cx: &Context<'_>, flag: &Spanned<Flag>, line: &mut Line) -> Outcome<()> {
        match &flag.is {
            Flag::Derived(_) | Flag::Position | Flag::Default(_) if cx.sparse_block => {
                return self.refuse_hint(
                    cx,
                    &flag.at,
                    "nothing is derived or defaulted in a sparse block",
                    "absent means unchanged there; leave it out",
                );
            }
            Flag::Derived(None) => {
                return self.refuse(cx, &flag.at, "say how it is derived: `derived count(list)`");
            }
            Flag::Derived(Some((how, of))) => {
                line.derived = Some(Derived { how: *how, of: self.in_document(cx, of)? });
            }
            Flag::Position => line.position = true,
            Flag::Default(value) => line.default = Some(value.as_str().into()),
            Flag::Ref(of) => line.reference = Some(self.referenced(cx, of)?),
            Flag::Slots(_) if line.spread != Spread::Slots => {
                return self.refuse_hint(
                    cx,
                    &flag.at,
                    "`slots` is for a list over several leaves",
                    "such as `street[] <=> @(line1, line2) slots(2)`",
                );
            }
            Flag::Only(name) if !self.plan.grammar.name().ends_with(name.as_str()) => return Err(Stop),
            Flag::Always => line.always = true,
            Flag::Empty => line.empty = true,
            Flag::Slots(_) | Flag::Only(_) | Flag::Wrapped | Flag::Optional => {}
        }
        Ok(())
    }

    /// The places between two slots.
    pub(super) fn chain(&self, from: SlotId, to: SlotId) -> Vec<PlaceId> {
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
