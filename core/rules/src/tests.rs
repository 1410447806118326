use std::collections::BTreeMap;

use dragoman_model::{Decimal, Source};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::condition::{Bound, Order, Test};
use crate::{Action, Condition, Fact, Found, Name, Rules, Subject, Template, Verdict, load};

const FACTS: &[Fact] = &[
    Fact { name: "value", of_item: false, meaning: "an amount" },
    Fact { name: "code", of_item: true, meaning: "a code" },
];

/// Values by the name's text; rates only from USD to GBP.
#[derive(Debug, Default)]
struct Known(BTreeMap<&'static str, Vec<(String, Option<&'static str>)>>);

impl Subject for Known {
    fn find(&self, name: &Name) -> Vec<Found> {
        let text = match name {
            Name::Fact(fact) => fact.name,
            Name::Order(pattern) | Name::Line(pattern) | Name::Declaration(pattern) => pattern.text(),
        };
        let found = self.0.get(text).into_iter().flatten();
        let source = Source::Rule { id: text.into() };
        found
            .map(|(text, currency)| Found {
                text: text.clone(),
                currency: currency.map(str::to_owned),
                sources: vec![source.clone()],
            })
            .collect()
    }

    fn convert(&self, amount: Decimal, from: &str, to: &str, purpose: &str) -> Option<Decimal> {
        let known = (from, to, purpose) == ("USD", "GBP", "customs-month");
        known.then(|| amount.checked_mul(Decimal::new(75, 2))).flatten()
    }
}

fn known(values: &[(&'static str, &str, Option<&'static str>)]) -> Known {
    let mut known = Known::default();
    for (name, text, currency) in values {
        known.0.entry(name).or_default().push(((*text).to_owned(), *currency));
    }
    known
}

fn rules(text: &str) -> Rules {
    load("rules/xx", &format!("title = \"\"\nlanguage = \"en\"\nschedules = []\n{text}"), FACTS).unwrap()
}

/// A rule with a condition, and nothing else of interest.
fn verdict(when: &str, subject: &Known) -> Verdict {
    let text = format!(
        "[[rule]]\nid = \"a\"\ntitle = \"\"\nsource = \"\"\nvalid_from = 2020-01-01\nwhen = [{when}]\nforbid = [\"lrn\"]"
    );
    rules(&text).all()[0].when.verdict(subject)
}

#[test]
fn conditions_test_what_is_there() {
    let subject = known(&[
        ("recipient.address.postal_code", "BT1 1AA", None),
        ("lrn", "A", None),
        ("guarantees.type", "0", None),
        ("guarantees.type", "1", None),
    ]);
    let holds = |when| verdict(when, &subject) == Verdict::Holds;
    assert!(holds("{ value = 'order.recipient.address.postal_code', matches = 'BT[0-9].*' }"));
    assert!(!holds("{ value = 'order.recipient.address.postal_code', matches = 'BT[0-9]' }"), "anchored");
    assert!(holds("{ value = 'lrn', present = true }, { value = 'mrn', present = false }"));
    assert!(holds("{ value = 'lrn', in = ['A', 'B'] }") && !holds("{ value = 'lrn', is = 'B' }"));
    assert!(holds("{ value = 'guarantees.type', is = '1' }"), "one of several is enough");
    assert!(holds("{ not = { any = [{ value = 'mrn', present = true }, { value = 'lrn', is = 'B' }] } }"));
    assert!(holds("") && holds("{ all = [] }") && !holds("{ any = [] }"));
    assert!(holds(
        "{ value = 'guarantees.type', above = '0.5' }, { value = 'guarantees.type', below = '1.1' }"
    ));
    assert!(!holds("{ value = 'lrn', at_least = '0' }"), "no number is in no order");
    assert!(!holds("{ value = 'mrn', at_most = '0' }"), "nothing is in no order");
}

#[test]
fn amounts_are_added_up_in_one_currency() {
    let when = "{ value = 'fact.value', at_most = '135 GBP', rate = 'customs-month' }";
    let of = |values: &[(&str, Option<&'static str>)]| {
        let values: Vec<_> = values.iter().map(|(text, currency)| ("value", *text, *currency)).collect();
        verdict(when, &known(&values))
    };
    assert_eq!(of(&[("180", Some("USD"))]), Verdict::Holds);
    assert_eq!(of(&[("180", Some("USD")), ("0.01", Some("GBP"))]), Verdict::Fails);
    assert!(
        matches!(of(&[("1", Some("EUR"))]), Verdict::Unknown(rate) if &*rate.from == "EUR" && &*rate.to == "GBP")
    );
    assert!(matches!(of(&[("1", None)]), Verdict::Unknown(rate) if rate.from.is_empty()));
    assert_eq!(of(&[]), Verdict::Fails);
}

#[test]
fn rules_hold_from_their_first_day_up_to_the_day_they_end() {
    let text = "[[rule]]\nid = \"a\"\ntitle = \"\"\nsource = \"\"\nvalid_from = 2021-07-01\nvalid_to = 2028-07-01\n\
                data_sets = [\"H7\"]\nforbid = [\"lrn\"]";
    let rules = rules(text);
    let on = |day, data_set| rules.on(day, data_set).count();
    assert_eq!(on(date(2021, 7, 1), Some("H7")), 1);
    for (day, data_set) in [
        (date(2021, 6, 30), Some("H7")),
        (date(2028, 7, 1), Some("H7")),
        (date(2022, 1, 1), Some("H1")),
        (date(2022, 1, 1), None),
    ] {
        assert_eq!(on(day, data_set), 0, "{day}");
    }
}

#[test]
fn values_are_texts_with_references() {
    let subject = known(&[
        ("order_number", "1001", None),
        ("placed_at", "2024-01-19T10:00:00Z", None),
        ("code", "8510900000", None),
    ]);
    let fill = |text| {
        let filled = Template::parse(text, FACTS).unwrap().fill(&subject)?;
        Some((filled.0, filled.1.len()))
    };
    let some = |text: &str, sources| Some((text.to_owned(), sources));
    assert_eq!(fill("40"), some("40", 0));
    assert_eq!(fill("${order.order_number}/${order.placed_at:DD.MM.YYYY}"), some("1001/19.01.2024", 2));
    assert_eq!(fill("${fact.code:1-8}"), some("85109000", 1));
    assert_eq!(fill("${fact.code:9-10}"), some("00", 1));
    assert_eq!(fill("${fact.code:9-12}"), some("00", 1));
    assert_eq!(fill("${fact.code:11-12}"), None);
    assert_eq!(fill("${order.order_number:YYYY}"), None, "no date");
    assert_eq!(fill("x${fact.value}"), None);
    for wrong in ["${fact.value", "${fact.other}", "${lrn:0-1}", "${lrn:x}", "${order.number}"] {
        assert!(Template::parse(wrong, FACTS).is_err(), "{wrong}");
    }
}

#[test]
fn every_action_is_read() {
    let text = r#"
[[rule]]
id = "one"
title = "Everything"
source = "here"
valid_from = 2020-01-01
choose = "H1"
supply = { function = "9", "goods_items[].origins[].type" = "1" }
add = [
    { to = "goods_items[].documents", entry = { category = "N", type = "935" } },
    { to = "goods_items[].procedure.additional", value = "000" },
]
demand = [{ paths = ["importer.ids", "importer.name"], what = "the importer", ask = "the profile", severity = "warning" }]
forbid = ["goods_items[].preference"]
note = { text = "so it is" }
"#;
    let rules = rules(text);
    let [rule] = rules.all() else { panic!() };
    let kinds: Vec<_> = rule.actions.iter().map(|action| (kind(action), action.is_of_item())).collect();
    assert_eq!(
        kinds,
        [
            ("choose", false),
            ("supply", false),
            ("supply", true),
            ("add", true),
            ("add", true),
            ("demand", false),
            ("forbid", true),
            ("note", false),
        ]
    );
}

fn kind(action: &Action) -> &'static str {
    match action {
        Action::Choose(_) => "choose",
        Action::Supply { .. } => "supply",
        Action::Add { .. } => "add",
        Action::Demand(_) => "demand",
        Action::Forbid(_) => "forbid",
        Action::Note { .. } => "note",
    }
}

const GOOD: &str = r#"title = "Examplia"
language = "en"
schedules = ["xx"]
[[rule]]
id = "one"
title = "One"
source = "here, 2020"
valid_from = 2020-01-01
valid_to = 2021-01-01
when = [{ value = "fact.value", at_most = "1 GBP", rate = "month" }]
supply = { function = "9" }
add = [{ to = "guarantees", entry = { type = "1" } }]
"#;

/// What is underlined, and the message.
fn refused(from: &str, to: &str) -> (String, String) {
    let text = GOOD.replace(from, to);
    assert_ne!(text, GOOD, "{from}");
    let mut errors = load("rules/xx", &text, FACTS).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    let error = errors.remove(0);
    assert!(error.render(&text).contains("--> rules/xx:"), "{}", error.render(&text));
    (text[error.at].to_owned(), error.message)
}

#[test]
fn mistakes_are_found_at_their_place() {
    load("rules/xx", GOOD, FACTS).unwrap();
    let cases = [
        ("title = \"One\"", "titel = \"One\"", "titel", "unknown field `titel`"),
        ("\"en\"", "\"eng\"", "\"eng\"", "is no language code"),
        ("2021-01-01", "2020-01-01", "2020-01-01", "ends before it begins"),
        ("= 2021-01-01", "= 2021-01-01T10:00:00", "2021-01-01T10:00:00", "without a time"),
        ("fact.value", "fact.price", "\"fact.price\"", "there is no fact `price`; there are value, code"),
        ("fact.value", "order.tottals", "\"order.tottals\"", "did you mean `totals`?"),
        ("at_most = \"1 GBP\"", "at_most = \"1 QQQ\"", "\"1 QQQ\"", "`QQQ` is no currency code"),
        (", rate = \"month\"", "", "\"1 GBP\"", "needs `rate`"),
        ("1 GBP", "1", "\"1\"", "`rate` is for amounts"),
        ("1 GBP", "one GBP", "\"one GBP\"", "`one` is no number"),
        ("at_most = \"1 GBP\", rate = \"month\"", "matches = \"(\"", "\"(\"", "unclosed group"),
        ("function", "functoin", "functoin", "did you mean `function`?"),
        ("function = \"9\"", "declarant = \"9\"", "declarant", "holds members"),
        ("function = \"9\"", "lrn = \"${lrn\"", "\"${lrn\"", "is not closed"),
        ("\"guarantees\"", "\"lrn\"", "\"lrn\"", "is no list"),
        ("entry = { type = \"1\" }", "value = \"1\"", "\"guarantees\"", "is a list of objects"),
        ("{ type = \"1\" }", "{ office = \"1\" }", "office", "holds members"),
        ("{ type = \"1\" }", "{ typo = \"1\" }", "typo", "did you mean `type`?"),
        ("function = \"9\"", "lrn = \"${fact.code}\"", "\"one\"", "asks about a goods item"),
        ("fact.value", "goods_items[].quantity.value", "\"one\"", "asks about a goods item"),
    ];
    for (from, to, place, message) in cases {
        let (at, said) = refused(from, to);
        assert!(at == place && said.contains(message), "{to}: {at} {said}");
    }
    let (_, said) = refused("at_most = \"1 GBP\"", "at_most = \"1 GBP\", is = \"x\"");
    assert!(said.contains("exactly one test"));
    let (at, said) = refused("value = \"fact.value\"", "not = { value = \"lrn\", present = true }");
    assert!(at.starts_with('{') && said == "a test needs a `value`", "{at} {said}");
    let (_, said) = refused("value =", "any = [], value =");
    assert_eq!(said, "a condition has one of `value`, `all`, `any` and `not`");
    let twice = format!("{GOOD}{}", &GOOD[GOOD.find("[[rule]]").unwrap()..]);
    assert!(
        load("rules/xx", &twice, FACTS).unwrap_err()[0].message.contains("there is a rule `one` already")
    );
    let (_, said) = refused(
        "supply = { function = \"9\" }\nadd = [{ to = \"guarantees\", entry = { type = \"1\" } }]",
        "",
    );
    assert_eq!(said, "the rule says nothing");
}

fn conditions() -> impl Strategy<Value = Condition> {
    let name = || Name::parse("fact.value", FACTS).unwrap();
    let test = prop_oneof![
        any::<bool>().prop_map(Test::Present),
        "[0-9]{1,2}".prop_map(|text| Test::In(vec![text.into()])),
        (0i64..200, any::<bool>()).prop_map(|(number, is_money)| {
            let money = is_money.then(|| ("GBP".into(), "customs-month".into()));
            Test::Compare(Order::AtMost, Bound { number: number.into(), money })
        }),
    ];
    let leaf = test.prop_map(move |test| Condition::Test(name(), test));
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::Any),
            inner.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

fn subjects() -> impl Strategy<Value = Known> {
    let currency = prop::sample::select(vec![None, Some("GBP"), Some("USD"), Some("EUR")]);
    let value = ("[0-9]{0,3}|[a-z]{1,2}", currency);
    prop::collection::vec(value, 0..3).prop_map(|values| Known([("value", values)].into()))
}

fn kind_of(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Holds => 0,
        Verdict::Fails => 1,
        Verdict::Unknown(_) => 2,
    }
}

fn not(condition: &Condition) -> Condition {
    Condition::Not(Box::new(condition.clone()))
}

proptest! {
    #[test]
    fn verdicts_are_total_and_follow_the_logic_of_kleene(one in conditions(), two in conditions(), subject in subjects()) {
        let of = |condition: &Condition| kind_of(&condition.verdict(&subject));
        prop_assert_eq!(of(&one), of(&one.clone()));
        prop_assert_eq!(of(&not(&not(&one))), of(&one));
        let both = [one.clone(), two.clone()].to_vec();
        let neither = both.iter().map(not).collect::<Vec<_>>();
        prop_assert_eq!(of(&not(&Condition::All(both.clone()))), of(&Condition::Any(neither)));
        let turned = both.iter().rev().cloned().collect();
        prop_assert_eq!(of(&Condition::All(both)), of(&Condition::All(turned)));
    }

    #[test]
    fn a_day_is_inside_or_outside(day in -400i32..800) {
        let text = "[[rule]]\nid = \"a\"\ntitle = \"\"\nsource = \"\"\nvalid_from = 2021-01-01\nvalid_to = 2022-01-01\n\
                    forbid = [\"lrn\"]";
        let rules = rules(text);
        let start: Date = date(2021, 1, 1);
        let at = start.checked_add(jiff::Span::new().days(day)).unwrap();
        prop_assert_eq!(rules.on(at, None).count() == 1, (0..365).contains(&day));
    }

    #[test]
    fn any_text_is_survived(text in any::<String>(), file in any::<String>()) {
        let _ = Template::parse(&text, FACTS);
        let _ = Name::parse(&text, FACTS);
        let _ = load("rules/xx", &file, FACTS);
    }
}
