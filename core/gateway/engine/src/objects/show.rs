//! Objects as they are shown: one by its address, and what we say of ourselves.

use dragoman_adapters::Message;
use dragoman_channel::{Channel, Objects, Values};
use dragoman_mapping::canonical;
use dragoman_model::Document;
use dragoman_syntax::Limits;
use jiff::Timestamp;

use super::objects;
use super::written::Writing;
use crate::account::Account;
use crate::draft::told;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};
use crate::persons::masked;

/// Which object is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The account whose adapter says how it is shown.
    pub account: &'a str,
    /// Its id: a shipment, and behind a point where in it.
    pub id: &'a str,
    /// As it was then.
    pub at: Option<Timestamp>,
    /// With the objects that it names, not with their addresses.
    pub embedded: bool,
}

/// An object as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its text.
    pub body: String,
    /// The media type of that.
    pub content_type: String,
    /// What its type is called, in full.
    pub kind: String,
    /// Its address.
    pub address: String,
    /// The how-manieth version it is.
    pub revision: u32,
    /// How many there are.
    pub latest_revision: u32,
    /// When it was changed last.
    pub changed: Timestamp,
}

impl Gateway {
    /// The address below which the objects are that are shown as an account's adapter says, without a slash at the end.
    pub fn objects_base(&self, account: &str) -> String {
        format!("{}/v1/objects/{account}", self.0.config.gateway.address())
    }

    /// An object of a shipment that is kept; none where there is none, or was none then. Without the right to see persons,
    /// they are withheld.
    ///
    /// # Errors
    ///
    /// Who asks may not read, the account shows nothing, or the store fails.
    pub async fn object(&self, by: &Actor, asked: Asked<'_>) -> Answer<Option<Shown>> {
        allowed(by, Right::Read)?;
        let account = self.account(&by.tenant, asked.account)?;
        let (_, own) = objects(account)?;
        let stream = asked.id.split('.').next().unwrap_or_default();
        let told = told(stream, self.events(&by.tenant, stream).await?);
        let Some(version) = self.version(&by.tenant, &told, asked.at).await? else { return Ok(None) };
        let document = if self.sees(by, stream).await? {
            version.document
        } else {
            read_again(&masked(&version.document))?
        };
        let message = self.form_of(account, own)?;
        let lacks = || EngineError::damaged("the message cannot be written");
        let put = message.put(&document).ok_or_else(lacks)?;
        let writing = Writing {
            objects: own,
            base: self.objects_base(asked.account),
            tree: &put.tree,
            revisions: (version.revision, version.latest),
            embedded: asked.embedded,
        };
        let Some(found) = writing.find(asked.id) else { return Ok(None) };
        Ok(Some(Shown {
            body: writing.text(&found, asked.id),
            content_type: own.content_type.clone(),
            kind: whole(&message, &found.kind),
            address: writing.address(asked.id),
            revision: version.revision,
            latest_revision: version.latest,
            changed: version.changed,
        }))
    }

    /// The address and the type, in full, of a shipment that was taken in, as an account's adapter shows it.
    ///
    /// # Errors
    ///
    /// The account shows nothing.
    pub fn object_place(&self, by: &Actor, account: &str, id: &str) -> Answer<(String, String)> {
        let known = self.account(&by.tenant, account)?;
        let (_, own) = objects(known)?;
        let message = self.form_of(known, own)?;
        // The first is what a message begins with.
        let kind = own.own.first().map(|kind| whole(&message, kind)).unwrap_or_default();
        Ok((format!("{}/{}/{id}", self.objects_base(account), own.path), kind))
    }

    /// The message that objects are taken in as by an account, by its name.
    ///
    /// # Errors
    ///
    /// The account shows nothing.
    pub fn objects_message(&self, by: &Actor, account: &str) -> Answer<String> {
        let account = self.account(&by.tenant, account)?;
        Ok(Self::object_message(account, objects(account)?.1))
    }

    /// What is said of us where objects are shown: the text and its media type.
    ///
    /// # Errors
    ///
    /// Who asks may not read, or the account shows nothing.
    pub fn objects_information(&self, by: &Actor, account: &str) -> Answer<(String, String)> {
        allowed(by, Right::Read)?;
        let account = self.account(&by.tenant, account)?;
        let (_, own) = objects(account)?;
        let text = own.information.text(&self.object_values(account)).map_err(EngineError::damaged)?;
        Ok((text, own.content_type.clone()))
    }

    /// What we want to be told of, where somebody asks whether something is among it: the text and its media type; none
    /// where we do not.
    ///
    /// # Errors
    ///
    /// Who asks may not read, the account shows nothing, or does not say what of.
    pub fn subscription(
        &self,
        by: &Actor,
        account: &str,
        asked: &dyn Fn(&str) -> Option<String>,
    ) -> Answer<Option<(String, String)>> {
        allowed(by, Right::Read)?;
        let account = self.account(&by.tenant, account)?;
        let (_, own) = objects(account)?;
        let unknown = || EngineError::unknown("subscriptions of account", account.name());
        let subscription = own.subscription.as_ref().ok_or_else(unknown)?;
        let needed = |name: &String| {
            asked(name).ok_or_else(|| EngineError::refused(format!("the parameter `{name}` is missing")))
        };
        let (kind, topic) = (needed(&subscription.kind)?, needed(&subscription.topic)?);
        let wanted = subscription.wanted.get(&kind).ok_or_else(|| {
            let known: Vec<_> = subscription.wanted.keys().map(String::as_str).collect();
            EngineError::refused(format!("`{}` is one of {}", subscription.kind, known.join(", ")))
        })?;
        if !wanted.contains(&topic) {
            return Ok(None);
        }
        let values = self.object_values(account).with("topic.kind", kind).with("topic.name", topic);
        let text = subscription.answer.text(&values).map_err(EngineError::damaged)?;
        Ok(Some((text, own.content_type.clone())))
    }

    /// What is said at an address where objects are shown when something cannot be done: the text and its media type; none
    /// where nothing is shown there.
    pub fn objects_error(
        &self,
        account: &str,
        said: (u16, &str, &str),
        at: &str,
    ) -> Option<(String, String)> {
        let account = self.0.accounts.get(account)?;
        let (_, own) = objects(account).ok()?;
        let (status, title, text) = said;
        let values = self.object_values(account).with("problem.status", status.to_string());
        let values = values.with("problem.title", title).with("problem.text", text);
        let at = format!("{}{at}", self.0.config.gateway.address());
        let text = own.error.text(&values.with("problem.at", at)).ok()?;
        Some((text, own.content_type.clone()))
    }

    /// What an account's adapter calls the steps of addresses: objects, notifications, subscriptions.
    ///
    /// # Errors
    ///
    /// The account shows nothing.
    pub fn object_doors(&self, by: &Actor, account: &str) -> Answer<[Option<String>; 3]> {
        let (_, own) = objects(self.account(&by.tenant, account)?)?;
        let told = own.notification.as_ref().map(|one| one.path.clone());
        Ok([Some(own.path.clone()), told, own.subscription.as_ref().map(|one| one.path.clone())])
    }

    /// The message that objects of an account are read and written as, by its name.
    pub(super) fn object_message(account: &Account, own: &Objects) -> String {
        format!("{}/{}", account.settings.adapter, &*own.message)
    }

    pub(super) fn form_of(&self, account: &Account, own: &Objects) -> Answer<Message> {
        let name = Self::object_message(account, own);
        self.0.catalogue.message(&name).map_err(EngineError::damaged)
    }

    fn object_values(&self, account: &Account) -> Values {
        let base = self.objects_base(account.name());
        // Secrets are no part of what is shown.
        let is_secret = |name: &str| {
            let settings = account
                .channel
                .iter()
                .flat_map(|channel: &std::sync::Arc<Channel>| &channel.settings.account);
            let mut secrets = settings.filter(|setting| setting.secret);
            secrets.any(|setting| name.strip_prefix("account.") == Some(&setting.name))
        };
        let known = account.values.iter().filter(|(name, _)| !is_secret(name));
        known.fold(Values::new(), |values, (name, value)| values.with(name, value)).with("objects.base", base)
    }
}

fn read_again(text: &str) -> Answer<Document<'static>> {
    let read = canonical::read(text.as_bytes(), None, &Limits::default());
    let document = read.document.map(|document| document.detach());
    document.ok_or_else(|| EngineError::damaged("what is left of a shipment without persons"))
}

/// A type in full.
fn whole(message: &Message, kind: &str) -> String {
    let linked = message.written().and_then(|grammar| grammar.header.linked.clone()).unwrap_or_default();
    let found =
        kind.split_once(':').and_then(|(prefix, name)| Some(format!("{}{name}", linked.stands_for(prefix)?)));
    found.unwrap_or_else(|| kind.to_owned())
}
