//! A platform's orders: laws of lists and parcels, for all orders and questions.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::sync::LazyLock;

use dragoman_adapters::Data;
use dragoman_sim::door::{List, Plays};
use dragoman_sim::graphql;
use dragoman_sim::shop::{Order, Orders, Page, Ship};
use dragoman_sim::{Listing, Pace, Script, load};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    let data = Data::embedded();
    load("amazon", data.get("adapters/amazon/sim.toml").unwrap()).unwrap()
});

fn list() -> &'static List {
    let routes = &SCRIPT.door.as_ref().unwrap().route;
    routes.iter().find(|route| route.plays == Plays::Orders).unwrap().list.as_ref().unwrap()
}

fn ship() -> &'static Ship {
    let routes = &SCRIPT.door.as_ref().unwrap().route;
    routes.iter().find(|route| route.plays == Plays::Ship).unwrap().ship.as_ref().unwrap()
}

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn ago(seconds: u32) -> Timestamp {
    now().checked_sub(SignedDuration::from_secs(i64::from(seconds))).unwrap()
}

fn order(id: usize, updated: Timestamp) -> Order {
    let content = json!({ "orderId": id.to_string(), "createdTime": ago(2_000).to_string(),
        "lastUpdatedTime": updated.to_string(), "orderItems": [{ "orderItemId": "a", "quantityOrdered": 5 }] });
    Order::read(SCRIPT.shop.as_ref().unwrap(), content, None).unwrap()
}

/// The ids of all pages.
fn walk(orders: &Orders, parameters: &[(&str, String)], listing: Listing) -> Vec<String> {
    let mut ids = Vec::new();
    let mut token = String::new();
    for _ in 0..200 {
        let token_too = [("paginationToken", token.clone())];
        let asked =
            parameters.iter().chain(&token_too).map(|(name, value)| ((*name).to_owned(), value.clone()));
        let query = list().read(&asked.collect::<Vec<_>>(), now(), Pace(1)).unwrap();
        let Page { orders: page, next, .. } = query.page(orders, listing, now());
        ids.extend(page.into_iter().map(|order| order.id.clone()));
        match next {
            Some(next) => token = next,
            None => return ids,
        }
    }
    panic!("the list does not end");
}

proptest! {
    /// Whatever the orders, the window and the size of pages: what is in the window is on one page, once, in order.
    #[test]
    fn pages_hold_every_order_of_the_window_once(
        times in prop::collection::vec(0_u32..1_000, 0..40),
        (since, until) in (0_u32..1_200, 120_u32..1_200),
        size in 1_usize..12,
    ) {
        prop_assume!(since >= until);
        let mut orders = Orders::default();
        times.iter().enumerate().for_each(|(id, time)| orders.put(order(id, ago(*time))));
        let parameters = [
            ("lastUpdatedAfter", ago(since).to_string()),
            ("lastUpdatedBefore", ago(until).to_string()),
            ("maxResultsPerPage", size.to_string()),
        ];
        let mut expected: Vec<_> = times.iter().enumerate().filter(|(_, time)| (until..=since).contains(time)).collect();
        expected.sort_by_key(|(id, time)| (std::cmp::Reverse(**time), id.to_string()));
        let expected: Vec<_> = expected.into_iter().map(|(id, _)| id.to_string()).collect();
        prop_assert_eq!(walk(&orders, &parameters, Listing::default()), expected);
    }

    /// Parcels in any order, also refused ones: no item is sent more often than it was ordered, a number counts once.
    #[test]
    fn no_more_is_sent_than_was_ordered(parcels in prop::collection::vec((1_u32..4, 0_u64..7), 0..12)) {
        let shop = SCRIPT.shop.as_ref().unwrap();
        let mut order = order(1, ago(500));
        let mut sent = std::collections::BTreeMap::new();
        for (number, quantity) in parcels {
            let body = json!({ "marketplaceId": "m", "packageDetail": { "packageReferenceId": number.to_string(),
                "carrierCode": "c", "trackingNumber": "t", "shipDate": "d",
                "orderItems": [{ "orderItemId": "a", "quantity": quantity }] } });
            let others: u64 = sent.iter().filter(|(known, _)| **known != number).map(|(_, sent)| sent).sum();
            let fits = quantity > 0 && others + quantity <= 5;
            prop_assert_eq!(ship().send(shop, &mut order, &body).is_ok(), fits);
            if fits {
                sent.insert(number, quantity);
            }
            let left = 5 - sent.values().sum::<u64>();
            prop_assert_eq!(order.open_items(shop), vec![("a".to_owned(), left)]);
            prop_assert_eq!(order.parcels().len(), sent.len());
        }
    }

    /// Any token is read or refused.
    #[test]
    fn any_token_is_read_or_refused(token in "[0-9a-fé]{0,40}") {
        let parameters = [("lastUpdatedAfter", ago(9).to_string()), ("paginationToken", token.clone())];
        let asked = parameters.map(|(name, value)| (name.to_owned(), value));
        prop_assert_eq!(list().read(&asked, now(), Pace(1)).is_ok(), token.is_empty());
    }

    /// What is asked for is answered, under the names that were asked for, and nothing else.
    #[test]
    fn an_answer_has_the_members_that_were_asked_for(
        asked in prop::collection::vec(("[a-c]", prop::option::of("[x-z]")), 1..6),
    ) {
        let field = |(name, key): &(String, Option<String>)| match key {
            Some(key) => format!("{key}: {name}"),
            None => name.clone(),
        };
        let fields: Vec<_> = asked.iter().map(field).collect();
        let text = format!("query {{ it {{ {} }} }}", fields.join(" "));
        let document = graphql::parse(&text).unwrap();
        let value = json!({ "a": 1, "b": null, "d": "never" });
        let run = graphql::run(&document, None, &Map::new(), &mut |_, _| Ok(value.clone())).unwrap();
        let answered: std::collections::BTreeMap<_, _> = run.data["it"].as_object().unwrap().iter().collect();
        let wanted: std::collections::BTreeMap<_, _> = asked.iter().map(|(name, key)| {
            (key.as_ref().unwrap_or(name), value.get(name).unwrap_or(&Value::Null))
        }).collect();
        prop_assert_eq!(answered, wanted);
    }
}

/// A token is good for the question that it came from, and for a day.
#[test]
fn a_token_is_good_for_its_question() {
    let mut orders = Orders::default();
    (0..3).for_each(|id| orders.put(order(id, ago(500))));
    let ask = |since: u32, token: &str, at: Timestamp| {
        let parameters = [
            ("lastUpdatedAfter", ago(since).to_string()),
            ("maxResultsPerPage", "2".to_owned()),
            ("paginationToken", token.to_owned()),
        ];
        list().read(&parameters.map(|(name, value)| (name.to_owned(), value)), at, Pace(1))
    };
    let next = ask(900, "", now()).unwrap().page(&orders, Listing::default(), now()).next.unwrap();
    assert!(ask(900, &next, now()).is_ok());
    assert!(ask(901, &next, now()).is_err());
    let day = |hours: i64| now().checked_add(SignedDuration::from_hours(hours)).unwrap();
    assert!(ask(900, &next, day(23)).is_ok());
    assert!(ask(900, &next, day(25)).is_err());
}

#[test]
fn made_up_orders_follow_from_the_seed() {
    let generator = SCRIPT.shop.as_ref().unwrap().generator.as_ref().unwrap();
    let made = |seed: u64, number: u64| generator.order(seed, number, "2026-11-22T12:00:00Z").unwrap();
    assert_eq!(made(1, 7), made(1, 7));
    assert_ne!(made(1, 7)["order_number"], made(1, 8)["order_number"]);
    assert_ne!(made(1, 7)["order_number"], made(2, 7)["order_number"]);
    let numbers: std::collections::HashSet<_> =
        (0..200).map(|number| made(1, number)["order_number"].clone()).collect();
    assert_eq!(numbers.len(), 200);
}
