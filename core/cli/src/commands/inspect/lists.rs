//! What the codes of a customs service or a platform mean: looked up in the code lists that its adapter names.

use std::sync::Arc;

use dragoman_adapters::{Catalogue, CatalogueError};
use dragoman_model::CodeList;
use dragoman_tree::{NodeId, Tree};

/// Code lists, each with the elements whose values are looked up in it.
#[derive(Debug, Default)]
pub struct Lists {
    lists: Vec<(Arc<CodeList>, Vec<String>)>,
}

impl Lists {
    /// Those of the adapter of a message.
    pub fn of(catalogue: &Catalogue, message: &str) -> Result<Self, CatalogueError> {
        let adapter = message.split_once('/').map_or("", |(adapter, _)| adapter);
        let adapter = catalogue.adapters().iter().find(|known| known.name == adapter);
        let named = adapter.into_iter().flat_map(|adapter| &adapter.lists);
        let lists = named.map(|(name, elements)| Ok((catalogue.list(name)?, elements.clone())));
        Ok(Self { lists: lists.collect::<Result<_, CatalogueError>>()? })
    }

    /// What the value of a node means.
    pub fn meaning(&self, tree: &Tree<'_>, node: NodeId) -> Option<String> {
        let value = tree.value(node)?.trim();
        let (name, around) = (tree.name(node), tree.name(tree.node(node).parent));
        let is_one = |element: &String| match element.split_once('/') {
            None => is_called(name, element),
            Some((outer, inner)) => is_called(around, outer) && is_called(name, inner),
        };
        let (list, _) = self.lists.iter().find(|(_, elements)| elements.iter().any(is_one))?;
        list.get(value).or_else(|| list.beginning(value)).map(|row| row.name.to_owned())
    }
}

/// True for the name itself, and for one that begins with what stands before a `*`.
fn is_called(name: &str, wanted: &str) -> bool {
    wanted.strip_suffix('*').map_or(name == wanted, |start| name.starts_with(start))
}
