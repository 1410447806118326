//! The persons that a document is about.

use dragoman_model::{At, Document, Type};
use dragoman_tree::NodeId;

/// The parties that goods are for, and who paid: persons, where sellers, carriers and agents are enterprises whom everything
/// is about.
const ROLES: [&str; 5] = ["buyer", "recipient", "consignee", "importer", "payer"];

/// What the persons of a document are known by, each once: the same person in the order of one platform and in the
/// declaration is one, as far as both say the same.
pub fn persons(document: &Document<'_>) -> Vec<String> {
    let tree = document.tree();
    let parties = tree
        .ids()
        .filter(|node| document.type_of(*node) == Type::Shape("Party") && ROLES.contains(&tree.name(*node)));
    let mut persons: Vec<_> = parties.filter_map(|node| known_by(document, node)).collect();
    persons.sort_unstable();
    persons.dedup();
    persons
}

/// The address of electronic mail, else the number of an identity document, else name and postal code, else the telephone
/// number; whatever case and spaces it is written in.
fn known_by(document: &Document<'_>, node: NodeId) -> Option<String> {
    let party = At::node_of(document, node);
    let text = |path: &str| party.text(path).map(plain).filter(|text| !text.is_empty());
    if let Some(email) = text("contact.email") {
        return Some(format!("email {email}"));
    }
    if let Some(id) = party.ids().next() {
        return Some(format!("id {} {}", id.scheme.unwrap_or_default(), plain(id.value)));
    }
    let parts = || Some(format!("{} {}", text("person.given")?, text("person.family")?));
    if let Some(name) = text("name").or_else(parts) {
        return Some(format!("name {name} {}", text("address.postal_code").unwrap_or_default()));
    }
    text("contact.phone").map(|phone| format!("phone {phone}"))
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::persons::testing::document;

    use super::*;

    #[test]
    fn one_person_is_known_once() {
        let order = document(
            "order",
            "buyer.name = Alex  Example
             buyer.contact.email = Alex@example.com
             recipient.name = ALEX EXAMPLE
             recipient.contact.email = alex@example.com
             seller.name = Example Ltd",
        );
        assert_eq!(persons(&order), ["email alex@example.com"]);
        let gift = document(
            "order",
            "buyer.person.given = Alex
             buyer.person.family = Example
             recipient.name = Robin Specimen
             recipient.address.postal_code = ls1 1aa",
        );
        assert_eq!(persons(&gift), ["name alex example ", "name robin specimen ls1 1aa"]);
        assert_eq!(persons(&document("order", "order_number = 1")), [""; 0]);
    }
}
