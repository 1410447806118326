//! Declarations that were handed in whole.

use dragoman_adapters::{Customs, Declaration, Layout, Message, Received, card_number, receive, write_over};
use dragoman_mapping::report::{Side, lost_findings, residue_findings};
use dragoman_model::{Document, single};
use dragoman_tree::{Finding, Tree};

use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::refused;

/// A declaration that was handed in, as it was read.
pub(crate) struct Handed {
    /// What it says.
    pub document: Document<'static>,
    /// What is worth saying about it: of a message that is not the account's own, also what was not read.
    pub findings: Vec<Finding>,
    /// True where it is the message that the customs service takes.
    pub is_own: bool,
    /// The offset of its text in what was handed in.
    offset: u64,
}

/// What a message says.
#[derive(Default)]
pub(crate) struct Read {
    pub documents: Vec<Document<'static>>,
    pub findings: Vec<Finding>,
    /// The offset of the first one's text.
    offset: u64,
    /// The number of a payment card, where one is stated.
    pub card: Option<Finding>,
}

impl Gateway {
    /// Reads a declaration that was handed in.
    pub(crate) fn handed(&self, customs: &Customs, message: &Message, bytes: &[u8]) -> Answer<Handed> {
        let is_own = customs.declaration.plain_name() == message.plain_name();
        // It is read in the edition that it is sent in.
        let message = if is_own { &customs.declaration } else { message };
        let Read { mut documents, findings, offset, card } = self.read_handed(message, bytes, !is_own);
        if let Some(card) = card {
            return Err(refused("no card is declared", &[card]));
        }
        let several = documents.len();
        let document = documents.pop().map(|document| single(&document).unwrap_or(document));
        let document = document.filter(|document| is_own || document.kind() == "declaration");
        let Some(document) = document else { return Err(refused("this is no declaration", &findings)) };
        if several > 1 {
            let message =
                format!("there are {several} documents in it, and a declaration is handed in alone");
            return Err(EngineError::refused(message));
        }
        Ok(Handed { document, findings, is_own, offset })
    }

    /// Writes a declaration that was handed in as what the customs service takes: over its own message, where it is that,
    /// and anew otherwise, with what that loses among the findings.
    pub(crate) fn write_handed(
        &self,
        customs: &Customs,
        message: &Message,
        handed: Handed,
        bytes: &[u8],
    ) -> Answer<Declaration> {
        let Handed { document, mut findings, is_own, offset } = handed;
        let to = &customs.declaration;
        let written = if is_own {
            write_over(&self.0.catalogue, document, to, bytes, Layout::Line)
        } else {
            customs.write(document, Layout::Line)
        };
        let mut declaration =
            written.ok_or_else(|| EngineError::refused("the account's message cannot be written"))?;
        if !is_own {
            let from = Side { name: message.name(), tree: &Tree::default(), grammar: None, offset };
            findings.extend(lost_findings(from, &declaration.document, &declaration.put));
        }
        declaration.findings.splice(0..0, findings);
        Ok(declaration)
    }

    /// Reads what was handed in.
    pub(crate) fn read_handed(&self, message: &Message, bytes: &[u8], tells_residue: bool) -> Read {
        let mut read = Read::default();
        receive(&self.0.catalogue, message, bytes, &mut |received| {
            read.findings.extend(received.said());
            let from = received.side();
            read.card = read.card.take().or_else(|| card_number(received.tree, received.node));
            let Received { offset, got, .. } = received;
            let Some(got) = got else { return };
            if tells_residue {
                read.findings.extend(residue_findings(from, &got));
            }
            if read.documents.is_empty() {
                read.offset = offset;
            }
            read.documents.push(got.document.detach());
        });
        read
    }
}
