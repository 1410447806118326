//! Reading orders: values with their bytes, and the parties of an order as parties of a declaration.

use dragoman_model::{At, Document, OrderView, Source};
use dragoman_rules::{Found, Pattern};
use dragoman_tree::Span;

use crate::statements::Statements;

/// An order to declare.
#[derive(Clone, Copy, Debug)]
pub struct Order<'d> {
    /// The canonical order.
    pub document: &'d Document<'d>,
    /// How many bytes of its file stand before the text that the document was read from.
    pub offset: u64,
}

impl<'d> Order<'d> {
    /// The order's root.
    pub(crate) fn at(&self) -> At<'d> {
        At::root(self.document)
    }

    /// The typed view; `None` for another document.
    pub(crate) fn view(&self) -> Option<OrderView<'d>> {
        OrderView::new(self.document)
    }

    /// The platform's number.
    pub(crate) fn number(&self) -> &'d str {
        self.at().text("order_number").unwrap_or_default()
    }

    /// The bytes of a node in the order's file.
    pub(crate) fn span(&self, at: At<'_>) -> Span {
        let bytes = at.document().tree().file_span(at.node());
        let place = |offset: u64| usize::try_from(self.offset + offset).unwrap_or(usize::MAX);
        Span::of(place(bytes.start), place(bytes.end))
    }

    /// A value of the order as a source; `line` where it is one of a line.
    pub(crate) fn source(&self, at: At<'_>, line: Option<&str>) -> Source {
        Source::Order {
            order: self.number().into(),
            line: line.map(Into::into),
            field: at.path().into(),
            span: self.span(at),
        }
    }

    /// What stands at a pattern below a node, as a source where it is traced.
    pub(crate) fn find(
        &self,
        from: At<'d>,
        pattern: &Pattern,
        line: Option<&str>,
        is_traced: bool,
    ) -> Vec<Found> {
        let found = |at: At<'d>| {
            let literal = at.get("amount").unwrap_or(at);
            Found {
                text: literal.value().unwrap_or_default().to_owned(),
                currency: at.text("currency").or_else(|| self.at().text("currency")).map(str::to_owned),
                sources: is_traced.then(|| self.source(literal, line)).into_iter().collect(),
            }
        };
        pattern.find(from).into_iter().map(found).collect()
    }

    /// A party of the order as statements about a party: numbers, name and address. Lines of a street become one:
    /// declarations have one field for street and number.
    pub(crate) fn party(&self, path: &str) -> Statements {
        let mut party = Statements::default();
        let Some(at) = self.at().get(path) else { return party };
        let source = |at: At<'_>| vec![self.source(at, None)];
        for (index, id) in at.entries("ids").enumerate() {
            for member in ["scheme", "value", "country"] {
                if let Some(literal) = id.get(member) {
                    let text = literal.value().unwrap_or_default();
                    party.state(format!("ids[{index}].{member}"), text, source(literal));
                }
            }
        }
        let name = ["name", "company"].into_iter().find_map(|member| at.get(member));
        let Some(address) = at.get("address") else {
            state(&mut party, "name", name, source);
            return party;
        };
        state(&mut party, "name", name, source);
        let street: Vec<_> = address.entries("street").filter(|line| line.value().is_some()).collect();
        if !street.is_empty() {
            let text: Vec<_> = street.iter().filter_map(At::value).map(str::trim).collect();
            let sources: Vec<_> = street.iter().map(|line| self.source(*line, None)).collect();
            party.state("address.street[0]", text.join(", "), sources);
        }
        for member in ["postal_code", "city", "country"] {
            state(&mut party, &format!("address.{member}"), address.get(member), source);
        }
        party
    }
}

fn state(party: &mut Statements, path: &str, value: Option<At<'_>>, source: impl Fn(At<'_>) -> Vec<Source>) {
    if let Some((at, text)) = value.and_then(|at| Some((at, at.value()?))) {
        party.state(path, text, source(at));
    }
}
