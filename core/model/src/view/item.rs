//! Reading goods items.

use super::{At, DeclarationView};
use crate::CommodityCode;

/// A goods item of a declaration.
#[derive(Clone, Copy, Debug)]
pub struct GoodsItem<'d> {
    declaration: DeclarationView<'d>,
    at: At<'d>,
}

/// Types of `commodity.codes[]`: what identifies the goods, and what is added to it.
const TARIFF: &str = "TSP";
const TARIC: &str = "TRC";
const CUS: &str = "CV";

/// Type of an origin that is preferential (EU data element 5/16); any other is not.
const PREFERENTIAL: &str = "2";

impl<'d> GoodsItem<'d> {
    pub(super) fn new(declaration: DeclarationView<'d>, at: At<'d>) -> Self {
        Self { declaration, at }
    }

    /// The item's node, for values that need no interpretation.
    pub fn at(&self) -> At<'d> {
        self.at
    }

    /// The declaration that it is in.
    pub fn declaration(&self) -> DeclarationView<'d> {
        self.declaration
    }

    /// Its number on the wire.
    pub fn sequence(&self) -> Option<&'d str> {
        self.at.text("sequence")
    }

    /// Its house consignment, where it names one.
    pub fn house(&self) -> Option<At<'d>> {
        let house = self.at.text("house")?;
        self.declaration.at().entries("houses").find(|at| at.text("sequence") == Some(house))
    }

    /// The classifications of a type, in their order.
    pub fn codes(&self, kind: &'static str) -> impl Iterator<Item = &'d str> + use<'d> {
        let of_kind = self.at.entries("commodity.codes").filter(move |code| code.text("type") == Some(kind));
        of_kind.filter_map(|code| code.text("code"))
    }

    /// The tariff code: from the heading of the Harmonized System to the national line, as many digits as
    /// stated.
    pub fn code(&self) -> Option<CommodityCode<'d>> {
        self.codes(TARIFF).find_map(CommodityCode::parse)
    }

    /// The TARIC subheading, two digits behind the code (EU data element 6/15).
    pub fn taric(&self) -> Option<&'d str> {
        self.codes(TARIC).next()
    }

    /// The tariff code with the TARIC subheading behind it, where both are stated.
    pub fn full_code(&self) -> Option<String> {
        Some(format!("{}{}", self.code()?.digits(), self.taric().unwrap_or_default()))
    }

    /// The additional codes with their type (TRA of TARIC, GN national), in their order (EU data elements
    /// 6/16 and 6/17).
    pub fn additional(&self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        let typed = |code: At<'d>| Some((code.text("type")?, code.text("code")?));
        let added = |(kind, _): &(&str, &str)| !matches!(*kind, TARIFF | TARIC | CUS);
        self.at.entries("commodity.codes").filter_map(typed).filter(added)
    }

    /// The number of the European Customs Inventory of Chemical Substances (EU data element 6/13).
    pub fn cus(&self) -> Option<&'d str> {
        self.codes(CUS).next()
    }

    /// The country of non-preferential origin (EU data element 5/15), or of an origin without a type.
    pub fn origin(&self) -> Option<&'d str> {
        self.origin_where(|kind| kind != Some(PREFERENTIAL))
    }

    /// The country of preferential origin (EU data element 5/16).
    pub fn preferential_origin(&self) -> Option<&'d str> {
        self.origin_where(|kind| kind == Some(PREFERENTIAL))
    }

    fn origin_where(&self, fits: impl Fn(Option<&str>) -> bool) -> Option<&'d str> {
        let mut origins = self.at.entries("origins").filter(|origin| fits(origin.text("type")));
        origins.find_map(|origin| origin.text("country"))
    }

    /// The preference asked for: stated on the item, else on one of its duty lines, first or not.
    pub fn preference(&self) -> Option<&'d str> {
        self.at.text("preference").or_else(|| self.on_duties("regime"))
    }

    /// The quota order number, likewise.
    pub fn quota(&self) -> Option<&'d str> {
        self.at.text("quota").or_else(|| self.on_duties("quota"))
    }

    fn on_duties(&self, path: &str) -> Option<&'d str> {
        self.at.entries("duties").find_map(|duty| duty.text(path))
    }

    /// What counts for the item at a path: see [`DeclarationView::effective`].
    pub fn effective(&self, path: &str) -> Option<At<'d>> {
        self.declaration.effective(self, path)
    }
}
