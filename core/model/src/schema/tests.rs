use proptest::prelude::*;

use super::*;

fn schema() -> &'static Schema {
    Schema::standard()
}

fn place(document: &str, path: &str) -> PlaceId {
    schema()
        .resolve(schema().document(document).unwrap(), path)
        .unwrap_or_else(|| panic!("{document} {path}"))
}

#[test]
fn the_table_loads() {
    let parsed = Schema::parse(FIELDS).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(parsed.len(), schema().len());
    let documents: Vec<_> = schema().documents().map(|root| schema().name_of(root)).collect();
    assert_eq!(documents.len(), 18, "{documents:?}");
    for name in documents {
        for member in ["type", "id", "profile", "envelope.message_id", "extensions"] {
            place(name, member);
        }
    }
    // Expanded places stay few enough to be cheap to load; the figure is here to be noticed when it jumps.
    assert!((25_000..30_000).contains(&parsed.len()), "{} places", parsed.len());
}

#[test]
fn shapes_are_expanded_in_place_and_refined() {
    let city = place("declaration", "goods_items[].consignor.address.city");
    let field = schema().get(city).unwrap();
    assert_eq!(field.ids.wco.0, "42A.67A.68A.30A.04A.241|42A.28A.29A.30A.04A.241");
    assert_eq!((field.ids.tded.0, field.ty, field.personal), ("3164", Type::Text, true));
    assert_eq!(field.meaning, "city");
    let code = schema().get(place("declaration", "goods_items[].commodity.codes[].code")).unwrap();
    assert_eq!((code.ty, code.list), (Type::Code(""), false));
}

#[test]
fn siblings_and_entries_have_what_they_always_have() {
    for path in ["goods_items.description_lang", "issued_at_format", "invoice.date_format", "seals.sequence"]
    {
        place("declaration", path);
    }
    for path in ["goods_items.extensions", "goods_items.documents.issuer.ids.extensions", "delta.goods_items"]
    {
        place("customs_response", if path == "delta.goods_items" { path } else { "delta.seals.extensions" });
        if path != "delta.goods_items" {
            place("declaration", path);
        }
    }
    let order: Vec<_> = schema().children(place("declaration", "goods_items.origins")).collect();
    let names: Vec<_> = order.iter().map(|at| schema().name_of(*at)).collect();
    assert_eq!(names, ["sequence", "country", "region", "type", "extensions"]);
    let items = schema().get(place("declaration", "goods_items")).unwrap();
    assert_eq!(items.key.map(|key| schema().path(key)).as_deref(), Some("goods_items[].sequence"));
}

#[test]
fn identifiers_of_a_value_are_those_of_its_whole() {
    let amount = place("declaration", "goods_items[].price.amount");
    assert_eq!(schema().path(schema().identified(amount)), "goods_items[].price");
    let id = place("declaration", "authorisations[].holder.scheme");
    assert_eq!(schema().path(schema().identified(id)), "authorisations[].holder");
    let fits: Vec<_> = schema().get(place("declaration", "totals.packages")).unwrap().ids.tded().collect();
    assert_eq!(fits, [Tded { number: "7365", fit: Fit::Misnamed }]);
}

#[test]
fn a_misspelt_name_has_a_nearest_one() {
    let root = schema().document("declaration").unwrap();
    assert_eq!(schema().nearest(root, "good_items"), Some("goods_items"));
    assert_eq!(schema().nearest(root, "declerant"), Some("declarant"));
    assert_eq!(schema().nearest(root, "zzzzzzzz"), None);
}

#[test]
fn broken_tables_are_refused_with_their_line() {
    const HEAD: &str = "document,path,type,min,max,key,wco,tded,de,eucdm,sad,ceb,x12,personal,meaning\n";
    let refused = |rows: &str| {
        let text: &'static str = Box::leak(format!("{HEAD}{rows}").into_boxed_str());
        Schema::parse(text).map(|schema| schema.len()).unwrap_err().to_string()
    };
    let cases = [
        ("order,a,Text,0,1,,,,,,,,,", "fields.csv:2: 14 cells"),
        ("order,a,Text,0,1,,,,,,,,,,\"x", "fields.csv:2: a quote that is not closed, or is doubled"),
        ("order,a,Text,0,x,,,,,,,,,,", "fields.csv:2: x is no cardinality"),
        ("order,a,Text,0,1,,,,,,,,,no,", "fields.csv:2: personal is yes or empty, not no"),
        ("order,a,Text,0,1,,,,,,,,,,\norder,a,Text,0,1,,,,,,,,,,", "fields.csv:3: a is stated twice"),
        ("order,a.b,Text,0,1,,,,,,,,,,", "fields.csv:2: a refines a member that is not there"),
        ("order,a,Party,0,1,,,,,,,,,,", "fields.csv:2: there is no type Party"),
        ("order,a[],Text,0,*,b,,,,,,,,,", "fields.csv:2: the key b is no member"),
        ("order,a,Object,0,1,,,,,,,,,,", "fields.csv:2: a has no members"),
        ("Loop,a,Loop,0,1,,,,,,,,,,\norder,a,Loop,0,1,,,,,,,,,,", "fields.csv:2: a shape that holds itself"),
    ];
    for (rows, message) in cases {
        assert_eq!(refused(rows), message);
    }
    assert!(Schema::parse("").is_err());
}

proptest! {
    #[test]
    fn paths_and_places_are_one_to_one(at in 0..Schema::standard().len() as u32) {
        let place = PlaceId(at);
        let root = schema().document_of(place).unwrap();
        prop_assert_eq!(schema().resolve(root, &schema().path(place)).filter(|_| place != root).unwrap_or(root), place);
        let field = schema().get(place).unwrap();
        prop_assert!(field.end > place && field.parent <= place);
        prop_assert!(field.min <= field.max);
        prop_assert!(!field.meaning.is_empty() || place == root);
        for child in schema().children(place) {
            prop_assert_eq!(schema().get(child).unwrap().parent, place);
        }
    }

    #[test]
    fn any_text_as_a_table_is_survived(row in "[a-z,\\[\\]\"|.()]{0,60}") {
        let head = FIELDS.lines().next().unwrap();
        let text: &'static str = Box::leak(format!("{head}\n{row}").into_boxed_str());
        let _ = Schema::parse(text);
    }
}
