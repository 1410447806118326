//! The grammar of Shopify's orders, which is written by hand.

use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::{Limits, json, wire_path};

const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../mappings/shopify/order.gram"));

/// An order with the members that one on its way across a border has.
const ORDER: &str = r##"{"id":"gid://shopify/Order/1","name":"#1001","createdAt":"2026-11-02T09:15:00Z","updatedAt":"2026-11-02T09:20:11Z",
"displayFinancialStatus":"PAID","displayFulfillmentStatus":"UNFULFILLED","currencyCode":"EUR","presentmentCurrencyCode":"CHF",
"taxesIncluded":false,"dutiesIncluded":true,"email":"buyer@example.org","phone":null,"cancelledAt":null,
"customer":{"id":"gid://shopify/Customer/7","firstName":"Anna","lastName":"Muster","defaultEmailAddress":{"emailAddress":"buyer@example.org"}},
"shippingAddress":{"firstName":"Anna","lastName":"Muster","company":null,"address1":"Beispielweg 1","address2":"","city":"Bern","provinceCode":"BE","zip":"3000","countryCodeV2":"CH","phone":"+41 00 000 00 00"},
"totalPriceSet":{"shopMoney":{"amount":"47.20","currencyCode":"EUR"},"presentmentMoney":{"amount":"44.90","currencyCode":"CHF"}},
"currentTotalDutiesSet":null,"taxLines":[],
"shippingLines":{"nodes":[{"title":"Standard","code":"STD","originalPriceSet":{"shopMoney":{"amount":"4.90","currencyCode":"EUR"}},"taxLines":[]}]},
"discountApplications":{"nodes":[{"index":0,"targetType":"LINE_ITEM","code":"WELCOME","value":{"percentage":10.0}}]},
"lineItems":{"nodes":[{"id":"gid://shopify/LineItem/11","sku":"TEE-M","title":"T-shirt","quantity":2,"currentQuantity":2,
"originalUnitPriceSet":{"shopMoney":{"amount":"20.00","currencyCode":"EUR"}},
"taxLines":[{"title":"VAT","rate":0.081,"channelLiable":true,"priceSet":{"shopMoney":{"amount":"2.92","currencyCode":"EUR"}}}],
"duties":[{"id":"gid://shopify/Duty/5","harmonizedSystemCode":"610910","countryCodeOfOrigin":"CN","price":{"shopMoney":{"amount":"2.30","currencyCode":"EUR"}},"taxLines":[]}],
"discountAllocations":[{"allocatedAmountSet":{"shopMoney":{"amount":"4.00","currencyCode":"EUR"}},"discountApplication":{"index":0}}],
"variant":{"inventoryItem":{"harmonizedSystemCode":"610910","countryCodeOfOrigin":"CN","countryHarmonizedSystemCodes":{"nodes":[]},"measurement":{"weight":{"value":0.2,"unit":"KILOGRAMS"}}}}}],
"pageInfo":{"hasNextPage":false,"endCursor":null}}}"##;

#[test]
fn the_file_is_laid_out_as_it_is_written() {
    let grammar = grammar::parse(FILE, &|_| None).unwrap();
    assert_eq!(grammar::layout(&grammar), FILE);
}

#[test]
fn an_order_is_known_bare_and_in_both_responses() {
    let grammar = grammar::parse(FILE, &|_| None).unwrap();
    let page = r#""pageInfo":{"hasNextPage":true,"endCursor":"x"}"#;
    let texts = [
        ORDER.to_owned(),
        format!(r#"{{"data":{{"order":{ORDER}}}}}"#),
        format!(r#"{{"data":{{"orders":{{"nodes":[{ORDER},{ORDER}],{page}}}}},"extensions":1}}"#),
    ];
    for text in texts {
        let read = json::read(text.as_bytes(), Some(&grammar), Grammar::ROOT, &Limits::default());
        assert_eq!(read.findings, []);
        let unknown = read.tree.ids().filter(|id| !read.tree.place(*id).is_known());
        let unknown: Vec<_> = unknown.map(|id| wire_path(&read.tree, id, Some(&grammar))).collect();
        assert_eq!(unknown, [""; 0]);
        assert!(read.tree.ids().any(|id| read.tree.place(id) == Grammar::ROOT));
    }
}
