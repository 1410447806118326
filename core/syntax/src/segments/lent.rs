//! The arena of a message, which the reader that lent it uses again.

use dragoman_tree::{Names, Tree, TreeBuilder};

/// An arena that goes back to the reader, where it has one.
#[derive(Debug)]
pub(crate) struct Lent<'i> {
    /// The tree.
    pub build: TreeBuilder<'i>,
    /// Where the arena goes.
    pub home: Option<&'i mut TreeBuilder<'static>>,
}

impl<'i> Lent<'i> {
    /// Takes the tree; nothing goes back.
    pub fn into_tree(mut self) -> Tree<'i> {
        std::mem::take(&mut self.build).finish()
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(home) = &mut self.home {
            **home = std::mem::take(&mut self.build).reuse("", 0, Names::default());
        }
    }
}
