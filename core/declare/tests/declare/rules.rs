//! The rules of the United Kingdom: each counts, and they choose as law and guidance say.

use crate::scenarios::{h1, h7};
use crate::world::{World, complete, leaves, line, order, rules_text};

fn one(postcode: &str, price: &str) -> World {
    World { orders: vec![order("1001", postcode, &line("1", "BAG-22", "3", price), "")], ..complete() }
}

fn with(mut world: World, change: impl FnOnce(&mut World)) -> World {
    change(&mut world);
    world
}

/// Worlds in which every rule has something to say.
fn worlds() -> Vec<World> {
    let number = "\"seller\": {\"ids\": [{\"scheme\": \"eori\", \"value\": \"GB000000000002\"}], ";
    vec![
        h7(),
        h1(),
        one("SS1 1AA", "600.00"),
        one("SS1 1AA", "135"),
        one("nowhere", "600.00"),
        with(one("BT1 1AA", "600.00"), |world| {
            world.consignment = world.consignment.replace("\"CN\"", "\"GB\"");
        }),
        with(one("BT1 1AA", "100"), |world| world.profile.insert_str(0, "payment_method = \"N\"\n")),
        with(one("SS1 1AA", "600.00"), |world| {
            world.orders[0] = world.orders[0].replace("\"seller\": {", number);
        }),
        with(one("SS1 1AA", "600.00"), |world| {
            world.profile = world.profile.replace("[importer]", "[importer]\nname = \"Importer\"");
        }),
        with(one("SS1 1AA", "600.00"), |world| {
            world.consignment = String::new();
            world.profile =
                "payment_method = \"N\"\n[[authorisation]]\ntype = \"CGU\"\nnumber = \"GBCGU\"".into();
            world.master = "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from".into();
        }),
        with(one("BT1 1AA", "100"), |world| {
            world.orders[0] =
                world.orders[0].replace("\"price\"", "\"unit_price\"").replace("\"100\"", "\"much\"");
        }),
        with(one("SS1 1AA", "600.00"), |world| {
            let shipping = ", \"totals\": {\"shipping\": {\"amount\": \"5\", \"currency\": \"GBP\"}}";
            world.orders[0] = order("1001", "SS1 1AA", &line("1", "BAG-22", "3", "600.00"), shipping);
        }),
        with(one("BT1 1AA", "100"), |world| {
            world.orders[0] = world.orders[0].replace("600.00", "100");
            world.consignment = String::new();
        }),
        crate::costs::under("FOB", crate::costs::COSTS),
        crate::costs::under("DDP", crate::costs::COSTS),
        crate::costs::under("FCA", ""),
        crate::costs::under("EXW", crate::costs::BEFORE),
        crate::costs::under("EXW", &crate::costs::BEFORE.replacen("GBP", "EUR", 1)),
        crate::costs::by("1", "EXW", crate::costs::BEFORE),
        with(h7(), |world| {
            world.orders[0] = world.orders[0].replace("\"price\"", "\"gift\": {}, \"unit_price\"");
        }),
    ]
}

/// Everything that declaring gives, as text.
fn outcome(world: &World) -> String {
    world.declare(|declared| {
        let documents: Vec<_> = declared.declarations.iter().map(leaves).collect();
        format!("{documents:#?}\n{:#?}\n{:#?}", declared.findings, declared.left_out)
    })
}

/// The file of rules without one of them.
fn without(id: &str) -> String {
    let mut parts = rules_text().split("[[rule]]");
    let head = parts.next().unwrap().to_owned();
    let is_other = |part: &&str| !part.contains(&format!("id = \"{id}\"\n"));
    parts.filter(is_other).fold(head, |text, part| text + "[[rule]]" + part)
}

#[test]
fn every_rule_counts() {
    let worlds = worlds();
    let rules = worlds[0].rules();
    for rule in rules.all() {
        let text = without(&rule.id);
        let differs = worlds.iter().any(|world| {
            let other = World { rules: text.clone(), ..world.clone() };
            assert_eq!(other.rules().all().len() + 1, rules.all().len());
            outcome(&other) != outcome(world)
        });
        assert!(differs, "{} says nothing in any of these worlds", rule.id);
    }
}

#[test]
fn every_rule_has_a_title_a_source_and_a_day() {
    for rule in h1().rules().all() {
        assert!(
            !rule.title.is_empty() && rule.source.contains(", ") || rule.source.contains("TT_IM"),
            "{}",
            rule.id
        );
        assert!(rule.id.starts_with("gb-") && rule.valid_from.year() >= 2018, "{}", rule.id);
    }
}

fn data_set(world: &World) -> String {
    world.value("data_set").unwrap()
}

#[test]
fn low_value_into_northern_ireland_is_h7_and_everything_else_h1() {
    for (postcode, price, expected) in [
        ("BT1 1AA", "135", "H7"),
        ("bt99 9zz", "135.00", "H7"),
        ("BT1 1AA", "135.01", "H1"),
        ("BT1 1AA", "600.00", "H1"),
        ("SS1 1AA", "10", "H1"),
        ("B1 1BT", "10", "H1"),
        ("BTX 1AA", "10", "H1"),
        ("", "10", "H1"),
    ] {
        assert_eq!(data_set(&one(postcode, price)), expected, "{postcode} {price}");
    }
    let before = with(one("BT1 1AA", "10"), |world| world.on = jiff::civil::date(2021, 6, 30));
    assert_eq!(data_set(&before), "H1", "before the rule holds");
    let gb =
        with(one("BT1 1AA", "10"), |world| world.consignment = world.consignment.replace("\"CN\"", "\"GB\""));
    assert_eq!(data_set(&gb), "H1", "from Great Britain");
    for code in ["2204210000", "2402200000", "3303001000"] {
        let excise =
            with(one("BT1 1AA", "10"), |world| world.master = world.master.replace("4202221000", code));
        assert_eq!(data_set(&excise), "H1", "{code} has no relief");
    }
}

#[test]
fn the_limit_is_for_everything_that_one_recipient_gets() {
    let mut world = one("BT1 1AA", "100");
    world.orders.push(order("1002", "BT1 1AA", &line("1", "HAT-1", "1", "36"), ""));
    assert_eq!(data_set(&world), "H1");
    world.orders[1] = order("1002", "BT1 1AA", &line("1", "HAT-1", "1", "35"), "");
    assert_eq!(data_set(&world), "H7");
    world.orders[1] = order("1002", "BT2 1AA", &line("1", "HAT-1", "1", "36"), "");
    assert_eq!(data_set(&world), "H7", "another recipient");
}

#[test]
fn bulk_parcels_are_recognised_and_named_as_not_built() {
    let says = |world: &World| world.findings().iter().any(|finding| finding.contains("gb-birds"));
    assert!(says(&one("SS1 1AA", "135")));
    let finding = one("SS1 1AA", "135").findings().into_iter().find(|one| one.contains("gb-birds")).unwrap();
    assert!(finding.starts_with("info DG-E0803 [1001]") && finding.contains("not built"), "{finding}");
    assert!(!says(&one("SS1 1AA", "135.01")) && !says(&one("BT1 1AA", "100")));
    let business =
        with(one("SS1 1AA", "135"), |world| world.orders[0] = world.orders[0].replace("b2c", "b2b"));
    assert!(!says(&business));
}

#[test]
fn the_import_one_stop_shop_is_declared_with_h7_only() {
    let tax = "\"tax_collections\": [{\"scheme\": \"ioss\", \"number\": {\"scheme\": \"ioss\", \"value\": \"IM0000000000\"}}], ";
    let ioss = |postcode| {
        with(one(postcode, "100"), |world| {
            world.orders[0] = world.orders[0].replace("\"sku\"", &format!("{tax}\"sku\""));
        })
    };
    let low = ioss("BT1 1AA");
    assert_eq!(low.value("fiscal_references[0].role").as_deref(), Some("FR5"));
    assert_eq!(low.value("goods_items[0].procedure.additional[2]").as_deref(), Some("F48"));
    assert_eq!(ioss("SS1 1AA").value("fiscal_references[0].role"), None);
    let several = with(low, |world| {
        let other = tax.replace("IM0000000000", "IM0000000001");
        world.orders[0] = world.orders[0].replace("\"lines\"", &format!("{other}\"lines\""));
    });
    assert!(several.findings().iter().any(|finding| finding.contains("DG-E0716")));
    assert_eq!(several.value("fiscal_references[0].role"), None);
}
