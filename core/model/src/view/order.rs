//! Reading orders (canonical model, section 5).

use super::{At, Money};
use crate::{CommodityCode, Document};

/// One platform order.
#[derive(Clone, Copy, Debug)]
pub struct OrderView<'d> {
    at: At<'d>,
}

/// A line of an order.
#[derive(Clone, Copy, Debug)]
pub struct OrderLine<'d> {
    order: OrderView<'d>,
    at: At<'d>,
}

impl<'d> OrderView<'d> {
    /// The view of an order; `None` for another document.
    pub fn new(document: &'d Document<'_>) -> Option<Self> {
        (document.kind() == "order").then(|| Self { at: At::root(document) })
    }

    /// The order's node, for values that need no interpretation.
    pub fn at(&self) -> At<'d> {
        self.at
    }

    /// The platform's number.
    pub fn number(&self) -> Option<&'d str> {
        self.at.text("order_number")
    }

    /// The currency of the order.
    pub fn currency(&self) -> Option<&'d str> {
        self.at.text("currency")
    }

    /// The lines, in the order of the document.
    pub fn lines(&self) -> impl Iterator<Item = OrderLine<'d>> + use<'d> {
        let order = *self;
        self.at.entries("lines").map(move |at| OrderLine { order, at })
    }

    /// The line of that id.
    pub fn line(&self, id: &str) -> Option<OrderLine<'d>> {
        self.lines().find(|line| line.id() == Some(id))
    }

    /// The amount at a path below the order's node or a line's, in the order's currency where it states none.
    fn money(&self, at: At<'d>, path: &str) -> Option<Money<'d>> {
        let money = at.money(path)?;
        Some(Money { currency: money.currency.or_else(|| self.currency()), ..money })
    }

    /// One of the totals: `goods`, `shipping`, `discount`, `tax`, `duties`, `paid`, `grand`.
    pub fn total(&self, name: &str) -> Option<Money<'d>> {
        self.money(self.at, &format!("totals.{name}"))
    }
}

impl<'d> OrderLine<'d> {
    /// The line's node, for values that need no interpretation.
    pub fn at(&self) -> At<'d> {
        self.at
    }

    /// The order that it is in.
    pub fn order(&self) -> OrderView<'d> {
        self.order
    }

    /// The platform's line id.
    pub fn id(&self) -> Option<&'d str> {
        self.at.text("line")
    }

    /// The seller's article number: the key to the customs master.
    pub fn sku(&self) -> Option<&'d str> {
        self.at.text("sku")
    }

    /// How many were ordered.
    pub fn quantity(&self) -> Option<super::Measure<'d>> {
        self.at.measure("quantity")
    }

    /// The price of one, where stated.
    pub fn unit_price(&self) -> Option<Money<'d>> {
        self.order.money(self.at, "unit_price")
    }

    /// The price of the line, where stated.
    pub fn price(&self) -> Option<Money<'d>> {
        self.order.money(self.at, "price")
    }

    /// The commodity code that the order carries; almost none does.
    pub fn commodity_code(&self) -> Option<CommodityCode<'d>> {
        CommodityCode::parse(self.at.text("customs.code")?)
    }

    /// The country of origin that the order carries.
    pub fn origin(&self) -> Option<&'d str> {
        self.at.text("customs.origin")
    }
}
