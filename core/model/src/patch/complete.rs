//! Completing a document: what it lacks is put in, what it has stays.

use dragoman_tree::{Kind, NodeId};

use super::Scalar;
use super::branch::Branch;
use crate::Document;
use crate::document::steps;

/// A document that is being completed.
#[derive(Debug)]
pub struct Completion(Branch);

impl Completion {
    /// Begins with a document.
    pub fn of(document: &Document<'_>) -> Self {
        Self(Branch::of(document, NodeId::ROOT))
    }

    /// Puts a value where none stands. False where the model has no such place.
    pub fn state(&mut self, path: &str, value: &str) -> bool {
        let Some(at) = self.way(path) else { return false };
        if at.is_empty() {
            at.set(&Scalar { kind: Kind::String, text: value.into() });
        }
        true
    }

    /// Puts in what stands at a node of another document: a value where none is, of an object the members that are
    /// not there, a list where there is none. False where the model has no such place.
    pub fn adopt(&mut self, path: &str, from: &Document<'_>, node: NodeId) -> bool {
        let given = Branch::of(from, node);
        let Some(at) = self.way(path) else { return false };
        at.merge(&given);
        true
    }

    /// What it is now.
    pub fn document(&self) -> Document<'static> {
        self.0.document()
    }

    /// The node at a path, made where it is not there.
    fn way(&mut self, path: &str) -> Option<&mut Branch> {
        let mut at = &mut self.0;
        for step in steps(path)? {
            at = match at.position(&step) {
                Some(index) => at.children.get_mut(index)?,
                None => at.create(&step)?,
            };
        }
        Some(at)
    }
}

impl Branch {
    fn is_empty(&self) -> bool {
        self.value.is_none() && self.children.is_empty()
    }

    pub(super) fn merge(&mut self, given: &Self) {
        if let Some(text) = &given.value {
            if self.is_empty() {
                self.set(&Scalar { kind: given.kind, text: text.clone() });
            }
            return;
        }
        if self.value.is_some() {
            return;
        }
        let known: Vec<String> = self.children.iter().map(|child| child.name.clone()).collect();
        for child in &given.children {
            let is_known = known.contains(&child.name);
            let own = self.children.iter_mut().find(|own| own.name == child.name && !own.repeats);
            match own {
                Some(own) if is_known && !child.repeats => own.merge(child),
                _ if is_known => {}
                _ => self.children.extend(child.below(self.place)),
            }
        }
    }
}
