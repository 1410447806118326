//! What is measured: events are counted as they are written, how things stand is looked at when somebody asks.

use metrics::{Unit, describe_counter, describe_gauge, gauge};

use crate::gateway::Gateway;

/// Events by their name.
pub(crate) const EVENTS: &str = "dragoman_events_total";
const JOURNAL: &str = "dragoman_journal_events";
const BEHIND: &str = "dragoman_lists_behind_events";
const DOWN: &str = "dragoman_account_down";
const TROUBLE: &str = "dragoman_sync_trouble";

impl Gateway {
    /// Sets the gauges to how things stand: cheap enough for every scrape.
    pub fn measure(&self) {
        let (written, derived) = (*self.0.store.written().borrow(), *self.0.store.derived().borrow());
        set(JOURNAL, &[], written);
        set(BEHIND, &[], written.saturating_sub(derived));
        let now = self.0.clock.now();
        for account in self.0.accounts.values() {
            let name = [("account", account.name().to_owned())];
            set(DOWN, &name, u64::from(self.0.lanes.open_until(account.name(), now).is_some()));
            if account.channel.as_ref().is_some_and(|channel| !channel.streams.is_empty()) {
                set(TROUBLE, &name, u64::from(self.0.troubles.of(account.name()).is_some()));
            }
        }
    }
}

/// Counts of a journal stay below 2⁵³, so that the number is exact.
#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn set(name: &'static str, labels: &[(&'static str, String)], value: u64) {
    gauge!(name, labels).set(value as f64);
}

/// Says what is measured.
pub fn describe_metrics() {
    describe_counter!(EVENTS, Unit::Count, "Events that were written to the journal, by their name");
    describe_gauge!(JOURNAL, Unit::Count, "Events in the journal");
    describe_gauge!(BEHIND, Unit::Count, "Events that lists and figures do not show yet");
    describe_gauge!(DOWN, "1 where nothing goes out to an account, because its counterpart is down");
    describe_gauge!(TROUBLE, "1 where the orders of an account could not be read the last time");
}
