//! Inputs written in a test, and what declaring makes of them.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use dragoman_adapters::{Catalogue, Data};
use dragoman_declare::{Consignment, Declared, FACTS, File, Inputs, Master, Order, Profile, Rates, declare};
use dragoman_mapping::{Mapping, canonical};
use dragoman_model::{Document, Origin, Source};
use dragoman_rules::Rules;
use dragoman_syntax::Limits;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::Span;
use jiff::civil::{Date, date};

/// The files that a declaration is made from, as texts.
#[derive(Clone, Debug)]
pub struct World {
    pub orders: Vec<String>,
    pub master: String,
    pub profile: String,
    pub consignment: String,
    pub rates: String,
    pub lrns: Vec<String>,
    pub on: Date,
    pub rules: String,
}

/// The program's mappings, grammars and rules.
pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(Data::embedded()).unwrap());

pub fn rules_text() -> &'static str {
    CATALOGUE.data().get("mappings/rules/gb.toml").unwrap()
}

pub fn mapping() -> Arc<Mapping> {
    CATALOGUE.mapping("wco/declaration").unwrap()
}

pub fn grammar() -> Arc<Grammar> {
    CATALOGUE.grammar("wco/dms-3.6").unwrap()
}

impl Default for World {
    fn default() -> Self {
        Self {
            orders: Vec::new(),
            master: "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from\n".into(),
            profile: String::new(),
            consignment: String::new(),
            rates: "date,purpose,from,to,rate,source\n".into(),
            lrns: vec!["LRN-1".into()],
            on: date(2026, 11, 22),
            rules: rules_text().into(),
        }
    }
}

impl World {
    /// Declares, and shows the result while the inputs live.
    pub fn declare<T>(&self, look: impl FnOnce(&Declared) -> T) -> T {
        self.declare_with(|declared, _| look(declared))
    }

    /// Declares, and shows the result with the orders it was made from.
    pub fn declare_with<T>(&self, look: impl FnOnce(&Declared, &[Order<'_>]) -> T) -> T {
        let read: Vec<_> = self
            .orders
            .iter()
            .map(|text| canonical::read(text.as_bytes(), None, &Limits::default()))
            .collect();
        for read in &read {
            assert!(read.findings.is_empty() && read.residue.is_empty(), "{:?}", read.findings);
        }
        let orders: Vec<_> =
            read.iter().map(|read| Order { document: read.document.as_ref().unwrap(), offset: 0 }).collect();
        let master = Master::read(&self.master);
        let profile = Profile::read(&self.profile).unwrap();
        let consignment = Consignment::read(&self.consignment).unwrap();
        let rates = Rates::read(&self.rates);
        let rules = self.rules();
        let inputs = Inputs {
            orders: &orders,
            master: &master,
            profile: &profile,
            consignment: &consignment,
            rates: &rates,
            rules: &rules,
            lrns: &self.lrns,
            on: self.on,
        };
        look(&declare(&inputs), &orders)
    }

    pub fn rules(&self) -> Rules {
        dragoman_rules::load("rules/gb", &self.rules, FACTS).unwrap_or_else(|errors| {
            panic!("{}", errors.iter().map(|error| error.render(&self.rules)).collect::<String>())
        })
    }

    /// The text of the file that a finding or source is about.
    pub fn file(&self, file: File) -> &str {
        match file {
            File::Order(index) => &self.orders[index],
            File::Master => &self.master,
            File::Profile => &self.profile,
            File::Consignment => &self.consignment,
            File::Rates => &self.rates,
        }
    }

    /// The bytes that a source points at; none for what was passed in or comes from a rule.
    pub fn bytes(&self, source: &Source) -> Option<&str> {
        let (file, span): (&str, Span) = match source {
            Source::Order { order, span, .. } => {
                let number = format!("\"order_number\": \"{order}\"");
                (self.orders.iter().find(|text| text.contains(&number)).unwrap(), *span)
            }
            Source::Master { span, .. } => (&self.master, *span),
            Source::Profile { span, .. } => (&self.profile, *span),
            Source::Consignment { span, .. } => (&self.consignment, *span),
            Source::Rate { span, .. } => (&self.rates, *span),
            Source::Rule { .. } | Source::Wire(_) => return None,
        };
        (!span.is_empty()).then(|| &file[span.range()])
    }

    /// The findings, each as `severity code [place] message`, with the bytes it underlines.
    pub fn findings(&self) -> Vec<String> {
        self.declare(|declared| {
            let show = |located: &dragoman_declare::Located| {
                let finding = &located.finding;
                let bytes =
                    |span: &Range<u64>| &self.file(located.file)[span.start as usize..span.end as usize];
                let at = finding.span.as_ref().map(bytes).unwrap_or_default();
                format!("{} {} [{at}] {}", finding.severity.word(), finding.code, finding.message)
            };
            declared.findings.iter().map(show).collect()
        })
    }

    /// The value at a path of the first declaration.
    pub fn value(&self, path: &str) -> Option<String> {
        self.declare(|declared| value(&declared.declarations[0], path))
    }

    /// The leaves of the only declaration.
    pub fn leaves(&self) -> Vec<String> {
        self.declare(|declared| {
            assert_eq!(declared.declarations.len(), 1);
            leaves(&declared.declarations[0])
        })
    }
}

pub fn value(document: &Document<'_>, path: &str) -> Option<String> {
    document.find(path).and_then(|node| document.tree().value(node)).map(str::to_owned)
}

pub fn leaves(document: &Document<'_>) -> Vec<String> {
    let leaf = |node| format!("{} = {}", document.path(node), document.tree().value(node).unwrap_or("-"));
    document.leaves().map(leaf).collect()
}

/// Who supplied the value at a path, in a word; `derived` where it follows from others.
pub fn supplier(document: &Document<'_>, path: &str) -> &'static str {
    let node = document.find(path).unwrap_or_else(|| panic!("no {path}"));
    let origin = document.origin(node);
    match document.sources(origin).first() {
        Some(source) => word(source),
        None if origin == Origin::Derived => "derived",
        None => "nobody",
    }
}

pub fn word(source: &Source) -> &'static str {
    match source {
        Source::Order { .. } => "order",
        Source::Master { .. } => "master",
        Source::Profile { .. } => "profile",
        Source::Consignment { .. } => "consignment",
        Source::Rate { .. } => "rate",
        Source::Rule { .. } => "rule",
        Source::Wire(_) => "wire",
    }
}

/// An order of one line, with further members in either.
pub fn order(number: &str, postcode: &str, line: &str, more: &str) -> String {
    format!(
        r#"{{"type": "order", "order_number": "{number}", "placed_at": "2026-11-20T10:00:00Z", "order_kind": "b2c",
"currency": "GBP",
"seller": {{"name": "Examplia Goods", "address": {{"street": ["1 Export Road"], "city": "Shenzhen", "postal_code": "518000", "country": "CN"}}}},
"recipient": {{"name": "A. N. Other", "address": {{"street": ["2 High Street"], "city": "Town", "postal_code": "{postcode}", "country": "GB"}}}},
"lines": [{line}]{more}}}"#
    )
}

/// A line of that article, quantity and price.
pub fn line(id: &str, sku: &str, quantity: &str, price: &str) -> String {
    format!(
        r#"{{"line": "{id}", "sku": "{sku}", "title": "As sold", "quantity": {{"value": "{quantity}"}}, "price": {{"amount": "{price}", "currency": "GBP"}}}}"#
    )
}

/// Everything that H1 needs but the orders.
pub fn complete() -> World {
    World {
        master: "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from
BAG-22,4202221000,gb-tariff,CN,420,\"Handbag, outer surface of plastic sheeting\",en,seller,2026-01-01
HAT-1,6505009090,gb-tariff,VN,80,\"Hats, knitted, of cotton\",en,seller,2026-01-01
"
        .into(),
        profile: r#"
[declarant]
eori = "GB000000000000"

[importer]
eori = "GB000000000001"

[representation]
status = "direct"

[[deferment]]
account = "1234567"
"#
        .into(),
        consignment: r#"
dispatch = "CN"
goods_location = { id = "GBAUWLALONBTW", type = "A", qualifier = "U" }
delivery_terms = { code = "DAP", place = "GBWLA" }

[transport]
border_mode = "1"
nationality = "CN"
arrival = { id = "12345", id_type = "10" }
containers = ["AD12345"]

[[package]]
type = "CT"
count = 2
marks = "1001"
gross_mass_g = 1400

[[previous_document]]
category = "Z"
type = "355"
id = "26GB000000000000A0"
line = 1
"#
        .into(),
        ..World::default()
    }
}
