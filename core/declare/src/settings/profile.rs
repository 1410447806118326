//! The seller's profile: who declares, with which standing.

use dragoman_mapping::language::LoadError;
use dragoman_model::Source;
use dragoman_rules::Found;

use super::keys::{Alias, Keys};
use super::leaves::{Leaf, leaves};
use crate::statements::Statements;

/// A profile as it was read.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub(crate) header: Statements,
    /// The seller, as the exporter where orders do not name one.
    pub(crate) exporter: Statements,
    /// How duties are paid where no account for deferred payment is stated.
    pub(crate) payment_method: Option<Found>,
    /// What has to agree, beside everything that is declared, for order lines to become one goods item; `None`
    /// where every line is an item of its own.
    pub(crate) aggregate: Option<Vec<String>>,
}

const ALIASES: &[Alias] = &[
    ("authorisation", "authorisations[]"),
    ("representation", "representative"),
    ("guarantee", "guarantees[]"),
    ("guarantee.reference", "guarantees[].other_reference"),
    ("deferment", "deferred_payments[]"),
    ("deferment.account", "deferred_payments[].id"),
];

/// What a profile may state: nothing that an order or the customs master could.
const ROOTS: &[&str] = &[
    "declarant",
    "representative",
    "submitter",
    "importer",
    "exporter",
    "seller",
    "authorisations",
    "guarantees",
    "deferred_payments",
    "transit_holder",
];

const KEYS: Keys = Keys {
    file: "the profile",
    aliases: ALIASES,
    roots: ROOTS,
    source: |field, span| Source::Profile { field, span },
};

impl Profile {
    /// Reads a profile (TOML). Keys are the members of a canonical declaration (`declarant`, `importer`, `exporter`,
    /// `seller`, `representation`, `[[authorisation]]`, `[[guarantee]]`, `[[deferment]]`), `payment_method` and
    /// `aggregate`. All mistakes are reported.
    pub fn read(text: &str) -> Result<Self, Vec<LoadError>> {
        let mut profile = Self::default();
        let mut errors = Vec::new();
        let mut unused = Statements::default();
        for leaf in leaves(KEYS.file, text).map_err(|error| vec![error])? {
            if let Err(error) = profile.leaf(&leaf, &mut unused) {
                errors.push(error);
            }
        }
        profile.exporter = profile.header.below("seller").under("exporter");
        profile.header.retain(|one| !one.path.starts_with("seller."));
        if errors.is_empty() { Ok(profile) } else { Err(errors) }
    }

    fn leaf(&mut self, leaf: &Leaf, unused: &mut Statements) -> Result<(), LoadError> {
        let source = || (KEYS.source)(leaf.name().into(), leaf.span);
        if leaf.is_in("payment_method") {
            let found = Found { text: leaf.value.clone(), currency: None, sources: vec![source()] };
            self.payment_method = Some(found);
        } else if leaf.is_in("aggregate") {
            let further = self.aggregate.get_or_insert_default();
            // `aggregate = true` asks for nothing further.
            further.extend(Some(leaf.value.clone()).filter(|value| value != "true"));
        } else if leaf.name() == "representation.status" {
            let status = match leaf.value.as_str() {
                // Annex B to Delegated Regulation (EU) 2015/2446, codes of 3/21.
                "direct" | "2" => "2",
                "indirect" | "3" => "3",
                "self" => return Ok(()),
                _ => return Err(leaf.wrong(KEYS.file, "is none of direct, indirect and self")),
            };
            self.header.state("representative.status", status, vec![source()]);
        } else {
            KEYS.state(leaf, &mut self.header, unused)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
payment_method = "N"
aggregate = ["product.sku"]

[declarant]
eori = "GB000000000000"

[representation]
status = "direct"

[[authorisation]]
type = "CGU"
holder = "GB000000000001"

[[authorisation]]
type = "DPO"
holder = "GB000000000001"
number = "GBDPO1234567"

[[guarantee]]
type = "1"
reference = "GBCGU"

[[deferment]]
account = "1234567"
"#;

    fn source_text(source: &Source) -> &str {
        let Source::Profile { span, .. } = source else { panic!("{source:?}") };
        &TEXT[span.range()]
    }

    #[test]
    fn keys_are_places_of_the_declaration() {
        let profile = Profile::read(TEXT).unwrap();
        let stated: Vec<_> =
            profile.header.iter().map(|one| format!("{} = {}", one.path, one.value)).collect();
        assert_eq!(
            stated,
            [
                "declarant.ids[0].scheme = eori",
                "declarant.ids[0].value = GB000000000000",
                "representative.status = 2",
                "authorisations[0].type = CGU",
                "authorisations[0].holder.value = GB000000000001",
                "authorisations[1].type = DPO",
                "authorisations[1].holder.value = GB000000000001",
                "authorisations[1].number = GBDPO1234567",
                "guarantees[0].type = 1",
                "guarantees[0].other_reference = GBCGU",
                "deferred_payments[0].id = 1234567",
            ]
        );
        assert_eq!(profile.payment_method.unwrap().text, "N");
        assert_eq!(profile.aggregate.unwrap(), ["product.sku"]);
        for one in profile.header.iter() {
            let text = source_text(&one.sources[0]);
            assert!(*text == *one.value || ["eori", "direct"].contains(&text), "{text} for {}", one.value);
        }
    }

    #[test]
    fn mistakes_are_found_at_their_place() {
        let refused = |text: &str| {
            let error = Profile::read(text).unwrap_err().remove(0);
            (text[error.at].to_owned(), error.message)
        };
        let said = |text: &str, place: &str, message: &str| {
            let (at, error) = refused(text);
            assert!(at == place && error.contains(message), "{at}: {error}");
        };
        said("dispatch = \"CN\"", "dispatch", "the profile says nothing of `dispatch`");
        said("[declerant]\neori = \"GB0\"", "eori", "did you mean `declarant`?");
        said("[declarant]\neory = \"GB0\"", "eory", "there is no `eory` here");
        said("[representation]\nstatus = \"both\"", "both", "none of direct, indirect and self");
        said("declarant = \"GB0\"", "declarant", "holds members");
        said("[declarant", "", "");
    }
}
