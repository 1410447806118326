//! The way out: documents that lie in `send` become messages of the partner in `out`.

use std::collections::BTreeMap;

use dragoman_adapters::{Envelope, Layout, Message, Sent, ending, receive_each, send_in};
use dragoman_folders::FolderError;
use dragoman_mapping::report::{lost_findings, residue_findings};
use dragoman_tree::{Finding, FindingRecord, LineIndex, Severity, Tree};

use super::Partner;
use super::acknowledge::stamp;
use super::file::{Own, leave};
use super::read::hash;
use super::report::{Became, MessageReport, Report, Reporting};
use super::round::Folders;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;

/// Messages that go out together.
struct Outgoing {
    message: Message,
    trees: Vec<Tree<'static>>,
}

impl Gateway {
    /// Makes messages of the documents of a file that was claimed, all of them or none.
    pub(super) async fn send_file(&self, partner: &Partner, folders: &Folders, name: &str) -> Answer<()> {
        let path = folders.sending.at(name);
        let failed = |error| FolderError::file(&path, "read", error);
        let hash = hash(path.clone()).await.map_err(failed)?;
        let mut report = Report::new(name, &hash, self.0.clock.now());
        let known = self.begin_file(partner, &format!("send/{hash}"), name).await?;
        let mut reporting = Reporting::begin(&folders.sending, name).await?;
        if known.done {
            report.duplicate_of = Some(known.name);
            return leave(&folders.sending, name, &folders.sent, reporting, report).await;
        }
        let bytes = tokio::fs::read(&path).await.map_err(failed)?;
        let (outgoing, messages) = self.outgoing(partner, &bytes)?;
        for message in &messages {
            reporting.add(message).await?;
        }
        let (mut sent, mut numbers) = (Vec::new(), Vec::new());
        for one in outgoing.values() {
            // A number each: an acknowledgement names the interchange that it is about.
            let part = format!("send/{hash}/{}", one.message.name());
            let number = self.begin_file(partner, &part, name).await?.number;
            numbers.push(number.to_string());
            let envelope = self.envelope(partner, number);
            let trees: Vec<_> = one.trees.iter().collect();
            let grammar = one.message.written().map(|grammar| &**grammar);
            let syntax = one.message.syntax();
            let Sent { bytes, findings } = send_in(syntax, &trees, grammar, Layout::Pretty, &envelope);
            report
                .findings
                .extend(findings.iter().map(|finding| FindingRecord::new(finding, None, |_| None)));
            let own = Own { name, hash: &hash, known: &known };
            let end = format!("{}.{}", one.message.name().replace('/', "-"), ending(syntax));
            sent.push((format!("{}.{end}", own.made()), bytes));
        }
        let broken = |finding: &FindingRecord| finding.severity == Severity::Error;
        let is_refused = |message: &MessageReport| {
            !matches!(message.became, Became::Sent { .. }) || message.findings.iter().any(broken)
        };
        if messages.is_empty() || report.findings.iter().any(broken) || messages.iter().any(is_refused) {
            return leave(&folders.sending, name, &folders.unsent, reporting, report).await;
        }
        for (name, bytes) in sent {
            report.made.push(format!("out/{}", folders.out.put(&name, &bytes).await?));
        }
        self.end_file(partner, &format!("send/{hash}"), known, &numbers).await?;
        leave(&folders.sending, name, &folders.sent, reporting, report).await
    }

    /// The messages that documents become, by their names, and what became of each document.
    fn outgoing(
        &self,
        partner: &Partner,
        bytes: &[u8],
    ) -> Answer<(BTreeMap<String, Outgoing>, Vec<MessageReport>)> {
        let mut messages = Vec::new();
        let mut outgoing: BTreeMap<String, Outgoing> = BTreeMap::new();
        let index = LineIndex::new(bytes);
        let record = |finding: &Finding| {
            let position = |offset| Some(index.position(bytes, usize::try_from(offset).ok()?));
            FindingRecord::new(finding, None, position)
        };
        let read = receive_each(&self.0.catalogue, bytes, &mut |received| {
            let mut findings = received.said();
            let name = received.message.map(|message| message.name().to_owned());
            let Some(got) = &received.got else {
                let findings = findings.iter().map(record).collect();
                return messages.push(MessageReport {
                    message: name,
                    became: Became::Unread,
                    findings,
                    document: None,
                });
            };
            let kind = got.document.kind().to_owned();
            findings.extend(residue_findings(received.side(), got));
            let to = partner.send.get(&kind);
            let became = match to.and_then(|to| Some((to, to.put(&got.document)?))) {
                Some((to, put)) => {
                    findings.extend(put.findings.iter().cloned());
                    findings.extend(lost_findings(received.side(), &got.document, &put));
                    let new = || Outgoing { message: to.clone(), trees: Vec::new() };
                    let one = outgoing.entry(to.name().to_owned()).or_insert_with(new);
                    one.trees.push(put.tree.detach());
                    Became::Sent { to: to.name().to_owned() }
                }
                None => {
                    Became::Refused { why: format!("nothing says as what `{kind}` goes to this partner") }
                }
            };
            let findings = findings.iter().map(record).collect();
            messages.push(MessageReport { message: name, document: Some(kind), became, findings });
        });
        read.map_err(EngineError::damaged)?;
        Ok((outgoing, messages))
    }

    /// The envelope of an interchange to a partner.
    fn envelope(&self, partner: &Partner, number: u32) -> Envelope {
        let envelope = &partner.settings.envelope;
        let side = |id: &str, qualifier: &str| (id.to_owned(), qualifier.to_owned());
        Envelope {
            sender: side(&envelope.ours, &envelope.ours_qualifier),
            recipient: side(&envelope.theirs, &envelope.theirs_qualifier),
            syntax: envelope.syntax.clone(),
            version: envelope.version.clone(),
            stamp: stamp(self.0.clock.now(), number),
            is_test: envelope.test,
        }
    }
}
