//! Answers as they arrive: pushed or fetched, once or twice, in any order. Each is stored with what it says before it
//! is acknowledged.

use dragoman_adapters::{Kind, Message, apart};
use dragoman_channel::{MatchBy, Notifications, Pushed};
use dragoman_exchange::{Event, Purpose, Said};
use dragoman_store::{JobChange, StoreError};
use serde::Serialize;
use utoipa::ToSchema;

use super::notice::{Notice, notices};
use super::pull::Placed;
use super::trace::rejected;
use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::hash::sha256;
use crate::intake::refused;
use crate::outbox::MESSAGE;
use crate::people::{Actor, Right};
use crate::writing::{Writing, id};

/// The space of the answers that arrived: each is there once.
const ARRIVED: &str = "response";

/// The space of the records by which parked answers are found: `account/lrn/VALUE/stream`.
pub(crate) const PARKED: &str = "parked";

/// The media type of what an authority sends, where nobody says it.
fn media(bytes: &[u8]) -> &'static str {
    match Kind::of(bytes) {
        Kind::Json => "application/json",
        Kind::Text => "text/plain",
        _ => "application/xml",
    }
}

/// What became of an answer that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnswerTaken {
    /// The declaration that it belongs to; where none is known, itself, parked.
    pub id: String,
    /// True where nobody waited for it.
    pub parked: bool,
    /// True where it was taken in before.
    pub repeated: bool,
    /// The reference that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lrn: Option<String>,
    /// The authority's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrn: Option<String>,
}

/// An answer as it arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived<'a> {
    /// The account that it came to.
    pub account: &'a Account,
    /// The conversation that its headers name.
    pub conversation: Option<&'a str>,
    /// The message that it is, or is about, as the counterpart calls it in that conversation.
    pub message: Option<&'a str>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The declaration that an answer is about.
struct About {
    stream: String,
    submission: Option<String>,
    /// The reference of the message that it answers, where it says that.
    answers: Option<String>,
}

impl Gateway {
    /// Takes what a counterpart pushes to an account. It is on disk when this answers: the status to answer with.
    pub async fn notify(&self, account: &str, headers: &[(String, String)], body: &[u8]) -> Answer<u16> {
        let known = self.0.accounts.get(account);
        let account = known.ok_or_else(|| EngineError::unknown("account", account))?;
        let notifications = notifications(account)?;
        let push = notifications.push.as_ref();
        let push = push.ok_or_else(|| EngineError::unknown("push channel of account", account.name()))?;
        let check = push.check(headers, body, &account.values);
        check.map_err(|rejected| EngineError::NotBelieved(rejected.to_string()))?;
        let Pushed { address, message } = push.open(body);
        let channel = account.channel.as_deref();
        let placed =
            channel.zip(address.as_deref()).and_then(|(channel, address)| Placed::at(channel, address));
        match (&placed, message) {
            (Some(placed), None) => {
                if !self.fetch_told(account, placed).await? {
                    return Err(EngineError::NotGiven {
                        id: placed.id.clone(),
                        account: account.name().to_owned(),
                    });
                }
            }
            (placed, message) => {
                let stated = placed.as_ref().map(|placed| placed.conversation.as_str());
                let conversation = stated.or_else(|| notifications.conversation(headers));
                // A word about a message that no list has is kept as it is.
                let bytes = message.as_deref().unwrap_or(body);
                let message = placed.as_ref().map(|placed| placed.id.as_str());
                self.arrived(Arrived { account, conversation, message, bytes }).await?;
                if let Some(placed) = placed {
                    self.note_fetched(account, &placed.conversation, &placed.id).await?;
                }
            }
        }
        Ok(push.answer)
    }

    /// What a counterpart is answered that asks whether we take what it pushes to an account: the parameter that it asks
    /// by, as `value` gives it. Nothing where it does not ask so.
    ///
    /// # Errors
    ///
    /// Where there is no such account, or nothing is pushed to it.
    pub fn challenged(
        &self,
        account: &str,
        value: impl Fn(&str) -> Option<String>,
    ) -> Answer<Option<(String, String)>> {
        let known = self.0.accounts.get(account);
        let account = known.ok_or_else(|| EngineError::unknown("account", account))?;
        let push = notifications(account)?.push.as_ref().filter(|_| account.is_pushed());
        let push = push.ok_or_else(|| EngineError::unknown("push channel of account", account.name()))?;
        Ok(push.challenge.as_ref().and_then(|name| Some((name.clone(), value(name)?))))
    }

    /// Stores what arrived where it belongs, each answer by itself.
    pub(crate) async fn arrived(&self, arrived: Arrived<'_>) -> Answer<()> {
        let bytes = notifications(arrived.account)?.message_in(arrived.bytes);
        let arrived = Arrived { bytes: &bytes, ..arrived };
        let settings = &arrived.account.settings;
        let by = Actor { name: settings.adapter.clone(), ..Actor::gateway(&settings.tenant) };
        let message = self.answer_of_account(&settings.tenant, arrived.account.name(), arrived.bytes)?;
        self.heard(&by, arrived, message.as_ref()).await.map(drop)
    }

    /// Takes in what somebody got otherwise than over the account's channel: answers by mail, in a table.
    pub async fn take_answers(&self, by: &Actor, account: &str, bytes: &[u8]) -> Answer<Vec<AnswerTaken>> {
        allowed(by, Right::Write)?;
        let account = self.account(&by.tenant, account)?;
        let bytes = &*notifications(account)?.message_in(bytes);
        let message = self.answer_of_account(&by.tenant, account.name(), bytes)?;
        let says = |message: &Message| !notices(&self.0.catalogue, message, bytes).is_empty();
        if !message.as_ref().is_some_and(says) {
            let unknown = dragoman_adapters::unknown(bytes);
            return Err(refused("this is no answer that the account's adapter knows", &[unknown]));
        }
        self.heard(by, Arrived { account, conversation: None, message: None, bytes }, message.as_ref()).await
    }

    async fn heard(
        &self,
        by: &Actor,
        arrived: Arrived<'_>,
        message: Option<&Message>,
    ) -> Answer<Vec<AnswerTaken>> {
        let parts = match message {
            Some(message) => apart(&self.0.catalogue, message, arrived.bytes),
            None => vec![arrived.bytes.to_vec()],
        };
        let mut taken = Vec::new();
        for part in &parts {
            taken.extend(self.hear(by, Arrived { bytes: part, ..arrived }, message).await?);
        }
        Ok(taken)
    }

    /// Stores an answer where it belongs. One that arrived before changes nothing.
    async fn hear(
        &self,
        by: &Actor,
        arrived: Arrived<'_>,
        message: Option<&Message>,
    ) -> Answer<Vec<AnswerTaken>> {
        let account = arrived.account;
        let tenant = &account.settings.tenant;
        let read = |message| notices(&self.0.catalogue, message, arrived.bytes);
        let notices = message.map(read).unwrap_or_default();
        let mut writing = Writing::new(self, by);
        let conversation = arrived.conversation.unwrap_or_default();
        let once = format!("{}/{conversation}/{}", account.name(), sha256(arrived.bytes));
        let (mut first, mut taken) = (None, Vec::new());
        // A message that says nothing that is known is parked as it is.
        let notices = if notices.is_empty() { vec![None] } else { notices.into_iter().map(Some).collect() };
        for notice in &notices {
            let about = self.about(arrived, notice.as_ref()).await?;
            let stream = match &about {
                Some(about) => self.responded(&mut writing, arrived, about, notice.as_ref()).await?,
                None => parked(&mut writing, arrived, notice.as_ref()),
            };
            let said = notice.as_ref().map(|notice| (notice.lrn.clone(), notice.mrn.clone()));
            let (lrn, mrn) = said.unwrap_or_default();
            taken.push(AnswerTaken {
                id: stream.clone(),
                parked: about.is_none(),
                repeated: false,
                lrn,
                mrn,
            });
            first.get_or_insert(stream);
        }
        writing.mark(ARRIVED, once, &first.unwrap_or_default(), None);
        match writing.commit().await {
            Ok(_) => {}
            Err(StoreError::Conflict(mark)) if mark.space == ARRIVED => {
                let again = |one: AnswerTaken| AnswerTaken { id: mark.stream.clone(), repeated: true, ..one };
                return Ok(taken.into_iter().map(again).collect());
            }
            Err(error) => return Err(error.into()),
        }
        // What was parked before may belong to a number that is known now.
        for mrn in notices.iter().flatten().filter_map(|notice| notice.mrn.as_deref()) {
            self.unpark(tenant, account.name(), "mrn", mrn).await?;
        }
        Ok(taken)
    }

    /// What the bytes of an answer to an account say.
    pub(crate) fn notices(&self, tenant: &str, account: &str, bytes: &[u8]) -> Answer<Vec<Notice>> {
        let message = self.answer_of_account(tenant, account, bytes)?;
        Ok(message.map(|message| notices(&self.0.catalogue, &message, bytes)).unwrap_or_default())
    }

    /// What an answer is about: by the surest of what it says.
    async fn about(&self, arrived: Arrived<'_>, notice: Option<&Notice>) -> Answer<Option<About>> {
        let tenant = &arrived.account.settings.tenant;
        if let Some(message) = arrived.message {
            let key = format!("{}/{message}", arrived.account.name());
            if let Some(mark) = self.0.store.mark(tenant, MESSAGE, &key).await? {
                return Ok(Some(About { stream: mark.stream, submission: mark.submission, answers: None }));
            }
        }
        for by in &notifications(arrived.account)?.match_by {
            let (space, value) = match by {
                // What is sent bears its reference as its id.
                MatchBy::Correlation => ("lrn", notice.and_then(|notice| notice.correlation.as_deref())),
                MatchBy::Conversation => ("conversation", arrived.conversation),
                MatchBy::Lrn => ("lrn", notice.and_then(|notice| notice.lrn.as_deref())),
                MatchBy::Mrn => ("mrn", notice.and_then(|notice| notice.mrn.as_deref())),
            };
            let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else { continue };
            let key = format!("{}/{value}", arrived.account.name());
            let Some(mark) = self.0.store.mark(tenant, space, &key).await? else { continue };
            let answers = (*by == MatchBy::Correlation).then(|| value.to_owned());
            return Ok(Some(About { stream: mark.stream, submission: mark.submission, answers }));
        }
        Ok(None)
    }

    /// Adds an answer to a stream that is known to be its own.
    pub(crate) async fn respond(
        &self,
        writing: &mut Writing<'_>,
        arrived: Arrived<'_>,
        stream: &str,
        submission: Option<&str>,
    ) -> Answer<()> {
        let notices = self.notices(&writing.tenant, arrived.account.name(), arrived.bytes)?;
        let (stream, submission) = (stream.to_owned(), submission.map(str::to_owned));
        let about = About { stream, submission, answers: None };
        for notice in &notices {
            self.responded(writing, arrived, &about, Some(notice)).await?;
        }
        Ok(())
    }

    /// Adds an answer to the stream of its declaration.
    async fn responded(
        &self,
        writing: &mut Writing<'_>,
        arrived: Arrived<'_>,
        about: &About,
        notice: Option<&Notice>,
    ) -> Answer<String> {
        let About { stream, submission, answers } = about;
        let mut said = said(arrived, notice);
        said.lrn = answers.clone().or(said.lrn);
        if let Some(notice) = notice.filter(|notice| notice.errors > 0) {
            said.causes = self.causes(&writing.tenant, about, notice).await?;
        }
        let account = arrived.account.name();
        for (space, value) in [("mrn", &said.mrn), ("conversation", &said.conversation)] {
            if let Some(value) = value {
                writing.link(
                    space,
                    format!("{account}/{value}"),
                    stream,
                    submission.as_deref().filter(|_| space != "mrn"),
                );
            }
        }
        let event = Event::Responded { said };
        self.tell_platforms(writing, stream, submission.as_deref(), &event).await?;
        writing.message(stream, submission.as_deref(), event, media(arrived.bytes), arrived.bytes.to_vec());
        if let Some(submission) = submission {
            // It arrived, whatever became of the request.
            writing.batch.jobs.push(JobChange::Done(submission.clone()));
        }
        Ok(stream.clone())
    }

    /// What is at fault in a declaration, for what others may share. What is said of an amendment is about that.
    async fn causes(&self, tenant: &str, about: &About, notice: &Notice) -> Answer<Vec<String>> {
        let told = self.told(tenant, &about.stream).await?;
        let own = told.exchange.submissions.iter().find(|one| Some(&one.id) == about.submission.as_ref());
        if own.is_some_and(|one| one.purpose != Purpose::Declaration) {
            return Ok(Vec::new());
        }
        let Some(draft) = self.draft(tenant, &told, None).await? else { return Ok(Vec::new()) };
        let mut causes: Vec<_> =
            rejected(&draft, notice).into_iter().filter_map(|rejected| rejected.cause).collect();
        causes.sort_unstable();
        causes.dedup();
        Ok(causes)
    }
}

/// How answers to an account arrive.
pub(crate) fn notifications(account: &Account) -> Answer<&Notifications> {
    let channel = account.channel.as_ref();
    let notifications = channel.and_then(|channel| channel.notifications.as_ref());
    notifications.ok_or_else(|| EngineError::unknown("notifications of account", account.name()))
}

/// What the journal says of an answer.
fn said(arrived: Arrived<'_>, notice: Option<&Notice>) -> Said {
    let conversation = arrived.conversation.map(str::to_owned);
    let Some(notice) = notice else { return Said { conversation, ..Said::default() } };
    let words = |(event, _): &(String, _)| event.trim().to_owned();
    let events: Vec<_> = notice.events.iter().map(words).filter(|words| !words.is_empty()).collect();
    Said {
        native: notice.name.clone().or_else(|| notice.code.clone()).unwrap_or_default(),
        events: events.join(" "),
        at: notice.issued_at,
        lrn: notice.lrn.clone(),
        mrn: notice.mrn.clone(),
        version: notice.version.clone(),
        conversation,
        errors: notice.errors,
        causes: Vec::new(),
        limit: None,
    }
}

/// Keeps an answer that nobody waits for, where it will be looked for.
fn parked(writing: &mut Writing<'_>, arrived: Arrived<'_>, notice: Option<&Notice>) -> String {
    let stream = id();
    let said = said(arrived, notice);
    let account = arrived.account.name().to_owned();
    let known = [("conversation", &said.conversation), ("lrn", &said.lrn), ("mrn", &said.mrn)];
    for (by, value) in known {
        if let Some(value) = value {
            writing.record(PARKED, format!("{account}/{by}/{value}/{stream}"), 0, Some(stream.clone()));
        }
    }
    writing.message(
        &stream,
        None,
        Event::Parked { account, said },
        media(arrived.bytes),
        arrived.bytes.to_vec(),
    );
    stream
}
