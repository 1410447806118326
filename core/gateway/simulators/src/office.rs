//! The authority: bytes in, bytes out.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dragoman_adapters::{
    Catalogue, CatalogueError, Layout, Message, Received, Ruled, Sent, in_edition, receive, recognise, send,
};
use dragoman_mapping::Base;
use dragoman_sim::{
    Answer, Authority, Behaviour, Counterpart, Door, Moment, Pace, Submitted, Taken, Trouble,
};
use dragoman_tree::{Finding, LineIndex};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::serve::SimulatorError;

/// The authority.
#[derive(Debug)]
pub(crate) struct Office {
    catalogue: Arc<Catalogue>,
    counterpart: Counterpart,
    adapter: String,
    /// Its messages in each edition that it speaks; the last are those of whoever names none.
    tongues: Vec<Tongue>,
    /// Declarations that wait for other documents of their sale.
    waiting: Mutex<Vec<Waiting>>,
}

/// A declaration that waits.
#[derive(Debug)]
struct Waiting {
    sales: Vec<String>,
    bytes: Vec<u8>,
    edition: Option<String>,
}

/// The messages of an edition.
#[derive(Debug)]
struct Tongue {
    edition: Option<String>,
    receives: Vec<Message>,
    answers: Vec<Message>,
}

impl Tongue {
    fn of(
        (catalogue, adapter): (&Catalogue, &str),
        authority: &Authority,
        edition: Option<&str>,
    ) -> Result<Self, CatalogueError> {
        let message = |name: &str| catalogue.message(&in_edition(&format!("{adapter}/{name}"), edition));
        let receives = authority.receives.iter().map(|name| message(name)).collect::<Result<_, _>>()?;
        let mut names: Vec<_> = authority.messages().collect();
        names.sort_unstable();
        names.dedup();
        let answers = names.into_iter().map(message).collect::<Result<_, _>>()?;
        Ok(Self { edition: edition.map(str::to_owned), receives, answers })
    }

    /// The message that bytes are; the first that is taken, where they are none.
    fn message_of(&self, catalogue: &Catalogue, bytes: &[u8]) -> Option<&Message> {
        let found = match self.receives.as_slice() {
            [_] => None,
            _ => recognise(catalogue, bytes).ok().flatten(),
        };
        let is_it =
            |one: &&Message| found.as_ref().is_some_and(|found| found.plain_name() == one.plain_name());
        self.receives.iter().find(is_it).or(self.receives.first())
    }
}

/// A message as it came in.
#[derive(Clone, Copy)]
pub(crate) struct Incoming<'i> {
    /// Its bytes.
    pub bytes: &'i [u8],
    /// The kinds or names of messages that are taken.
    pub takes: &'i [String],
    /// The edition that it is in, where that is said.
    pub edition: Option<&'i str>,
    /// When, and how fast time goes.
    pub at: (Timestamp, Pace),
}

/// What becomes of a message.
pub(crate) enum Response {
    /// It is not in the published form.
    Malformed(Vec<Wrong>),
    /// It is met with a behaviour that does not let it in.
    Lost(String),
    /// It is taken.
    Taken { lrn: String, mrn: String, answers: Vec<Written> },
}

/// Something that is wrong with the form.
pub(crate) struct Wrong {
    pub line: u32,
    pub column: u32,
    pub message: String,
}

/// An answer in the authority's own form.
pub(crate) struct Written {
    pub at: Timestamp,
    /// What the authority calls it.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Chooses what a message is met with: by its reference, and by whether it brings a behaviour about itself.
pub(crate) type Choose<'c> = &'c dyn Fn(&str, &dyn Fn(&Behaviour) -> bool) -> Option<Arc<Behaviour>>;

impl Office {
    pub fn open(
        catalogue: &Arc<Catalogue>,
        adapter: &str,
        authority: Authority,
        (door, seed): (&Door, u64),
    ) -> Result<Self, SimulatorError> {
        let spoken = door.edition.iter().map(|edition| Some(&*edition.name)).chain([None]);
        let tongues = spoken.map(|edition| Tongue::of((catalogue, adapter), &authority, edition));
        let tongues = tongues.collect::<Result<_, _>>()?;
        let counterpart = Counterpart::new(authority, seed)?;
        let (catalogue, adapter) = (Arc::clone(catalogue), adapter.to_owned());
        Ok(Self { catalogue, counterpart, adapter, tongues, waiting: Mutex::default() })
    }

    /// What messages are read by.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// A message of the adapter.
    pub fn message(&self, name: &str) -> Result<Message, CatalogueError> {
        self.catalogue.message(&format!("{}/{name}", self.adapter))
    }

    /// What it knows and keeps.
    pub fn counterpart(&self) -> &Counterpart {
        &self.counterpart
    }

    /// Takes a message.
    pub fn take(&self, incoming: Incoming<'_>, choose: Choose<'_>) -> Result<Response, Trouble> {
        let Incoming { bytes, edition, at: (now, _), .. } = incoming;
        let mut response = None;
        let mut unread = Vec::new();
        let tongue = self.tongues.iter().find(|tongue| tongue.edition.as_deref() == edition);
        let found = tongue.and_then(|tongue| Some((tongue, tongue.message_of(&self.catalogue, bytes)?)));
        let Some((tongue, message)) = found else {
            return Ok(Response::Malformed(Vec::new()));
        };
        let (mapping, day) = (message.mapping(), now.to_zoned(TimeZone::UTC).date());
        let ruled = Ruled::of(&self.catalogue, message, day).ok().flatten();
        let agreement = self.catalogue.agreement_of(message).ok().flatten();
        receive(&self.catalogue, message, bytes, &mut |received| {
            let broken = ruled.as_ref().map(|ruled| ruled.broken(&received)).unwrap_or_default();
            let Received { tree, grammar, got, findings, .. } = received;
            let (Some(got), Some(grammar), Some(mapping), None) = (&got, grammar, mapping, &response) else {
                unread.extend(findings);
                return;
            };
            let base = Base { tree, grammar, document: &got.document, carriers: &got.carriers };
            let name = message.plain_name().split_once('/').map_or("", |(_, name)| name);
            let agreement = agreement.as_deref();
            let submitted =
                Submitted { base, mapping, findings: &findings, message: name, broken: &broken, agreement };
            response = Some(self.met(&submitted, incoming, tongue, choose));
        });
        response.unwrap_or_else(|| Ok(Response::Malformed(wrong(&unread, bytes))))
    }

    fn met(
        &self,
        submitted: &Submitted<'_>,
        Incoming { bytes, takes, at: (now, pace), .. }: Incoming<'_>,
        tongue: &Tongue,
        choose: Choose<'_>,
    ) -> Result<Response, Trouble> {
        let malformed = self.counterpart.malformed(submitted);
        if !malformed.is_empty() {
            return Ok(Response::Malformed(wrong(&malformed, bytes)));
        }
        let root = dragoman_model::At::alone(submitted.base.document);
        let is = root.text("kind").unwrap_or("declaration");
        if !takes.is_empty() && !takes.iter().any(|one| one == is || one == submitted.message) {
            let message = format!("this is a message of kind {is}, not {}", takes.join(" or "));
            return Ok(Response::Malformed(vec![Wrong { line: 1, column: 1, message }]));
        }
        let lrn = root.text("lrn").unwrap_or_default().trim().to_owned();
        let played = choose(&lrn, &|behaviour| self.counterpart.triggers(behaviour, submitted));
        if let Some(played) = &played
            && played.request.is_lost()
        {
            return Ok(Response::Lost(lrn));
        }
        let moment = Moment { now, pace, plays: played.as_deref() };
        let mut waiting = lock(&self.waiting);
        let Taken { lrn, mrn, answers, waits, adds_to } = self.counterpart.take(submitted, moment)?;
        let mut answers: Vec<_> = answers.iter().filter_map(|answer| self.written(tongue, answer)).collect();
        if !waits.is_empty() {
            let edition = tongue.edition.clone();
            waiting.push(Waiting { sales: waits, bytes: bytes.to_vec(), edition });
        }
        let is_due = |one: &mut Waiting| one.sales.iter().any(|sale| adds_to.contains(sale));
        let due: Vec<_> = waiting.extract_if(.., is_due).collect();
        drop(waiting);
        // What waited for this document is looked at again.
        for Waiting { bytes, edition, .. } in &due {
            let incoming = Incoming { bytes, takes: &[], edition: edition.as_deref(), at: (now, pace) };
            if let Response::Taken { answers: more, .. } = self.take(incoming, &|_, _| None)? {
                answers.extend(more);
            }
        }
        Ok(Response::Taken { lrn, mrn, answers })
    }

    fn written(&self, tongue: &Tongue, answer: &Answer) -> Option<Written> {
        let name = format!("{}/{}", self.adapter, answer.message);
        let message = tongue.answers.iter().find(|message| message.plain_name() == name)?;
        let batch = message.batch_of(&answer.document);
        let put = message.put(batch.as_ref().unwrap_or(&answer.document))?;
        let grammar = message.written().map(|grammar| &**grammar);
        let Sent { bytes, .. } = send(message.syntax(), &[&put.tree], grammar, Layout::Pretty);
        Some(Written { at: answer.at, name: answer.name.to_string(), bytes })
    }
}

/// What a panic left behind is whole: declarations are added and taken in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wrong(findings: &[Finding], bytes: &[u8]) -> Vec<Wrong> {
    let lines = LineIndex::new(bytes);
    let wrong = |finding: &Finding| {
        let offset = finding.span.as_ref().map_or(0, |span| span.start);
        let position = lines.position(bytes, usize::try_from(offset).unwrap_or(usize::MAX));
        Wrong { line: position.line, column: position.column, message: finding.message.clone() }
    };
    findings.iter().map(wrong).collect()
}
