//! What we are told of objects. It is believed no further than that something happened: what it is about is fetched.

use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::{Limits, json};
use dragoman_tree::{Kind, NodeId, Tree};

use super::objects;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};
use crate::sync::fetch_soon;
use crate::writing::Writing;

impl Gateway {
    /// Takes a notification about an object. It is on disk when this answers, and the object is fetched then.
    ///
    /// # Errors
    ///
    /// Who tells may not write, the text is no such notification, or the object is nowhere that the account fetches from.
    pub async fn notified(&self, by: &Actor, account: &str, bytes: &[u8]) -> Answer<()> {
        allowed(by, Right::Write)?;
        let account = self.account(&by.tenant, account)?;
        let (_, own) = objects(account)?;
        let (Some(told), Some(fetch)) = (&own.notification, &own.fetch) else {
            return Err(EngineError::unknown("notifications of account", account.name()));
        };
        let message = self.form_of(account, own)?;
        let grammar = message.written().ok_or_else(|| EngineError::damaged("a grammar is gone"))?;
        let tree = json::read(bytes, Some(grammar), Grammar::ROOT, &Limits::default()).tree;
        let found = tree.ids().find(|node| {
            tree.node(*node).kind == Kind::Object && text(&tree, *node, "@type") == Some(&told.kind)
        });
        let found = found.ok_or_else(|| EngineError::refused(format!("this is no `{}`", told.kind)))?;
        let named = |member: &str| {
            let one = tree.child(found, member).and_then(|one| text(&tree, one, "@id"));
            one.map(str::trim).ok_or_else(|| EngineError::refused(format!("`{member}` is missing")))
        };
        let (event, id) = (named(&told.event)?, named(&told.object)?);
        if !told.events.iter().any(|one| one == event) {
            return Ok(());
        }
        if self.holder_of(account, id).is_none() {
            return Err(EngineError::refused(format!(
                "`{id}` is nowhere that `{}` fetches from",
                account.name()
            )));
        }
        let mut writing = Writing::new(self, &Actor::gateway(&by.tenant));
        fetch_soon(&mut writing, account.name(), event, fetch, ("object.id", id))?;
        writing.commit().await?;
        self.0.hinted.notify_waiters();
        Ok(())
    }
}

fn text<'t>(tree: &'t Tree<'_>, node: NodeId, member: &str) -> Option<&'t str> {
    tree.value(tree.child(node, member)?)
}
