//! One slot after the other: elements are opened, filled, and taken back where nothing came of them.

use dragoman_tree::{Finding, Kind, NodeId, PlaceId, Span, Value};

use super::{Life, NO_FIRST, Pending, Use, Writing};
use crate::plan::{Literal, Plan, ScopeId, Select, Slot, SlotId};

impl<'w> Writing<'w, '_> {
    /// Writes the root, whatever there is to write.
    pub(super) fn root(&mut self) {
        let plan: &'w Plan = self.plan;
        let slot = plan.slot(SlotId::ROOT);
        self.open(slot.place, SlotId::ROOT);
        self.mark_fixed(ScopeId::DOCUMENT);
        self.join(slot);
        self.contents(SlotId::ROOT, slot);
        self.out.close();
    }

    pub(super) fn slot(&mut self, id: SlotId) -> Life {
        let plan: &'w Plan = self.plan;
        let slot = plan.slot(id);
        if !slot.writes || slot.ignored.is_some() || self.is_bare(id, slot) {
            return Life::Nothing;
        }
        if let Some(scope) = slot.entries {
            return self.entries(id, slot, scope);
        }
        if let Some(extension) = slot.extension.and_then(|id| plan.extensions.get(id as usize)) {
            return self.extension(id, slot, extension);
        }
        if let Some(line) = slot.spread {
            let life = self.spread(id, slot, line);
            if life == Life::Nothing && self.is_demanded(slot) {
                self.open(slot.place, id);
                self.out.close();
            }
            return life;
        }
        if self.cells.iter().any(|(waiting, _)| *waiting == id) {
            return self.repeated_leaf(id, slot);
        }
        self.single(id, slot)
    }

    /// True where there is nothing that a slot and those below could be written from.
    fn is_bare(&self, id: SlotId, slot: &Slot) -> bool {
        let is_there = |(scope, place): &(ScopeId, PlaceId)| self.node_at(*scope, *place).is_some();
        let inputs = slot.inputs.as_deref().filter(|_| !self.is_awaited(id));
        inputs.is_some_and(|inputs| !inputs.iter().any(is_there))
    }

    /// An element that occurs once.
    fn single(&mut self, id: SlotId, slot: &'w Slot) -> Life {
        if self.vacancies(slot) == 0 {
            return Life::Nothing;
        }
        self.join(slot);
        let before = self.before();
        self.open(slot.place, id);
        let life = self.contents(id, slot);
        let lacks = self.lacks(slot);
        self.out.close();
        let kept = match life {
            Life::Nothing => {
                self.is_demanded(slot) || (self.plan.stands_empty(slot.place) && !self.is_sparse())
            }
            Life::Document => true,
            Life::Constant => self.stands_alone(slot),
        };
        match lacks {
            Some(why) if life == Life::Document => self.give_up(before, &why),
            None if kept => return life,
            _ => self.take_back(before),
        }
        Life::Nothing
    }

    /// True where an element with nothing but constants may stand: it is mandatory, a leaf, or a part of a segment; but
    /// not where they only select it.
    fn stands_alone(&self, slot: &Slot) -> bool {
        let place = self.plan.grammar.place(slot.place);
        let selected = matches!(slot.select, Select::Where(_));
        slot.literal.is_some() || (!selected && (place.kind == Kind::Composite || place.min >= 1))
    }

    /// Makes the one entry current of each list that shares this element.
    fn join(&mut self, slot: &'w Slot) {
        for scope in &slot.joined {
            let entry = self.assigned.get(scope.index()).and_then(|entries| entries.first().copied());
            self.set_frame(*scope, entry);
        }
    }

    fn joined_entry(&mut self, scope: ScopeId) -> Life {
        let Some(entry) = self.frames.get(scope.index()).copied().flatten() else { return Life::Nothing };
        self.mark_fixed(scope);
        let empty = self.document.node(entry).end.0 == entry.0 + 1 && self.document.value(entry).is_none();
        if !empty {
            return Life::Nothing;
        }
        self.came_from(entry);
        Life::Document
    }

    /// The entries of a list, an element each.
    fn entries(&mut self, id: SlotId, slot: &'w Slot, scope: ScopeId) -> Life {
        let entries = match &self.plan.scope(scope).group {
            Some(group) => self.group_of(scope, group),
            None => self.assigned.get(scope.index()).cloned().unwrap_or_default(),
        };
        if entries.is_empty() {
            return self.no_entries(id, slot, scope);
        }
        if let Select::From(number) = slot.select
            && !self.check_first(slot, number, entries.first().copied())
            && self.is_strict()
        {
            let inside = entries.into_iter().flat_map(|entry| self.document.subtree(entry));
            for node in inside.filter(|node| self.document.is_leaf(*node)) {
                self.lose(node, "what stands before it is missing, and it would be taken for that");
            }
            return Life::Nothing;
        }
        let mut life = Life::Nothing;
        for (number, entry) in (1..).zip(entries).take(self.vacancies(slot)) {
            if let Some(position) = self.positions.get_mut(scope.index()) {
                *position = number;
            }
            life = life.max(self.entry(id, slot, scope, entry));
        }
        self.set_frame(scope, None);
        life
    }

    fn entry(&mut self, id: SlotId, slot: &'w Slot, scope: ScopeId, entry: NodeId) -> Life {
        self.set_frame(scope, Some(entry));
        self.join(slot);
        let before = self.before();
        self.open_from(slot.place, id, entry);
        self.mark_fixed(scope);
        self.mark_group(scope);
        let life = self.contents(id, slot);
        let lacks = self.lacks(slot);
        self.out.close();
        let is_cell = !matches!(self.plan.grammar.place(slot.place).kind, Kind::Segment | Kind::Group);
        let says_nothing =
            life < Life::Document && (is_cell || self.document.node(entry).end.0 > entry.0 + 1);
        match lacks {
            Some(why) => self.give_up(before, &why),
            None if self.is_strict() && says_nothing => self.take_back(before),
            None => return Life::Document,
        }
        Life::Nothing
    }

    /// An empty list that keeps its wrapper.
    fn no_entries(&mut self, id: SlotId, slot: &'w Slot, scope: ScopeId) -> Life {
        let Some(wrapper) = self.empty_list(scope).filter(|_| self.plan.grammar.place(slot.place).list)
        else {
            return Life::Nothing;
        };
        let node = self.open_from(slot.place, id, wrapper);
        self.out.node_mut(node).kind = Kind::Array;
        self.out.close();
        self.set_use(wrapper, Use::Carried);
        Life::Document
    }

    /// The document's node for an empty list that keeps its wrapper.
    fn empty_list(&self, scope: ScopeId) -> Option<NodeId> {
        let found = self.plan.scope(scope);
        let wrapper = self.node_at(found.parent, found.place).filter(|_| found.wrapped)?;
        (self.document.node(wrapper).kind == Kind::Array).then_some(wrapper)
    }

    /// `[2..]` without a first element would be read as the first; false where it is so.
    pub(super) fn check_first(&mut self, slot: &Slot, number: u32, entry: Option<NodeId>) -> bool {
        let parent = self.out.current().unwrap_or(NodeId::ROOT);
        let tree = self.out.tree();
        let inside = tree.ids().skip(parent.index() + 1).map(|node| tree.node(node));
        let before = inside.filter(|node| node.parent == parent && node.place == slot.place);
        if self.is_over || before.count() + 1 >= number as usize {
            return true;
        }
        let name = self.plan.grammar.name_of(slot.place);
        let message = format!("there is no {name} before number {number}");
        let path = entry.map(|entry| self.schema.path(self.document.place(entry)));
        let finding = Finding::error(&NO_FIRST, message);
        self.findings.push(Finding { path, ..finding });
        false
    }

    /// Everything inside an element that is open.
    pub(super) fn contents(&mut self, id: SlotId, slot: &'w Slot) -> Life {
        for line in &slot.lines {
            self.line(*line);
        }
        let mut life = self.own_value(id, slot);
        for scope in &slot.joined {
            life = life.max(self.joined_entry(*scope));
        }
        for object in &slot.objects {
            let node = self.node_at(object.scope, object.place);
            let empty = node.filter(|node| self.document.node(*node).end.0 == node.0 + 1);
            if let Some(empty) = empty.filter(|_| self.hold(&object.guards)) {
                life = Life::Document;
                self.came_from(empty);
            }
        }
        for scope in &slot.wraps {
            if let Some(wrapper) = self.empty_list(*scope) {
                self.set_use(wrapper, Use::Carried);
                self.came_from(wrapper);
                life = Life::Document;
            }
        }
        life.max(self.inside(slot))
    }

    /// The text of an element: what a line gives it, else its constant.
    fn own_value(&mut self, id: SlotId, slot: &'w Slot) -> Life {
        let node = self.out.current().unwrap_or(NodeId::ROOT);
        if let Some(pending) = self.taken(id) {
            self.fill(node, &pending);
            return if pending.soft { Life::Constant } else { Life::Document };
        }
        let Some(literal) = slot.literal.as_ref().filter(|literal| self.hold(&literal.guards)) else {
            return Life::Nothing;
        };
        let kept = self.kept(literal);
        let pending = match kept {
            Some(kept) => Pending {
                value: self.out.adopt(self.document, self.document.node(kept).value),
                from: kept,
                soft: false,
            },
            None => Pending { value: self.out.owned(&literal.value), from: NodeId::ROOT, soft: true },
        };
        self.fill(node, &pending);
        match kept {
            Some(kept) => {
                self.set_use(kept, Use::Carried);
                Life::Document
            }
            None => Life::Constant,
        }
    }

    /// The extension that holds what the message had instead of the constant.
    fn kept(&self, literal: &Literal) -> Option<NodeId> {
        let (family, name) = literal.keep.as_ref()?.split_once('.')?;
        let extensions = self.document.child(NodeId::ROOT, "extensions")?;
        self.document.child(self.document.child(extensions, family)?, name)
    }

    /// A leaf that repeats, for each cell that waits for it.
    fn repeated_leaf(&mut self, id: SlotId, slot: &'w Slot) -> Life {
        let mut own = Vec::new();
        self.cells.retain(|(waiting, pending)| {
            let mine = *waiting == id;
            if mine {
                own.push(pending.clone());
            }
            !mine
        });
        for pending in own {
            let node = self.open_from(slot.place, id, pending.from);
            self.fill(node, &pending);
            self.out.close();
        }
        Life::Document
    }

    /// Notes the document's node that the open element stands for.
    fn came_from(&mut self, from: NodeId) {
        let node = self.out.current().unwrap_or(NodeId::ROOT);
        if let Some(source) = self.sources.get_mut(node.index()) {
            *source = from;
        }
    }

    pub(super) fn fill(&mut self, node: NodeId, pending: &Pending) {
        self.out.node_mut(node).value = pending.value;
        if let Some(source) = self.sources.get_mut(node.index()) {
            *source = pending.from;
        }
    }

    pub(super) fn open(&mut self, place: PlaceId, slot: SlotId) -> NodeId {
        let grammar = &self.plan.grammar;
        let found = grammar.place(place);
        let node = self.out.open(found.kind, found.name, place, Span::default());
        self.out.node_mut(node).repeats = found.list;
        self.out.node_mut(node).value = Value::NONE;
        self.sources.push(NodeId::ROOT);
        self.slots.push(slot);
        node
    }

    pub(super) fn open_from(&mut self, place: PlaceId, slot: SlotId, from: NodeId) -> NodeId {
        let node = self.open(place, slot);
        if let Some(source) = self.sources.get_mut(node.index()) {
            *source = from;
        }
        node
    }
}
