//! How orders, lines, parts and packages become declarations and items.

use crate::world::{World, complete, line, order, supplier, value};

fn two_orders() -> World {
    World {
        orders: vec![
            order(
                "1001",
                "SS1 1AA",
                &[line("1", "BAG-22", "3", "600.00"), line("2", "HAT-1", "5", "50")].join(","),
                "",
            ),
            order("1002", "SS1 2BB", &line("1", "HAT-1", "2", "200.00"), ""),
        ],
        lrns: vec!["LRN-1".into(), "LRN-2".into()],
        ..complete()
    }
}

fn items(world: &World, path: &str) -> Vec<String> {
    world.declare(|declared| {
        let document = &declared.declarations[0];
        let item = |index: usize| value(document, &format!("goods_items[{index}].{path}"));
        (0..).map_while(item).collect()
    })
}

#[test]
fn orders_of_one_importer_share_a_declaration_with_an_item_a_line() {
    let world = two_orders();
    assert_eq!(world.findings(), Vec::<String>::new());
    assert_eq!(items(&world, "sequence"), ["1", "2", "3"]);
    assert_eq!(items(&world, "order_lines[0].order"), ["1001", "1001", "1002"]);
    assert_eq!(items(&world, "order_lines[0].line"), ["1", "2", "1"]);
    assert_eq!(items(&world, "price.amount"), ["600.00", "50", "200.00"]);
    assert_eq!(items(&world, "mass.net.value"), ["1.26", "0.4", "0.16"]);
    // 1,400 g over 1,260, 400 and 160 g of net mass.
    assert_eq!(items(&world, "mass.gross.value"), ["0.969", "0.308", "0.123"]);
    assert_eq!(items(&world, "packages[0].count"), ["2", "0", "0"]);
    assert_eq!(items(&world, "documents[0].id"), ["1001/20.11.2026", "1001/20.11.2026", "1002/20.11.2026"]);
    assert_eq!(world.value("totals.items").as_deref(), Some("3"));
    assert_eq!(world.value("totals.packages").as_deref(), Some("2"));
    assert_eq!(world.value("order_refs[1].order").as_deref(), Some("1002"));
}

#[test]
fn orders_that_differ_in_importer_or_data_set_are_declared_apart() {
    let mut world = two_orders();
    world.profile = world.profile.replace("[importer]\neori = \"GB000000000001\"", "");
    world.consignment = world.consignment.replace("[[package]]", "[[package]]\norders = [\"1001\"]");
    world.consignment.push_str("\n[[package]]\norders = [\"1002\"]\ntype = \"BX\"\ncount = 1\nmarks = \"1002\"\ngross_mass_g = 200\n");
    world.declare(|declared| {
        let [one, two] = declared.declarations.as_slice() else { panic!("{:?}", declared.findings) };
        assert_eq!(value(one, "importer.address.postal_code").as_deref(), Some("SS1 1AA"));
        assert_eq!(value(two, "importer.address.postal_code").as_deref(), Some("SS1 2BB"));
        assert_eq!((value(one, "lrn"), value(two, "lrn")), (Some("LRN-1".into()), Some("LRN-2".into())));
        assert_eq!(value(one, "totals.packages").as_deref(), Some("2"));
        assert_eq!(value(two, "goods_items[0].packages[0].marks").as_deref(), Some("1002"));
        assert_eq!(value(two, "goods_items[0].mass.gross.value").as_deref(), Some("0.2"));
        assert_eq!(value(one, "goods_items[1].packages[0].count").as_deref(), Some("0"));
    });
    let several: Vec<_> = world.findings();
    assert_eq!(several, ["info DG-E0713 [] 2 declarations: H1, H1"]);
    world.consignment = world.consignment.replace("orders = [\"1001\"]", "");
    world.lrns.truncate(1);
    let findings = world.findings();
    assert!(findings.iter().any(|finding| finding.contains("DG-E0711")), "{findings:?}");
    assert!(
        findings.iter().any(|finding| finding.contains("declaration 2 has no reference")),
        "{findings:?}"
    );
    let mut mixed = two_orders();
    mixed.orders[1] = order("1002", "BT1 1AA", &line("1", "HAT-1", "2", "20.00"), "");
    mixed.declare(|declared| {
        let sets: Vec<_> = declared.declarations.iter().map(|one| value(one, "data_set").unwrap()).collect();
        assert_eq!(sets, ["H1", "H7"]);
    });
}

#[test]
fn lines_are_joined_only_where_the_profile_asks_and_everything_agrees() {
    let lines =
        [line("1", "HAT-1", "2", "20.00"), line("2", "BAG-22", "1", "200"), line("3", "HAT-1", "3", "30.5")];
    let mut world = World { orders: vec![order("1001", "SS1 1AA", &lines.join(","), "")], ..complete() };
    assert_eq!(items(&world, "sequence").len(), 3);
    world.profile = format!("aggregate = [\"product.sku\"]\n{}", world.profile);
    assert_eq!(items(&world, "price.amount"), ["50.50", "200"]);
    assert_eq!(items(&world, "mass.net.value"), ["0.40", "0.42"]);
    assert_eq!(items(&world, "quantity.value"), ["5", "1"]);
    assert_eq!(items(&world, "order_lines[1].line"), ["3"]);
    world.declare(|declared| {
        let document = &declared.declarations[0];
        let node = document.find("goods_items[0].price.amount").unwrap();
        assert_eq!(document.sources(document.origin(node)).len(), 2, "each summand");
    });
    world.master = world.master.replace("HAT-1,6505009090,gb-tariff,VN,80", "HAT-1,6505009090,gb-tariff,VN,");
    assert_eq!(items(&world, "sequence").len(), 2, "what is missing of both agrees");
    let mut two = two_orders();
    two.profile = format!("aggregate = true\n{}", two.profile);
    assert_eq!(items(&two, "sequence").len(), 3, "the invoices of two orders differ");
}

#[test]
fn the_parts_of_a_kit_are_items_with_a_share_of_the_price() {
    let kit = line("1", "KIT", "2", "200.01").replace(
        "\"title\"",
        r#""parts": [{"sku": "BAG-22", "quantity": {"value": "1"}, "share": "0.8"}, {"sku": "HAT-1", "quantity": {"value": "3"}, "share": "0.2"}], "title""#,
    );
    let world = World { orders: vec![order("1001", "SS1 1AA", &kit, "")], ..complete() };
    assert_eq!(world.findings(), Vec::<String>::new());
    assert_eq!(items(&world, "price.amount"), ["160.01", "40"]);
    assert_eq!(items(&world, "product.sku"), ["BAG-22", "HAT-1"]);
    assert_eq!(items(&world, "quantity.value"), ["2", "6"]);
    assert_eq!(items(&world, "mass.net.value"), ["0.84", "0.48"]);
    assert_eq!(items(&world, "order_lines[0].share"), ["0.8", "0.2"]);
    assert_eq!(items(&world, "order_lines[0].part"), ["0", "1"]);
    let mut wrong = world;
    wrong.orders[0] = wrong.orders[0].replace("\"0.2\"", "\"0.3\"");
    assert!(
        wrong.findings().iter().any(|finding| finding.contains("DG-E0710 [KIT]")),
        "{:?}",
        wrong.findings()
    );
}

#[test]
fn a_kit_or_its_parts_are_declared_never_both() {
    let lines = |whole: &str, part: &str| {
        let part = line("2", "BAG-22", "1", part).replace("\"title\"", "\"parent\": \"1\", \"title\"");
        let lines = [line("1", "KIT", "1", whole), part, line("3", "HAT-1", "1", "10")].join(",");
        World { orders: vec![order("1001", "SS1 1AA", &lines, "")], ..complete() }
    };
    assert_eq!(items(&lines("200.00", "0"), "product.sku"), ["KIT", "HAT-1"]);
    assert_eq!(items(&lines("200.00", "200.00"), "product.sku"), ["KIT", "HAT-1"], "not counted twice");
    assert_eq!(items(&lines("0", "200.00"), "product.sku"), ["BAG-22", "HAT-1"]);
    assert_eq!(items(&lines("0", "200.00"), "price.amount"), ["200.00", "10"]);
    let said = lines("200.00", "0").findings();
    assert!(said.iter().any(|one| one.contains("info DG-E0709 [BAG-22] it is a part of line 1")), "{said:?}");
}

#[test]
fn what_was_cancelled_is_not_declared() {
    let cancelled = |quantity: &str| {
        let text = line("1", "BAG-22", "3", "600.00").replace(
            "\"title\"",
            &format!("\"quantity_cancelled\": {{\"value\": \"{quantity}\"}}, \"unit_price\": {{\"amount\": \"200.00\"}}, \"title\""),
        );
        let lines = [text, line("2", "HAT-1", "1", "10")].join(",");
        World { orders: vec![order("1001", "SS1 1AA", &lines, "")], ..complete() }
    };
    assert_eq!(items(&cancelled("1"), "price.amount"), ["400.00", "10"]);
    assert_eq!(items(&cancelled("1"), "quantity.value"), ["2", "1"]);
    assert_eq!(items(&cancelled("3"), "price.amount"), ["10"]);
    let said = cancelled("3").findings();
    assert!(said.iter().any(|one| one.contains("info DG-E0709 [BAG-22] 3 of 3 cancelled")), "{said:?}");
}

#[test]
fn discounts_and_included_taxes_are_no_part_of_the_value() {
    let priced = |more: &str, head: &str| {
        let text = line("1", "BAG-22", "3", "600.00").replace("\"title\"", &format!("{more} \"title\""));
        let world = World { orders: vec![order("1001", "SS1 1AA", &text, head)], ..complete() };
        items(&world, "price.amount")
    };
    let discount =
        "\"discounts\": [{\"code\": \"A\", \"amount\": {\"amount\": \"-60\", \"currency\": \"GBP\"}}],";
    let unit = "\"unit_price\": {\"amount\": \"200\", \"currency\": \"GBP\"},";
    assert_eq!(priced(&format!("{discount}{unit}"), ""), ["540.00"], "the price is that of the units");
    assert_eq!(priced(discount, ""), ["600.00"], "what the price holds is not known: as stated");
    let lower = unit.replace("200", "220");
    assert_eq!(priced(&format!("{discount}{lower}"), ""), ["600.00"], "the price is after the discount");
    let tax = "\"tax_collections\": [{\"amount\": {\"amount\": \"100\", \"currency\": \"GBP\"}}],";
    assert_eq!(priced(tax, ", \"prices_include\": [\"tax\"]"), ["500.00"]);
    assert_eq!(priced(tax, ""), ["600.00"]);
}

#[test]
fn who_could_supply_more_comes_first() {
    let mut world = two_orders();
    world.orders.truncate(1);
    world.profile.push_str("\n[exporter]\nname = \"Another\"\n\n[seller]\nname = \"A third\"\n");
    let exporter = |world: &World| {
        world.declare(|declared| {
            let document = &declared.declarations[0];
            (value(document, "exporter.name").unwrap(), supplier(document, "exporter.name"))
        })
    };
    assert_eq!(exporter(&world), ("Examplia Goods".into(), "order"));
    assert!(!world.leaves().iter().any(|leaf| leaf.contains("Another") || leaf.contains("third")));
    world.orders[0] = world.orders[0].replace("\"seller\": {\"name\": \"Examplia Goods\", ", "\"seller\": {");
    assert_eq!(exporter(&world), ("Another".into(), "profile"));
    world.profile = world.profile.replace("[exporter]\nname = \"Another\"\n", "");
    assert_eq!(exporter(&world), ("A third".into(), "profile"));
    let buyer = "\"buyer\": {\"ids\": [{\"scheme\": \"eori\", \"value\": \"GB000000000009\"}]}, \"lines\"";
    world.orders[0] = world.orders[0].replace("\"lines\"", buyer);
    assert_eq!(world.value("importer.ids[0].value").as_deref(), Some("GB000000000009"));
}

#[test]
fn streets_become_one_line() {
    let mut world = two_orders();
    world.orders[0] = world.orders[0].replace("[\"1 Export Road\"]", "[\"Unit 4 \", \"1 Export Road\"]");
    assert_eq!(world.value("exporter.address.street[0]").as_deref(), Some("Unit 4, 1 Export Road"));
}

#[test]
fn a_line_of_nothing_is_not_declared_and_said() {
    let lines = [line("1", "BAG-22", "0", "0.00"), line("2", "HAT-1", "1", "10")].join(",");
    let world = World { orders: vec![order("1001", "SS1 1AA", &lines, "")], ..complete() };
    assert_eq!(items(&world, "price.amount"), ["10"]);
    let said = world.findings();
    assert!(said.iter().any(|one| one.contains("warning DG-E0709 [BAG-22] 0 of this article")), "{said:?}");
}
