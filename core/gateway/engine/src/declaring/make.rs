//! Making declarations.

use dragoman_adapters::{Beside, Customs, Declaration, Layout};
use dragoman_declare::{Consignment, Inputs, Located, Master, Order, Profile, Rates, declare};
use dragoman_model::Document;
use jiff::Timestamp;
use jiff::civil::Date;

/// Everything that declarations are made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Making<'m> {
    /// The customs service.
    pub customs: &'m Customs,
    /// The orders.
    pub orders: &'m [&'m Document<'static>],
    /// The rows of the customs master that are about them.
    pub master: &'m str,
    /// Who declares.
    pub profile: &'m Profile,
    /// What no order knows.
    pub consignment: &'m Consignment,
    /// Rates of exchange.
    pub rates: &'m Rates,
    /// References.
    pub lrns: &'m [String],
    /// The day.
    pub on: Date,
    /// The moment that is stamped on what is made.
    pub moment: Timestamp,
}

/// What was made.
#[derive(Debug)]
pub(crate) struct Made {
    /// The declarations.
    pub pieces: Vec<Piece>,
    /// What is worth saying.
    pub findings: Vec<Located>,
}

/// One declaration that was made.
#[derive(Debug)]
pub(crate) struct Piece {
    /// The declaration with its message.
    pub declaration: Declaration,
    /// The orders that it covers, by their index.
    pub orders: Vec<usize>,
    /// What goes beside it.
    pub beside: Vec<Beside>,
}

impl Making<'_> {
    /// The declarations; `None` where the adapter's message cannot be written.
    pub fn make(&self) -> Option<Made> {
        let orders: Vec<_> = self.orders.iter().map(|document| Order { document, offset: 0 }).collect();
        let inputs = Inputs {
            orders: &orders,
            master: &Master::read(self.master),
            profile: self.profile,
            consignment: self.consignment,
            rates: self.rates,
            rules: &self.customs.rules,
            lrns: self.lrns,
            on: self.on,
        };
        let declared = declare(&inputs);
        let piece = |document| {
            let (declaration, beside) =
                self.customs.sale(document, self.orders, self.moment, Layout::Line)?;
            let orders = self.covered(&declaration);
            Some(Piece { declaration, orders, beside })
        };
        let pieces = declared.declarations.into_iter().map(piece).collect::<Option<_>>()?;
        Some(Made { pieces, findings: declared.findings })
    }

    /// The orders that a declaration covers.
    fn covered(&self, declaration: &Declaration) -> Vec<usize> {
        if self.orders.len() == 1 {
            return vec![0];
        }
        let numbers = declaration.orders();
        let is_covered = |document: &Document<'_>| {
            let number = dragoman_model::At::root(document).text("order_number");
            number.is_some_and(|number| numbers.contains(&number))
        };
        (0..).zip(self.orders).filter(|(_, document)| is_covered(document)).map(|(index, _)| index).collect()
    }
}
