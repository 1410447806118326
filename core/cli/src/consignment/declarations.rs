//! Declarations as the messages that are sent.

use std::sync::Arc;

use dragoman_adapters::{Layout, Message, Sent, send};
use dragoman_declare::{Declared, Inputs, declare};
use dragoman_mapping::Put;
use dragoman_model::{At, Document};
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{Finding, NodeId};
use jiff::civil::Date;

use crate::consignment::{Files, Supply};
use crate::customs::Customs;
use crate::failure::Failure;

/// A declaration and the message that it is sent as.
pub struct Declaration {
    /// What is declared, each value with its source.
    pub document: Document<'static>,
    /// The message.
    pub put: Put<'static>,
    /// Its grammar.
    pub grammar: Option<Arc<Grammar>>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is worth saying about the message.
    pub findings: Vec<Finding>,
}

/// Declares a consignment, and writes the declarations as `message`.
pub fn declarations(
    files: &Files,
    customs: &Customs<'_>,
    message: &Message,
    lrns: &[String],
    on: Date,
) -> Result<(Declared, Vec<Declaration>), Failure> {
    let inputs = Inputs {
        orders: &files.orders(),
        master: &files.master(),
        profile: files.profile(),
        consignment: files.consignment(),
        rates: &files.rates(),
        rules: &customs.rules,
        lrns,
        on,
    };
    let mut declared = declare(&inputs);
    let documents = std::mem::take(&mut declared.declarations);
    let written: Option<Vec<_>> =
        documents.into_iter().map(|document| Declaration::new(document, message)).collect();
    let nothing = || Failure::Use { message: format!("`{}` cannot be written", message.name()), hint: None };
    Ok((declared, written.ok_or_else(nothing)?))
}

impl Declaration {
    fn new(document: Document<'static>, message: &Message) -> Option<Self> {
        let put = message.put(&document)?;
        let grammar = message.written().cloned();
        let Sent { bytes, mut findings } =
            send(message.syntax(), &[&put.tree], grammar.as_deref(), Layout::Pretty);
        findings.extend(put.findings.iter().cloned());
        Some(Self { document, put, grammar, bytes, findings })
    }

    /// The declaration's own reference.
    pub fn lrn(&self) -> Option<&str> {
        At::root(&self.document).text("lrn")
    }

    /// The data set.
    pub fn data_set(&self) -> &str {
        At::root(&self.document).text("data_set").unwrap_or("no data set")
    }

    /// How many goods items it has.
    pub fn items(&self) -> usize {
        At::root(&self.document).entries("goods_items").count()
    }

    /// The numbers of the orders that it covers.
    pub fn orders(&self) -> Vec<&str> {
        At::root(&self.document).entries("order_refs").filter_map(|order| order.text("order")).collect()
    }

    /// The leaves of the message that carry a value of the document, each with the node that it came from.
    pub fn leaves(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        let tree = &self.put.tree;
        let leaf = move |node: NodeId| {
            let source = *self.put.sources.get(node.index())?;
            (tree.is_leaf(node) && source != NodeId::ROOT).then_some((node, source))
        };
        tree.ids().filter_map(leaf)
    }

    /// Who supplied the values of the message.
    pub fn supply(&self) -> Supply {
        Supply::of(&self.document, self.leaves().map(|(_, source)| source))
    }
}
