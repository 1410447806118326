//! Where a rule stands when it is compiled, and how it is refused.

use std::sync::Arc;

use dragoman_tree::PlaceId;

use super::Lowering;
use crate::language::LoadError;
use crate::language::ast::{At, File};
use crate::plan::{Guard, ScopeId, SlotId, Source};

/// A rule could not be compiled: it is inert here, or an error was noted.
pub(super) struct Stop;

pub(super) type Outcome<T> = Result<T, Stop>;

/// Where a rule stands: which file, which objects on both sides, under which conditions.
#[derive(Clone)]
pub(super) struct Context<'c> {
    pub file: &'c File,
    pub name: Arc<str>,
    /// The rule that is being compiled, for errors and for [`Lowered::inert`].
    pub rule: At,
    /// Its line, from 1.
    pub line: u32,
    pub scope: ScopeId,
    pub field: PlaceId,
    pub slot: SlotId,
    pub guards: Vec<Guard>,
    pub sparse: bool,
    /// The block itself is marked `: sparse`, not one around the part that it is in.
    pub sparse_block: bool,
    pub parameter: Option<(String, String)>,
    pub uses: Vec<(Arc<str>, String)>,
}

impl Context<'_> {
    pub fn source(&self, at: &At) -> Source {
        Source { file: self.name.clone(), at: at.clone(), line: self.line }
    }

    /// Replaces `${x}` by the argument of the part.
    pub fn expand(&self, name: &str) -> String {
        match &self.parameter {
            Some((parameter, argument)) => name.replace(&format!("${{{parameter}}}"), argument),
            None => name.into(),
        }
    }
}

impl Lowering<'_> {
    /// Notes an error.
    pub(super) fn refuse<T>(&mut self, cx: &Context<'_>, at: &At, message: impl Into<String>) -> Outcome<T> {
        self.errors.push(LoadError::new(&cx.name, at, message));
        Err(Stop)
    }

    /// Notes an error with a way out.
    pub(super) fn refuse_hint<T>(
        &mut self,
        cx: &Context<'_>,
        at: &At,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Outcome<T> {
        self.errors.push(LoadError::new(&cx.name, at, message).hint(hint));
        Err(Stop)
    }

    /// Notes that the rule finds no place in this grammar at this use.
    pub(super) fn inert<T>(
        &mut self,
        cx: &Context<'_>,
        at: &At,
        message: String,
        hint: Option<String>,
    ) -> Outcome<T> {
        let mut error = LoadError::new(&cx.name, at, message);
        error.hint = hint;
        self.inert.entry((cx.name.to_string(), cx.rule.start)).or_insert(error);
        Err(Stop)
    }
}
