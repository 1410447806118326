//! What a codec makes of the left side of its line, and whether that fits the field and the leaf.

use dragoman_tree::PlaceId;

use super::{Context, Lowering, Outcome};
use crate::codec::{Cells, Codec};
use crate::language::ast::CanonicalPath;
use crate::plan::Leaf;

impl Lowering<'_> {
    /// The leaves that a codec makes of the left side: `price` and `money` are `price.amount`, `price.currency`.
    pub(super) fn codec_fields(
        &mut self,
        cx: &Context<'_>,
        codec: &Codec,
        fields: &[PlaceId],
    ) -> Outcome<Vec<PlaceId>> {
        match (codec.members(), fields) {
            (Cells::Each, [only]) => self.text(cx, codec, *only),
            (Cells::Each, several) => Ok(several.to_vec()),
            (Cells::Members(names), [only]) => self.members(cx, codec, *only, names),
            (Cells::Sibling(suffix), [only]) => self.sibling(cx, codec, *only, suffix),
            _ => self.refuse(cx, &cx.rule, format!("{codec} makes one value, not several")),
        }
    }

    fn text(&mut self, cx: &Context<'_>, codec: &Codec, field: PlaceId) -> Outcome<Vec<PlaceId>> {
        if self.schema.children(field).next().is_none() {
            return Ok(vec![field]);
        }
        let path = self.schema.path(field);
        self.refuse_hint(
            cx,
            &cx.rule,
            format!("`{path}` is an object, and {codec} makes one text"),
            "give it a block, name the member, or use a codec such as `money` or `measure`",
        )
    }

    fn members(
        &mut self,
        cx: &Context<'_>,
        codec: &Codec,
        field: PlaceId,
        names: &[&str],
    ) -> Outcome<Vec<PlaceId>> {
        let found: Option<Vec<_>> = names.iter().map(|name| self.schema.child(field, name)).collect();
        if let Some(found) = found {
            return Ok(found);
        }
        let path = self.schema.path(field);
        self.refuse(cx, &cx.rule, format!("{codec} makes {}, which `{path}` lacks", names.join(", ")))
    }

    fn sibling(
        &mut self,
        cx: &Context<'_>,
        codec: &Codec,
        field: PlaceId,
        suffix: &str,
    ) -> Outcome<Vec<PlaceId>> {
        let parent = self.schema.get(field).map(|found| found.parent);
        let name = format!("{}{suffix}", self.schema.name_of(field));
        match parent.and_then(|parent| self.schema.child(parent, &name)) {
            Some(sibling) => Ok(vec![field, sibling]),
            None => {
                let path = self.schema.path(field);
                self.refuse(cx, &cx.rule, format!("`{path}` is no date and time, which {codec} makes"))
            }
        }
    }

    /// The codec must make what the field holds, and fit the leaf.
    pub(super) fn check_domain(
        &mut self,
        cx: &Context<'_>,
        codec: &Codec,
        fields: &[PlaceId],
        leaves: &[Leaf],
    ) -> Outcome<()> {
        let unfit = fields.first().copied().filter(|field| !codec.fits(self.schema.type_of(*field)));
        if let Some(field) = unfit {
            let (path, ty) = (self.schema.path(field), self.schema.type_of(field));
            return self.refuse(
                cx,
                &cx.rule,
                format!("`{path}` is of type {ty}, which {codec} does not make"),
            );
        }
        let (Codec::Split(widths), Some(leaf)) = (codec, leaves.first()) else { return Ok(()) };
        let total: u32 = widths.iter().flatten().sum();
        let place = self.plan.slot(leaf.slot).place;
        match self.plan.grammar.facets_of(place).map(|facets| facets.max_length) {
            Some(max) if total > max => {
                let message = format!("the widths make {total} characters, and the leaf holds {max}");
                self.refuse(cx, &cx.rule, message)
            }
            _ => Ok(()),
        }
    }

    /// The list that a `ref` points into; it needs a key.
    pub(super) fn referenced(&mut self, cx: &Context<'_>, path: &CanonicalPath) -> Outcome<PlaceId> {
        let list = self.in_document(cx, path)?;
        if self.schema.get(list).is_some_and(|field| field.list && field.key.is_some()) {
            return Ok(list);
        }
        let message = format!("`{}` is no list with a key", self.schema.path(list));
        self.refuse_hint(cx, &path.at, message, "a reference names an entry by its key")
    }

    /// A canonical path as `derived` and `ref` use it: from the innermost object around the line that has it.
    pub(super) fn in_document(&mut self, cx: &Context<'_>, path: &CanonicalPath) -> Outcome<PlaceId> {
        let has = |place: &PlaceId| {
            path.names.iter().try_fold(*place, |at, name| self.schema.child(at, name)).is_some()
        };
        let field = self.schema.ancestry(cx.field).find(has);
        self.field(&Context { field: field.unwrap_or(cx.field), ..cx.clone() }, path)
    }
}
