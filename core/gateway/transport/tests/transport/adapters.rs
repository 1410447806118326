//! The limits of every adapter: what is used up for one operation holds back those that share it, and no other.

use std::sync::Arc;
use std::time::Duration;

use dragoman_adapters::{Catalogue, Data};
use dragoman_channel::{Channel, Limit, Operation, Values};
use dragoman_transport::{Account, Settings, Transport};

use crate::setup::Memory;

/// More than any burst.
const MANY: usize = 1000;

/// An account of its own: it shares nothing with another one.
fn values(channel: &Channel, name: &str) -> Values {
    let mut values = Values::new().with("account.environment", "production").with("account.name", name);
    for setting in &channel.settings.account {
        values.set(format!("account.{}", &*setting.name), format!("{name}-{}", &*setting.name));
    }
    values
}

/// The limits that two operations share, by the adapter's own lists.
fn shared(channel: &Channel, one: &Operation, other: &Operation) -> usize {
    let is_named = |limit: &Limit, operation: &Operation| {
        limit.operations.is_empty() || limit.operations.iter().any(|name| **name == *operation.name)
    };
    let limits = channel.settings.limits.iter();
    limits.filter(|limit| is_named(limit, one) && is_named(limit, other)).count()
}

#[tokio::test(start_paused = true)]
async fn operations_share_a_limit_where_the_adapter_says_so_and_nowhere_else() {
    let transport = Transport::new(&Settings::default(), Arc::new(Memory::default())).unwrap();
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let (mut together, mut apart) = (0, 0);
    for adapter in catalogue.adapters() {
        let Some(channel) = &adapter.channel else { continue };
        for one in &channel.operations {
            for other in &channel.operations {
                let name = format!("{}-{}-{}", adapter.name, &*one.name, &*other.name);
                let values = values(channel, &name);
                let account = Account { name: &name, values: &values, channel };
                let admitted = (0..MANY).take_while(|_| transport.admit(account, one).is_none()).count();
                let is_limited = channel.limits_of(one).next().is_some();
                assert_eq!(admitted < MANY, is_limited, "{name}: {admitted}");
                let wait = transport.admit(account, other);
                let is_shared = is_limited && shared(channel, one, other) > 0;
                assert_eq!(wait.is_some(), is_shared, "{name}: {wait:?}");
                assert!(wait.unwrap_or_default() <= Duration::from_hours(1), "{name}: {wait:?}");
                *(if is_shared { &mut together } else { &mut apart }) += 1;
            }
        }
    }
    assert!(together > 0 && apart > 0, "{together} pairs share a limit, {apart} do not");
}

#[tokio::test(start_paused = true)]
async fn accounts_share_a_limit_where_the_adapter_says_so_and_nowhere_else() {
    let transport = Transport::new(&Settings::default(), Arc::new(Memory::default())).unwrap();
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    for adapter in catalogue.adapters() {
        let Some(channel) = &adapter.channel else { continue };
        for operation in channel.operations.iter().filter(|one| channel.limits_of(one).next().is_some()) {
            let name = |number: usize| format!("{}-{}-{number}", adapter.name, &*operation.name);
            let (first, second) = (name(1), name(2));
            let values = values(channel, &first);
            let account = Account { name: &first, values: &values, channel };
            while transport.admit(account, operation).is_none() {}
            // The same application and the same counterpart, for another client.
            let sibling = Account { name: &second, ..account };
            let is_shared = channel.limits_of(operation).any(|limit| limit.of.is_some());
            assert_eq!(transport.admit(sibling, operation).is_some(), is_shared, "{first}");
        }
    }
}
