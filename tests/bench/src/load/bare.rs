//! The rival: a bare server that does the least a gateway must. It takes a JSON order, writes it as EDIFACT, stores both
//! in `SQLite` with synced group commits, knows duplicates, and answers when it is on disk.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use rusqlite::Connection;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[derive(Deserialize)]
struct Envelope {
    order: Order,
}

/// As much of an order as its message needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    order_items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    order_item_id: String,
    quantity_ordered: u32,
    product: Product,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    seller_sku: String,
    title: String,
}

struct Row {
    key: String,
    json: Bytes,
    edifact: String,
    stored: oneshot::Sender<bool>,
}

/// Starts the server on a port of the loopback address.
pub async fn serve(database: &Path) -> Result<SocketAddr, Box<dyn std::error::Error>> {
    let connection = Connection::open(database)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE message (key TEXT PRIMARY KEY, json BLOB, edifact TEXT) WITHOUT ROWID",
    )?;
    let (rows, taken) = sync_channel(4096);
    thread::spawn(move || store(&connection, &taken));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/orders", post(take)).with_state(rows);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn take(State(rows): State<SyncSender<Row>>, json: Bytes) -> StatusCode {
    let Ok(Envelope { order }) = serde_json::from_slice(&json) else { return StatusCode::BAD_REQUEST };
    let (stored, answer) = oneshot::channel();
    let row = Row { edifact: edifact(&order), key: order.order_id, json, stored };
    // The queue is longer than there are connections: it never blocks.
    if rows.send(row).is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    match answer.await {
        Ok(true) => StatusCode::ACCEPTED,
        Ok(false) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn edifact(order: &Order) -> String {
    let escaped = |text: &str| {
        text.chars().fold(String::new(), |mut all, letter| {
            if "'+:?".contains(letter) {
                all.push('?');
            }
            all.push(letter);
            all
        })
    };
    let mut lines = format!("UNH+1+ORDERS:D:96A:UN'BGM+220+{}+9'", escaped(&order.order_id));
    for (index, item) in order.order_items.iter().enumerate() {
        let _ = write!(
            lines,
            "LIN+{}++{}:SA'IMD+F++:::{}'QTY+21:{}'RFF+LI:{}'",
            index + 1,
            escaped(&item.product.seller_sku),
            escaped(&item.product.title.chars().take(35).collect::<String>()),
            item.quantity_ordered,
            escaped(&item.order_item_id),
        );
    }
    let segments = lines.matches('\'').count() + 1;
    lines + &format!("UNT+{segments}+1'")
}

/// Groups what arrives within two milliseconds, at most 256 rows, and answers when they are on disk.
fn store(connection: &Connection, taken: &Receiver<Row>) {
    while let Ok(first) = taken.recv() {
        let until = Instant::now() + Duration::from_millis(2);
        let mut rows = vec![first];
        while rows.len() < 256 {
            match taken.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(row) => rows.push(row),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        let Ok(added) = insert(connection, &rows) else { return };
        for (row, added) in rows.into_iter().zip(added) {
            let _ = row.stored.send(added);
        }
    }
}

fn insert(connection: &Connection, rows: &[Row]) -> rusqlite::Result<Vec<bool>> {
    let transaction = connection.unchecked_transaction()?;
    let mut added = Vec::new();
    {
        let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO message VALUES (?1, ?2, ?3)")?;
        for row in rows {
            added.push(insert.execute((&row.key, &*row.json, &row.edifact))? == 1);
        }
    }
    transaction.commit()?;
    Ok(added)
}
