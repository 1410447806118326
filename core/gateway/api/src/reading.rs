//! Bytes to documents for one answer: which message they are, their findings with line and column, and what they are
//! in another form.

use std::borrow::Cow;

use dragoman_adapters::{
    Catalogue, CatalogueError, Kind, Layout, Message, Received, receive, recognise, send, unknown,
};
use dragoman_mapping::Put;
use dragoman_mapping::report::{Report, Side, lost_findings, residue_findings};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::xml;
use dragoman_tree::{Finding, FindingRecord, LineIndex, Severity, Tree};
use http::HeaderMap;

use crate::Api;
use crate::input::Content;
use crate::media::{self, Stated};
use crate::problem::{Kind as ProblemKind, Problem};

/// The name that stands for what the content says.
pub const AUTO: &str = "auto";

/// The message of a name that a query gives.
pub fn named(catalogue: &Catalogue, name: &str) -> Result<Message, Problem> {
    catalogue.message(name).map_err(|error| match error {
        CatalogueError::Unknown { nearest, .. } => {
            let problem = Problem::malformed(format!("there is no message `{name}`"));
            match nearest {
                Some(near) => problem.hint(format!("there is `{near}`")),
                None => problem.hint("`GET /v1/adapters` lists what there is"),
            }
        }
        error => Problem::internal(error),
    })
}

/// Which message a body is: what `as` names, or what the content says; a finding where nothing is known that has it.
/// `Content-Type` may not contradict either.
pub fn message_of(
    catalogue: &Catalogue,
    name: Option<&str>,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<Result<Message, Box<Finding>>, Problem> {
    let stated = media::stated(headers);
    if stated == Stated::Other {
        let taken =
            "a message is JSON, XML, EDIFACT, X12, or `application/octet-stream`, which its content explains";
        return Err(Problem::new(ProblemKind::MediaType).detail(taken));
    }
    let message = match name.filter(|name| *name != AUTO) {
        Some(name) => named(catalogue, name)?,
        None => match recognise(catalogue, bytes).map_err(Problem::internal)? {
            Some(message) => message,
            None => return Ok(Err(Box::new(unknown(bytes)))),
        },
    };
    match stated {
        Stated::Syntax(syntax) if syntax != message.syntax() => {
            let detail = format!(
                "`{}` is written in {}, not in what `Content-Type` says",
                message.name(),
                message.syntax().word()
            );
            Err(Problem::new(ProblemKind::MediaType).detail(detail))
        }
        _ => Ok(Ok(message)),
    }
}

/// The name of the message that a query gives, checked; none for what the content says. `Content-Type` may not contradict it.
pub fn named_or_stated(api: &Api, name: Option<&str>, content: &Content) -> Result<Option<String>, Problem> {
    let message = message_of(api.catalogue(), name, &content.headers, &content.bytes)?;
    let message = message.map_err(|unknown| Problem::finding(&unknown))?;
    Ok(Some(message.name().to_owned()))
}

/// The text that spans count in, and its lines.
pub struct Lines<'b> {
    text: Cow<'b, [u8]>,
    index: LineIndex,
}

impl<'b> Lines<'b> {
    /// Of a body. XML of another encoding than UTF-8 is shown as it was decoded.
    pub fn of(bytes: &'b [u8]) -> Self {
        let text = match Kind::of(bytes) {
            Kind::Xml(_) => match xml::decode(bytes).text {
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
                Cow::Borrowed(_) => Cow::Borrowed(bytes),
            },
            _ => Cow::Borrowed(bytes),
        };
        Self { index: LineIndex::new(&text), text }
    }

    /// A finding with line and column.
    pub fn record(&self, finding: &Finding) -> FindingRecord {
        let position = |offset| Some(self.index.position(&self.text, usize::try_from(offset).ok()?));
        FindingRecord::new(finding, None, position)
    }
}

/// All that is worth saying about a body that should be a message.
pub fn findings(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> Vec<FindingRecord> {
    let lines = Lines::of(bytes);
    let mut all = Vec::new();
    receive(catalogue, message, bytes, &mut |received| {
        all.extend(received.said().iter().map(|finding| lines.record(finding)));
    });
    all
}

/// A body in another form.
#[derive(Default)]
pub struct Translated {
    /// What was written, with what became of every leaf, document by document.
    pub documents: Vec<(Vec<u8>, Report)>,
    /// All of it as one content.
    pub whole: Vec<u8>,
    /// What is worth saying.
    pub findings: Vec<FindingRecord>,
}

impl Translated {
    /// True where something could not be carried, or broke a rule.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Translates a body: one message into another, document by document.
pub fn translate(catalogue: &Catalogue, from: &Message, to: &Message, bytes: &[u8]) -> Translated {
    let lines = Lines::of(bytes);
    let mut translated = Translated::default();
    let mut trees: Vec<Tree<'static>> = Vec::new();
    receive(catalogue, from, bytes, &mut |received| {
        let mut said = received.findings.clone();
        let document = document(to, received, &mut said);
        translated.findings.extend(said.iter().map(|finding| lines.record(finding)));
        if let Some((tree, mut report)) = document {
            report.findings = said.iter().map(|finding| lines.record(finding)).collect();
            let sent = send(to.syntax(), &[&tree], to.written().map(|grammar| &**grammar), Layout::Pretty);
            translated.findings.extend(sent.findings.iter().map(|finding| lines.record(finding)));
            translated.documents.push((sent.bytes, report));
            trees.push(tree);
        }
    });
    translated.whole = whole(to, &trees);
    translated
}

/// One document in the other form; what is worth saying goes to `said`.
fn document(
    to: &Message,
    received: Received<'_, '_>,
    said: &mut Vec<Finding>,
) -> Option<(Tree<'static>, Report)> {
    let from = received.side();
    let got = received.got?;
    said.extend(got.findings.iter().cloned());
    said.extend(residue_findings(from, &got));
    if let Some(finding) = to.refuses(&got.document) {
        said.push(finding);
        return None;
    }
    let put: Put<'_> = to.put(&got.document)?;
    said.extend(put.findings.iter().cloned());
    said.extend(lost_findings(from, &got.document, &put));
    let grammar: Option<&Grammar> = to.written().map(|grammar| &**grammar);
    let to = Side { name: to.name(), tree: &put.tree, grammar, offset: 0 };
    Some((put.tree.detach(), Report::new(from, &got, to, &put)))
}

/// All documents as one content: an interchange, a JSON text a line where there are several; the only XML document.
fn whole(to: &Message, trees: &[Tree<'static>]) -> Vec<u8> {
    let is_list = to.syntax() == Syntax::Json && trees.len() > 1;
    let trees: Vec<_> = trees.iter().collect();
    let layout = if is_list { Layout::Line } else { Layout::Pretty };
    send(to.syntax(), &trees, to.written().map(|grammar| &**grammar), layout).bytes
}
