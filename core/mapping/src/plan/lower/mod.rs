//! The syntax tree of a mapping to a [`Plan`]: parts are expanded where they are used, every path is resolved.

mod alternatives;
mod check;
mod constant;
mod context;
mod domain;
mod extension;
mod field;
mod group;
mod lines;
mod list;
mod looks;
mod map;
mod part;
mod resolve;
mod shape;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use context::{Context, Outcome, Stop};
use dragoman_model::Schema;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::PlaceId;

use super::{
    Choice, ChoiceId, Fixed, Index, Line, LineId, Plan, Scope, ScopeId, Select, Slot, SlotId, Source, Spread,
    Stand,
};
use crate::language::LoadError;
use crate::language::ast::{File, Rule, RuleKind};

/// What the loader hands to the compiler besides the file.
pub(crate) struct Library<'l> {
    /// Mappings by name, for `use FILE:part`.
    pub files: &'l dyn Fn(&str) -> Option<Arc<File>>,
    /// Code tables by name.
    pub tables: &'l dyn Fn(&str) -> Option<Arc<crate::codec::Table>>,
}

/// The result: a plan, and which rules found no place in this grammar.
pub(crate) struct Lowered {
    /// The plan, usable where there are no errors.
    pub plan: Plan,
    /// Everything that is wrong.
    pub errors: Vec<LoadError>,
    /// Rules that fitted at least one use.
    pub fitted: HashSet<(String, usize)>,
    /// Rules that fitted no use so far, each with what it would be refused with.
    pub inert: HashMap<(String, usize), LoadError>,
}

/// The compiler's state.
struct Lowering<'l> {
    pub schema: &'static Schema,
    pub library: &'l Library<'l>,
    pub plan: Plan,
    pub errors: Vec<LoadError>,
    fitted: HashSet<(String, usize)>,
    inert: HashMap<(String, usize), LoadError>,
}

/// Compiles a mapping for one of its grammars.
pub(crate) fn lower(file: &File, grammar: Arc<Grammar>, model: PlaceId, library: &Library<'_>) -> Lowered {
    let schema = Schema::standard();
    let end = schema.get(model).map_or(model, |field| field.end);
    let name: Arc<str> = file.name.is.as_str().into();
    let document = Scope {
        parent: ScopeId::DOCUMENT,
        place: model,
        end,
        slot: SlotId::ROOT,
        stand: Stand::Document,
        key: None,
        group: None,
        // Every document says which it is.
        fixed: schema
            .child(model, "type")
            .map(|place| Fixed { place, value: schema.name_of(model).into(), within: model })
            .into_iter()
            .collect(),
        guards: Vec::new(),
        wrapped: false,
        source: Source { file: name.clone(), at: file.name.at.clone(), line: 1 },
    };
    let mut first_slot = vec![SlotId::NONE; grammar.len()];
    if let Some(root) = first_slot.first_mut() {
        *root = SlotId::ROOT;
    }
    let plan = Plan {
        slots: vec![Slot::new(Grammar::ROOT, Select::Any, SlotId::NONE)],
        grammar,
        scopes: vec![document],
        lines: Vec::new(),
        choices: Vec::new(),
        sums: Vec::new(),
        extensions: Vec::new(),
        first_slot,
        index: Index::default(),
    };
    let mut lowering =
        Lowering { schema, library, plan, errors: Vec::new(), fitted: HashSet::new(), inert: HashMap::new() };
    let context = Context {
        file,
        name,
        rule: file.name.at.clone(),
        line: 1,
        scope: ScopeId::DOCUMENT,
        field: model,
        slot: SlotId::ROOT,
        guards: Vec::new(),
        sparse: false,
        sparse_block: false,
        parameter: None,
        uses: Vec::new(),
    };
    lowering.block(&context, &file.rules);
    lowering.section_controls(&context);
    lowering.mark_writing();
    lowering.index();
    lowering.check();
    let Lowering { plan, errors, fitted, inert, .. } = lowering;
    Lowered { plan, errors, fitted, inert }
}

impl Lowering<'_> {
    /// The rules of a block. A rule that fails does not stop the others, so that all errors are shown at once.
    fn block(&mut self, cx: &Context<'_>, rules: &[Rule]) {
        for rule in rules {
            let (at, name) = (rule.at.clone(), rule.file.clone());
            let cx = Context { rule: at, line: rule.line, name, ..cx.clone() };
            if self.rule(&cx, &rule.kind).is_ok() {
                self.fitted.insert((cx.name.to_string(), rule.at.start));
            }
        }
    }

    fn rule(&mut self, cx: &Context<'_>, kind: &RuleKind) -> Outcome<()> {
        match kind {
            RuleKind::Map(map) => self.map(cx, map),
            RuleKind::Const { path, value, keep } => self.constant(cx, path, value, *keep),
            RuleKind::Fixed { path, value } => self.fixed(cx, path, &value.is),
            RuleKind::Choose(choose) => self.choose(cx, choose),
            RuleKind::Use(used) => self.used(cx, used),
            RuleKind::Ignore { path, why } => {
                let slot = self.slot(cx, path, true)?;
                self.slot_mut(slot).ignored = Some(why.is.as_str().into());
                Ok(())
            }
            RuleKind::Check(check) => self.sum(cx, check),
            RuleKind::Drop(_) => self.refuse_hint(
                cx,
                &cx.rule,
                "`drop` takes a line away from a base mapping, and this file has none",
                "overlays begin with `base NAME`",
            ),
        }
    }

    /// Adds a line to the plan and to its slots.
    fn add_line(&mut self, line: Line) -> LineId {
        let id = self.plan.lines.len() as LineId;
        self.slot_mut(line.anchor).lines.push(id);
        if matches!(line.spread, Spread::Cells | Spread::Chains) {
            self.slot_mut(line.anchor).spread = Some(id);
        }
        for leaf in line.leaves.iter().filter(|leaf| leaf.slot != SlotId::NONE) {
            self.slot_mut(leaf.slot).leaf_of.push(id);
        }
        self.plan.lines.push(line);
        id
    }

    /// Adds a choice to the plan and to its slot.
    fn add_choice(&mut self, choice: Choice) -> ChoiceId {
        let id = self.plan.choices.len() as ChoiceId;
        self.slot_mut(choice.slot).choices.push(id);
        self.plan.choices.push(choice);
        id
    }
}
