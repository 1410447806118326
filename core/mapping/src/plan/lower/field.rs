//! Canonical paths to places of the schema.

use dragoman_tree::PlaceId;

use super::{Context, Lowering, Outcome};
use crate::language::ast::CanonicalPath;

impl Lowering<'_> {
    /// The place of a canonical path below the context's object.
    pub(super) fn field(&mut self, cx: &Context<'_>, path: &CanonicalPath) -> Outcome<PlaceId> {
        let mut at = cx.field;
        for name in &path.names {
            match self.schema.child(at, name) {
                Some(child) => at = child,
                None => {
                    let parent = self.schema.path(at);
                    let near = self.schema.nearest(at, name).map(str::to_owned);
                    let whole = if parent.is_empty() { "the document".into() } else { format!("`{parent}`") };
                    let message = format!("{whole} has no `{name}`");
                    return match near {
                        Some(near) => self.refuse_hint(
                            cx,
                            &path.at,
                            message,
                            format!("did you mean `{near}`? `dragoman model {parent}` lists what there is"),
                        ),
                        None => self.refuse(cx, &path.at, message),
                    };
                }
            }
        }
        Ok(at)
    }
}
