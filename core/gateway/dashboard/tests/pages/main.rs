mod setup;
use dragoman_engine::*;
#[tokio::test]
async fn dump() {
    let s = setup::Setup::new("").await;
    let by = setup::clerk();
    let m = s.gateway.import_master(&by, &setup::Setup::demo("master.csv")).await.unwrap();
    println!("{m:?}");
    let order = setup::Setup::demo("orders/amazon.json");
    let taken = s.gateway.receive_order(&by, OrderIn { from: Some("shop"), message: "amazon/order", bytes: order.as_bytes(), ..OrderIn::default() }).await;
    println!("{taken:?}");
    let taken = taken.unwrap();
    s.settle().await;
    println!("{}", serde_json::to_string_pretty(&s.gateway.today(&by).await.unwrap()).unwrap());
    for d in &taken.declarations {
        println!("{}", serde_json::to_string_pretty(&s.gateway.exchange(&by, &d.id).await.unwrap()).unwrap());
    }
    for d in &taken.orders {
        println!("{}", serde_json::to_string_pretty(&s.gateway.exchange(&by, &d.id).await.unwrap()).unwrap());
    }
}
