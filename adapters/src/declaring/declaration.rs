//! Declarations as the messages that are sent.

use std::sync::Arc;

use dragoman_declare::{Order, Rejection, Sent};
use dragoman_mapping::{Base, Put};
use dragoman_model::{At, CustomsResponseView, Document};
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{Finding, NodeId};

use super::customs::Customs;
use super::supply::Supply;
use crate::catalogue::Catalogue;
use crate::message::Message;
use crate::over::put_over;
use crate::send::{self, Layout, send};
use crate::words::meant;

/// A declaration and the message that it is sent as.
#[derive(Debug)]
pub struct Declaration {
    /// What is declared, each value with its source.
    pub document: Document<'static>,
    /// The batch that holds the document alone, for a message that holds several.
    batch: Option<Document<'static>>,
    /// The message.
    pub put: Put<'static>,
    /// Its grammar.
    pub grammar: Option<Arc<Grammar>>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is worth saying about the message.
    pub findings: Vec<Finding>,
}

/// Writes a declaration as a message; `None` where the message's mapping writes nothing.
pub fn write(document: Document<'static>, message: &Message, layout: Layout) -> Option<Declaration> {
    let alone = message.batch_of(&document);
    let put = message.put(alone.as_ref().unwrap_or(&document))?;
    Some(Declaration { batch: alone, ..sent(document, put, message.written().cloned(), message, layout) })
}

/// Writes a declaration over the message that it was read from, so that what no mapping speaks of stays; `None` where the
/// original is no such message.
pub fn write_over(
    catalogue: &Catalogue,
    document: Document<'static>,
    message: &Message,
    original: &[u8],
    layout: Layout,
) -> Option<Declaration> {
    let alone = message.batch_of(&document);
    let (put, grammar) = put_over(catalogue, message, alone.as_ref().unwrap_or(&document), original).ok()?;
    Some(Declaration { batch: alone, ..sent(document, put, Some(grammar), message, layout) })
}

fn sent(
    document: Document<'static>,
    put: Put<'static>,
    grammar: Option<Arc<Grammar>>,
    message: &Message,
    layout: Layout,
) -> Declaration {
    let send::Sent { bytes, mut findings } = send(message.syntax(), &[&put.tree], grammar.as_deref(), layout);
    findings.extend(put.findings.iter().cloned());
    Declaration { document, batch: None, put, grammar, bytes, findings }
}

impl Declaration {
    /// What the message was written from: the document, or the batch of it.
    pub fn written(&self) -> &Document<'static> {
        self.batch.as_ref().unwrap_or(&self.document)
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

    /// The leaves of the message that carry a value, each with the node of [what was written](Self::written) that it came
    /// from.
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
        Supply::of(self.written(), self.leaves().map(|(_, source)| source))
    }

    /// What a response rejects, at the bytes that it came from; `orders` are those that were declared.
    pub fn rejections(
        &self,
        customs: &Customs,
        orders: &[Order<'_>],
        response: &CustomsResponseView<'_>,
    ) -> Vec<Rejection> {
        let (Some(grammar), Some(mapping)) = (&self.grammar, customs.declaration.mapping()) else {
            return Vec::new();
        };
        let (tree, carriers) = (&self.put.tree, self.put.sources.as_slice());
        let base = Base { tree, grammar, document: self.written(), carriers };
        let explain = |code: &str| customs.explain(code);
        let words = |text: &str| meant(&customs.words, text);
        let scheme = &customs.adapter;
        Sent { mapping, base, orders, scheme, explain: &explain, words: &words }.rejections(response)
    }
}
