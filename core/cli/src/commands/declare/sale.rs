//! The documents of the sales that are declared, as the customs service compares them: what each lacks is put in from the
//! others, and what they do not agree in is said where it stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use dragoman_adapters::{Customs, Declaration, Layout, sent_of};
use dragoman_model::{Document, Timestamp};
use dragoman_rules::{Agreement, Located, Made};
use dragoman_tree::{Finding, NodeId};

use crate::Context;
use crate::consignment::Files;
use crate::failure::Failure;
use crate::source::Source;

/// What the customs service compares, and with what.
pub struct Sales<'c> {
    context: &'c Context,
    customs: &'c Customs,
    agreement: Arc<Agreement>,
}

/// A document that was made.
pub struct Sent {
    /// The name of its message, without the adapter.
    pub name: String,
    /// It.
    pub declaration: Declaration,
}

impl Sent {
    /// A declaration that nothing is sent beside.
    pub fn alone(declaration: Declaration) -> Vec<Self> {
        vec![Self { name: String::new(), declaration }]
    }
}

impl<'c> Sales<'c> {
    /// None where the customs service compares nothing.
    pub fn of(context: &'c Context, customs: &'c Customs) -> Option<Self> {
        let agreement = customs.agreement.clone()?;
        Some(Self { context, customs, agreement })
    }

    /// True for a document that is declared beside an order: its payment, its waybill.
    pub fn is_beside(&self, document: &Document<'_>) -> bool {
        document.kind() != "order" && self.agreement.compares(document)
    }

    /// What the inputs and the declarations made of them do not agree in, each at its file.
    pub fn differing(&self, files: &Files, made: &[Declaration], told: &mut dyn FnMut(&[Finding], &Source)) {
        let mut entries = Vec::new();
        let read: Vec<_> = files.all().collect();
        for (number, (document, offset, _)) in read.iter().enumerate() {
            let span = |node: NodeId| document.tree().file_span(node);
            let locate = |node: NodeId| Located {
                span: span(node).start + offset..span(node).end + offset,
                wire_path: None,
                path: document.path(node),
            };
            entries.extend(self.agreement.read(number, document, &locate));
        }
        for declaration in made {
            let document = &declaration.document;
            let locate = |node: NodeId| Located { path: document.path(node), ..Located::default() };
            entries.extend(self.agreement.read(read.len(), document, &locate));
        }
        let mut found: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
        for (number, finding) in self.agreement.compare(&entries) {
            let is_made = number == read.len();
            let finding = if is_made { Finding { span: None, ..finding } } else { finding };
            found.entry(number).or_default().push(finding);
        }
        let declared = Source::named(self.customs.declaration.name().to_owned());
        for (number, findings) in found {
            told(&findings, read.get(number).map_or(&declared, |(_, _, source)| source));
        }
    }

    /// The documents of each sale, completed and written.
    pub fn sent(
        &self,
        files: &Files,
        made: Vec<Declaration>,
        layout: Option<Layout>,
        moment: Timestamp,
    ) -> Result<Vec<Vec<Sent>>, Failure> {
        let sale = |declaration: Declaration| {
            let numbers = self.agreement.sales_of(&declaration.document);
            let is_of = |document: &&Document<'static>| {
                self.agreement.sales_of(document).iter().any(|number| numbers.contains(number))
            };
            let mut documents: Vec<_> =
                files.all().map(|(document, ..)| document).filter(is_of).cloned().collect();
            documents.push(declaration.document);
            let number = numbers.join(" ");
            let made = sent_of(self.customs, &self.agreement, &documents, &number, moment);
            made.into_iter().map(|one| self.written(one, layout)).collect()
        };
        made.into_iter().map(sale).collect()
    }

    fn written(&self, made: Made, layout: Option<Layout>) -> Result<Sent, Failure> {
        let name = made.message.to_string();
        let own = self.context.catalogue.message(&format!("{}/{name}", self.customs.adapter))?;
        let message = if layout.is_some() { own } else { dragoman_adapters::Message::Canonical };
        let written = dragoman_adapters::write(made.document, &message, layout.unwrap_or(Layout::Line));
        let nothing = || Failure::Use { message: format!("`{name}` cannot be written"), hint: None };
        Ok(Sent { declaration: written.ok_or_else(nothing)?, name })
    }
}
