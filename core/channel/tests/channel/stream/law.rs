//! The law of reading: whatever the platform does within its promises, every order is read with its latest content.

use std::collections::BTreeMap;

use dragoman_channel::{By, Cursor, Plan, Stream, Window};
use dragoman_exchange::ErrorClass;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::stream;
use crate::answer;

/// An invented platform: what changed, and when that shows.
struct Platform {
    /// Order, the second of its change, how many seconds later that shows.
    changes: Vec<(u8, u32, u32)>,
    per_page: usize,
}

const ORIGIN: i64 = 1_795_000_000;

/// How long the platform may take to show a change, for the windows to hold their promise: settle and overlap.
const LATE: u32 = 420;

fn moment(second: u32) -> Timestamp {
    Timestamp::from_second(ORIGIN + i64::from(second)).unwrap()
}

fn second(at: Timestamp) -> i64 {
    at.as_second() - ORIGIN
}

impl Platform {
    /// What the list of a window shows at a moment: each order once, with its latest change that shows.
    fn page(&self, stream: &Stream, window: &Window, now: Timestamp) -> String {
        let until = window.until.map_or(second(now) - 120, second);
        let mut shown: BTreeMap<u8, u32> = BTreeMap::new();
        for (order, changed, late) in &self.changes {
            if i64::from(changed + late) <= second(now) {
                let latest = shown.entry(*order).or_default();
                *latest = (*latest).max(*changed);
            }
        }
        let within = |changed: u32| (second(window.since)..=until).contains(&i64::from(changed));
        let mut list: Vec<_> = shown.into_iter().filter(|(_, changed)| within(*changed)).collect();
        list.sort_by_key(|(order, changed)| (*changed, *order));
        let from: usize = window.token.as_deref().map_or(0, |token| token[1..].parse().unwrap());
        let item = |(order, changed): &(u8, u32)| format!(r#"{{"id":"{order}","changed":"{changed}"}}"#);
        let items: Vec<_> = list.iter().skip(from).take(self.per_page).map(item).collect();
        let after = from + self.per_page;
        let next = if after < list.len() { format!(r#","next":"t{after}""#) } else { String::new() };
        let echo = stream.echoed.is_some().then(|| moment(u32::try_from(until.max(0)).unwrap()));
        let echo = echo.map(|at| format!(r#","until":"{at}""#)).unwrap_or_default();
        format!(r#"{{"orders":[{}]{next}{echo}}}"#, items.join(","))
    }
}

/// What happens to one request.
#[derive(Clone, Copy, Debug)]
enum Luck {
    Good,
    /// The page is read, and the process dies before it is written down.
    Crash,
    Failure(ErrorClass),
}

fn luck() -> impl Strategy<Value = Luck> {
    prop_oneof![
        6 => Just(Luck::Good),
        1 => Just(Luck::Crash),
        1 => prop::sample::select(&ErrorClass::ALL[..]).prop_map(Luck::Failure),
    ]
}

/// Reads from the first second to long after the last change, with some luck at each request.
fn read(stream: &Stream, platform: &Platform, lucks: &[Luck]) -> BTreeMap<String, u32> {
    let mut cursor = Cursor { swept_at: Some(moment(10_000_000)), ..Cursor::new(moment(0)) };
    let mut had: BTreeMap<String, u32> = BTreeMap::new();
    let (mut now, mut steps) = (moment(600), 0);
    let mut lucks = lucks.iter().copied();
    while now < moment(30_000) {
        steps += 1;
        assert!(steps < 20_000, "it hammers");
        let window = match stream.plan(&cursor, now) {
            Plan::Rest(until) => {
                assert!(until > now);
                now = until;
                continue;
            }
            Plan::Read(window) => window,
        };
        assert_eq!(window.by, By::Updated);
        now = now.checked_add(SignedDuration::from_secs(2)).unwrap();
        match lucks.next().unwrap_or(Luck::Good) {
            Luck::Crash => {}
            Luck::Failure(class) => cursor = stream.failed(&cursor, &window, class).unwrap_or(cursor),
            Luck::Good => {
                let body = platform.page(stream, &window, now);
                let page = stream.page(&window, &answer(200, &[], &body)).unwrap();
                let after = stream.after(&cursor, &window, &page);
                assert!(after.since >= cursor.since, "it never goes back");
                for item in page.items {
                    let changed = item.updated.unwrap().parse().unwrap();
                    let latest = had.entry(item.id).or_default();
                    *latest = (*latest).max(changed);
                }
                cursor = serde_json::from_str(&serde_json::to_string(&after).unwrap()).unwrap();
            }
        }
    }
    had
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_is_passed_over(
        changes in prop::collection::vec((0_u8..12, 0_u32..20_000, 0..LATE), 0..40),
        per_page in 2_usize..9,
        lucks in prop::collection::vec(luck(), 0..60),
        echoes in any::<bool>(),
    ) {
        let mut stream = stream("orders");
        stream.longest = None;
        if echoes {
            let echoing = super::stream("echoing");
            stream.echoed = echoing.echoed;
        }
        let mut latest: BTreeMap<String, u32> = BTreeMap::new();
        for (order, changed, _) in &changes {
            let known = latest.entry(order.to_string()).or_default();
            *known = (*known).max(*changed);
        }
        let platform = Platform { changes, per_page };
        prop_assert_eq!(read(&stream, &platform, &lucks), latest);
    }
}
