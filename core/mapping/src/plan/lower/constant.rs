//! Rules without a codec: `const`, `fixed`, `check`.

use dragoman_syntax::grammar::{Grammar, Syntax};

use super::{Context, Lowering, Outcome};
use crate::language::ast::{self, CanonicalPath, WirePath};
use crate::plan::{Fixed, Literal, ScopeId, Slot, SlotId, Stand, Sum};

impl Lowering<'_> {
    pub(super) fn constant(
        &mut self,
        cx: &Context<'_>,
        path: &WirePath,
        value: &ast::Spanned<String>,
        keep: bool,
    ) -> Outcome<()> {
        let slot = self.slot(cx, path, false)?;
        let family = cx.name.split('/').next().unwrap_or_default().replace('-', "_");
        let leaf = path.steps.last().map(|step| cx.expand(&step.name)).unwrap_or_default();
        let literal = Literal {
            value: value.is.as_str().into(),
            keep: keep.then(|| format!("{family}.{leaf}").into()),
            selects: false,
            guards: cx.guards.clone(),
            source: cx.source(&cx.rule),
        };
        if keep && cx.scope != ScopeId::DOCUMENT && self.plan.scope(cx.scope).stand == Stand::Each {
            let message =
                "the entries of a list would keep their other values in one extension of the document";
            return self.refuse_hint(cx, &path.at, message, "leave out `keep`, or map the leaf");
        }
        if self.plan.slot(slot).literal.as_ref().is_some_and(|known| !known.selects) {
            return self.refuse(cx, &path.at, "this leaf already has a constant");
        }
        let shares = |other: &Slot| {
            other.literal.as_ref().is_some_and(|other| other.keep.is_some() && other.keep == literal.keep)
        };
        if self.plan.slots.iter().any(shares) {
            let message = format!("two constants keep their other value as `extensions.{family}.{leaf}`");
            return self.refuse_hint(cx, &path.at, message, "leave out one `keep`, or map the leaf");
        }
        self.slot_mut(slot).literal = Some(literal);
        Ok(())
    }

    pub(super) fn fixed(&mut self, cx: &Context<'_>, path: &CanonicalPath, value: &str) -> Outcome<()> {
        let place = self.field(cx, path)?;
        let fixed = Fixed { place, value: value.into(), within: cx.field };
        #[expect(clippy::indexing_slicing, reason = "ids are indices that this plan gave out")]
        self.plan.scopes[cx.scope.index()].fixed.push(fixed);
        Ok(())
    }

    pub(super) fn sum(&mut self, cx: &Context<'_>, check: &ast::Check) -> Outcome<()> {
        let fields =
            [self.field(cx, &check.left)?, self.field(cx, &check.right)?, self.field(cx, &check.result)?];
        let within = check.within.as_ref().map(|within| within.is.as_str().into());
        let sum = Sum { list: self.plan.scope(cx.scope).place, fields, operator: check.operator, within };
        // A part that several lines of one list use says it once.
        if !self.plan.sums.contains(&sum) {
            self.plan.sums.push(sum);
        }
        Ok(())
    }

    /// Section controls (UNS) are said by the grammar: nothing of a mapping is about them.
    pub(super) fn section_controls(&mut self, cx: &Context<'_>) {
        let grammar = self.plan.grammar.clone();
        let demanded = grammar.children(Grammar::ROOT).filter(|place| grammar.place(*place).min > 0);
        for segment in demanded.filter(|_| grammar.syntax == Syntax::Edifact) {
            for leaf in grammar.children(segment) {
                let Some(value) = grammar.place(leaf).fixed.clone() else { continue };
                let slot = self.chain_slot(SlotId::ROOT, &[segment, leaf]);
                let source = cx.source(&cx.rule);
                let literal = Literal { value, keep: None, selects: false, guards: Vec::new(), source };
                self.slot_mut(slot).literal.get_or_insert(literal);
            }
        }
    }
}
