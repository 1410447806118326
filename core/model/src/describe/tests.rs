use proptest::prelude::*;

use super::*;
use crate::Schema;

fn found(query: &str) -> Vec<String> {
    let schema = Schema::standard();
    lookup(query).matches.iter().map(|found| format!("{} {}", found.by, schema.path(found.place))).collect()
}

#[test]
fn fields_are_found_by_all_their_names() {
    let price = ["path goods_items[].price"];
    assert_eq!(found("goods_items[].price"), price);
    assert_eq!(found("goods_items[sequence=2].price"), price);
    assert_eq!(found("declaration.goods_items.price"), price);
    assert_eq!(found("order"), ["path "]);
    assert_eq!(found("42A.67A.68A.23A.137"), ["WCO goods_items[].description"]);
    assert_eq!(found("42A.67A.68A#2.23A/137"), ["WCO goods_items[].description"]);
    assert_eq!(found("137"), ["WCO goods_items[].description"]);
    assert_eq!(found("7002"), ["TDED goods_items[].description"]);
    assert_eq!(found("6/8"), ["DE goods_items[].description"]);
    for box_34 in ["34", "box 34"] {
        assert_eq!(found(box_34), ["SAD goods_items[].origins[]"]);
    }
    for number in ["18 05", "1805", "18 05 000 000"] {
        assert_eq!(found(number), ["EUCDM goods_items[].description"]);
    }
    assert_eq!(found("gname"), ["CEB goods_items[].description"]);
    assert_eq!(found("324"), ["X12 order_number", "X12 docs[].order_number"]);
    assert!(found("lrn").len() > 1, "several documents have one");
}

#[test]
fn answers_are_readable() {
    let text = lookup("goods_items[].origins[].country").to_string();
    assert!(
        text.starts_with("declaration.goods_items[].origins[].country  Country  country of origin\n  occurs")
    );
    assert!(text.contains("\n  WCO         42A.67A.68A.92A.063\n"), "{text}");
    let several = lookup("3207").to_string();
    assert!(
        several.lines().count() > 12 && several.lines().all(|line| line.contains("  Country  ")),
        "{several}"
    );
    assert_eq!(nearest_field("declerant").as_deref(), Some("declarant"));
    assert!(lookup("goods_items[].price").to_string().contains("\n    amount "));
    assert!(lookup("origins.country").matches.iter().any(|found| found.by == "path"));
}

#[test]
fn the_json_schema_states_each_shape_once() {
    for root in Schema::standard().documents() {
        let schema = json_schema(root).unwrap();
        let text = schema.to_string();
        assert!(text.len() < 150_000, "{} bytes", text.len());
        let definitions = schema["$defs"].as_object().unwrap();
        for reference in text.split("\"$ref\":\"#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(definitions.contains_key(name), "{name}");
        }
    }
    let declaration = json_schema(Schema::standard().document("declaration").unwrap()).unwrap();
    let members = &declaration["properties"];
    assert_eq!(members["type"]["const"], "declaration");
    assert_eq!(members["declarant"]["$ref"], "#/$defs/Party");
    assert_eq!(members["transport"]["properties"]["border"]["maxItems"], 9);
    assert_eq!(members["binding_itinerary"]["type"], "boolean");
    let items = &members["goods_items"]["items"]["properties"];
    assert_eq!(items["price"]["$ref"], "#/$defs/Money");
    assert_eq!(declaration["$defs"]["Money"]["properties"]["amount"]["type"], "string");
    assert_eq!(json_schema(dragoman_tree::PlaceId(1)), None);
}

#[test]
fn the_dictionary_has_every_row() {
    let text = dictionary();
    let rows = text.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, crate::FIELDS.lines().count() - 1);
    assert!(text.contains("\n## declaration\n") && text.contains("\n## Party\n"));
    let mrn = text.lines().find(|line| line.starts_with("| `mrn`")).unwrap();
    assert_eq!(
        mrn,
        "| `mrn` | Text | 0..1 | number given by customs | WCO 42A.D014 · TDED 1004 · CEB invtNo |"
    );
}

proptest! {
    #[test]
    fn any_query_is_survived(query in any::<String>()) {
        let _ = (lookup(&query).to_string(), nearest_field(&query));
    }
}
