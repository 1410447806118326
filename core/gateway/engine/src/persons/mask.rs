//! What is withheld from those who may not see personal data: values of fields that the model marks, and whatever is not
//! known to be something else.

use std::collections::HashSet;

use dragoman_mapping::canonical;
use dragoman_model::{Change, Document, Op, Scalar, Schema, Type, apply};
use dragoman_syntax::json::Style;
use dragoman_tree::{FindingRecord, Kind, NodeId, PlaceId};

use crate::view::{Pane, Panes, View};

/// What stands in place of a value.
const WITHHELD: &str = "•••";

/// Whether a path of a document of that kind leads to personal data. One that the model does not know may do so.
pub fn is_personal(kind: &str, path: &str) -> bool {
    let schema = Schema::standard();
    let place = schema.document(kind).and_then(|document| schema.resolve(document, &bare(path)));
    place.is_none_or(|place| is_marked(schema, place))
}

/// The path of names alone: `goods_items[sequence=1].consignee.name` is `goods_items.consignee.name`.
fn bare(path: &str) -> String {
    let (mut bare, mut depth) = (String::new(), 0_usize);
    for letter in path.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    bare
}

fn is_marked(schema: &Schema, place: PlaceId) -> bool {
    schema.get(place).is_none_or(|field| field.personal || field.ty == Type::Open)
}

/// The leaves of a document that are withheld.
fn personal<'d>(document: &'d Document<'d>) -> impl Iterator<Item = NodeId> + use<'d> {
    let tree = document.tree();
    document
        .leaves()
        .filter(move |node| tree.value(*node).is_some() && is_marked(document.schema(), tree.place(*node)))
}

/// The canonical document without personal data.
pub fn masked(document: &Document<'_>) -> String {
    let withheld = |node| Change {
        op: Op::Replace,
        path: document.path(node),
        old: None,
        new: Some(Scalar { kind: Kind::String, text: WITHHELD.into() }),
        reason: None,
    };
    let changes: Vec<_> = personal(document).map(withheld).collect();
    // What cannot be masked is not shown.
    apply(document, &changes).map(|masked| canonical::write(&masked, Style::Pretty)).unwrap_or_default()
}

/// Takes personal data out of what is shown of an exchange.
pub fn mask(view: &mut View, document: &Document<'_>) {
    if let Some(panes) = &mut view.panes {
        let personal: HashSet<u32> = personal(document).map(|node| node.0).collect();
        mask_panes(panes, &personal);
    }
    for line in &mut view.lines {
        let rejections = line.rejections.iter_mut().map(|rejected| &mut rejected.finding);
        for finding in line.findings.iter_mut().chain(rejections) {
            mask_finding(finding);
        }
    }
}

fn mask_panes(panes: &mut Panes, personal: &HashSet<u32>) {
    let is_known = |of: &[u32]| !of.is_empty() && of.iter().all(|number| !personal.contains(number));
    let mask = |pane: &mut Pane| {
        for line in pane.lines.iter_mut().filter(|line| line.value.is_some() && !is_known(&line.of)) {
            line.value = Some(WITHHELD.to_owned());
        }
    };
    panes.orders.iter_mut().for_each(mask);
    mask(&mut panes.canonical);
    mask(&mut panes.wire);
}

/// Values that a finding quotes go, where it is about personal data.
fn mask_finding(finding: &mut FindingRecord) {
    let is_about = |path: &String| is_personal("declaration", path) && is_personal("order", path);
    if finding.path.as_ref().is_some_and(is_about) {
        finding.message = unquoted(&finding.message);
        finding.hint = finding.hint.as_deref().map(unquoted);
    }
}

/// A text without what stands between backquotes.
pub fn unquoted(text: &str) -> String {
    let mut parts = text.split('`');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    let mut is_quoted = true;
    for part in parts {
        plain.push('`');
        plain.push_str(if is_quoted { WITHHELD } else { part });
        is_quoted = !is_quoted;
    }
    plain
}

#[cfg(test)]
mod tests {
    use crate::persons::testing::document;

    use super::*;

    #[test]
    fn persons_are_withheld_and_goods_are_not() {
        let order = document(
            "order",
            "order_number = 1001
             buyer.name = Alex Example
             recipient.address.street[0] = 12 Sample Street
             recipient.address.country = GB
             lines[0].title = Scarf, silk",
        );
        let masked = masked(&order);
        assert!(!masked.contains("Alex") && !masked.contains("Sample"), "{masked}");
        for kept in ["1001", "GB", "Scarf, silk", WITHHELD] {
            assert!(masked.contains(kept), "{kept}: {masked}");
        }
    }

    #[test]
    fn the_number_of_a_payment_leads_to_a_person() {
        let payment = document("payment", "transaction = PAY-1\norder_ref = SO-1");
        let masked = masked(&payment);
        assert!(!masked.contains("PAY-1") && masked.contains("SO-1"), "{masked}");
        assert!(is_personal("order", "payments[0].transaction"));
    }

    #[test]
    fn paths_are_looked_up_by_their_names() {
        assert!(is_personal("declaration", "goods_items[sequence=1].consignee.name"));
        assert!(is_personal("declaration", "extensions.shop.note"), "nobody knows what it is");
        assert!(!is_personal("declaration", "goods_items[2].description"));
        assert_eq!(unquoted("`BT1 1AA` is none of `GB`"), "`•••` is none of `•••`");
    }
}
