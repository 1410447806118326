//! Reading a file, message by message: on a thread of its own, no faster than its messages are taken in, so that a file
//! of any length needs little memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dragoman_adapters::{Catalogue, Interchange, Kind, Messages, Received, alone, receive_each};
use dragoman_mapping::canonical;
use dragoman_mapping::report::residue_findings;
use dragoman_syntax::edifact::{self, MessageType};
use dragoman_syntax::grammar::Syntax;
use dragoman_syntax::x12::{self, SetType};
use dragoman_syntax::{json, xml};
use dragoman_tree::{Finding, FindingRecord, LineIndex, Position, Severity};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

/// How much is read at once.
const CHUNK: usize = 1 << 16;

/// How long a file may be for its findings to be given with line and column.
const SHOWN: u64 = 1 << 24;

/// How many messages are read ahead of those that are taken in.
const AHEAD: usize = 16;

/// A message of a file, or findings that belong to none.
pub(super) struct Item {
    /// What it was read as.
    pub message: Option<String>,
    /// What it says.
    pub document: Option<Said>,
    /// What is worth saying about it.
    pub findings: Vec<FindingRecord>,
    /// What it acknowledges, where it is an acknowledgement.
    pub answer: Option<Answered>,
    /// False of findings that are about no message.
    pub is_message: bool,
}

/// What a message says.
pub(super) struct Said {
    /// The type of the document.
    pub kind: String,
    /// As canonical JSON, in one line.
    pub canonical: String,
    /// The message alone; none where it cannot be parted from others.
    pub bytes: Option<Vec<u8>>,
}

/// What an acknowledgement answers: the control reference of an interchange or a group, and what it says of that.
pub(super) struct Answered {
    pub reference: String,
    pub verdict: &'static str,
}

/// Reads a file on a thread of its own.
pub(super) fn items(catalogue: &Arc<Catalogue>, path: PathBuf) -> mpsc::Receiver<io::Result<Item>> {
    let (to, items) = mpsc::channel(AHEAD);
    let catalogue = Arc::clone(catalogue);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = read(&catalogue, &path, &to) {
            // Nobody listens where the gateway is being stopped.
            let _ = to.blocking_send(Err(error));
        }
    });
    items
}

fn read(catalogue: &Catalogue, path: &Path, to: &mpsc::Sender<io::Result<Item>>) -> io::Result<()> {
    let mut file = File::open(path)?;
    let lines = Lines::of(path, file.metadata()?.len())?;
    let mut chunk = next(&mut file)?;
    let kind = Kind::of(&chunk);
    let edifact = |kind: &MessageType| catalogue.edifact_grammar(kind);
    let x12 = |kind: &SetType| catalogue.x12_grammar(kind);
    let messages = Messages::each(catalogue, Severity::Error);
    let mut interchange = match kind {
        Kind::Edifact(_) => Interchange::new(messages, &edifact),
        Kind::X12(_) => Interchange::x12(messages, &x12),
        _ => {
            file.read_to_end(&mut chunk)?;
            let mut all = Vec::new();
            let mut visit = |received: Received<'_, '_>| all.push(item(&received, &chunk, &lines));
            receive_each(catalogue, &chunk, &mut visit).map_err(io::Error::other)?;
            // What holds nothing else goes on as it came.
            if let [Item { document: Some(said), .. }] = all.as_mut_slice() {
                said.bytes = Some(chunk);
            }
            for item in all {
                send(to, item);
            }
            return Ok(());
        }
    };
    let mut visit = |received: Received<'_, '_>| send(to, item(&received, &[], &lines));
    while !chunk.is_empty() {
        interchange.push(&chunk, &mut visit);
        chunk = next(&mut file)?;
    }
    interchange.finish(&mut visit);
    Ok(())
}

/// The next bytes of a file; none at its end.
pub(super) fn next(file: &mut File) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(CHUNK);
    file.take(CHUNK as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

fn send(to: &mpsc::Sender<io::Result<Item>>, item: Item) {
    // Nobody listens where the gateway is being stopped: the file is read again then.
    let _ = to.blocking_send(Ok(item));
}

/// A message of an input.
fn item(received: &Received<'_, '_>, input: &[u8], lines: &Lines) -> Item {
    let mut findings = received.said();
    let document = received.got.as_ref().map(|got| {
        findings.extend(residue_findings(received.side(), got));
        Said {
            kind: got.document.kind().to_owned(),
            canonical: canonical::write(&got.document, json::Style::Line),
            bytes: alone(received, input),
        }
    });
    Item {
        message: received.message.map(|message| message.name().to_owned()),
        document,
        findings: findings.iter().map(|finding| lines.record(finding)).collect(),
        answer: answered(received),
        is_message: !received.tree.is_empty(),
    }
}

fn answered(received: &Received<'_, '_>) -> Option<Answered> {
    let grammar = received.grammar.map(|grammar| &**grammar);
    match grammar.map(|grammar| grammar.syntax) {
        Some(Syntax::Edifact) => {
            let answer = edifact::answer(&(received.tree, grammar))?;
            let rejects = |action: edifact::Action| action == edifact::Action::Rejected;
            let verdict = match answer.action {
                _ if answer.messages.iter().any(|message| rejects(message.action)) => "partly rejected",
                edifact::Action::Acknowledged => "accepted",
                edifact::Action::Received => "received",
                edifact::Action::Rejected => "rejected",
                edifact::Action::Unknown => "unknown",
            };
            Some(Answered { reference: answer.reference, verdict })
        }
        Some(Syntax::X12) => {
            let answer = x12::answer(received.tree)?;
            let verdict = match answer.verdict {
                x12::Verdict::Accepted => "accepted",
                x12::Verdict::AcceptedWithErrors => "accepted with errors",
                x12::Verdict::Partly => "partly rejected",
                x12::Verdict::Rejected => "rejected",
                x12::Verdict::Unknown => "unknown",
            };
            Some(Answered { reference: answer.control, verdict })
        }
        _ => None,
    }
}

/// The lines of a file that is not too long to be shown.
struct Lines {
    text: Vec<u8>,
    index: LineIndex,
    known: bool,
}

impl Lines {
    fn of(path: &Path, length: u64) -> io::Result<Self> {
        let known = length <= SHOWN;
        let mut text = if known { std::fs::read(path)? } else { Vec::new() };
        if let Kind::Xml(_) = Kind::of(&text) {
            // Spans count in the text as it was decoded.
            text = xml::decode(&text).text.into_owned().into_bytes();
        }
        Ok(Self { index: LineIndex::new(&text), text, known })
    }

    fn record(&self, finding: &Finding) -> FindingRecord {
        FindingRecord::new(finding, None, |offset| self.position(offset))
    }

    fn position(&self, offset: u64) -> Option<Position> {
        let offset = usize::try_from(offset).ok().filter(|_| self.known)?;
        Some(self.index.position(&self.text, offset))
    }
}

/// The hash of a file's content.
pub(super) async fn hash(path: PathBuf) -> io::Result<String> {
    let hash = move || {
        let (mut file, mut hash) = (File::open(path)?, Sha256::new());
        loop {
            let chunk = next(&mut file)?;
            if chunk.is_empty() {
                return Ok(crate::hash::hexadecimal(&hash.finalize()));
            }
            hash.update(&chunk);
        }
    };
    tokio::task::spawn_blocking(hash).await.map_err(io::Error::other)?
}
