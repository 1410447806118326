//! What a mapping binds to what: its lines as pairs of canonical and wire places, for reference pages and checks.

use dragoman_syntax::grammar::Grammar;
use dragoman_tree::PlaceId;

use crate::load::Mapping;
use crate::plan::{Plan, SlotId};

/// One line of a mapping at one of its uses, or a list or object with its element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The canonical places; none of a constant.
    pub canonical: Vec<PlaceId>,
    /// The places of the wire, where the line binds any that it also writes.
    pub wire: Vec<PlaceId>,
    /// The line in its file, from 1; none of an object, and of a constant that selects.
    pub line: Option<u32>,
}

impl Mapping {
    /// What the lines bind in a grammar of this mapping; nothing for any other grammar.
    pub fn bindings(&self, grammar: &Grammar) -> Vec<Binding> {
        let plan = self.plans.iter().find(|plan| plan.grammar.name() == grammar.name());
        plan.map(of).unwrap_or_default()
    }
}

fn of(plan: &Plan) -> Vec<Binding> {
    let place = |slot: SlotId| (slot != SlotId::NONE).then(|| plan.slot(slot).place);
    let lines = plan.lines.iter().map(|line| Binding {
        canonical: line.list.into_iter().chain(line.fields.iter().copied()).collect(),
        wire: line.leaves.iter().filter_map(|leaf| place(leaf.slot)).collect(),
        line: Some(line.source.line),
    });
    let lists = plan.scopes.iter().skip(1).map(|scope| Binding {
        canonical: vec![scope.place],
        wire: place(scope.slot).into_iter().collect(),
        line: Some(scope.source.line),
    });
    let objects = plan.slots.iter().flat_map(|slot| {
        let bound = |place| Binding { canonical: vec![place], wire: vec![slot.place], line: None };
        slot.objects.iter().map(move |object| bound(object.place))
    });
    let constants = plan.slots.iter().filter_map(|slot| {
        let literal = slot.literal.as_ref()?;
        let line = (!literal.selects).then_some(literal.source.line);
        Some(Binding { canonical: Vec::new(), wire: vec![slot.place], line })
    });
    lines.chain(lists).chain(objects).chain(constants).collect()
}
