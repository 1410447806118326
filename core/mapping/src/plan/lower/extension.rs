//! Lines whose left side is inside `extensions`.

use dragoman_model::Type;
use dragoman_syntax::grammar::Syntax;
use dragoman_tree::PlaceId;

use super::{Context, Lowering, Outcome};
use crate::language::ast::{Arrow, At, CanonicalPath, Flag, Map, Right, Selector, WirePath};
use crate::plan::{Extension, ExtensionId, LooksAt, SlotId};

impl Lowering<'_> {
    /// The open object on a canonical path, and the names below it.
    pub(super) fn opened(&self, cx: &Context<'_>, path: &CanonicalPath) -> Option<(PlaceId, Vec<Box<str>>)> {
        // What a message adds stands beside the entry, or the document, not inside its objects.
        let is_own = path.names.first().is_some_and(|name| name == "extensions");
        let mut at = if is_own { self.plan.scope(cx.scope).place } else { cx.field };
        for (number, name) in path.names.iter().enumerate() {
            if self.schema.type_of(at) == Type::Open {
                let names = path.names.get(number..)?;
                return Some((at, names.iter().map(|name| name.as_str().into()).collect()));
            }
            at = self.schema.child(at, name)?;
        }
        None
    }

    /// A line whose left side is inside `extensions`.
    pub(super) fn extension(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        left: &CanonicalPath,
        (place, names): (PlaceId, Vec<Box<str>>),
    ) -> Outcome<()> {
        let Some(path) = only_path(map) else {
            return self.refuse_hint(
                cx,
                &cx.rule,
                "an extension holds its part of the message as it is, both ways",
                "one path, without codecs, a block and flags but `empty`: `extensions.NAME.MEMBER <=> path`",
            );
        };
        let empty = !map.flags.is_empty();
        if names.len() < 2 {
            return self.refuse_hint(
                cx,
                &left.at,
                "an extension is named by its adapter and its member",
                "such as `extensions.amazon.points`",
            );
        }
        let slot = self.slot(cx, path, true)?;
        self.is_carried_whole(cx, &path.at, slot)?;
        let shares =
            |one: &[Box<str>], other: &[Box<str>]| one.iter().zip(other).all(|(one, other)| one == other);
        let others = self.plan.extensions.iter();
        if others.filter(|other| other.scope == cx.scope).any(|other| shares(&other.names, &names)) {
            return self.refuse(cx, &left.at, format!("two lines read `extensions.{}`", names.join(".")));
        }
        let id = self.plan.extensions.len() as ExtensionId;
        let (guards, source) = (cx.guards.clone(), cx.source(&cx.rule));
        self.plan.extensions.push(Extension { scope: cx.scope, place, names, empty, guards, source });
        self.slot_mut(slot).extension = Some(id);
        Ok(())
    }

    /// What is carried as it is has a form of its own in JSON and XML; elsewhere it is one leaf.
    fn is_carried_whole(&mut self, cx: &Context<'_>, at: &At, slot: SlotId) -> Outcome<()> {
        let found = self.plan.slot(slot);
        let branch = self.plan.grammar.children(found.place).next().is_some();
        let has_form = matches!(self.plan.grammar.syntax, Syntax::Json | Syntax::Xml);
        if slot == cx.slot || (branch && !has_form) {
            return self.refuse(
                cx,
                at,
                "an extension takes one leaf, or in JSON and XML one member with all below it",
            );
        }
        match found.extension {
            Some(_) => {
                let path = self.plan.grammar.path(found.place);
                self.refuse(cx, at, format!("two lines write `{path}`"))
            }
            None => Ok(()),
        }
    }

    /// Nothing else may be bound to what an extension carries, nor below it.
    pub(super) fn carried_alone(&mut self, id: SlotId) {
        let slot = self.plan.slot(id);
        let Some(extension) = slot.extension.and_then(|id| self.plan.extensions.get(id as usize)) else {
            return;
        };
        let selects = |id: &SlotId| {
            let child = self.plan.slot(*id);
            child.leaf_of.is_empty() && child.literal.as_ref().is_some_and(|literal| literal.selects)
        };
        let alone = slot.leaf_of.is_empty()
            && slot.objects.is_empty()
            && slot.joined.is_empty()
            && slot.entries.is_none()
            && slot.literal.is_none()
            && slot.children.iter().all(selects);
        let source = extension.source.clone();
        let waits = extension
            .guards
            .iter()
            .any(|guard| matches!(self.plan.choice(guard.choice).looks_at, LooksAt::Value));
        if !alone {
            let path = self.plan.grammar.path(slot.place);
            let hint = "an extension takes all that is below its path".to_owned();
            self.report(&source, format!("two lines write `{path}`"), Some(hint));
        }
        if waits {
            let message = "an extension in an arm of a choice by canonical value is not in this version";
            self.report(&source, message.to_owned(), Some("choose by a wire leaf".into()));
        }
    }
}

/// The path of a line that says nothing else.
fn only_path(map: &Map) -> Option<&WirePath> {
    let as_it_is = map.flags.iter().all(|flag| flag.is == Flag::Empty);
    let plain = map.codecs.is_empty() && as_it_is && map.body.is_none();
    match &map.right {
        Right::Alternatives(all) if plain && map.arrow == Arrow::Both => match all.as_slice() {
            [Selector { path, cells: None, .. }] => Some(path),
            _ => None,
        },
        _ => None,
    }
}
