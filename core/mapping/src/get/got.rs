//! What reading gives: the document, and what became of every node of the message.

use std::ops::AddAssign;

use dragoman_model::Document;
use dragoman_tree::{Finding, NodeId, Tree};
use serde::Serialize;

use crate::plan::SlotId;

/// What became of a node of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// No leaf: nothing to claim.
    Branch,
    /// Its value is in the document.
    Carried,
    /// It was compared with a constant, or reads as no value.
    Checked,
    /// Nothing of the mapping is about it, or what is could not take it.
    Residue,
    /// It is ignored, and the mapping says why.
    Reported,
}

/// How many leaves ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All of them.
    pub leaves: usize,
    /// Carried across.
    pub carried: usize,
    /// Compared with a constant or a derived value.
    pub checked: usize,
    /// Kept beside the document.
    pub residue: usize,
    /// Ignored with a reason, or lost.
    pub reported: usize,
}

impl Counts {
    /// True where the four kinds make the whole.
    pub fn add_up(&self) -> bool {
        self.leaves == self.carried + self.checked + self.residue + self.reported
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.leaves += other.leaves;
        self.carried += other.carried;
        self.checked += other.checked;
        self.residue += other.residue;
        self.reported += other.reported;
    }
}

/// What reading gives.
#[derive(Clone, Debug)]
pub struct Got<'i> {
    /// The canonical document; the origin of its leaves are nodes of the message.
    pub document: Document<'i>,
    /// For each node of the message what became of it.
    pub claims: Vec<Claim>,
    /// For each node of the message the document's node that carries it both ways; the root stands for none.
    pub carriers: Vec<NodeId>,
    /// For each node of the message its slot in the plan.
    pub(crate) slots: Vec<SlotId>,
    /// For each choice of the plan the arm last taken: which alternative the message uses.
    pub(crate) arms: Vec<Option<u8>>,
    /// What is worth saying.
    pub findings: Vec<Finding>,
}

impl Got<'_> {
    /// The counts of the message's leaves.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for claim in &self.claims {
            let kind = match claim {
                Claim::Branch => continue,
                Claim::Carried => &mut counts.carried,
                Claim::Checked => &mut counts.checked,
                Claim::Residue => &mut counts.residue,
                Claim::Reported => &mut counts.reported,
            };
            *kind += 1;
            counts.leaves += 1;
        }
        counts
    }

    /// True where all that stands in a node is ignored, with the mapping's reason.
    pub fn ignores(&self, tree: &Tree<'_>, node: NodeId) -> bool {
        let mut leaves = tree.subtree(node).filter(|at| tree.is_leaf(*at));
        leaves.all(|leaf| self.claims.get(leaf.index()) == Some(&Claim::Reported))
    }

    /// The leaves that are not in the document.
    pub fn residue(&self) -> impl Iterator<Item = NodeId> + '_ {
        let all = self.claims.iter().enumerate();
        all.filter(|(_, claim)| **claim == Claim::Residue).map(|(at, _)| NodeId(at as u32))
    }
}
