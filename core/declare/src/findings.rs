//! What there is to say while declarations are made, each with the file it is about.

use dragoman_model::Source;
use dragoman_tree::{Code, Finding, Span};

/// A file that declarations are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum File {
    /// An order, by its index in the input.
    Order(usize),
    /// The customs master.
    Master,
    /// The profile.
    Profile,
    /// The consignment.
    Consignment,
    /// The rates of exchange.
    Rates,
}

impl File {
    /// The file that a source is in, the field there, and its bytes; `order` finds an order by its number. `None` of
    /// a rule. Bytes are empty where the value was passed in.
    pub fn of(source: &Source, order: impl Fn(&str) -> Option<usize>) -> Option<(Self, &str, Span)> {
        match source {
            Source::Order { order: number, field, span, .. } => {
                Some((Self::Order(order(number)?), field, *span))
            }
            Source::Master { field, span, .. } => Some((Self::Master, field, *span)),
            Source::Profile { field, span } => Some((Self::Profile, field, *span)),
            Source::Consignment { field, span } => Some((Self::Consignment, field, *span)),
            Source::Rate { from, span, .. } => Some((Self::Rates, from, *span)),
            Source::Rule { .. } | Source::Wire(_) => None,
        }
    }
}

/// A finding and the file that its span is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The file.
    pub file: File,
    /// What there is to say.
    pub finding: Finding,
}

/// Findings of this crate.
pub const CODES: &[&Code] = &[
    &COLUMN,
    &BAD_MASTER,
    &AMBIGUOUS_MASTER,
    &BAD_RATE,
    &NOT_IN_MASTER,
    &NO_PRICE,
    &DISAGREE,
    &TWICE,
    &LEFT_OUT,
    &SHARES,
    &SHARED_COST,
    &PACKAGES,
    &NO_LRN,
    &SEVERAL,
    &FREIGHT,
    &DISCOUNT,
    &IOSS,
    &NOT_AN_ORDER,
    &NOT_WRITTEN,
    &NO_DATA_SET,
    &REJECTED,
    &NO_PACK,
    &FORBIDDEN,
    &CLOSE,
    &NO_RATE,
    &NO_PARCEL,
    &NO_DECLARATION,
];

/// A table has other columns than it should.
pub const COLUMN: Code = Code {
    id: "DG-E0701",
    title: "a table has other columns than it should",
    help: "The first line of the customs master, and of the table of rates, names the columns. A column that is \
           missing reads as empty cells; one that is not known is not read.",
};
/// A value of the customs master that cannot be right.
pub const BAD_MASTER: Code = Code {
    id: "DG-E0702",
    title: "a value of the customs master does not have the form of its column",
    help: "Codes are 4 to 12 digits, countries two letters, masses numbers of grams, days YYYY-MM-DD. A code or \
           country is declared as it stands; a mass that is no number is none; a row whose day cannot be read does \
           not count.",
};
/// Two rows of the customs master that cannot both be right.
pub const AMBIGUOUS_MASTER: Code = Code {
    id: "DG-E0703",
    title: "two rows of the customs master contradict each other",
    help: "Rows of one article may differ by day, schedule and language. These are of the same, and say different \
           things; the later row counts.",
};
/// A row of the table of rates that does not count.
pub const BAD_RATE: Code = Code {
    id: "DG-E0704",
    title: "a rate of exchange cannot be read",
    help: "A row states a day, a purpose, two currencies of ISO 4217 and a rate above 0. One that does not is left \
           out; no rate is guessed.",
};
/// An article that the customs master does not have.
pub const NOT_IN_MASTER: Code = Code {
    id: "DG-E0705",
    title: "the customs master does not have this article",
    help: "Orders almost never say what customs wants to know of the goods: code, origin, mass, description. The \
           customs master says it by article number. Add a row for this one, valid on the day of the declaration.",
};
/// A line whose value is not clear.
pub const NO_PRICE: Code = Code {
    id: "DG-E0706",
    title: "what the goods of this line cost is not clear",
    help: "The declared value is the price of the line without the taxes that it includes. It follows from the \
           line's price, or from the price of one and the quantity; where prices include tax, the tax of the line \
           has to be stated as well.",
};
/// Order and customs master contradict each other.
pub const DISAGREE: Code = Code {
    id: "DG-E0707",
    title: "order and customs master contradict each other",
    help: "Both state something of the same article, and it is not the same. What the order says is declared. One \
           of the two should be corrected.",
};
/// An order that was given twice.
pub const TWICE: Code = Code {
    id: "DG-E0708",
    title: "an order is given twice",
    help: "Goods are declared once: the second order of that number is left out.",
};
/// Something that is not declared because it was cancelled.
pub const LEFT_OUT: Code = Code {
    id: "DG-E0709",
    title: "cancelled, so not declared",
    help: "What was cancelled does not travel. Of a line that was cancelled in part the rest is declared.",
};
/// Parts of a line that do not make the whole.
pub const SHARES: Code = Code {
    id: "DG-E0710",
    title: "the parts of a line do not make the whole",
    help: "The shares of a kit's parts are decimal numbers that sum to 1. Without them the price of the line cannot \
           be shared out.",
};
/// A cost of transport that several declarations would add.
pub const SHARED_COST: Code = Code {
    id: "DG-E0726",
    title: "a cost that cannot be counted",
    help: "A `[[cost]]` of the consignment without `orders` is a cost of all of them. Where they are declared apart, each \
           declaration would add or take off all of it. Say which orders each cost is for. Costs of one kind are summed, \
           so they are stated in one currency.",
};
/// Packages that cannot be given to goods.
pub const PACKAGES: Code = Code {
    id: "DG-E0711",
    title: "which goods these packages hold is not clear",
    help: "Packages hold the goods of the orders that they name, or of all orders where the consignment becomes one \
           declaration. Their gross mass is shared out by net mass, which every item then has to have.",
};
/// A declaration without a reference.
pub const NO_LRN: Code = Code {
    id: "DG-E0712",
    title: "no reference for this declaration",
    help: "Every declaration has a reference of its own (LRN, 2/5) that was never used before. Give as many as \
           there are declarations.",
};
/// A consignment that is more than one declaration.
pub const SEVERAL: Code = Code {
    id: "DG-E0713",
    title: "the consignment becomes several declarations",
    help: "Orders share a declaration only where they agree in its data set, exporter, importer, destination, IOSS \
           number and the currency of transport costs.",
};
/// Transport costs that cannot be added up.
pub const FREIGHT: Code = Code {
    id: "DG-E0714",
    title: "transport costs cannot be stated",
    help: "The amount that the order states for shipping is no number or has no currency.",
};
/// A discount that is on no line.
pub const DISCOUNT: Code = Code {
    id: "DG-E0715",
    title: "a discount of the whole order is on no line",
    help: "Declared values are those of the lines. A discount that the order states only as a total is not taken \
           off: which goods it is for is not known.",
};
/// Several IOSS numbers in one order.
pub const IOSS: Code = Code {
    id: "DG-E0716",
    title: "several IOSS numbers in one order",
    help: "One consignment is declared under one number of the import one-stop shop. With several, none is declared.",
};
/// Something that is no order.
pub const NOT_AN_ORDER: Code = Code {
    id: "DG-E0717",
    title: "not an order that can be declared",
    help: "A declaration is made from canonical orders with an order number and lines.",
};
/// A value without a place in the model.
pub const NOT_WRITTEN: Code = Code {
    id: "DG-E0718",
    title: "a value could not be written into the declaration",
    help: "The place that a rule or setting names is not one that the canonical model can be written at.",
};
/// No rule chooses the data set.
pub const NO_DATA_SET: Code = Code {
    id: "DG-E0719",
    title: "no rule chooses a data set",
    help: "The rules of the country say which data set a declaration is of: which data it has. None of those that \
           hold on the day applies to this order.",
};
/// Customs rejected something, without a code of its own.
pub const REJECTED: Code = Code {
    id: "DG-E0720",
    title: "customs rejected a declaration",
    help: "A rejection is shown under the authority's own code, at the bytes that supplied the rejected value and at \
           the order line it is about. This code stands where the authority gave none.",
};
/// No rule pack is for the countries of a parcel.
pub const NO_PACK: Code = Code {
    id: "DG-E0721",
    title: "no rules are known for parcels between these countries",
    help: "Rule packs are files below `mappings/rules/`, named by where parcels go to or come from. None is for this \
           pair. What is not known is not guessed: ask whoever files the declaration.",
};
/// Goods that may not come in.
pub const FORBIDDEN: Code = Code {
    id: "DG-E0722",
    title: "goods that may not come in, or not so",
    help: "A rule of the country or the corridor forbids these goods, or this way of sending them.",
};
/// An amount near a threshold.
pub const CLOSE: Code = Code {
    id: "DG-E0723",
    title: "an amount is near a threshold",
    help: "The amount was converted, and a rate that differs a little would put it on the other side of the threshold. \
           Which rate counts is for customs to say: that of the day or month in which the declaration is accepted.",
};
/// An amount that cannot be stated in the currency of the destination.
pub const NO_RATE: Code = Code {
    id: "DG-E0724",
    title: "a value is not known in the currency of the destination",
    help: "Manifests state values in the currency of the destination as well, by the rate of the month that customs publishes. \
           The table of rates has none for these two currencies on that day. No rate is guessed, and none is made of two.",
};
/// An answer to something that was not declared.
pub const NO_DECLARATION: Code = Code {
    id: "DG-E0727",
    title: "an answer is about another declaration",
    help: "Customs answers by the declaration's own reference. None of those that these files make has the one of this answer: \
           it may be of other orders, or the references were given in another order.",
};
/// A report about something that was not handed over.
pub const NO_PARCEL: Code = Code {
    id: "DG-E0725",
    title: "a report is about a parcel that was not handed over",
    help: "Filers answer by the reference of the parcel, which invoice, customs declaration and manifest bear. The manifest at \
           hand has no parcel of this one: it may be of another pack, or be mistyped.",
};
