//! What writing needs to know of the trie: which slots can come to life.

use dragoman_tree::{Kind, PlaceId};

use super::Lowering;
use crate::codec::Codec;
use crate::language::ast::Arrow;
use crate::plan::{
    Condition, Index, Line, LineId, Plan, Scope, ScopeId, Select, Selector, Slot, SlotId, Spread, Stand,
};

/// Where a slot is written from more than this, to look for all of it takes longer than to write the slot.
const INPUTS: usize = 64;

impl Lowering<'_> {
    /// Marks the slots that take part in writing: those with a line, a constant or an object, and those above.
    pub(super) fn mark_writing(&mut self) {
        for number in (0..self.plan.slots.len() as u32).rev() {
            let id = SlotId(number);
            let slot = self.plan.slot(id);
            let written = slot.leaf_of.iter().any(|line| self.plan.line(*line).arrow != Arrow::Read);
            let stands = slot.entries.is_some()
                || !slot.joined.is_empty()
                || !slot.objects.is_empty()
                || slot.extension.is_some();
            let below = slot.children.iter().any(|child| self.plan.slot(*child).writes);
            let writes = written || stands || below || slot.literal.is_some();
            let inputs = self.inputs(id);
            let slot = self.slot_mut(id);
            (slot.writes, slot.inputs) = (writes, inputs.map(Vec::into_boxed_slice));
        }
    }

    /// All that a slot and those below are written from; `None` where something of them is written whatever there is.
    /// Those below are marked.
    fn inputs(&self, id: SlotId) -> Option<Vec<(ScopeId, PlaceId)>> {
        let slot = self.plan.slot(id);
        // A segment may be demanded with nothing in it, and so may an element.
        let stands = slot.literal.is_some()
            || self.plan.grammar.place(slot.place).kind == Kind::Segment
            || self.plan.stands_empty(slot.place);
        let lists = slot.entries.is_some() || !slot.joined.is_empty() || !slot.wraps.is_empty();
        let own = slot.spread.is_some() || slot.extension.is_some() || !slot.objects.is_empty();
        if stands || lists || own {
            return None;
        }
        let mut inputs = Vec::new();
        for line in slot.lines.iter().map(|line| self.plan.line(*line)) {
            let is_plain = line.spread == Spread::Once && !matches!(line.codec, Codec::Arms(_));
            let is_implied = line.derived.is_some() || line.position || line.default.is_some();
            match line.arrow {
                Arrow::Read => {}
                _ if is_plain && !is_implied => {
                    inputs.extend(line.fields.iter().map(|field| (line.scope, *field)));
                }
                _ => return None,
            }
        }
        for child in slot.children.iter().map(|child| self.plan.slot(*child)) {
            if child.writes && child.ignored.is_none() {
                inputs.extend_from_slice(child.inputs.as_deref()?);
            }
        }
        (inputs.len() <= INPUTS).then_some(inputs)
    }

    /// Finds once what is looked up for every message.
    pub(super) fn index(&mut self) {
        for number in 0..self.plan.slots.len() as u32 {
            let only = only_line(self.plan.slot(SlotId(number)));
            self.slot_mut(SlotId(number)).only = only;
        }
        let plan = &self.plan;
        let lines = |of: &dyn Fn(&Line) -> bool| {
            plan.lines.iter().enumerate().filter(|(_, line)| of(line)).map(|(id, _)| id as LineId).collect()
        };
        let late = |scope: &Scope| scope.fixed.iter().any(|fixed| fixed.within != scope.place);
        let shares = |at: usize| {
            let same = |other: &&Scope| {
                plan.scopes.get(at).is_some_and(|own| (own.parent, own.place) == (other.parent, other.place))
            };
            plan.scopes.iter().filter(same).count() > 1
        };
        self.plan.index = Index {
            ranks: (0..plan.scopes.len()).map(|at| if shares(at) { at as u32 } else { 0 }).collect(),
            derived: lines(&|line| line.derived.is_some()),
            references: lines(&|line| line.reference.is_some()),
            watched: plan.choices.iter().filter_map(|choice| choice.field).collect(),
            fixes_objects: plan.scopes.iter().any(late),
            inner: (0..plan.scopes.len() as u16).map(|id| inner(plan, ScopeId(id))).collect(),
            fields: fields(plan),
            tables: (0..plan.scopes.len() as u16)
                .map(|id| lines(&|line| line.scope.0 == id && matches!(line.codec, Codec::Table(_))))
                .collect(),
            reads: (0..plan.scopes.len() as u16)
                .map(|id| lines(&|line| line.scope.0 == id && line.arrow == Arrow::Read))
                .collect(),
            selectors: (0..plan.scopes.len() as u16).map(|id| self.selectors(ScopeId(id))).collect(),
        };
    }

    /// The lines of a scope that write what its element and the siblings of its place are selected by.
    fn selectors(&self, id: ScopeId) -> Vec<Selector> {
        let plan = &self.plan;
        let scope = plan.scope(id);
        let slot = plan.slot(scope.slot);
        if scope.stand != Stand::Each || matches!(slot.select, Select::Any) {
            return Vec::new();
        }
        let mut selectors: Vec<Selector> = Vec::new();
        for sibling in plan.slots_of(slot.place).map(|sibling| plan.slot(sibling)) {
            let Select::Where(conditions) = &sibling.select else { continue };
            for Condition { path, .. } in conditions.iter().filter(|_| sibling.parent == slot.parent) {
                let known = selectors.iter().any(|selector| selector.path == *path);
                let line = self.slot_below(scope.slot, path).and_then(|leaf| self.writer(leaf, id));
                if let Some(line) = line.filter(|_| !known) {
                    selectors.push(Selector { path: path.clone(), line });
                }
            }
        }
        selectors
    }

    fn writer(&self, leaf: SlotId, scope: ScopeId) -> Option<LineId> {
        let lines = self.plan.slot(leaf).leaf_of.iter().copied();
        lines.into_iter().find(|line| {
            let line = self.plan.line(*line);
            line.scope == scope && line.arrow != Arrow::Read && line.spread == Spread::Once
        })
    }
}

/// The line of a slot that is nothing but a leaf.
fn only_line(slot: &Slot) -> Option<LineId> {
    let [line] = slot.lines.as_slice() else { return None };
    let lists = slot.entries.is_some() || !slot.joined.is_empty() || !slot.wraps.is_empty();
    let more = !slot.choices.is_empty() || !slot.objects.is_empty() || slot.literal.is_some();
    (!lists && !more && slot.ignored.is_none()).then_some(*line)
}

/// The scopes in a scope.
fn inner(plan: &Plan, parent: ScopeId) -> Vec<ScopeId> {
    let below = (1..plan.scopes.len() as u16).map(ScopeId);
    below.filter(|id| plan.scope(*id).parent == parent).collect()
}

/// All fields of lines, sorted.
fn fields(plan: &Plan) -> Vec<PlaceId> {
    let mut fields: Vec<_> = plan.lines.iter().flat_map(|line| line.fields.iter().copied()).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}
