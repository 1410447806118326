//! Terms of delivery: what is added to the price, and what is taken off.

use crate::scenarios::h1;
use crate::world::{World, value};

pub const COSTS: &str = r#"
[[cost]]
for = "main"
amount = "80.00"
currency = "GBP"

[[cost]]
for = "onward"
amount = "20.00"
currency = "GBP"

[[cost]]
for = "duties"
amount = "35.50"
currency = "GBP"
"#;

/// What else may be paid up to the border.
pub const BEFORE: &str = r#"
[[cost]]
for = "inland"
amount = "10.00"
currency = "GBP"

[[cost]]
for = "insurance"
amount = "2.50"
currency = "GBP"
"#;

/// A world whose goods came by air under a term.
pub fn under(term: &str, costs: &str) -> World {
    by("4", term, costs)
}

/// A world whose goods came by a mode of transport under a term.
pub fn by(mode: &str, term: &str, costs: &str) -> World {
    let world = h1();
    let consignment: String = world
        .consignment
        .lines()
        .filter(|line| !line.starts_with("delivery_terms"))
        .fold(format!("delivery_terms = {{ code = \"{term}\", place = \"GBLHR\" }}\n"), |text, line| {
            text + line + "\n"
        });
    let (before, after) = consignment.split_once("border_mode = \"").unwrap();
    let consignment = format!("{before}border_mode = \"{mode}{}{costs}", &after[1..]);
    World { consignment, ..world }
}

/// The charges of the only declaration, as `code amount currency`.
fn charges(world: &World) -> Vec<String> {
    world.declare(|declared| {
        let [document] = &declared.declarations[..] else { panic!("{:?}", declared.findings) };
        let of =
            |number: usize, member: &str| value(document, &format!("valuation.charges[{number}].{member}"));
        let one = |number| {
            let (code, amount) = (of(number, "code")?, of(number, "amount.amount")?);
            Some(format!("{code} {amount} {}", of(number, "amount.currency").unwrap_or_default()))
        };
        (0..9).map_while(one).collect()
    })
}

#[test]
fn terms_add_what_the_buyer_pays_and_take_off_what_comes_after_the_border() {
    for (term, expected) in [
        ("EXW", &["AR 80.00 GBP"][..]),
        ("FOB", &["AR 80.00 GBP"]),
        ("CIF", &[]),
        ("DAP", &["BA 20.00 GBP"]),
        ("DDP", &["BA 20.00 GBP", "BC 35.50 GBP"]),
    ] {
        assert_eq!(charges(&under(term, COSTS)), expected, "{term}");
    }
}

#[test]
fn what_stands_under_one_code_is_summed() {
    let all = COSTS.to_owned() + BEFORE;
    for (mode, term, expected) in [
        ("4", "EXW", &["AR 80.00 GBP", "AK 12.50 GBP"][..]),
        ("4", "FOB", &["AR 80.00 GBP", "AK 2.50 GBP"]),
        ("4", "CIF", &[]),
        ("1", "EXW", &["AK 92.50 GBP"]),
        ("1", "CFR", &["AK 2.50 GBP"]),
        ("1", "DDP", &["BA 20.00 GBP", "BC 35.50 GBP"]),
    ] {
        assert_eq!(charges(&by(mode, term, &all)), expected, "{mode} {term}");
    }
}

#[test]
fn costs_that_cannot_be_summed_are_said() {
    let mixed = COSTS.to_owned() + &BEFORE.replacen("GBP", "EUR", 1);
    let says = |world: &World| world.findings().iter().any(|finding| finding.contains("several currencies"));
    for (mode, term, expected) in [
        ("4", "EXW", &["AR 80.00 GBP"][..]),
        ("1", "EXW", &[]),
        ("4", "CFR", &["AK 2.50 GBP"]),
        ("1", "DDP", &[]),
    ] {
        let world = by(mode, term, &mixed);
        assert_eq!(says(&world), term == "EXW", "{mode} {term}: {:?}", world.findings());
        if term != "DDP" {
            assert_eq!(charges(&world), expected, "{mode} {term}");
        }
    }
}

/// What an ASYCUDA country takes off under a term.
fn deduction(term: &str, costs: &str) -> (Option<String>, bool) {
    let rules = crate::world::CATALOGUE.data().get("mappings/rules/asycuda-import.toml").unwrap().to_owned();
    let world = World { rules, ..under(term, costs) };
    let amount = world.declare(|declared| {
        let [document] = &declared.declarations[..] else { panic!("{:?}", declared.findings) };
        value(document, "valuation.deduction.amount")
    });
    (amount, world.findings().iter().any(|finding| finding.contains("two currencies")))
}

#[test]
fn one_deduction_holds_all_that_is_taken_off() {
    assert_eq!(deduction("DDP", COSTS), (Some("55.50".into()), false));
    assert_eq!(deduction("DAP", COSTS), (Some("20.00".into()), false));
    let mixed = COSTS.replacen(
        "for = \"duties\"\namount = \"35.50\"\ncurrency = \"GBP\"",
        "for = \"duties\"\namount = \"35.50\"\ncurrency = \"EUR\"",
        1,
    );
    assert_eq!(deduction("DDP", &mixed), (None, true));
    assert_eq!(deduction("FOB", COSTS), (None, false));
}

#[test]
fn carriage_that_nobody_states_is_said() {
    let says = |world: &World| world.findings().iter().any(|finding| finding.contains("leave the carriage"));
    assert!(says(&under("FCA", "")));
    assert!(!says(&under("FCA", COSTS)));
    assert!(!says(&under("DAP", "")));
}

#[test]
fn costs_of_one_kind_are_summed_where_they_can_be() {
    let more = |amount: &str, currency: &str| {
        format!("{COSTS}\n[[cost]]\nfor = \"main\"\namount = \"{amount}\"\ncurrency = \"{currency}\"\n")
    };
    assert_eq!(charges(&under("FOB", &more("7.5", "GBP"))), ["AR 87.50 GBP"]);
    let mixed = under("FOB", &more("7.5", "EUR"));
    assert_eq!(charges(&mixed), [""; 0]);
    assert!(
        mixed.findings().iter().any(|finding| finding.contains("in GBP and EUR")),
        "{:?}",
        mixed.findings()
    );
    let elsewhere = more("7.5", "GBP") + "orders = [\"another\"]\n";
    assert_eq!(charges(&under("FOB", &elsewhere)), ["AR 80.00 GBP"]);
}

#[test]
fn a_cost_is_written_as_one() {
    let wrong = |text: &str, says: &str| {
        let errors = dragoman_declare::Consignment::read(text).unwrap_err();
        assert!(errors.iter().any(|error| error.message.contains(says)), "{text}: {errors:?}");
    };
    wrong("[[cost]]\nfor = \"main\"\namount = \"1\"", "its amount and its currency");
    wrong("[[cost]]\nfor = \"tea\"\namount = \"1\"\ncurrency = \"GBP\"", "one of inland, main");
    wrong("[[cost]]\nfor = \"main\"\namount = \"much\"\ncurrency = \"GBP\"", "is no amount");
    wrong("[[cost]]\nof = \"main\"", "for, amount, currency and orders");
    wrong("[cost]\nfor = \"main\"", "[[cost]]");
}
