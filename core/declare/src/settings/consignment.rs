//! The consignment: what no order and no customs master knows.

use dragoman_mapping::language::LoadError;
use dragoman_model::{Decimal, Source, decimal, integer};
use dragoman_tree::Span;

use super::keys::{Alias, Keys};
use super::leaves::{Leaf, leaves};
use crate::costs::{Cost, Stated};
use crate::statements::{Statement, Statements};

/// A consignment as it was read.
#[derive(Clone, Debug, Default)]
pub struct Consignment {
    pub(crate) header: Statements,
    /// What is stated of every goods item.
    pub(crate) item: Statements,
    pub(crate) packages: Vec<Package>,
    pub(crate) costs: Vec<Stated>,
}

/// Packages of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Package {
    /// `type`, `count` and `marks` as members of the declaration's packages.
    pub stated: Statements,
    /// What they travel under: `waybill`, `master_waybill` and `bag`.
    pub carriage: Statements,
    /// Gross mass of all of them, in grams.
    pub gross: Option<(Decimal, Source)>,
    /// The orders whose goods they hold; empty for all.
    pub orders: Vec<String>,
    /// Where they begin in the file.
    pub span: Span,
}

const ALIASES: &[Alias] = &[
    ("dispatch", "dispatch.country"),
    ("transport.nationality", "transport.border[].nationality"),
    ("transport.containers", "equipment[].id"),
    ("previous_document", "previous_documents[]"),
    ("document", "item.documents[]"),
    ("statement", "item.additional_information[]"),
];

const KEYS: Keys = Keys {
    file: "the consignment",
    aliases: ALIASES,
    roots: &[],
    source: |field, span| Source::Consignment { field, span },
};

impl Consignment {
    /// Reads a consignment (TOML). Keys are the members of a canonical declaration, those of a goods item under
    /// `item`, and shorter ones: `dispatch`, `transport.nationality`, `transport.containers`, `[[package]]` (`type`,
    /// `count`, `marks`, `gross_mass_g` of all of them, `waybill`, `master_waybill`, `bag`, `orders`), `[[cost]]` (`for` is `inland`, `main`, `insurance`, `onward` or `duties`; `amount`,
    /// `currency`, `orders`), `[[previous_document]]`, `[[document]]` and
    /// `[[statement]]` of every item. All mistakes are reported.
    pub fn read(text: &str) -> Result<Self, Vec<LoadError>> {
        let mut consignment = Self::default();
        let (mut errors, mut costs) = (Vec::new(), Vec::new());
        for leaf in leaves(KEYS.file, text).map_err(|error| vec![error])? {
            let read = if leaf.is_in("package") {
                consignment.package(&leaf)
            } else if leaf.is_in("cost") {
                costs.push(leaf);
                Ok(())
            } else {
                KEYS.state(&leaf, &mut consignment.header, &mut consignment.item)
            };
            errors.extend(read.err());
        }
        errors.extend(consignment.costs(&costs).err());
        consignment.goods_location();
        consignment.delivery_place();
        consignment.containers();
        if errors.is_empty() { Ok(consignment) } else { Err(errors) }
    }

    /// What it states at a path of the declaration's header: `dispatch.country`.
    pub fn stated(&self, path: &str) -> Option<&str> {
        self.header.value(path)
    }

    fn package(&mut self, leaf: &Leaf) -> Result<(), LoadError> {
        let [(_, index), (key, _)] = leaf.steps.as_slice() else {
            return Err(LoadError::new(KEYS.file, &leaf.key, "packages are written as [[package]]"));
        };
        let index = index.unwrap_or(0);
        while self.packages.len() <= index {
            self.packages.push(Package { span: leaf.span, ..Package::default() });
        }
        let Some(package) = self.packages.get_mut(index) else { return Ok(()) };
        let source = (KEYS.source)(leaf.name().into(), leaf.span);
        match key.as_str() {
            "count" if integer(&leaf.value).is_err() => {
                return Err(leaf.wrong(KEYS.file, "is no whole number"));
            }
            "type" | "count" | "marks" => {
                package.stated.state(key.as_str(), leaf.value.clone(), vec![source]);
            }
            "waybill" | "master_waybill" | "bag" => {
                package.carriage.state(key.as_str(), leaf.value.clone(), vec![source]);
            }
            "gross_mass_g" => match decimal(&leaf.value) {
                Ok(grams) if grams >= Decimal::ZERO => package.gross = Some((grams, source)),
                _ => return Err(leaf.wrong(KEYS.file, "is no mass in grams")),
            },
            "orders" => package.orders.push(leaf.value.clone()),
            _ => {
                let message = format!(
                    "there is no `{key}` here; a package has type, count, marks, gross_mass_g, waybill, master_waybill, bag and orders"
                );
                return Err(LoadError::new(KEYS.file, &leaf.key, message));
            }
        }
        Ok(())
    }

    /// What transport and duties cost, one table each.
    fn costs(&mut self, leaves: &[Leaf]) -> Result<(), LoadError> {
        let index = |leaf: &Leaf| leaf.steps.first().and_then(|(_, index)| *index);
        let key = |leaf: &Leaf| leaf.steps.last().map(|(key, _)| key.clone()).unwrap_or_default();
        let count = leaves.iter().filter_map(index).max().map_or(0, |last| last + 1);
        if let Some(leaf) = leaves.iter().find(|leaf| index(leaf).is_none()) {
            return Err(LoadError::new(KEYS.file, &leaf.key, "costs are written as [[cost]]"));
        }
        for number in 0..count {
            let own: Vec<_> = leaves.iter().filter(|leaf| index(leaf) == Some(number)).collect();
            let known = ["for", "amount", "currency", "orders"];
            if let Some(other) = own.iter().find(|leaf| !known.contains(&&*key(leaf))) {
                let message = "a cost has for, amount, currency and orders";
                return Err(LoadError::new(KEYS.file, &other.key, message));
            }
            let find = |name: &str| own.iter().find(|leaf| key(leaf) == name);
            let (Some(of), Some(amount), Some(currency)) = (find("for"), find("amount"), find("currency"))
            else {
                let message = "a cost says what it is for, its amount and its currency";
                let at = own.first().map(|leaf| leaf.key.clone()).unwrap_or_default();
                return Err(LoadError::new(KEYS.file, &at, message));
            };
            let Some(cost) = Cost::of(&of.value) else {
                let words: Vec<_> = Cost::words().collect();
                return Err(of.wrong(KEYS.file, format!("a cost is for one of {}", words.join(", "))));
            };
            if !decimal(&amount.value).is_ok_and(|amount| amount >= Decimal::ZERO) {
                return Err(amount.wrong(KEYS.file, "is no amount"));
            }
            self.costs.push(Stated {
                cost,
                amount: amount.value.clone(),
                currency: currency.value.clone(),
                sources: vec![(KEYS.source)(amount.name().into(), amount.span)],
                span: amount.span,
                orders: own
                    .iter()
                    .filter(|leaf| key(leaf) == "orders")
                    .map(|leaf| leaf.value.clone())
                    .collect(),
            });
        }
        Ok(())
    }

    /// Takes a location code apart: country, type, qualifier and identification in a row (Delegated Regulation (EU)
    /// 2015/2446, annex B, 5/23). Formats that have places for them take the identification as the name.
    fn goods_location(&mut self) {
        let stated = |name: &str| self.header.value(&format!("goods_location.{name}")).unwrap_or_default();
        let Some(code) = self.header.get("goods_location.id").cloned() else { return };
        let marks = format!("{}{}", stated("type"), stated("qualifier"));
        let (country, rest) = code.value.split_at_checked(2).unwrap_or_default();
        let is_country = country.bytes().all(|byte| byte.is_ascii_uppercase());
        let (id, stated_country) = match rest.strip_prefix(&*marks).filter(|id| !id.is_empty()) {
            Some(id) if is_country && marks.len() == 2 => (id.to_owned(), Some(country.to_owned())),
            _ => (code.value.to_string(), None),
        };
        self.header.retain(|one| *one.path != *"goods_location.id");
        self.header.state("goods_location.name", id, code.sources.clone());
        if let Some(country) = stated_country {
            self.header.state("goods_location.address.country", country, code.sources);
        } else if let Some(Statement { value, sources, .. }) =
            self.header.get("goods_location.country").cloned()
        {
            self.header.state("goods_location.address.country", value, sources);
        }
        self.header.retain(|one| *one.path != *"goods_location.country");
    }

    /// A place that has the form of a UN/LOCODE is one.
    fn delivery_place(&mut self) {
        let Some(Statement { value, sources, .. }) = self.header.get("delivery_terms.place").cloned() else {
            return;
        };
        let letter = |byte: u8| byte.is_ascii_uppercase();
        let (country, place) = value.as_bytes().split_at_checked(2).unwrap_or_default();
        let is_place =
            place.len() == 3 && place.iter().all(|byte| letter(*byte) || (b'2'..=b'9').contains(byte));
        if country.len() == 2 && country.iter().all(|byte| letter(*byte)) && is_place {
            self.header.retain(|one| *one.path != *"delivery_terms.place");
            self.header.state("delivery_terms.unlocode", value, sources);
        }
    }

    /// Containers are numbered, and goods in containers are containerised.
    fn containers(&mut self) {
        let ids: Vec<_> =
            self.header.iter().filter(|one| one.path.starts_with("equipment[")).cloned().collect();
        for number in 0..self.header.entries("equipment") {
            self.header.state(format!("equipment[{number}].sequence"), (number + 1).to_string(), Vec::new());
        }
        if let Some(first) = ids.into_iter().next() {
            self.header.state("transport.containerised", "true", first.sources);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
dispatch = "CN"
goods_location = { id = "GBAUWLALONBTW", type = "A", qualifier = "U" }
delivery_terms = { code = "DAP", place = "GBWLA" }

[transport]
border_mode = "1"
nationality = "US"
arrival = { id = "12345", id_type = "10" }
containers = ["AD12345", "AD12346"]

[[package]]
type = "CT"
count = 1
marks = "1001"
gross_mass_g = 1_400

[[previous_document]]
category = "Z"
type = "355"
id = "24GB"

[[document]]
category = "9"
type = "WKS"

[item]
transaction_nature = "1"
"#;

    #[test]
    fn keys_are_places_of_the_declaration_and_its_items() {
        let read = Consignment::read(TEXT).unwrap();
        let show = |all: &Statements| {
            all.iter().map(|one| format!("{}={}", one.path, one.value)).collect::<Vec<_>>().join(" ")
        };
        for expected in [
            "dispatch.country=CN",
            "goods_location.name=WLALONBTW",
            "goods_location.address.country=GB",
            "goods_location.type=A",
            "delivery_terms.unlocode=GBWLA",
            "transport.border_mode=1",
            "transport.border[0].nationality=US",
            "transport.arrival[0].id_type=10",
            "equipment[1].id=AD12346",
            "equipment[1].sequence=2",
            "transport.containerised=true",
            "previous_documents[0].id=24GB",
        ] {
            assert!(show(&read.header).contains(expected), "{expected} in {}", show(&read.header));
        }
        assert_eq!(show(&read.item), "documents[0].category=9 documents[0].type=WKS transaction_nature=1");
        let package = &read.packages[0];
        assert_eq!(show(&package.stated), "type=CT count=1 marks=1001");
        assert_eq!(package.gross.as_ref().unwrap().0, Decimal::from(1400));
    }

    #[test]
    fn a_location_code_is_taken_apart_only_where_its_parts_agree() {
        let name = |text: &str| {
            let read = Consignment::read(text).unwrap();
            let value = |path| read.header.value(path).map(str::to_owned);
            (value("goods_location.name").unwrap(), value("goods_location.address.country"))
        };
        let whole = ("WLALONBTW".to_owned(), Some("GB".to_owned()));
        assert_eq!(
            name("goods_location = { id = \"GBAUWLALONBTW\", type = \"A\", qualifier = \"U\" }"),
            whole
        );
        let apart =
            "goods_location = { id = \"WLALONBTW\", type = \"A\", qualifier = \"U\", country = \"GB\" }";
        assert_eq!(name(apart), whole);
        let other = name("goods_location = { id = \"GBAUWLALONBTW\", type = \"B\", qualifier = \"U\" }");
        assert_eq!(other, ("GBAUWLALONBTW".to_owned(), None));
    }

    #[test]
    fn mistakes_are_found_at_their_place() {
        let refused = |text: &str| {
            let error = Consignment::read(text).unwrap_err().remove(0);
            (text[error.at].to_owned(), error.message)
        };
        assert_eq!(refused("[[package]]\ncount = 1.5").0, "1.5");
        assert_eq!(refused("[[package]]\ngross_mass_g = \"heavy\"").0, "heavy");
        assert!(refused("[[package]]\nweight = 1").1.contains("gross_mass_g"));
        assert!(refused("goods_locatoin = { id = \"x\" }").1.contains("did you mean `goods_location`?"));
        assert_eq!(refused("[package]\ncount = 1\n[package.more]\nx = 1").0, "x");
    }
}
