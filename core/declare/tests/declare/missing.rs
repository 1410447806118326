//! What is missing is said on the order line that needs it, with who could supply it.

use crate::world::{World, complete, line, order};

fn world() -> World {
    World { orders: vec![order("1001", "SS1 1AA", &line("1", "BAG-22", "3", "600.00"), "")], ..complete() }
}

/// The finding with that code whose message holds a text.
fn finding(world: &World, code: &str, text: &str) -> String {
    let findings = world.findings();
    let found = findings.iter().find(|finding| finding.contains(code) && finding.contains(text));
    found.unwrap_or_else(|| panic!("no {code} with {text} in {findings:#?}")).clone()
}

#[test]
fn a_complete_world_has_no_errors() {
    assert_eq!(world().findings(), Vec::<String>::new());
}

#[test]
fn an_article_that_the_master_lacks_is_named_on_its_line() {
    let mut world = world();
    world.orders[0] = world.orders[0].replace("BAG-22", "BAG-23");
    let said = finding(&world, "DG-E0705", "");
    assert_eq!(said, "error DG-E0705 [BAG-23] the customs master does not have BAG-23");
    for what in ["the description", "the commodity code", "the country of origin", "the net mass"] {
        let said = finding(&world, "DG-E0802", what);
        assert!(
            said.starts_with("error") && said.contains("[BAG-23]") && said.contains("data set H1"),
            "{said}"
        );
    }
    world.declare(|declared| {
        let line = declared.findings.iter().find_map(|located| located.finding.order_line.as_ref());
        let line = line.unwrap();
        assert_eq!((&*line.order, &*line.line, line.field.as_deref()), ("1001", "1", Some("sku")));
        assert_eq!(declared.declarations.len(), 1, "made as far as possible");
        let origin = declared.findings.iter().find(|one| one.finding.message.contains("origin")).unwrap();
        assert_eq!(origin.finding.path.as_deref(), Some("goods_items[sequence=1].origins"));
        assert!(origin.finding.hint.as_deref().unwrap().contains("customs master, column origin"));
    });
}

#[test]
fn each_column_of_the_master_is_missed() {
    let without = |cell: &str, with: &str| {
        let mut world = world();
        world.master = world.master.replace(cell, with);
        world
    };
    finding(&without(",CN,420", ",,420"), "DG-E0802", "the country of origin (5/15)");
    finding(&without(",CN,420", ",CN,"), "DG-E0802", "the net mass (6/1)");
    finding(&without(",CN,420", ",CN,heavy"), "DG-E0702", "[heavy]");
    finding(&without("4202221000", ""), "DG-E0802", "the commodity code (6/14)");
    finding(&without("4202221000", "420222"), "DG-E0802", "the commodity code (6/14)");
    finding(
        &without("4202221000", "42022210"),
        "DG-E0802",
        "warning DG-E0802 [BAG-22] the two digits of TARIC",
    );
    finding(&without(",en,", ",zh,"), "DG-E0802", "the description of the goods (6/8)");
    finding(&without("2026-01-01", "2027-01-01"), "DG-E0802", "the country of origin (5/15)");
    finding(&without("4202221000", "4202.22"), "DG-E0702", "[4202.22]");
}

#[test]
fn what_the_consignment_or_profile_should_say_is_missed() {
    let mut world = world();
    world.consignment = String::new();
    world.profile = String::new();
    world.lrns = Vec::new();
    for what in [
        "the declarant's EORI number (3/18)",
        "the location of the goods (5/23)",
        "the country of dispatch (5/14)",
        "the terms of delivery (4/1)",
        "the mode of transport at the border (7/4)",
        "the means of transport on arrival (7/9)",
    ] {
        let said = finding(&world, "DG-E0802", what);
        assert!(said.starts_with("error") && said.contains("[1001]"), "{said}");
    }
    for what in ["the gross mass (6/5)", "the packages (6/9 to 6/11)"] {
        assert!(finding(&world, "DG-E0802", what).contains("[BAG-22]"));
    }
    for what in ["a previous document", "the method of payment", "the nationality"] {
        assert!(finding(&world, "DG-E0802", what).starts_with("warning"));
    }
    finding(&world, "DG-E0712", "declaration 1 has no reference");
}

#[test]
fn an_order_without_parties_or_day_is_missed() {
    let mut world = world();
    let parties = world.orders[0].split("\"seller\"").next().unwrap().to_owned();
    let lines = world.orders[0].split("\"lines\"").nth(1).unwrap();
    world.orders[0] =
        format!("{parties}\"lines\"{lines}").replace("\"placed_at\": \"2026-11-20T10:00:00Z\", ", "");
    world.profile = world.profile.replace("[importer]\neori = \"GB000000000001\"", "");
    for what in
        ["the importer", "the exporter (3/1)", "the exporter's city", "the country of destination", "N935"]
    {
        finding(&world, "DG-E0802", what);
    }
}

#[test]
fn a_price_that_is_not_clear_is_said() {
    let with = |price: &str, more: &str| {
        let mut world = world();
        let old = "\"price\": {\"amount\": \"600.00\", \"currency\": \"GBP\"}";
        assert!(world.orders[0].contains(old));
        world.orders[0] = world.orders[0].replace(old, price).replace("\"currency\": \"GBP\",", more);
        world
    };
    finding(&with("\"gtin\": \"1\"", ""), "DG-E0706", "states no price");
    finding(&with("\"price\": {\"amount\": \"much\"}", "\"currency\": \"GBP\","), "DG-E0706", "no number");
    finding(&with("\"price\": {\"amount\": \"600.00\"}", ""), "DG-E0706", "no currency");
    let taxed =
        with("\"price\": {\"amount\": \"600.00\"}", "\"currency\": \"GBP\", \"prices_include\": [\"tax\"],");
    finding(&taxed, "DG-E0706", "includes tax");
}

#[test]
fn a_rate_that_is_missing_leaves_the_data_set_undecided_and_nothing_is_guessed() {
    let mut world = world();
    world.orders[0] =
        world.orders[0].replace("SS1 1AA", "BT1 1AA").replace("GBP", "USD").replace("600.00", "100");
    assert_eq!(world.value("data_set").as_deref(), Some("H1"));
    let said = finding(&world, "DG-E0801", "gb-h7-northern-ireland");
    assert!(said.starts_with("error") && said.contains("[1001]") && said.contains("USD to GBP"), "{said}");
    for (row, data_set) in [
        ("2026-11-01,customs-month,USD,GBP,0.75,example", "H7"),
        ("2026-11-01,customs-month,GBP,USD,1.25,example", "H7"),
        ("2026-11-01,customs-month,USD,GBP,1.36,example", "H1"),
        ("2026-10-01,customs-month,USD,GBP,0.75,example", "H1"),
        ("2026-11-01,book,USD,GBP,0.75,example", "H1"),
    ] {
        world.rates = format!("date,purpose,from,to,rate,source\n{row}\n");
        assert_eq!(world.value("data_set").as_deref(), Some(data_set), "{row}");
        let undecided = world.findings().iter().any(|finding| finding.contains("DG-E0801"));
        let counts = row.contains("2026-11-01,customs-month");
        assert_eq!(undecided, !counts, "{row}");
    }
    world.rates = "date,purpose,from,to,rate,source\nsoon,customs-month,USD,GBP,0.75,example\n".into();
    finding(&world, "DG-E0704", "[soon]");
}

#[test]
fn order_and_master_that_contradict_each_other_are_named() {
    let mut world = world();
    world.orders[0] = world.orders[0].replace(
        "\"sku\": \"BAG-22\"",
        "\"sku\": \"BAG-22\", \"customs\": {\"origin\": \"VN\", \"code\": \"420222\"}",
    );
    finding(&world, "DG-E0707", "origin VN in the order, CN in the customs master");
    assert_eq!(world.value("goods_items[0].origins[0].country").as_deref(), Some("VN"));
    let code = |world: &World| world.value("goods_items[0].commodity.codes[type=TSP].code");
    assert_eq!(code(&world).as_deref(), Some("42022210"), "the master's code says more");
    world.orders[0] = world.orders[0].replace("\"420222\"", "\"6505009090\"");
    finding(&world, "DG-E0707", "commodity code 6505009090 in the order");
    assert_eq!(code(&world).as_deref(), Some("65050090"));
}

#[test]
fn what_is_not_declared_is_said() {
    let mut twice = world();
    twice.orders.push(twice.orders[0].clone());
    finding(&twice, "DG-E0708", "order 1001 is given a second time");
    let mut cancelled = world();
    cancelled.orders.push(order(
        "1002",
        "SS1 1AA",
        &line("1", "HAT-1", "1", "5"),
        ", \"state\": \"cancelled\"",
    ));
    finding(&cancelled, "DG-E0709", "order 1002 is cancelled");
    let mut empty = world();
    empty.orders.push(order("1003", "SS1 1AA", "", ""));
    finding(&empty, "DG-E0717", "no order with a number and lines");
    let mut discount = world();
    discount.orders[0] = order(
        "1001",
        "SS1 1AA",
        &line("1", "BAG-22", "3", "600.00"),
        ", \"totals\": {\"discount\": {\"amount\": \"10\", \"currency\": \"GBP\"}}",
    );
    finding(&discount, "DG-E0715", "a discount of 10");
    let mut shipping = world();
    shipping.orders[0] = order(
        "1001",
        "SS1 1AA",
        &line("1", "BAG-22", "3", "600.00"),
        ", \"totals\": {\"shipping\": {\"amount\": \"free\", \"currency\": \"GBP\"}}",
    );
    finding(&shipping, "DG-E0714", "`free` for shipping");
}
