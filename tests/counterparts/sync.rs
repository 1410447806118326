//! The sync against a shop that is real: nothing that happens to an order is missed, whatever its times say.

use serde_json::{Value, json};

use super::desk::{Desk, quicken};
use super::process::until;
use super::vendure::{Shop, text};
use crate::run::{Folder, root};

const CONFIG: &str = "[[account]]\nadapter = \"vendure\"\nname = \"shop\"\nenvironment = \"sandbox\"\n\
                      host = \"SHOP\"\nclient_id = \"admin\"\nclient_secret_file = \"secret\"\nlimits = false\n";

/// A minute of a platform's is a second here, and a page is short.
const QUICK: [(&str, &str); 7] = [
    ("every = \"2m\"", "every = \"1s\""),
    ("overlap = \"10m\"", "overlap = \"2s\""),
    ("settle = \"10s\"", "settle = \"1s\""),
    ("every = \"1h\"", "every = \"5s\""),
    ("item = \"data.order\"\n", "item = \"data.order\"\nagain = \"1s\"\n"),
    ("take = 100", "take = 4"),
    ("size = 100", "size = 4"),
];

/// A folder whose `adapters` are quick.
pub fn quickened() -> Folder {
    let folder = Folder::new();
    quicken(&folder, &root().join("adapters/vendure"), &QUICK);
    folder
}

fn desk(shop: &Shop) -> Desk {
    let folder = quickened();
    folder.write("dragoman.toml", CONFIG.replace("SHOP", &shop.address));
    folder.write("secret", "admin\n");
    Desk::open(folder, &["--adapters", "adapters"])
}

/// What has to be the same on both sides: state, amount, pieces, parcels.
fn told(document: &Value) -> Value {
    let lines = document["lines"].as_array().unwrap().iter();
    let pieces: Vec<_> = lines.map(|line| text(&line["quantity"]["value"]).parse::<u64>().unwrap()).collect();
    let shop = &document["extensions"]["vendure"];
    let parcels: Vec<_> = shop["fulfillments"].as_array().into_iter().flatten().collect();
    let parcels: Vec<_> = parcels.into_iter().map(|one| [&one["state"], &one["trackingCode"]]).collect();
    json!([shop["state"], document["totals"]["grand"]["amount"], pieces, parcels])
}

fn expected(seen: &Value) -> Value {
    let pieces: Vec<_> = seen["lines"].as_array().unwrap().iter().map(|line| &line["quantity"]).collect();
    let parcels = seen["fulfillments"].as_array().unwrap().iter();
    let parcels: Vec<_> = parcels.map(|one| [&one["state"], &one["trackingCode"]]).collect();
    let total = seen["totalWithTax"].as_u64().unwrap();
    json!([seen["state"], format!("{}.{:02}", total / 100, total % 100), pieces, parcels])
}

/// Waits until the gateway has an order as the shop has it.
fn agree(desk: &Desk, shop: &Shop, order: &str) {
    let seen = shop.seen(order);
    let (number, expected) = (text(&seen["code"]), expected(&seen));
    let has = || desk.order(&number).as_ref().map(told);
    until(
        || has().filter(|told| *told == expected),
        || format!("{:?} instead of {expected}: {}", has(), desk.sync()),
    );
}

#[test]
fn no_change_of_an_order_is_missed() {
    let Some(shop) = Shop::open() else { return };
    let desk = desk(&shop);
    // The payment does not move the time of the last change, and every window that has it was read by then.
    let cart = shop.fill("BAG-22", 2);
    desk.caught_up();
    assert_eq!(desk.orders(), [], "nobody placed it");
    shop.pay(&cart);
    let order = &cart.id;
    agree(&desk, &shop, order);
    shop.settle(order);
    agree(&desk, &shop, order);
    shop.modify(order, 1);
    agree(&desk, &shop, order);
    shop.send_off(order, "T-1");
    agree(&desk, &shop, order);
    // What is sent is fetched no more: the second list shows it.
    shop.cancel(order);
    agree(&desk, &shop, order);
    until(|| desk.sync()["trouble"].is_null().then_some(()), || desk.sync().to_string());
}

/// Orders come, change and go while pages are read, each of which is shorter than what there is.
#[test]
fn orders_that_change_while_they_are_read_are_had_once_and_as_they_are() {
    let Some(shop) = Shop::open() else { return };
    let desk = desk(&shop);
    let customer = |number: u32| {
        let mut orders = Vec::new();
        for turn in 0..4 {
            let order = shop.order(["BAG-22", "SCARF-7", "MUG-1"][number as usize], 3 + turn);
            if turn > 0 {
                shop.settle(&order);
            }
            match turn {
                1 => shop.modify(&order, 1),
                2 => shop.send_off(&order, &format!("T-{number}-{turn}")),
                3 => shop.cancel(&order),
                _ => {}
            }
            orders.push(order);
        }
        orders
    };
    let orders: Vec<String> = std::thread::scope(|scope| {
        let customers: Vec<_> = (0..3).map(|number| scope.spawn(move || customer(number))).collect();
        customers.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    for order in &orders {
        agree(&desk, &shop, order);
    }
    let had = desk.orders();
    assert_eq!(had.len(), orders.len(), "each is had once: {had:?}");
    // What does not change is not news, in whichever answer it is shown.
    let comings = || had.iter().map(|(id, _)| desk.comings(id)).collect::<Vec<_>>();
    let before = comings();
    desk.caught_up();
    let swept = || desk.sync()["cursor"]["swept_at"].clone();
    let last = swept();
    until(|| (swept() != last).then_some(()), || desk.sync().to_string());
    desk.caught_up();
    assert_eq!(comings(), before);
}
