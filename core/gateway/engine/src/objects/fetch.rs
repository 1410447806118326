//! Fetching an object with those that it names: so deep and so many, from where an account of ours is known, each once.

use std::collections::HashSet;

use dragoman_channel::Values;
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::json::linked;
use dragoman_syntax::{Limits, json};

use super::keep::ShipmentDocument;
use super::objects;
use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::Taken;
use crate::people::{Actor, Right};
use crate::sync::NotHad;

/// So far from the first object others are fetched.
const DEEPEST: usize = 8;

/// So many objects are fetched for one shipment.
const MOST: usize = 500;

/// All objects of a shipment are no longer than this, in bytes.
const LONGEST: usize = 16 << 20;

impl Gateway {
    /// Fetches an object with those that it names, and takes the shipment in that they make.
    ///
    /// # Errors
    ///
    /// Who asks may not write, the object is nowhere that the account fetches from, it is not given, or it belongs to no
    /// shipment.
    pub async fn fetch_object(&self, by: &Actor, account: &str, id: &str) -> Answer<Taken> {
        allowed(by, Right::Write)?;
        let account = self.account(&by.tenant, account)?;
        if self.holder_of(account, id).is_none() {
            return Err(EngineError::refused(format!(
                "`{id}` is nowhere that `{}` fetches from",
                account.name()
            )));
        }
        let bytes = self.gathered(account, id).await?.map_err(|trouble| {
            tracing::warn!(account = account.name(), said = trouble.said, "an object is not given");
            EngineError::NotGiven { account: account.name().to_owned(), id: id.to_owned() }
        })?;
        self.take_gathered(by, account, &bytes).await
    }

    /// Fetches what a notification told of. True where a shipment is new or was changed by that.
    pub(crate) async fn fetch_told_object(
        &self,
        account: &Account,
        id: &str,
    ) -> Answer<Result<bool, NotHad>> {
        let bytes = match self.gathered(account, id).await? {
            Ok(bytes) => bytes,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let by = Actor::gateway(&account.settings.tenant);
        match self.take_gathered(&by, account, &bytes).await {
            Ok(taken) => Ok(Ok(taken.shipments.iter().any(|one| one.news != crate::intake::News::Known))),
            Err(EngineError::Refused { message, .. }) => {
                // What is no shipment stops nothing; it is seen in the state of the account.
                self.0.troubles.begin(
                    account.name(),
                    &format!("{id} is not taken: {message}"),
                    self.0.clock.now(),
                );
                Ok(Ok(false))
            }
            Err(error) => Err(error),
        }
    }

    async fn take_gathered(&self, by: &Actor, account: &Account, bytes: &[u8]) -> Answer<Taken> {
        let (_, own) = objects(account)?;
        let message = Self::object_message(account, own);
        let came = ShipmentDocument {
            message: &message,
            bytes,
            from: Some(account.name()),
            ..ShipmentDocument::default()
        };
        self.receive_shipment(by, came).await
    }

    /// An object and those that it names, as one text: each as it came.
    async fn gathered(&self, account: &Account, id: &str) -> Answer<Result<Vec<u8>, NotHad>> {
        let (_, own) = objects(account)?;
        let message = self.form_of(account, own)?;
        let grammar = message.written().ok_or_else(|| EngineError::damaged("a grammar is gone"))?;
        let (mut texts, mut seen) = (Vec::new(), HashSet::new());
        let mut wanted = vec![id.to_owned()];
        for _ in 0..DEEPEST {
            wanted.retain(|id| seen.insert(id.clone()));
            for id in &wanted {
                if texts.len() >= MOST {
                    break;
                }
                match self.one(account, id).await {
                    Some(Ok(text)) => texts.push((id.clone(), text)),
                    // What nobody gives stays a name, but for the first.
                    Some(Err(trouble)) if trouble.is_final() && !texts.is_empty() => {}
                    Some(Err(trouble)) => return Ok(Err(trouble)),
                    None => {}
                }
            }
            if texts.iter().map(|(_, text)| text.len()).sum::<usize>() > LONGEST {
                return Ok(Err(NotHad::said(format!("the objects of {id} have more than {LONGEST} bytes"))));
            }
            let whole = together(&texts);
            let tree = json::read(&whole, Some(grammar), Grammar::ROOT, &Limits::default()).tree;
            wanted = linked::wanted(&tree, grammar);
            if wanted.iter().all(|id| seen.contains(id)) {
                break;
            }
        }
        Ok(Ok(together(&texts)))
    }

    /// One object; none where no account of ours is known there.
    async fn one(&self, account: &Account, id: &str) -> Option<Result<Vec<u8>, NotHad>> {
        let (holder, name) = self.holder_of(account, id)?;
        let (channel, own) = objects(holder).ok()?;
        let fetch = own.fetch.as_ref()?;
        let named = Values::new().with("object.id", id).with("object.name", name);
        let body = self.fetched(holder, channel, fetch, &named).await;
        let is_object = |body: &Vec<u8>| {
            serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body).is_ok()
        };
        Some(match body {
            Ok(body) if is_object(&body) => Ok(body),
            Ok(_) => Err(NotHad::said(format!("the answer of {} is no object", &**fetch))),
            Err(trouble) => Err(trouble),
        })
    }

    /// The account that fetches from an address, with its name there: this one, or another of the same adapter and tenant.
    /// Its standing is shown nowhere else.
    pub(super) fn holder_of<'g>(&'g self, account: &'g Account, id: &str) -> Option<(&'g Account, String)> {
        let is_like = |other: &&Account| {
            let (own, other) = (&account.settings, &other.settings);
            own.tenant == other.tenant && own.adapter == other.adapter
        };
        let mut accounts = std::iter::once(account).chain(self.0.accounts.values().filter(is_like));
        accounts.find_map(|account| {
            let (channel, own) = objects(account).ok()?;
            let name = id.strip_prefix(&*channel.base(&account.values).ok()?)?.strip_prefix('/')?;
            let name = name.strip_prefix(own.path.as_str())?.strip_prefix('/')?;
            // One step that stands for itself (RFC 3986, unreserved).
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            let is_name = !matches!(name, "" | "." | "..") && name.bytes().all(is_plain);
            is_name.then(|| (account, name.to_owned()))
        })
    }
}

/// Objects as a graph: the same, whichever of them was asked for first.
fn together(texts: &[(String, Vec<u8>)]) -> Vec<u8> {
    if let [(_, one)] = texts {
        return one.clone();
    }
    let mut texts: Vec<_> = texts.iter().collect();
    texts.sort_unstable();
    let texts: Vec<_> = texts.into_iter().map(|(_, text)| text.as_slice()).collect();
    [&b"{\"@graph\":["[..], &texts.join(&b",\n"[..]), b"]}"].concat()
}
