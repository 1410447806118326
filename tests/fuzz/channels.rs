//! Channels: the files that declare them, and what counterparts answer.

use dragoman_adapters::{Catalogue, Data};
use dragoman_channel::{Answer, Channel, Cursor, Next, Plan, Values};

use crate::recipe::{Seeds, files};

/// A mistake in a file stands in it.
#[test]
fn declarations() {
    const WORDS: &[&str] = &[
        "[channel]",
        "[[channel.error]]",
        "[[operation]]",
        "[[stream]]",
        "[[webhook]]",
        "[notifications]",
        "when = { any = [{ not = { status = 429 } }] }",
        "json = { each = \"shipment.lines\", of = [[1]] }",
        "${account.client_id}",
        "${a:number}",
        "${",
        "}",
        "\"999999999999d\"",
        "\"0.000000000000000000000001/day\"",
        "\"5xx\"",
        "matches = \"(((a+)+)+){9}\"",
        "a[0][][7].b",
        "= ",
        "\"\"",
        "\n",
        "\u{E4}",
    ];
    Seeds::new(files(&["adapters"], &["toml"]), WORDS, b"=[]{}\"\n.$").check(600, |input| {
        let text = String::from_utf8_lossy(input);
        let mut data = Data::default();
        for named in ["mappings/rules/gb.toml", "mappings/codes/cds/errors.csv"] {
            data.lay(named.into(), String::new(), named.into());
        }
        data.lay("adapters/xx/adapter.toml".into(), text.clone().into_owned(), "xx".into());
        let faults = Catalogue::new(data).err().map(|refused| refused.0).unwrap_or_default();
        for fault in faults {
            assert!(fault.at.start <= fault.at.end && fault.at.end <= text.len(), "{fault:?}");
            assert!(!fault.message.is_empty() && !fault.message.contains('\n'), "{fault:?}");
        }
    });
}

/// Whatever a counterpart answers, it means something, and the reading of a list ends.
#[test]
fn answers() {
    const WORDS: &[&str] = &[
        "{\"orders\":[{\"orderId\":\"1\"}],\"pagination\":{\"nextToken\":\"a\"},\"lastUpdatedBefore\":\"2026-11-22T09:00:00Z\"}",
        "{\"data\":{\"orders\":{\"nodes\":[{\"id\":\"1\"}],\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"a\"}}}}",
        "{\"errors\":[{\"message\":\"x\",\"extensions\":{\"code\":\"THROTTLED\"}}]}",
        "\"extensions\":{\"cost\":{\"requestedQueryCost\":9e99,\"throttleStatus\":{\"currentlyAvailable\":-1,\"restoreRate\":0.1}}}",
        "<errorResponse><code>INTERNAL_SERVER_ERROR</code></errorResponse>",
        "<resource><link rel=\"notification\" href=\"/\"/></resource>",
        "\"lastUpdatedBefore\":\"9999-12-30T22:00:00Z\"",
        "[]",
        "null",
        "{",
        "\u{FEFF}",
        ",",
    ];
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let channels: Vec<_> =
        catalogue.adapters().iter().filter_map(|adapter| adapter.channel.as_ref()).collect();
    assert!(channels.len() >= 3);
    Seeds::new(files(&["adapters", "tests/fuzz/cases"], &["in", "json"]), WORDS, b"<>{}[],:\"").check(
        2_000,
        |input| {
            let (head, body) = input.split_at(input.len().min(2));
            let status = head.iter().fold(100, |sum, byte| sum + u16::from(*byte)) % 600;
            let text = String::from_utf8_lossy(input)
                .chars()
                .filter(|letter| !letter.is_control())
                .take(40)
                .collect();
            let headers = ["Retry-After", "x-amzn-RateLimit-Limit", "X-Conversation-ID", "X-Shopify-Topic"];
            let headers: Vec<(String, String)> =
                headers.map(|name| (name.to_owned(), String::clone(&text))).to_vec();
            let answer = Answer { status, headers, body: body.to_vec() };
            for channel in &channels {
                read(channel, &answer);
            }
        },
    );
}

fn read(channel: &Channel, answer: &Answer) {
    let now = "2026-11-22T09:15:00Z".parse().unwrap();
    for operation in &channel.operations {
        let _ = channel.classify(operation, answer, now);
        operation.next(answer);
        if let Some(first) = &operation.first {
            first.read(answer, &Values::new().with("shipment.tracking_number", "1"));
        }
    }
    for stream in &channel.streams {
        let mut cursor = Cursor { swept_at: Some(now), ..Cursor::new(now) };
        // The same page again and again: it has to come to an end.
        for pages in 0.. {
            assert!(pages < 3, "it does not end");
            let Plan::Read(window) = stream.plan(&cursor, now) else { break };
            let Ok(page) = stream.page(&window, answer) else { break };
            let after = stream.after(&cursor, &window, &page);
            assert!(after.since >= cursor.since);
            cursor = after;
            if !matches!(page.next, Next::More(_)) {
                break;
            }
        }
    }
    for webhook in &channel.webhooks {
        let values = Values::new().with("account.client_secret", "x");
        assert!(webhook.read(&answer.headers, &answer.body, &values).is_err());
    }
    for pull in channel.notifications.iter().flat_map(|notifications| &notifications.pull) {
        assert!(pull.ids(answer).iter().all(|id| !id.is_empty() && !id.contains('/')));
    }
    let _ = channel.token(answer, now);
}
