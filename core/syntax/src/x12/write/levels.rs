//! The numbers of hierarchical levels: HL01, and HL02, which names the level around.
//!
//! Where a transaction set leaves out a number, it is made, like a count: the smallest that no level of the set states.
//! What is stated stays.

use std::collections::BTreeSet;

use dragoman_tree::{Kind, NodeId, Tree};
use rustc_hash::FxHashMap;

/// The numbers that are made for the levels of one transaction set.
#[derive(Debug, Default)]
pub(super) struct Levels {
    made: FxHashMap<NodeId, Made>,
}

/// The elements of one level that are missing.
#[derive(Clone, Debug, Default)]
struct Made {
    own: Option<String>,
    around: Option<String>,
}

impl Levels {
    /// What is missing in a transaction set; nothing, where all its levels are numbered.
    pub fn of(tree: &Tree<'_>) -> Self {
        let is_level = |id: &NodeId| tree.node(*id).kind == Kind::Segment && tree.name(*id) == "HL";
        let levels: Vec<NodeId> = tree.ids().filter(is_level).collect();
        let stated = |level: NodeId, element: &str| {
            tree.child(level, element).and_then(|node| tree.value(node)).filter(|value| !value.is_empty())
        };
        if levels.iter().all(|level| stated(*level, "01").is_some()) {
            return Self::default();
        }
        let taken: BTreeSet<&str> = levels.iter().filter_map(|level| stated(*level, "01")).collect();
        let mut free = (1u32..).map(|number| number.to_string()).filter(|number| !taken.contains(&**number));
        let mut numbers: FxHashMap<NodeId, String> = FxHashMap::default();
        let mut made = FxHashMap::default();
        for level in levels {
            let own = if stated(level, "01").is_none() { free.next() } else { None };
            let number = own.as_deref().or_else(|| stated(level, "01")).unwrap_or_default().to_owned();
            let group = tree.node(level).parent;
            let around = numbers.get(&tree.node(group).parent).cloned();
            numbers.insert(group, number);
            let around = around.filter(|_| stated(level, "02").is_none());
            made.insert(level, Made { own, around });
        }
        Self { made }
    }

    /// The numbers that a level lacks, with their positions.
    pub fn missing(&self, level: NodeId) -> impl Iterator<Item = (u32, &str)> {
        let made = self.made.get(&level);
        let own = made.and_then(|made| made.own.as_deref()).map(|own| (1, own));
        own.into_iter().chain(made.and_then(|made| made.around.as_deref()).map(|around| (2, around)))
    }
}
