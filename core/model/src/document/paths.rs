//! The stable paths of nodes, one by one or many at once.

use std::cell::OnceCell;
use std::fmt::Write;

use dragoman_tree::{NodeId, PlaceId};
use rustc_hash::FxHashMap;

use super::Document;
use super::path::{is_key, quoted};

impl Document<'_> {
    /// The stable path of a node: `goods_items[sequence=2].origins[0].country`. An entry is addressed by its
    /// key where the list has one that is stated once, else by its index from 0. The root's is empty.
    ///
    /// It looks at the siblings of every entry on the way: for the paths of many nodes there is [`DocumentPaths`].
    pub fn path(&self, node: NodeId) -> String {
        self.written(node, &|entry| self.address(entry))
    }

    fn written(&self, node: NodeId, address: &dyn Fn(NodeId) -> Address) -> String {
        let mut path = String::with_capacity(48);
        self.write_path(node, address, &mut path);
        path
    }

    fn write_path(&self, node: NodeId, address: &dyn Fn(NodeId) -> Address, path: &mut String) {
        if node == NodeId::ROOT {
            return;
        }
        self.write_path(self.tree.node(node).parent, address, path);
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&quoted(self.tree.name(node)));
        if !self.tree.node(node).repeats {
            return;
        }
        let _ = match (address(node), self.key(node)) {
            (Address::Key, Some((key, value))) => {
                write!(path, "[{}={value}]", self.schema().name_of(key))
            }
            (Address::Index(index), _) => write!(path, "[{index}]"),
            (Address::Key, None) => Ok(()),
        };
    }

    /// The key of an entry, where it can stand in a path.
    fn key(&self, entry: NodeId) -> Option<(PlaceId, &str)> {
        let key = self.schema().get(self.tree.place(entry))?.key?;
        let value = self.tree.value(self.tree.child_at(entry, key)?).filter(|value| is_key(value))?;
        Some((key, value))
    }

    fn address(&self, entry: NodeId) -> Address {
        let place = self.tree.place(entry);
        let is_alone = |own| {
            let siblings = self.tree.children(self.tree.node(entry).parent);
            siblings.filter(|at| self.tree.place(*at) == place && self.key(*at) == Some(own)).nth(1).is_none()
        };
        match self.key(entry) {
            Some(own) if is_alone(own) => Address::Key,
            _ => Address::Index(self.tree.occurrence(entry) - 1),
        }
    }
}

/// How an entry is told from the others of its list.
#[derive(Clone, Copy, Debug)]
enum Address {
    /// By its key.
    Key,
    /// By its number, from 0.
    Index(usize),
}

/// The paths of many nodes of a document: each as [`Document::path`] gives it, without looking at all siblings again
/// for every node. They are looked at when the first path is asked for.
#[derive(Clone, Debug)]
pub struct DocumentPaths<'d, 'i> {
    document: &'d Document<'i>,
    addresses: OnceCell<Vec<Address>>,
}

impl<'d, 'i> DocumentPaths<'d, 'i> {
    /// The paths of a document.
    pub fn new(document: &'d Document<'i>) -> Self {
        Self { document, addresses: OnceCell::new() }
    }

    /// The path of a node.
    pub fn path(&self, node: NodeId) -> String {
        let addresses = self.addresses.get_or_init(|| addresses(self.document));
        let address = |entry: NodeId| addresses.get(entry.index()).copied().unwrap_or(Address::Index(0));
        self.document.written(node, &address)
    }
}

/// The address of each node among its siblings.
fn addresses(document: &Document<'_>) -> Vec<Address> {
    let tree = document.tree();
    let mut addresses = vec![Address::Index(0); tree.len()];
    let (mut names, mut keys) = (FxHashMap::default(), FxHashMap::default());
    for parent in tree.ids() {
        names.clear();
        keys.clear();
        for entry in tree.children(parent) {
            let count = names.entry(tree.node(entry).name).or_insert(0);
            if let Some(address) = addresses.get_mut(entry.index()) {
                *address = Address::Index(*count);
            }
            *count += 1;
            if let Some((_, value)) = document.key(entry) {
                let stated = keys.entry((tree.place(entry), value)).or_insert((entry, 0));
                stated.1 += 1;
            }
        }
        for (entry, _) in keys.values().filter(|(_, count)| *count == 1) {
            if let Some(address) = addresses.get_mut(entry.index()) {
                *address = Address::Key;
            }
        }
    }
    addresses
}
