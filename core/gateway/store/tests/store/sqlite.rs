//! The suite, for the store in a folder.

use std::sync::Arc;

use dragoman_store::{Sqlite, Store};
use tempfile::TempDir;

use crate::suite;

/// An empty store, and the folder that goes with it.
fn fresh() -> (Arc<dyn Store>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Arc::new(Sqlite::open(folder.path()).unwrap()), folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_is_there() {
    let (store, _folder) = fresh();
    suite::what_is_answered_is_there(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_there_once() {
    let (store, _folder) = fresh();
    suite::a_key_is_there_once(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_suffers_for_another() {
    let (store, _folder) = fresh();
    suite::nobody_suffers_for_another(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_edit_is_lost() {
    let (store, _folder) = fresh();
    suite::no_edit_is_lost(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_leased() {
    let (store, _folder) = fresh();
    suite::a_job_is_leased(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_lease_is_lost() {
    let (store, _folder) = fresh();
    suite::a_lost_lease_is_lost(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lanes_are_served_in_turn() {
    let (store, _folder) = fresh();
    suite::lanes_are_served_in_turn(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_follow_the_journal() {
    let (store, _folder) = fresh();
    suite::lists_follow_the_journal(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_go_on_where_they_ended() {
    let (store, _folder) = fresh();
    suite::pages_go_on_where_they_ended(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cause_goes_with_its_end() {
    let (store, _folder) = fresh();
    suite::a_cause_goes_with_its_end(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_crosses_tenants() {
    let (store, _folder) = fresh();
    suite::nothing_crosses_tenants(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_erased_is_gone() {
    let (store, _folder) = fresh();
    suite::what_is_erased_is_gone(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_is_watched() {
    let (store, _folder) = fresh();
    suite::the_journal_is_watched(store).await;
}
