//! One file, there and back: over itself, and from its canonical JSON alone.

use dragoman_adapters::{Catalogue, Layout, Message, Received, receive, send};
use dragoman_mapping::report::BothCounts;
use dragoman_mapping::{Got, Put, canonical};
use dragoman_syntax::edifact;
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::{Limits, json, xml};
use dragoman_tree::{Finding, NodeId, Severity, Tree};

/// What one file shows.
#[derive(Debug, Default)]
pub struct Measured {
    /// Its leaves.
    pub counts: BothCounts,
    /// The first difference when its documents are written over it.
    pub over_original: Option<String>,
    /// The first difference when they are written from canonical JSON.
    pub alone: Option<String>,
    /// What reading said of them.
    pub findings: Vec<Finding>,
}

/// Measures a file; where it is no such message, says why.
pub fn measure(catalogue: &Catalogue, message: &Message, bytes: &[u8]) -> Result<Measured, String> {
    let road = Road { catalogue, message };
    let mut measured = Measured::default();
    let mut documents = 0;
    let mut why = None;
    receive(catalogue, message, bytes, &mut |received| {
        let broken = received.findings.iter().rfind(|finding| finding.severity == Severity::Error);
        let is_text = !message.syntax().has_segments();
        match &received.got {
            Some(got) if broken.is_none() || !is_text => {
                documents += 1;
                measured.findings.extend(received.findings.iter().chain(&got.findings).cloned());
                road.document(&received, got, &mut measured);
            }
            _ => {
                let message = broken.map(|finding| finding.message.clone());
                why.get_or_insert(message.unwrap_or_default());
            }
        }
    });
    match why {
        Some(why) if documents == 0 || !message.syntax().has_segments() => Err(why),
        _ => Ok(measured),
    }
}

/// The way there and back.
struct Road<'r> {
    catalogue: &'r Catalogue,
    message: &'r Message,
}

impl Road<'_> {
    /// Measures a document. One of several in a JSON text is measured as a text of its own.
    fn document(&self, received: &Received<'_, '_>, got: &Got<'_>, measured: &mut Measured) {
        if received.node == NodeId::ROOT || self.message.syntax() == Syntax::Xml {
            return self.whole(received, got, measured);
        }
        let mut text = String::new();
        json::write_node(received.tree, received.node, json::Style::Compact, &mut text);
        self.receive(text.as_bytes(), &mut |alone| {
            if let Some(got) = &alone.got {
                self.whole(&alone, got, measured);
            }
        });
    }

    fn whole(&self, received: &Received<'_, '_>, got: &Got<'_>, measured: &mut Measured) {
        measured.counts.read += got.counts();
        let original = received.tree;
        let grammar = received.grammar.map(|grammar| &**grammar);
        if let Some(grammar) = grammar {
            let put = self.message.put_over(&got.document, original, got, grammar);
            let difference =
                self.difference((original, NodeId::ROOT), put.as_ref(), Some(grammar), &|_| false);
            measured.over_original = measured.over_original.take().or(difference);
        }
        let text = canonical::write(&got.document, json::Style::Compact);
        let again = canonical::read(text.as_bytes(), Some(got.document.document()), &Limits::default());
        let put = again.document.as_ref().and_then(|document| self.message.put(document));
        measured.counts.written += put.as_ref().map(|put| put.counts).unwrap_or_default();
        let ignored = |node: NodeId| got.ignores(original, node);
        let difference = self.difference((original, received.node), put.as_ref(), grammar, &ignored);
        measured.alone = measured.alone.take().or(difference);
    }

    /// The first difference between a message, from a node on, and what was written, as it reads again; what is
    /// `ignored` does not count.
    fn difference(
        &self,
        original: (&Tree<'_>, NodeId),
        put: Option<&Put<'_>>,
        grammar: Option<&Grammar>,
        ignored: &dyn Fn(NodeId) -> bool,
    ) -> Option<String> {
        let Some(put) = put else { return Some("it is not written".to_owned()) };
        let sent = send(
            self.message.syntax(),
            &[&put.tree],
            grammar.or(self.message.written().map(|grammar| &**grammar)),
            Layout::Line,
        );
        let mut difference = Some("what is written is not such a message".to_owned());
        self.receive(&sent.bytes, &mut |again| {
            if again.got.is_some() {
                difference = compare(self.message.syntax(), original, again.tree, grammar, ignored);
            }
        });
        difference
    }

    fn receive(&self, bytes: &[u8], each: &mut dyn FnMut(Received<'_, '_>)) {
        receive(self.catalogue, self.message, bytes, each);
    }
}

fn compare(
    syntax: Syntax,
    (one, at): (&Tree<'_>, NodeId),
    two: &Tree<'_>,
    grammar: Option<&Grammar>,
    ignored: &dyn Fn(NodeId) -> bool,
) -> Option<String> {
    match syntax {
        Syntax::Xml => {
            let difference = xml::difference_at((one, at), (two, NodeId::ROOT), grammar, ignored);
            difference.map(|difference| difference.to_string())
        }
        Syntax::Json => {
            json::difference(one, two, json::Numbers::Literal).map(|difference| difference.to_string())
        }
        Syntax::Edifact | Syntax::X12 | Syntax::Flat => {
            edifact::difference(one, two).map(|difference| difference.to_string())
        }
    }
}
