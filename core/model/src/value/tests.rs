use dragoman_tree::{PlaceId, Severity};
use proptest::prelude::*;

use super::check::{COMMODITY, COUNTRY, DATE, NO_CURRENCY, PARTY};
use super::*;
use crate::Schema;
use crate::testing::document;

fn finding(path: &str, value: &str) -> Option<(String, Option<String>)> {
    let schema = Schema::standard();
    let place = schema.resolve(schema.document("declaration").unwrap(), path).unwrap();
    check(place, value).map(|finding| {
        assert_eq!(finding.severity, Severity::Warning);
        (finding.code.into_owned(), finding.hint)
    })
}

#[test]
fn good_values_have_no_finding() {
    let good = [
        ("totals.items", "1"),
        ("goods_items.price.amount", "12.50"),
        ("goods_items.price.currency", "GBP"),
        ("dispatch.country", "XI"),
        ("transport.containerised", "true"),
        ("goods_items.commodity.codes.code", "VATZ"),
        ("kind", "amendment"),
        ("id", "01931234-5678-7abc-8def-0123456789ab"),
        ("language", "EN"),
        ("goods_items.description", "line one\nline two"),
        ("limit_date", "2026-11-22"),
        ("goods_items.description", ""),
    ];
    for (path, value) in good {
        assert_eq!(finding(path, value), None, "{path} {value}");
    }
}

#[test]
fn bad_values_have_one_with_a_hint_where_it_helps() {
    let bad = [
        ("totals.items", "1.0", "DG-E0501", None),
        ("goods_items.price.amount", "12,50", "DG-E0501", Some("decimal mark")),
        ("goods_items.price.amount", "11111111111111111111111111111", "DG-E0502", None),
        ("transport.containerised", "1", "DG-E0503", None),
        ("limit_date", "22/11/2026", "DG-E0504", None),
        ("dispatch.country", "UK", "DG-E0505", Some("GB")),
        ("goods_items.price.currency", "gbp", "DG-E0506", Some("capital")),
        ("goods_items.description_lang", "xx", "DG-E0508", None),
        ("kind", "amendmend", "DG-E0509", Some("amendment")),
        ("id", "1", "DG-E0510", None),
        ("goods_items.description", "a\u{1}b", "DG-E0511", None),
    ];
    for (path, value, code, hint) in bad {
        let (found, said) = finding(path, value).unwrap_or_else(|| panic!("{path} {value}"));
        assert_eq!(found, code, "{path} {value}");
        let fits = hint.is_none_or(|hint| said.as_deref().unwrap_or_default().contains(hint));
        assert!(fits, "{path} {value}: {said:?}");
    }
}

#[test]
fn a_document_is_checked_with_what_stands_beside_a_value() {
    let declaration = document(
        "declaration",
        "issued_at = 20261122162455Z
         issued_at_format = 304
         accepted_at = 20261122
         accepted_at_format = 304
         declarant.ids[0].scheme = eori
         declarant.ids[0].value = 12
         goods_items[0].price.amount = 12.50
         goods_items[0].commodity.codes[0].type = TSP
         goods_items[0].commodity.codes[0].code = 4202.22
         goods_items[0].origins[0].country = ZZ",
    );
    let found: Vec<_> = check_document(&declaration)
        .into_iter()
        .map(|finding| (finding.code, finding.path.unwrap()))
        .collect();
    let expected = [
        (DATE.id, "accepted_at"),
        (PARTY.id, "declarant.ids[0]"),
        (COMMODITY.id, "goods_items[0].commodity.codes[type=TSP].code"),
        (COUNTRY.id, "goods_items[0].origins[0].country"),
        (NO_CURRENCY.id, "goods_items[0].price"),
    ];
    assert_eq!(found, expected.map(|(code, path)| (code.into(), path.to_owned())));
    let order = Schema::standard().document("order").unwrap();
    let code = Schema::standard().resolve(order, "lines.customs.code").unwrap();
    let dotted = check(code, "4202.22").unwrap();
    assert!(dotted.hint.unwrap().contains("without dots"));
    let with_currency = document("order", "currency = GBP\n totals.grand.amount = 1");
    assert_eq!(check_document(&with_currency), []);
}

#[test]
fn every_code_is_declared_once() {
    let mut ids: Vec<_> = crate::codes().map(|code| code.id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(ids.iter().all(|id| id.starts_with("DG-E05") && id.len() == 8), "{ids:?}");
}

proptest! {
    #[test]
    fn any_value_anywhere_is_survived(at in 0..Schema::standard().len() as u32, value in any::<String>()) {
        check(PlaceId(at), &value);
    }
}
