//! The way back: what customs rejected, at the bytes of the order, the customs master or the setting that it came
//! from, and at the order line that it is about.

use std::ops::Range;

use dragoman_mapping::{Base, Confidence, Mapping, Resolution, names_own_message};
use dragoman_model::{At, Complaint, CustomsResponseView, Document, Source, State};
use dragoman_tree::{Authority, Finding, NodeId, OrderLine, Severity, Span};

use crate::findings::{File, REJECTED};
use crate::orders::Order;

/// A declaration as it was sent, or as it was read from a file, with the orders that it was made from.
#[derive(Clone, Copy)]
pub struct Sent<'s> {
    /// The mapping that wrote or read it.
    pub mapping: &'s Mapping,
    /// What was sent, and the document that it was written from.
    pub base: Base<'s>,
    /// The orders, in the order of [`crate::Inputs::orders`]; none of a declaration that was read.
    pub orders: &'s [Order<'s>],
    /// Whose error codes these are: the adapter's name.
    pub scheme: &'s str,
    /// What a code means; authorities often send the code alone.
    pub explain: &'s dyn Fn(&str) -> Option<Meaning>,
    /// The place below the message's root that an authority means by its words, as an `XPath`: some have no other way of
    /// naming one.
    pub words: &'s dyn Fn(&str) -> Option<String>,
}

/// What an error code of an authority means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// What is wrong.
    pub text: String,
    /// What to do about it.
    pub fix: String,
}

/// One thing that customs rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// What customs said, with the place in the message and in the canonical document. Its span is of
    /// [`Self::place`]'s file, else none.
    pub finding: Finding,
    /// How sure the place is; `None` where customs named none.
    pub confidence: Option<Confidence>,
    /// Who supplied the rejected value, order first. Empty where nothing was sent at the place.
    pub causes: Vec<Cause>,
    /// The order lines that it is about: those of the goods item.
    pub lines: Vec<Line>,
    /// The bytes of the elements in the message; none of a message that was not read, or of an element that it lacks.
    pub elements: Vec<Range<u64>>,
}

/// Who supplied a rejected value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Bytes of a file.
    Bytes {
        /// The file.
        file: File,
        /// What they are there: a canonical path of the order, a column, a key.
        field: Box<str>,
        /// The bytes.
        span: Range<u64>,
    },
    /// A rule, by its id.
    Rule(Box<str>),
}

/// An order line behind a goods item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The index of the order.
    pub index: usize,
    /// Order number and line id.
    pub of: OrderLine,
    /// The article, where the order states it.
    pub sku: Option<String>,
    /// The bytes that tell the line: its article number, else its id.
    pub span: Range<u64>,
}

impl Rejection {
    /// The file and bytes to look at first: of the order where it supplied the value, else of whoever did, else
    /// those of the order line. None where several repeats are possible: one of them would be a guess.
    pub fn place(&self) -> Option<(File, Range<u64>)> {
        if self.is_open() {
            return None;
        }
        let cause = self.causes.iter().find_map(|cause| match cause {
            Cause::Bytes { file, span, .. } => Some((*file, span.clone())),
            Cause::Rule(_) => None,
        });
        cause.or_else(|| self.lines.first().map(|line| (File::Order(line.index), line.span.clone())))
    }

    /// True where customs does not say which of several repeats it means, and they have different sources.
    pub fn is_open(&self) -> bool {
        let counts = [self.causes.len(), self.lines.len(), self.elements.len()];
        self.confidence == Some(Confidence::RepeatUnknown) && counts.into_iter().any(|count| count > 1)
    }

    /// Who can correct it.
    fn hint(&self) -> String {
        let Some(confidence) = self.confidence else { return String::new() };
        match (confidence, self.causes.first()) {
            (Confidence::NotFound, _) => "the format has no such place; ask customs what is meant".to_owned(),
            (Confidence::Missing, _) => {
                "nothing was sent here: supply the value, and declare again".to_owned()
            }
            _ if self.is_open() => "customs does not say which of these it means".to_owned(),
            (_, Some(Cause::Bytes { file, .. })) => {
                let what = match file {
                    File::Order(_) => "in the shop",
                    File::Master => "in the customs master",
                    File::Profile => "in the profile",
                    File::Consignment => "in the consignment",
                    File::Rates => "in the table of rates",
                };
                format!("correct it {what}, and declare again")
            }
            (_, Some(Cause::Rule(id))) => format!("the rule {id} supplied it: see `mappings/rules/`"),
            (_, None) if self.elements.is_empty() && self.lines.is_empty() => {
                "it follows from other values of the declaration".to_owned()
            }
            (_, None) => "correct it, and declare again".to_owned(),
        }
    }
}

impl Sent<'_> {
    /// What a response complains of: one entry for each pointer of each error, one without a place for an error that
    /// has none. Of severity error where the response rejects; authorities list errors in acceptances too.
    pub fn rejections(&self, response: &CustomsResponseView<'_>) -> Vec<Rejection> {
        let is_rejected = response.status().0.state() == State::Rejected;
        let severity = if is_rejected { Severity::Error } else { Severity::Warning };
        let of = |complaint: Complaint<'_>| {
            let (code, text) = (complaint.code.unwrap_or_default(), complaint.text);
            let said = complaint.pointers.iter().map(|pointer| Some((*pointer).to_owned()));
            let mut pointers: Vec<_> = said.collect();
            if pointers.is_empty() {
                pointers.push(text.and_then(|text| self.meant(text)));
            }
            let one = |pointer: Option<String>| self.rejection(severity, code, text, pointer.as_deref());
            pointers.into_iter().map(one).collect::<Vec<_>>()
        };
        response.complaints().into_iter().flat_map(of).collect()
    }

    /// The place that an authority means by its words.
    fn meant(&self, text: &str) -> Option<String> {
        let below = (self.words)(text)?;
        let root = self.base.grammar.name_of(self.base.tree.place(self.base.root()));
        Some(format!("/{root}/{below}"))
    }

    fn rejection(
        &self,
        severity: Severity,
        code: &str,
        text: Option<&str>,
        pointer: Option<&str>,
    ) -> Rejection {
        let meaning = (self.explain)(code);
        let known = || meaning.as_ref().map(|meaning| meaning.text.clone());
        let message = text.map(str::to_owned).or_else(known);
        let message = message.unwrap_or_else(|| format!("customs does not say what {code} means"));
        let mut finding = Finding::new(&REJECTED, severity, message);
        finding.hint = meaning.map(|meaning| meaning.fix).filter(|fix| !fix.is_empty());
        if !code.is_empty() {
            finding.code = code.to_owned().into();
        }
        let location = pointer.map(str::to_owned);
        finding.authority =
            Some(Authority { scheme: self.scheme.to_owned(), number: code.to_owned(), location });
        let resolution = pointer
            .filter(|pointer| !names_own_message(pointer))
            .and_then(|pointer| self.mapping.resolve(&self.base, pointer));
        let Some(resolution) = resolution else {
            let (causes, lines, elements) = (Vec::new(), Vec::new(), Vec::new());
            return Rejection { finding, confidence: None, causes, lines, elements };
        };
        self.place(finding, &resolution)
    }

    /// Gives a finding the place that a pointer was resolved to.
    fn place(&self, mut finding: Finding, resolution: &Resolution) -> Rejection {
        finding.wire_path = resolution.wire_paths.first().cloned();
        finding.path = resolution.paths.first().cloned();
        let missing = resolution.confidence == Confidence::Missing;
        let carriers: Vec<NodeId> = resolution.nodes.iter().filter_map(|node| self.carrier(*node)).collect();
        let mut causes = Vec::new();
        let mut lines = Vec::new();
        for carrier in carriers {
            if !missing {
                add(&mut causes, self.causes(carrier));
            }
            add(&mut lines, self.lines(carrier));
        }
        causes.sort_by_key(|cause| match cause {
            Cause::Bytes { file, .. } => (0, Some(*file)),
            Cause::Rule(_) => (1, None),
        });
        let confidence = Some(resolution.confidence);
        let mut rejection =
            Rejection { finding, confidence, causes, lines, elements: self.elements(resolution) };
        rejection.finding.span = rejection.place().map(|(_, span)| span);
        let line = rejection.lines.first().filter(|_| !rejection.is_open());
        rejection.finding.order_line = line.map(|line| line.of.clone());
        let hints = rejection.finding.hint.take().into_iter().chain([rejection.hint()]);
        rejection.finding.hint = Some(hints.collect::<Vec<_>>().join("; "));
        rejection
    }

    /// The bytes of what was resolved: of a value itself, without the marks around it.
    fn elements(&self, resolution: &Resolution) -> Vec<Range<u64>> {
        let tree = self.base.tree;
        let spans = resolution.nodes.iter().filter(|node| **node != NodeId::ROOT);
        spans.map(|node| tree.file_span(*node)).filter(|span| !span.is_empty()).collect()
    }

    /// The document's node that carries an element, or else one around it: an element that only holds others has
    /// none of its own.
    fn carrier(&self, node: NodeId) -> Option<NodeId> {
        let own = |node: NodeId| {
            let carrier = self.base.carriers.get(node.index()).copied();
            carrier.filter(|carrier| *carrier != NodeId::ROOT)
        };
        let around = || self.base.tree.ancestors(node).find_map(own);
        own(node).or_else(around)
    }

    /// Who supplied what stands at a node; nothing for an object, whose members have sources of their own.
    fn causes(&self, node: NodeId) -> Vec<Cause> {
        let document = self.base.document;
        let origin = document.origin(node);
        document.sources(origin).iter().filter_map(|source| self.cause(source)).collect()
    }

    fn cause(&self, source: &Source) -> Option<Cause> {
        if let Source::Rule { id } = source {
            return Some(Cause::Rule((&**id).into()));
        }
        let (file, field, span) = File::of(source, |number| self.order(number))?;
        (!span.is_empty()).then(|| Cause::Bytes { file, field: field.into(), span: bytes(span) })
    }

    /// The index of an order by its number. Each number is declared once.
    fn order(&self, number: &str) -> Option<usize> {
        self.orders.iter().position(|order| order.number() == number)
    }

    /// The order lines of the goods item that a node is in.
    fn lines(&self, node: NodeId) -> Vec<Line> {
        let document = self.base.document;
        let Some(item) = item_around(document, node) else { return Vec::new() };
        let sku = item.get("product.sku");
        let line = |entry: At<'_>| {
            let (number, id) = (entry.text("order")?, entry.text("line")?);
            let index = self.order(number)?;
            let told = |at: Option<At<'_>>| {
                let sources = document.sources(document.origin(at?.node()));
                sources.iter().find_map(|source| match source {
                    Source::Order { order, line, span, .. }
                        if **order == *number && line.as_deref() == Some(id) =>
                    {
                        Some(bytes(*span))
                    }
                    _ => None,
                })
            };
            let own = told(sku);
            let span = own.clone().or_else(|| told(entry.get("line")))?;
            let sku = own.and(sku).and_then(|sku| sku.value()).map(str::to_owned);
            let of = OrderLine { order: number.to_owned(), line: id.to_owned(), field: None };
            Some(Line { index, of, sku, span })
        };
        item.entries("order_lines").filter_map(line).collect()
    }
}

fn item_around<'d>(document: &'d Document<'_>, node: NodeId) -> Option<At<'d>> {
    let place = At::alone(document).place("goods_items")?;
    let tree = document.tree();
    let around = std::iter::once(node).chain(tree.ancestors(node));
    let item = around.into_iter().find(|at| tree.place(*at) == place)?;
    Some(At::node_of(document, item))
}

fn bytes(span: Span) -> Range<u64> {
    u64::from(span.start)..u64::from(span.end)
}

/// Adds what is not there yet.
fn add<T: PartialEq>(to: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !to.contains(&one) {
            to.push(one);
        }
    }
}
