//! The tree of a message of linked objects with the addresses that its objects have with us.

use dragoman_channel::{Objects, Values};
use dragoman_syntax::Limits;
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::json::{self, Style};
use dragoman_tree::{Kind, Names, NodeId, PlaceId, Span, Tree, TreeBuilder};

/// What an object is shown with.
pub(super) struct Writing<'w> {
    /// How the adapter has it.
    pub objects: &'w Objects,
    /// The address below which our objects are, without a slash at the end.
    pub base: String,
    /// The message.
    pub tree: &'w Tree<'w>,
    /// How often it was changed, and how often that was by now.
    pub revisions: (u32, u32),
    /// What embedded objects are shown as: whole, or by their addresses.
    pub embedded: bool,
}

/// An object of a message.
pub(super) struct Found {
    node: NodeId,
    /// Its type, as the message names it.
    pub kind: String,
}

impl Writing<'_> {
    /// The object of an id: that of the message, and behind a point where in it.
    pub fn find(&self, id: &str) -> Option<Found> {
        let (mut node, mut rest) = (NodeId::ROOT, id.split('.').skip(1));
        let found = loop {
            let Some(step) = rest.next() else { break node };
            node = self.tree.children(node).find(|child| self.step(*child) == step)?;
        };
        let kind = self.own(found)?.to_owned();
        Some(Found { node: found, kind })
    }

    /// Its JSON text.
    pub fn text(&self, found: &Found, id: &str) -> String {
        let mut build = TreeBuilder::new(self.tree.text(), self.tree.base(), Names::default());
        self.object(&mut build, found.node, id, true);
        json::write(&build.finish(), Style::Pretty)
    }

    /// The address of an object of that id.
    pub fn address(&self, id: &str) -> String {
        format!("{}/{}/{id}", self.base, self.objects.path)
    }

    /// The type of an object that has an address of its own.
    fn own(&self, node: NodeId) -> Option<&str> {
        let kind = self.tree.value(self.tree.child(node, "@type")?)?;
        self.objects.own.iter().any(|own| own == kind).then_some(kind)
    }

    /// Where something stands in its object: the member, and the how-manieth of its list.
    fn step(&self, node: NodeId) -> String {
        let name = self.tree.name(node);
        let name = name.rsplit(':').next().unwrap_or(name);
        if self.tree.node(node).repeats {
            format!("{name}-{}", self.tree.occurrence(node))
        } else {
            name.to_owned()
        }
    }

    fn object(&self, build: &mut TreeBuilder<'_>, node: NodeId, id: &str, is_top: bool) {
        let (tree, own) = (self.tree, self.own(node));
        self.open(build, node, is_top);
        if is_top && let Some(context) = tree.child(NodeId::ROOT, "@context") {
            self.copied(build, context, id);
        }
        if let Some(kind) = own {
            text(build, "@id", &self.address(id));
            text(build, "@type", kind);
        }
        if own.is_none() || is_top || self.embedded {
            for child in tree.children(node).filter(|child| !self.is_ours(own.is_some(), *child)) {
                self.copied(build, child, &format!("{id}.{}", self.step(child)));
            }
            if own.is_some() {
                self.revised(build);
                self.known_as(build, node);
            }
        }
        build.close();
    }

    /// True of what is said of an object with us in another way than by who sent it.
    fn is_ours(&self, is_own: bool, child: NodeId) -> bool {
        let name = self.tree.name(child);
        let counted = [&self.objects.revision, &self.objects.latest_revision];
        let is_counted = counted.into_iter().flatten().any(|member| member == name);
        name == "@context" || (is_own && (is_counted || matches!(name, "@id" | "@type")))
    }

    fn open(&self, build: &mut TreeBuilder<'_>, node: NodeId, is_top: bool) {
        let name = if is_top { "" } else { self.tree.name(node) };
        let name = build.names().intern(name);
        let opened = build.open(Kind::Object, name, PlaceId::NONE, Span::default());
        build.node_mut(opened).repeats = self.tree.node(node).repeats && !is_top;
    }

    fn copied(&self, build: &mut TreeBuilder<'_>, node: NodeId, id: &str) {
        let one = self.tree.node(node);
        if one.kind == Kind::Object {
            self.object(build, node, id, false);
            return;
        }
        let name = build.names().intern(self.tree.name(node));
        let value = self.tree.value(node).map_or(dragoman_tree::Value::NONE, |text| build.owned(text));
        let leaf = build.leaf(one.kind, name, PlaceId::NONE, Span::default(), value);
        build.node_mut(leaf).repeats = one.repeats;
    }

    fn revised(&self, build: &mut TreeBuilder<'_>) {
        let (own, latest) = self.revisions;
        for (member, number) in [(&self.objects.revision, own), (&self.objects.latest_revision, latest)] {
            let Some(member) = member else { continue };
            let (name, value) = (build.names().intern(member), build.owned(&number.to_string()));
            build.leaf(Kind::Number, name, PlaceId::NONE, Span::default(), value);
        }
    }

    /// What its sender knows it by.
    fn known_as(&self, build: &mut TreeBuilder<'_>, node: NodeId) {
        let number = self.tree.child(node, "@id").and_then(|id| self.tree.value(id)).map(str::trim);
        let (Some(known_as), Some(number)) = (&self.objects.known_as, number.filter(|one| !one.is_empty()))
        else {
            return;
        };
        let Ok(entry) = known_as.entry.text(&Values::new().with("object.number", number)) else { return };
        let read = json::read(entry.as_bytes(), None, Grammar::ROOT, &Limits::default()).tree;
        let name = build.names().intern(&known_as.member);
        let opened = build.open(Kind::Object, name, PlaceId::NONE, Span::default());
        build.node_mut(opened).repeats = true;
        for child in read.children(NodeId::ROOT) {
            if let Some(value) = read.value(child) {
                text(build, read.name(child), value);
            }
        }
        build.close();
    }
}

fn text(build: &mut TreeBuilder<'_>, name: &str, text: &str) {
    let (name, value) = (build.names().intern(name), build.owned(text));
    build.leaf(Kind::String, name, PlaceId::NONE, Span::default(), value);
}
