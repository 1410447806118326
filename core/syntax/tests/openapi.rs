//! Importing `OpenAPI` documents, and reading messages with the grammars that come out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use dragoman_samples::sample;
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::import::openapi::{ImportError, Imported, Request, import};
use dragoman_syntax::{Limits, Read, json, wire_path};
use dragoman_tree::{Kind, NodeId};

const REQUEST: Request<'_> = Request {
    name: "test/order",
    path: "orders.json",
    root: "Order",
    wrappers: &["OrderResponse", "OrdersResponse"],
};

const DOCUMENT: &str = r##"{
  "openapi": "3.0.3", "info": {"title": "Orders", "version": "7"},
  "components": {"schemas": {
    "Order": {"type": "object", "required": ["id", "lines"], "description": "An order.", "properties": {
      "id": {"type": "string", "minLength": 3, "maxLength": 35, "pattern": "^[A-Z]+\\/[0-9]$"},
      "placed": {"type": "string", "format": "date-time", "nullable": true},
      "state": {"$ref": "#/components/schemas/State"},
      "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
      "ship_to": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/Address"}]},
      "bill_to": {"allOf": [{"$ref": "#/components/schemas/Address"}, {"required": ["vat"], "properties": {"vat": {"type": "string"}}}]},
      "grid": {"type": "array", "items": {"type": "array", "items": {"type": "number", "minimum": 0.5, "maximum": 90}}},
      "tags": {"type": "object", "additionalProperties": {"type": "string"}},
      "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
      "free": {},
      "list": {"type": "boolean"},
      "replaces": {"$ref": "#/components/schemas/Order"}}},
    "State": {"type": "string", "enum": ["SHIPPED", "OPEN", "IN TRANSIT"]},
    "Line": {"properties": {
      "count": {"type": "integer", "exclusiveMinimum": 0},
      "kind": {"type": "string", "enum": ["b", "a", null]},
      "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}}},
    "Address": {"type": "object", "required": ["country"], "properties": {
      "country": {"type": ["string", "null"], "maxLength": 2}, "vat": {"type": "integer"}}},
    "OrderResponse": {"type": "object", "properties": {"order": {"$ref": "#/components/schemas/Order"}}},
    "OrdersResponse": {"type": "object", "required": ["data"], "properties": {
      "data": {"properties": {"orders": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}}}},
      "next": {"type": "string"}}}}}}"##;

const GRAMMAR: &str = r#"grammar 1 test/order
syntax json
source orders.json 7 sha256:HASH
list State = "IN TRANSIT" OPEN SHIPPED
list Line.kind = a b
Order *
  id *  string3..35 /[A-Z]+\/[0-9]/
  placed  datetime nullable
  state  string in State
  lines[] *
    count  integer
    kind  string in Line.kind
    parts[]  any  format Line
  ship_to nullable
    country *  string..2 nullable
    vat  integer
  bill_to
    country *  string..2 nullable
    vat *  integer
  grid[]
    []  number min 0.5 max 90
  tags  any  format object
  either  any  format oneOf
  free  any
  list  bool
  replaces  any  format Order
OrderResponse
  order  is Order
OrdersResponse
  data *
    orders[]  is Order
  next  string
"#;

#[test]
fn schemas_become_places() {
    let Imported { grammar, notes } = import(DOCUMENT.as_bytes(), &REQUEST).unwrap();
    let source = &*grammar.header.source[0];
    let hash = source.strip_prefix("orders.json 7 sha256:").unwrap();
    assert_eq!(hash.len(), 64);
    assert_eq!(grammar::layout(&grammar), GRAMMAR.replace("HASH", hash));
    let expected = [
        "Line.count: exclusiveMinimum 0 is left out",
        "Line.parts: what Line holds is left open",
        "Order.tags: what object holds is left open",
        "Order.either: what oneOf holds is left open",
        "Order.replaces: what Order holds is left open",
    ];
    assert_eq!(notes, expected);
    comes_back(&grammar);
}

/// The file of a grammar gives the same grammar: places, kinds, facets and all.
fn comes_back(grammar: &Grammar) {
    let text = grammar::layout(grammar);
    let again = grammar::parse(&text, &|_| None).unwrap();
    assert_eq!(grammar::layout(&again), text);
    assert_eq!(again.len(), grammar.len());
    assert!(again.tops().eq(grammar.tops()));
    for place in (0..grammar.len() as u32).map(dragoman_tree::PlaceId) {
        let (one, other) = (grammar.place(place), again.place(place));
        assert_eq!(
            (grammar.name_of(place), one.kind, one.list),
            (again.name_of(place), other.kind, other.list)
        );
        assert_eq!((one.min, one.max, one.nullable), (other.min, other.max, other.nullable));
        assert_eq!((one.message, one.parent, one.end), (other.message, other.parent, other.end));
        assert_eq!(grammar.facets_of(place), again.facets_of(place));
    }
}

#[test]
fn a_message_is_found_bare_and_in_its_wrappers() {
    let grammar = grammar::parse(GRAMMAR, &|_| None).unwrap();
    let order = r#"{"id":"A/1","lines":[{"count":1,"new":[{"x":1}]}],"grid":[[1,2],[]]}"#;
    let texts = [
        (order.to_owned(), ""),
        (format!("[{order},{order}]"), "[1]."),
        (format!("{{\"trace\":{{\"id\":7}},\"order\":{order}}}"), "order."),
        (format!("{{\"next\":\"n\",\"data\":{{\"orders\":[{order},{order}]}}}}"), "data.orders[1]."),
    ];
    for (text, prefix) in texts {
        let read = json::read(text.as_bytes(), Some(&grammar), Grammar::ROOT, &Limits::default());
        assert_eq!(read.findings, []);
        let place = |path: &str| {
            let node =
                read.tree.ids().find(|id| wire_path(&read.tree, *id, None) == format!("{prefix}{path}"));
            let place = read.tree.place(node.unwrap());
            place.is_known().then(|| grammar.path(place))
        };
        assert_eq!(place("id").as_deref(), Some("id"), "{text}");
        assert_eq!(place("lines[0].count").as_deref(), Some("lines.count"));
        assert_eq!(place("grid[0]").as_deref(), Some("grid"));
        assert_eq!(place("grid[0][1]").as_deref(), Some("grid."));
        assert_eq!(place("grid[1]").as_deref(), Some("grid"));
        assert_eq!(place("lines[0].new[0]"), None);
        assert_eq!(place("lines[0].new[0].x"), None);
        let messages = read.tree.ids().filter(|id| read.tree.place(*id) == Grammar::ROOT).count();
        assert_eq!(messages, if text.matches("\"id\":\"A/1\"").count() == 2 { 2 } else { 1 });
    }
    let empty = json::read(b"{}", Some(&grammar), Grammar::ROOT, &Limits::default());
    assert_eq!(empty.tree.place(NodeId::ROOT), Grammar::ROOT);
}

#[test]
fn what_cannot_be_imported_says_why() {
    let error = |document: &str| import(document.as_bytes(), &REQUEST).unwrap_err().to_string();
    assert_eq!(error("{"), "the document is not JSON: the object that begins here is not closed at byte 0");
    assert_eq!(error("{}"), "the document has no schema `Order`");
    let dangling = r#"{"definitions":{"Order":{"properties":{"a":{"$ref":"other.json#/X"}}}}}"#;
    let message = "`other.json#/X` at /definitions/Order/properties/a/$ref leads to nothing in this document";
    assert_eq!(error(dangling), message);
    let named = r#"{"definitions":{"Order":{"properties":{"a b":{}}}}}"#;
    assert_eq!(import(named.as_bytes(), &REQUEST).unwrap_err(), ImportError::Name { name: "a b".into() });
    for circular in [
        r##"{"definitions":{"Order":{"$ref":"#/definitions/Order"}}}"##,
        r##"{"definitions":{"Order":{"allOf":[{"$ref":"#/definitions/Order"}]}}}"##,
    ] {
        let request = Request { wrappers: &[], ..REQUEST };
        assert!(import(circular.as_bytes(), &request).is_ok(), "{circular}");
    }
}

fn amazon(document: &[u8]) -> Imported {
    let path = "amzn/selling-partner-api-models@34dc93fe/models/orders-api-model/orders_2026-01-01.json";
    let wrappers = &["SearchOrdersResponse", "GetOrderResponse"];
    import(document, &Request { name: "amazon/order", path, root: "Order", wrappers }).unwrap()
}

#[test]
fn the_amazon_grammar_is_what_its_source_gives() {
    let Some(folder) = sample("marketplaces/amazon") else { return };
    let document = fs::read(folder.join("orders_2026-01-01.json")).unwrap();
    let Imported { grammar, notes } = amazon(&document);
    assert_eq!(notes, [""; 0]);
    comes_back(&grammar);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings/amazon/order.gram");
    if std::env::var_os("DRAGOMAN_BLESS").is_some() {
        fs::write(&file, grammar::layout(&grammar)).unwrap();
    }
    assert_eq!(fs::read_to_string(file).unwrap(), grammar::layout(&grammar));
}

/// Every example of an order in a document, by its place there.
fn examples(document: &[u8]) -> Vec<(String, String)> {
    let tree = json::read(document, None, Grammar::ROOT, &Limits::default()).tree;
    let is_example = |id: &NodeId| {
        let holds = |name| tree.child(*id, name).is_some_and(|at| tree.node(at).kind == Kind::Object);
        let path = json::pointer(&tree, *id);
        (path.contains("/examples/") || path.contains("/x-amzn-api-sandbox/"))
            && (holds("orders") || holds("order"))
    };
    let mut text = |id| {
        let mut out = String::new();
        json::write_node(&tree, id, json::Style::Compact, &mut out);
        (json::pointer(&tree, id), out)
    };
    tree.ids().filter(is_example).map(&mut text).collect()
}

fn unknown(read: &Read<'_>) -> Vec<String> {
    let unknown = read.tree.ids().filter(|id| !read.tree.place(*id).is_known());
    unknown.map(|id| wire_path(&read.tree, id, None)).collect()
}

#[test]
fn amazons_own_examples_hold_no_unknown_member() {
    let Some(folder) = sample("marketplaces/amazon") else { return };
    let document = fs::read(folder.join("orders_2026-01-01.json")).unwrap();
    let grammar = amazon(&document).grammar;
    let examples = examples(&document);
    assert!(!examples.is_empty());
    for (pointer, text) in examples {
        let read = json::read(text.as_bytes(), Some(&grammar), Grammar::ROOT, &Limits::default());
        assert_eq!(read.findings, [], "{pointer}");
        assert_eq!(unknown(&read), [""; 0], "{pointer}");
        let orders = read.tree.ids().filter(|id| read.tree.place(*id) == Grammar::ROOT).count();
        println!("{pointer}: {orders} orders, {} nodes", read.tree.len());
        assert!(orders > 0, "{pointer}");
    }
}

#[test]
fn other_published_documents_can_be_imported() {
    let Some(folder) = sample("marketplaces") else { return };
    let documents = [
        ("amazon/ordersV0.json", "Order", &["GetOrderResponse", "GetOrdersResponse"][..]),
        ("amazon/tracking_2026-01-30.json", "Error", &[]),
        ("ebay/sell_fulfillment_v1_oas3.json", "Order", &["OrderSearchPagedCollection"]),
        ("etsy/openapi_v3_2021.json", "ShopReceipt", &["ShopReceipts"]),
        ("walmart/us_mp_orders.json", "Order", &["PurchaseOrderTypeV3List"]),
    ];
    for (file, root, wrappers) in documents {
        let document = fs::read(folder.join(file)).unwrap();
        let request = Request { name: "test/one", path: "orders.json", root, wrappers };
        let Imported { grammar, notes } = import(&document, &request).unwrap();
        println!("{file}: {} places, {} lists, notes {notes:?}", grammar.len(), grammar.lists.len());
        assert!(grammar.len() > 1, "{file}");
        comes_back(&grammar);
    }
}
