//! Findings about values that do not have the form of their type. The value itself is kept as it came.

use std::sync::LazyLock;

use dragoman_tree::{Code, Finding, Findings, NodeId, PlaceId, Tree};

use super::{
    CommodityCode, Country, Currency, DateTime, NoNumber, decimal, integer, is_language, is_party_id,
};
use crate::{Document, Schema, Type};

/// Findings of this module.
pub const CODES: &[&Code] = &[
    &NUMBER,
    &TOO_LONG,
    &BOOL,
    &DATE,
    &COUNTRY,
    &CURRENCY,
    &COMMODITY,
    &LANGUAGE,
    &WORD,
    &FORM,
    &TEXT,
    &PARTY,
    &NO_CURRENCY,
    &MORE,
];

/// A literal that is no number.
pub const NUMBER: Code = Code {
    id: "DG-E0501",
    title: "not a number",
    help: "A number is an optional sign, digits and at most one point; a whole number has no point. The text \
           is kept as it came, but rules and sums cannot use it.",
};
/// A number that cannot be calculated with.
pub const TOO_LONG: Code = Code {
    id: "DG-E0502",
    title: "number too long to calculate with",
    help: "Numbers are exact up to 28 significant digits. A longer one is carried as it came, but rules and \
           sums cannot use it.",
};
/// A literal that is neither true nor false.
pub const BOOL: Code = Code {
    id: "DG-E0503",
    title: "neither true nor false",
    help: "In canonical documents this field is `true` or `false`; a mapping says how a format writes the two.",
};
/// A date or time that cannot be read.
pub const DATE: Code = Code {
    id: "DG-E0504",
    title: "date or time that cannot be read",
    help: "Dates are in a form of ISO 8601 or RFC 3339, or in the form of the EDIFACT format code beside \
           them (102, 203, 204, 205, 303, 304, 602, 610), and are days of the calendar. The text is kept as \
           it came.",
};
/// A country that is in no list.
pub const COUNTRY: Code = Code {
    id: "DG-E0505",
    title: "unknown country code",
    help: "Countries are ISO 3166-1 alpha-2 codes or customs user codes such as XI, XK or EU. The code is \
           kept and carried. The United Kingdom is GB.",
};
/// A currency that is not in the list.
pub const CURRENCY: Code = Code {
    id: "DG-E0506",
    title: "unknown currency code",
    help: "Currencies are ISO 4217 codes. The code is kept and carried. The renminbi is CNY.",
};
/// A commodity code of another form.
pub const COMMODITY: Code = Code {
    id: "DG-E0507",
    title: "not a commodity code",
    help: "A commodity code is 4, 6, 8, 10 or 12 digits without dots or blanks, of chapter 01 to 99. The \
           text is kept, but no rule can classify by it.",
};
/// A language that is not in the list.
pub const LANGUAGE: Code = Code {
    id: "DG-E0508",
    title: "unknown language code",
    help: "Languages are ISO 639-1 codes of two letters. The code is kept and carried.",
};
/// A word that the field does not have.
pub const WORD: Code = Code {
    id: "DG-E0509",
    title: "word that this field does not have",
    help: "The field takes one of a few words, which the model's dictionary lists. The value is kept as it came.",
};
/// A hash or id of another form.
pub const FORM: Code = Code {
    id: "DG-E0510",
    title: "not a hash, or not a UUID",
    help: "A hash is written `algorithm:hex`, a UUID as RFC 9562 has it: 36 characters with dashes.",
};
/// A text with control characters.
pub const TEXT: Code = Code {
    id: "DG-E0511",
    title: "control characters in a text",
    help: "The text holds characters that do not print, often left by a copy from another program. They are \
           kept, but many counterparts refuse them.",
};
/// An identification number of another form.
pub const PARTY: Code = Code {
    id: "DG-E0512",
    title: "number does not have the form of its scheme",
    help: "An EORI number is two capital letters and 1 to 15 characters, an IOSS number IM and ten digits, \
           and so on. The number is kept and carried. Whether it exists is another question.",
};
/// An amount of unknown currency.
pub const NO_CURRENCY: Code = Code {
    id: "DG-E0513",
    title: "amount without a currency",
    help: "Neither the amount nor the document says in which currency it is.",
};

/// More such findings than are worth listing.
pub const MORE: Code = Code {
    id: "DG-E0514",
    title: "more findings about values than are listed",
    help: "The list of findings is cut after the first hundreds. Usually all have one cause.",
};

/// What is wrong with a value for its place, if anything. Code lists are not looked up here: they have dates.
pub fn check(place: PlaceId, value: &str) -> Option<Finding> {
    let ty = Schema::standard().type_of(place);
    let (code, message) = check_type(ty, value)?;
    let finding = Finding::warning(code, message);
    Some(match hint(ty, value) {
        Some(hint) => finding.hint(hint),
        None => finding,
    })
}

fn check_type(ty: Type, value: &str) -> Option<(&'static Code, String)> {
    let wrong = |is_right: bool, code, what: &str| {
        (!is_right).then(|| (code, format!("`{}` {what}", value.escape_debug())))
    };
    let number = |parsed: Option<NoNumber>, what: &str| match parsed? {
        NoNumber::Malformed => Some((&NUMBER, format!("`{value}` is not {what}"))),
        NoNumber::TooLong => {
            Some((&TOO_LONG, format!("`{value}` has more digits than can be calculated with")))
        }
    };
    match ty {
        Type::Decimal | Type::Rate => number(decimal(value).err(), "a decimal number"),
        Type::Int => number(integer(value).err(), "a whole number"),
        Type::Bool => wrong(matches!(value, "true" | "false"), &BOOL, "is neither true nor false"),
        Type::Date | Type::DateTime => {
            wrong(DateTime::parse(value, None).is_some(), &DATE, "cannot be read as a date")
        }
        Type::Country => wrong(Country::of(value).is_some(), &COUNTRY, "is no country code"),
        Type::Currency => wrong(Currency::of(value).is_some(), &CURRENCY, "is no currency code"),
        Type::CommodityCode => {
            wrong(CommodityCode::parse(value).is_some(), &COMMODITY, "is no commodity code")
        }
        Type::Lang => wrong(is_language(value), &LANGUAGE, "is no language code"),
        Type::Enum(words) if words.has(value) => None,
        Type::Enum(words) => wrong(false, &WORD, &format!("is none of {}", words.0.replace('|', ", "))),
        Type::Hash => wrong(is_hash(value), &FORM, "is no hash"),
        Type::Uuid => wrong(is_uuid(value), &FORM, "is no UUID"),
        Type::Text | Type::Code(_) => {
            has_controls(value).then(|| (&TEXT, "the text holds control characters".to_owned()))
        }
        _ => None,
    }
}

/// What was probably meant.
fn hint(ty: Type, value: &str) -> Option<String> {
    match ty {
        Type::Country if value == "UK" => Some("the United Kingdom is GB".to_owned()),
        Type::Currency if value == "RMB" => Some("the renminbi is CNY".to_owned()),
        Type::Country | Type::Currency if value.bytes().any(|byte| byte.is_ascii_lowercase()) => {
            Some("codes are written in capital letters".to_owned())
        }
        Type::CommodityCode if value.contains(['.', ' ']) => {
            Some("write the digits without dots and blanks".to_owned())
        }
        Type::Decimal | Type::Rate if value.contains(',') => {
            Some("the decimal mark is a point, and there is no mark for thousands".to_owned())
        }
        Type::Enum(words) => crate::nearest(value, words.iter()).map(|near| format!("did you mean {near}?")),
        _ => None,
    }
}

/// True for control characters but line ends and tabs. Nearly all texts are plain, and settled byte by byte.
fn has_controls(value: &str) -> bool {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    !value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) && value.chars().any(control)
}

fn is_hash(value: &str) -> bool {
    let Some((algorithm, digits)) = value.split_once(':') else { return false };
    let hex = digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    !algorithm.is_empty() && hex
}

fn is_uuid(value: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| if dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    value.len() == 36 && value.bytes().enumerate().all(fits)
}

/// What is wrong with the values of a document, in its order.
pub fn check_document(document: &Document<'_>) -> Vec<Finding> {
    let has_currency = has_currency(document);
    let mut findings = Findings::default();
    for node in document.tree().ids() {
        if let Some(finding) = check_node(document, node, has_currency) {
            let (tree, node) = (document.tree(), pointed_at(document.tree(), node));
            let span = tree.node(node).span;
            findings.add(|| finding.at(tree.base(), span).canonical(document.path(node)));
        }
    }
    findings.take(&MORE)
}

/// The node itself, or the first below it that has bytes: an object that only holds others has none of its own.
fn pointed_at(tree: &Tree<'_>, node: NodeId) -> NodeId {
    tree.subtree(node).find(|at| !tree.node(*at).span.is_empty()).unwrap_or(node)
}

/// How the values of a place are checked, found once for each place.
#[derive(Clone, Copy, Debug)]
enum How {
    /// Not at all.
    Never,
    /// By its type alone.
    Type,
    /// A text or code: only for control characters.
    Text,
    /// A moment, with the format code beside it.
    Moment,
    /// The code of a classification, a tariff code where its type says so.
    Classification,
    /// A number of a party, by its scheme.
    PartyId,
    /// An amount, which needs a currency somewhere.
    Money,
}

fn how(place: PlaceId) -> How {
    static TABLE: LazyLock<Vec<How>> = LazyLock::new(|| {
        let schema = Schema::standard();
        let parent = |place: PlaceId| schema.get(place).map_or("", |field| schema.name_of(field.parent));
        let of = |place: PlaceId| match schema.type_of(place) {
            Type::Date | Type::DateTime => How::Moment,
            Type::Code(_) if schema.name_of(place) == "code" && parent(place) == "codes" => {
                How::Classification
            }
            Type::Text | Type::Code(_) => How::Text,
            Type::Shape("PartyId") => How::PartyId,
            Type::Shape("Money") => How::Money,
            ty if ty.is_branch() => How::Never,
            _ => How::Type,
        };
        (0..schema.len() as u32).map(|place| of(PlaceId(place))).collect()
    });
    TABLE.get(place.index()).copied().unwrap_or(How::Never)
}

fn check_node(document: &Document<'_>, node: NodeId, has_currency: bool) -> Option<Finding> {
    let tree = document.tree();
    let member = |name: &str| tree.child(node, name).and_then(|child| tree.value(child));
    match (how(tree.place(node)), tree.value(node)) {
        (How::Never, _) | (_, Some("")) => None,
        (How::Text, Some(value)) if !has_controls(value) => None,
        (How::Moment, Some(text)) => {
            let read = DateTime::parse(text, format_of(document, node)).is_some();
            (!read).then(|| {
                Finding::warning(&DATE, format!("`{}` cannot be read as a date", text.escape_debug()))
            })
        }
        (How::Classification, Some(code)) if is_tariff(document, node) => {
            let wrong = CommodityCode::parse(code).is_none();
            wrong.then(|| Finding::warning(&COMMODITY, format!("`{code}` is no commodity code")))
        }
        (How::PartyId, None) => {
            let (scheme, value) = (member("scheme")?, member("value")?);
            let wrong =
                || Finding::warning(&PARTY, format!("`{value}` does not have the form of scheme {scheme}"));
            (!is_party_id(scheme, value)).then(wrong)
        }
        (How::Money, None) if !has_currency && member("currency").is_none() => member("amount")
            .map(|amount| Finding::warning(&NO_CURRENCY, format!("{amount} of which currency?"))),
        (_, Some(value)) => check(tree.place(node), value),
        (_, None) => None,
    }
}

/// The format code of a moment: its sibling `…_format`, the next place of the schema.
fn format_of<'d>(document: &'d Document<'_>, node: NodeId) -> Option<&'d str> {
    let tree = document.tree();
    let sibling = PlaceId(tree.place(node).0 + 1);
    let next = NodeId(tree.node(node).end.0);
    let stated = (next < tree.node(tree.node(node).parent).end).then_some(next)?;
    let is_format = tree.place(stated) == sibling && tree.name(stated).ends_with("_format");
    is_format.then(|| tree.value(stated)).flatten()
}

/// True for a classification of type TSP, the tariff code; others are additional codes of any form.
fn is_tariff(document: &Document<'_>, node: NodeId) -> bool {
    let tree = document.tree();
    tree.child(tree.node(node).parent, "type").and_then(|kind| tree.value(kind)) == Some("TSP")
}

/// True where the document fixes a currency for all its amounts.
fn has_currency(document: &Document<'_>) -> bool {
    ["currency", "invoice.currency"].iter().any(|path| document.find(path).is_some())
}
