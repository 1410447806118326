//! What writing needs to know of the trie: which slots can come to life.

use dragoman_tree::{Kind, PlaceId};

use super::Lowering;
use crate::codec::Codec;
use crate::language::ast::Arrow;
use crate::plan::{
    Condition, Index, Line, LineId, Plan, Scope, ScopeId, Select, Selector, Slot, SlotId, Spread, Stand,
};

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
            let bare = self.is_bare(id);
            let slot = self.slot_mut(id);
            (slot.writes, slot.bare) = (writes, bare);
        }
    }

    /// True where writing finds nothing to do in a slot by itself. Those below are marked.
    fn is_bare(&self, id: SlotId) -> bool {
        let slot = self.plan.slot(id);
        let place = self.plan.grammar.place(slot.place);
        // A segment may be demanded with nothing in it.
        let stands = slot.literal.is_some() || place.kind == Kind::Segment;
        let lists = slot.entries.is_some() || !slot.joined.is_empty() || !slot.wraps.is_empty();
        let own = slot.spread.is_some() || slot.extension.is_some() || !slot.objects.is_empty();
        let reads = |line: &LineId| self.plan.line(*line).arrow == Arrow::Read;
        let below = |child: &SlotId| {
            let child = self.plan.slot(*child);
            child.bare || !child.writes || child.ignored.is_some()
        };
        !(stands || lists || own) && slot.lines.iter().all(reads) && slot.children.iter().all(below)
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
