//! Everything that declarations are made from, and what is said on the way.

use dragoman_model::Source;
use dragoman_rules::Rules;
use dragoman_tree::{Finding, OrderLine, Span};
use jiff::civil::Date;

use crate::findings::{File, Located};
use crate::goods::LineOf;
use crate::orders::Order;
use crate::settings::{Consignment, Profile};
use crate::tables::{Master, Rates};

/// What declarations are made from.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The orders of one consignment.
    pub orders: &'a [Order<'a>],
    /// The customs master.
    pub master: &'a Master<'a>,
    /// Who declares.
    pub profile: &'a Profile,
    /// What no order and no master knows.
    pub consignment: &'a Consignment,
    /// Rates of exchange, for thresholds only: amounts are declared as the order states them.
    pub rates: &'a Rates,
    /// The rules of the country.
    pub rules: &'a Rules,
    /// A reference for each declaration, in order. Where there is none, the consignment's is the first one's.
    pub lrns: &'a [String],
    /// The day whose rules, rates and master rows count.
    pub on: Date,
}

/// The inputs, and the findings so far.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub inputs: &'a Inputs<'a>,
    pub findings: Vec<Located>,
}

impl<'a> Run<'a> {
    /// An order by its index.
    pub fn order(&self, index: usize) -> Option<&'a Order<'a>> {
        self.inputs.orders.get(index)
    }

    /// Says something about a file; the same only once.
    pub fn say(&mut self, file: File, finding: Finding) {
        let located = Located { file, finding };
        if !self.findings.contains(&located) {
            self.findings.push(located);
        }
    }

    /// Says something about an order line: at its article number, or where that is missing at the line itself.
    pub fn on_line(&mut self, at: &LineOf<'_>, field: &str, finding: Finding) {
        let Some(order) = self.order(at.order) else { return };
        let place = at.line.at().get("sku").unwrap_or(at.line.at());
        let order_line = OrderLine {
            order: order.number().to_owned(),
            line: at.line.id().unwrap_or_default().to_owned(),
            field: Some(field.to_owned()),
        };
        let finding = finding.at(0, order.span(place));
        self.say(File::Order(at.order), Finding { order_line: Some(order_line), ..finding });
    }

    /// Says something about an order as a whole, at its number.
    pub fn on_order(&mut self, index: usize, finding: Finding) {
        let Some(order) = self.order(index) else { return };
        let place = order.at().get("order_number").unwrap_or(order.at());
        self.say(File::Order(index), finding.at(0, order.span(place)));
    }

    /// Says something about the customs master.
    pub fn on_master(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            self.say(File::Master, finding);
        }
    }

    /// Says something about the consignment.
    pub fn on_consignment(&mut self, span: Span, finding: Finding) {
        self.say(File::Consignment, finding.at(0, span));
    }

    /// The reference of a declaration by its number from 0. One that was passed in is of the consignment, at no bytes.
    pub fn lrn(&self, number: usize) -> Option<(String, Vec<Source>)> {
        let given = self.inputs.lrns.get(number).map(|lrn| {
            (lrn.clone(), vec![Source::Consignment { field: "lrn".into(), span: Span::default() }])
        });
        let stated = || self.inputs.consignment.header.get("lrn").filter(|_| number == 0);
        given.or_else(|| stated().map(|one| (one.value.to_string(), one.sources.to_vec())))
    }
}
