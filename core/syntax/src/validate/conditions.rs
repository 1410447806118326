//! What holds of the elements of a segment together: syntax notes.

use dragoman_tree::{Finding, Kind, NodeId};

use super::{CONDITION, Checker};
use crate::grammar::{Condition, Relation};

impl Checker<'_, '_> {
    pub(super) fn conditions(&mut self, segment: NodeId) {
        if self.tree.node(segment).kind != Kind::Segment {
            return;
        }
        let Some(rules) = self.grammar.rules_of(self.tree.place(segment)) else { return };
        let filled: Vec<u16> = self
            .tree
            .children(segment)
            .filter(|child| self.tree.place(*child).is_known() && !self.is_empty_element(*child))
            .map(|child| self.grammar.place(self.tree.place(child)).position)
            .collect();
        for condition in &rules.conditions {
            if !condition.holds(|position| filled.contains(&position)) {
                let finding = Finding::error(&CONDITION, said(self.tree.name(segment), condition));
                self.add(finding, segment);
            }
        }
    }
}

fn said(tag: &str, condition: &Condition) -> String {
    let names: Vec<_> = condition.positions.iter().map(|position| format!("{tag}{position:02}")).collect();
    let first = names.first().map_or("", String::as_str);
    let (all, others) = (names.join(", "), names.get(1..).unwrap_or_default().join(", "));
    match condition.relation {
        Relation::Paired => format!("{all} stand together or not at all"),
        Relation::Required => format!("at least one of {all} is needed"),
        Relation::Exclusive => format!("only one of {all} may be there"),
        Relation::Conditional => format!("{first} needs {others}"),
        Relation::ListConditional => format!("{first} needs at least one of {others}"),
    }
}
