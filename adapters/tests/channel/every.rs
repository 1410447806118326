//! What holds for the channel of every adapter.

use dragoman_adapters::{Catalogue, Data, Party};
use dragoman_channel::{Auth, Repeat};

/// Authorities whose messages are known, and who are not talked with yet.
const SILENT: [&str; 6] = ["dk-dms", "eu-emcs", "eu-h7", "gb-ens", "in-icegate", "us-abi"];

/// Operations that the gateway looks for by name, for each side of the trade.
#[test]
fn every_counterpart_can_be_handed_something_and_told_of() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let mut seen = 0;
    for adapter in catalogue.adapters() {
        let Some(channel) = &adapter.channel else {
            let is_format = adapter.party == Party::Any;
            assert!(is_format || SILENT.contains(&&*adapter.name), "{} has no channel", adapter.name);
            continue;
        };
        seen += 1;
        let wanted: &[&str] = match adapter.party {
            Party::Customs(_) => &["submit", "amend", "cancel"],
            Party::Platform(_) => &["ship"],
            Party::Any => &[],
        };
        for name in wanted {
            assert!(channel.operation(name).is_some(), "{}: {name}", adapter.name);
        }
        let is_platform = matches!(adapter.party, Party::Platform(_));
        assert_eq!(is_platform, !channel.streams.is_empty(), "{}", adapter.name);
        let is_customs = matches!(adapter.party, Party::Customs(_));
        assert!(!is_customs || channel.notifications.is_some(), "{}", adapter.name);
        assert!(!is_platform || channel.notifications.is_none(), "{}", adapter.name);
        let is_reached = channel.settings.base_url.contains_key("production");
        assert_eq!(is_reached, !channel.settings.by_hand, "{}", adapter.name);
        assert_eq!(channel.settings.auth != Auth::None, is_reached, "{}", adapter.name);
        for operation in &channel.operations {
            // A declaration that is handed in twice is two.
            let hands_in = operation.message.is_some();
            assert!(
                !hands_in || operation.repeat() == Repeat::Never,
                "{}: {}",
                adapter.name,
                &*operation.name
            );
            assert!(channel.limits_of(operation).next().is_some(), "{}: {}", adapter.name, &*operation.name);
        }
        for setting in &channel.settings.account {
            let is_secret =
                ["secret", "token", "password", "key"].iter().any(|word| setting.name.ends_with(word));
            assert_eq!(is_secret, setting.secret, "{}: {}", adapter.name, setting.name);
        }
    }
    assert!(seen >= 3);
}

/// An order that is fetched alone is looked for where its mapping reads it: it has the same bytes as in a list then.
#[test]
fn an_order_is_looked_for_where_its_mapping_reads_it() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    for adapter in catalogue.adapters() {
        for stream in adapter.channel.iter().flat_map(|channel| &channel.streams) {
            let Some(detail) = &stream.detail else { continue };
            let message = adapter.messages.iter().find(|one| *one.name == *stream.message).unwrap();
            let mapping = catalogue.data().get(&format!("mappings/{}.map", message.mapping)).unwrap();
            let roots = mapping.lines().find_map(|line| line.strip_prefix("root ")).unwrap();
            let mut roots = roots.split('|').map(str::trim);
            let is_known = match &detail.item {
                Some(item) => roots.any(|root| root.trim_end_matches("[]") == item.text()),
                None => roots.all(|root| root == "." || root.ends_with("[]")),
            };
            assert!(is_known, "{}: {:?}", adapter.name, detail.item);
        }
    }
}
