//! Trees of acknowledgements, their elements named by position.

use dragoman_tree::{Kind, Names, PlaceId, Span, Tree, TreeBuilder};

/// The most that a copy of a bad value holds (AK404).
const COPY: usize = 99;

/// Builds one message.
#[derive(Debug)]
pub(super) struct Builder {
    build: TreeBuilder<'static>,
}

impl Builder {
    pub fn new(name: &str) -> Self {
        let mut made = Self { build: TreeBuilder::new("", 0, Names::default()) };
        made.open(Kind::Message, name);
        made
    }

    fn open(&mut self, kind: Kind, name: &str) {
        let name = self.build.names().intern(name);
        self.build.open(kind, name, PlaceId::NONE, Span::default());
    }

    fn leaf(&mut self, position: u32, value: &str) {
        if !value.is_empty() {
            let name = self.build.names().intern(&format!("{position:02}"));
            let value = self.build.owned(value);
            self.build.leaf(Kind::Data, name, PlaceId::NONE, Span::default(), value);
        }
    }

    /// Adds a segment with its elements, empty ones left out.
    pub fn segment(&mut self, tag: &str, elements: &[(u32, &str)]) {
        self.open(Kind::Segment, tag);
        for (position, value) in elements {
            self.leaf(*position, value);
        }
        self.build.close();
    }

    /// Adds the error of an element: where it is, what is wrong, and a copy of it.
    pub fn element(
        &mut self,
        tag: &str,
        (element, component, repetition): (u32, Option<u32>, Option<u32>),
        code: &str,
        value: Option<&str>,
    ) {
        self.open(Kind::Segment, tag);
        self.open(Kind::Composite, "01");
        self.leaf(1, &element.to_string());
        for (position, number) in [(2, component), (3, repetition)] {
            self.leaf(position, &number.map(|number| number.to_string()).unwrap_or_default());
        }
        self.build.close();
        self.leaf(3, code);
        let copy: String = value.unwrap_or_default().chars().filter(|c| !c.is_control()).take(COPY).collect();
        self.leaf(4, &copy);
        self.build.close();
    }

    pub fn finish(self) -> Tree<'static> {
        self.build.finish()
    }
}
