//! What names stand for: the contexts of a text, as far as it brings them itself. Those that are kept elsewhere are not
//! fetched; the prefixes of the grammar hold there as everywhere.

use std::borrow::Cow;
use std::sync::Arc;

use dragoman_tree::{Kind, NodeId, Tree};
use rustc_hash::FxHashMap;

use crate::grammar::Linked;

/// The member that says what names stand for.
pub(super) const CONTEXT: &str = "@context";

/// So often a name may stand for a name that stands for another.
const STEPS: usize = 8;

/// What a term stands for.
#[derive(Clone, Debug)]
struct Term {
    /// An IRI, or a name that stands for one.
    iri: String,
    /// True where a text in its place names an object.
    names: bool,
}

/// What names stand for in an object and below it. What holds above is not copied: a text may begin contexts without end.
#[derive(Debug, Default)]
pub(super) struct Context {
    above: Option<Arc<Context>>,
    terms: FxHashMap<String, Term>,
    vocabulary: Option<Arc<str>>,
}

impl Context {
    /// What holds below an object that has contexts of its own. Gives those that are kept elsewhere.
    pub fn within<'t>(self: &Arc<Self>, tree: &'t Tree<'_>, object: NodeId) -> (Self, Vec<&'t str>) {
        let (above, vocabulary) = (Some(Arc::clone(self)), self.vocabulary.clone());
        let (mut context, mut elsewhere) = (Self { above, vocabulary, ..Self::default() }, Vec::new());
        for own in tree.children(object).filter(|child| tree.name(*child) == CONTEXT) {
            match tree.node(own).kind {
                Kind::Null => context = Self::default(),
                Kind::Object => context.define(tree, own),
                _ => elsewhere.extend(tree.value(own)),
            }
        }
        (context, elsewhere)
    }

    fn define(&mut self, tree: &Tree<'_>, own: NodeId) {
        for member in tree.children(own) {
            let (name, value) = (tree.name(member), tree.value(member));
            if name == "@vocab" {
                self.vocabulary = value.map(Arc::from);
            }
            if name.starts_with('@') {
                continue;
            }
            let term = match value {
                Some(iri) => Term { iri: iri.to_owned(), names: false },
                None => {
                    let text = |of| tree.child(member, of).and_then(|node| tree.value(node));
                    let names = matches!(text("@type"), Some("@id" | "@vocab"));
                    Term { iri: text("@id").unwrap_or(name).to_owned(), names }
                }
            };
            self.terms.insert(name.to_owned(), term);
        }
    }

    /// What a term stands for: here, else above.
    fn term(&self, name: &str) -> Option<&Term> {
        let all = std::iter::successors(Some(self), |context| context.above.as_deref());
        all.into_iter().find_map(|context| context.terms.get(name))
    }

    /// True where a text as the value of a member names an object.
    pub fn names(&self, member: &str) -> bool {
        self.term(member).is_some_and(|term| term.names)
    }

    /// What the name of a member or a type stands for.
    pub fn member<'n>(&self, name: &'n str, linked: &Linked) -> Cow<'n, str> {
        let expanded = self.expanded(Cow::Borrowed(name), linked, true);
        match &self.vocabulary {
            Some(vocabulary) if !expanded.contains(':') && !expanded.starts_with('@') => {
                Cow::Owned(format!("{vocabulary}{expanded}"))
            }
            _ => expanded,
        }
    }

    /// What an `@id` stands for.
    pub fn id<'n>(&self, id: &'n str, linked: &Linked) -> Cow<'n, str> {
        self.expanded(Cow::Borrowed(id), linked, false)
    }

    fn expanded<'n>(&self, name: Cow<'n, str>, linked: &Linked, is_term: bool) -> Cow<'n, str> {
        let mut name = name;
        for step in 0..STEPS {
            let whole = self.term(&name).filter(|term| (is_term || step > 0) && term.iri != *name);
            let next = match whole {
                Some(term) => term.iri.clone(),
                None => match self.prefixed(&name, linked) {
                    Some(next) => next,
                    None => return name,
                },
            };
            name = Cow::Owned(next);
        }
        name
    }

    fn prefixed(&self, name: &str, linked: &Linked) -> Option<String> {
        let (prefix, rest) = name.trim_start().split_once(':').filter(|(_, rest)| !rest.starts_with("//"))?;
        let own = self.term(prefix).map(|term| &*term.iri);
        own.or_else(|| linked.stands_for(prefix)).map(|iri| format!("{iri}{rest}"))
    }
}
