//! `dragoman explain`: the way of every value, one line a leaf.

use dragoman_adapters::{Message, Received};
use dragoman_mapping::lineage::{Link, links};
use dragoman_mapping::{Claim, Got, Mapping, Put};
use dragoman_syntax::WirePaths;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{NodeId, Severity};

use crate::Context;
use crate::arguments::Explain;
use crate::failure::{Failure, Outcome};
use crate::findings::text::Printer;
use crate::inputs::Input;
use crate::reading::{Reading, Wanted};
use crate::terminal::print;

/// Prints the lines of all documents of a file. A line has the bytes, the value, the path in the message that was
/// read, the canonical path, the path in the message that is written, and the codecs between.
pub fn run(context: &Context, arguments: &Explain) -> Result<Outcome, Failure> {
    let from = Wanted::new(&context.catalogue, &arguments.from)?;
    let to = context.catalogue.message(&arguments.to)?;
    let is_stdin = arguments.input.as_os_str() == "-";
    let path = (!is_stdin).then(|| arguments.input.clone());
    let input = Input { path, below: arguments.input.clone(), found: false };
    let reading = Reading::open(&context.catalogue, &input, &from)?;
    let mut printer = Printer::new(&context.terminal);
    reading.documents(&mut |source, received| {
        for finding in received.findings.iter().filter(|finding| finding.severity == Severity::Error) {
            printer.finding(finding, source);
        }
        if let Some(finding) = received.got.as_ref().and_then(|got| to.refuses(&got.document)) {
            printer.finding(&finding, source);
            printer.end_of_file(source);
            return;
        }
        printer.end_of_file(source);
        print(explain(&to, &received).as_bytes());
    })?;
    printer.finish();
    Ok(if printer.total().errors > 0 { Outcome::Findings } else { Outcome::Clean })
}

fn explain(to: &Message, received: &Received<'_, '_>) -> String {
    let Some(got) = &received.got else { return String::new() };
    let Some(put) = to.put(&got.document) else { return String::new() };
    let grammar = received.grammar.map(|grammar| &**grammar);
    let leaf = Leaves {
        received,
        got,
        put: &put,
        grammar,
        from: received.message.and_then(Message::mapping).map(|mapping| &**mapping),
        to: to.mapping().map(|mapping| &**mapping),
        source: WirePaths::new(received.tree, grammar),
        target: WirePaths::new(&put.tree, to.written().map(|grammar| &**grammar)),
    };
    links(received.tree, got, &put).iter().map(|link| leaf.line(*link)).collect()
}

/// A document on its way, to print leaf by leaf.
struct Leaves<'e, 'i> {
    received: &'e Received<'e, 'i>,
    got: &'e Got<'i>,
    put: &'e Put<'i>,
    grammar: Option<&'e Grammar>,
    from: Option<&'e Mapping>,
    to: Option<&'e Mapping>,
    source: WirePaths<'e, 'i>,
    target: WirePaths<'e, 'i>,
}

impl Leaves<'_, '_> {
    fn line(&self, link: Link) -> String {
        let Link { source, canonical, target } = link;
        let document = &self.got.document;
        let value = match (source, canonical, target) {
            (Some(node), ..) => self.received.tree.value(node),
            (_, Some(node), _) => document.tree().value(node),
            (.., Some(node)) => self.put.tree.value(node),
            (None, None, None) => None,
        };
        let cells = [
            source.map_or_else(|| "-".into(), |node| self.bytes(node)),
            value.map_or_else(|| "-".into(), |value| format!("{value:?}")),
            source.map_or_else(|| "-".into(), |node| self.source.path(node)),
            canonical.map_or_else(|| self.fate(source), |node| document.path(node)),
            target.map_or_else(|| self.loss(canonical), |node| self.target.path(node)),
            self.codecs(link),
        ];
        cells.join("\t") + "\n"
    }

    fn bytes(&self, node: NodeId) -> String {
        let span = self.received.tree.file_span(node);
        format!("{}..{}", span.start + self.received.offset, span.end + self.received.offset)
    }

    /// What became of a leaf that is not in the document.
    fn fate(&self, source: Option<NodeId>) -> String {
        let claim = source.and_then(|node| self.got.claims.get(node.index()));
        match claim {
            None => "(constant)",
            Some(Claim::Checked) => "(checked)",
            Some(Claim::Reported) => "(ignored)",
            Some(Claim::Residue | Claim::Carried | Claim::Branch) => "(residue)",
        }
        .to_owned()
    }

    /// Why a leaf of the document is not written.
    fn loss(&self, canonical: Option<NodeId>) -> String {
        let lost = self.put.lost.iter().find(|lost| Some(lost.node) == canonical);
        lost.map_or_else(|| "-".into(), |lost| format!("(lost: {})", lost.why))
    }

    /// The codec that read the value, and the one that wrote it where it is another.
    fn codecs(&self, link: Link) -> String {
        let Link { source, canonical, target } = link;
        let read = || self.from?.rule_read(self.got, self.grammar?, source?, canonical?);
        let written = || self.to?.rule_written(self.put, &self.got.document, target?, canonical?);
        let mut codecs: Vec<_> =
            [read(), written()].into_iter().flatten().filter_map(|rule| rule.codec).collect();
        codecs.dedup();
        if codecs.is_empty() { "-".to_owned() } else { codecs.join(", ") }
    }
}
