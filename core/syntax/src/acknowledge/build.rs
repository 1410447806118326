//! Trees of acknowledgements, their elements named by position.

use dragoman_tree::{Kind, Names, PlaceId, Span, Tree, TreeBuilder};

/// A value: the position of its data element, that of its component (0 for a simple data element), and itself.
pub(crate) type Value<'v> = (u32, u32, &'v str);

/// Builds one message.
#[derive(Debug)]
pub(crate) struct Builder {
    build: TreeBuilder<'static>,
    /// True where positions are named by two digits, as X12 does.
    padded: bool,
}

impl Builder {
    pub fn new(name: &str, padded: bool) -> Self {
        let mut made = Self { build: TreeBuilder::new("", 0, Names::default()), padded };
        made.open(Kind::Message, name);
        made
    }

    fn open(&mut self, kind: Kind, name: &str) {
        let name = self.build.names().intern(name);
        self.build.open(kind, name, PlaceId::NONE, Span::default());
    }

    fn name(&self, position: u32) -> String {
        if self.padded { format!("{position:02}") } else { position.to_string() }
    }

    fn leaf(&mut self, position: u32, value: &str) {
        let name = self.name(position);
        let name = self.build.names().intern(&name);
        let value = self.build.owned(value);
        self.build.leaf(Kind::Data, name, PlaceId::NONE, Span::default(), value);
    }

    /// Adds a segment with its values in order, empty ones left out.
    pub fn segment(&mut self, tag: &str, values: &[Value<'_>]) {
        self.open(Kind::Segment, tag);
        let filled: Vec<_> = values.iter().filter(|(.., value)| !value.is_empty()).collect();
        for element in filled.chunk_by(|one, next| one.0 == next.0) {
            let composite = element.first().filter(|(_, component, _)| *component > 0);
            if let Some((position, ..)) = composite {
                let name = self.name(*position);
                self.open(Kind::Composite, &name);
            }
            for (position, component, value) in element {
                self.leaf(if composite.is_some() { *component } else { *position }, value);
            }
            if composite.is_some() {
                self.build.close();
            }
        }
        self.build.close();
    }

    pub fn finish(self) -> Tree<'static> {
        self.build.finish()
    }
}
