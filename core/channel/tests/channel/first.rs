//! Nothing is told twice, and only what is open is closed.

use dragoman_channel::{Before, Values};
use proptest::prelude::*;

use crate::{account, answer, examplia};

fn before(body: &str, lines: &[(&str, u64)]) -> Before {
    let channel = examplia();
    let mut values = account().with("shipment.tracking_number", "TRACK 1");
    let line =
        |(id, pieces): &(&str, u64)| Values::new().with("id", *id).with("quantity", pieces.to_string());
    values.set_list("shipment.lines", lines.iter().map(line).collect());
    channel.operation("ship").unwrap().first.as_ref().unwrap().read(&answer(200, &[], body), &values)
}

fn body(groups: &str) -> String {
    format!(r#"{{"parcels":[{{"number":["TRACK 0"]}},{{"number":[]}}],"groups":[{groups}]}}"#)
}

#[test]
fn a_parcel_that_is_known_there_is_not_told_again() {
    let known = r#"{"parcels":[{"number":["A"]},{"number":["B","TRACK 1"]}],"groups":[]}"#;
    assert_eq!(before(known, &[("1", 1)]), Before::AlreadyDone);
}

#[test]
fn a_line_is_shared_out_over_what_is_open() {
    let groups = body(
        r#"{"id":"closed","state":"CLOSED","parts":[{"id":"p0","line":"L-1","left":9}]},
           {"id":"east","state":"OPEN","parts":[{"id":"p1","line":"L-1","left":2},{"id":"p2","line":"L-2","left":1}]},
           {"id":"west","state":"OPEN","parts":[{"id":"p3","line":"L-1","left":5},{"id":"p4","line":"L-9","left":5}]}"#,
    );
    let Before::Open(mut values) = before(&groups, &[("1", 1), ("2", 1), ("1", 2)]) else { panic!() };
    values.set("order.id", "7");
    let channel = examplia();
    let ship = channel.operation("ship").unwrap();
    let sent = channel.request(ship, &account().extend(&values).clone(), None).unwrap();
    assert_eq!(
        std::str::from_utf8(sent.bytes()).unwrap(),
        r#"{"groups":[{"id":"east","parts":[{"id":"p1","pieces":2},{"id":"p2","pieces":1}]},{"id":"west","parts":[{"id":"p3","pieces":1}]}]}"#
    );
}

#[test]
fn more_than_is_open_is_told_to_a_person() {
    let groups = body(r#"{"id":"east","state":"OPEN","parts":[{"id":"p1","line":"L-1","left":2}]}"#);
    assert_eq!(before(&groups, &[("1", 3)]), Before::Short { line: "L-1".into(), lacking: 1 });
    assert_eq!(before("{}", &[("1", 3)]), Before::Short { line: "L-1".into(), lacking: 3 });
}

proptest! {
    /// What is shared out is what the parcel holds, and no part gets more than is open in it.
    #[test]
    fn pieces_are_neither_lost_nor_made(open in prop::collection::vec((0_u8..3, 0_u64..5), 0..6), wanted in prop::collection::vec((0_u8..3, 0_u64..6), 0..4)) {
        let part = |(at, (line, left)): (usize, &(u8, u64))| format!(r#"{{"id":"p{at}","line":"L-{line}","left":{left}}}"#);
        let parts: Vec<_> = open.iter().enumerate().map(part).collect();
        let groups = body(&format!(r#"{{"id":"g","state":"OPEN","parts":[{}]}}"#, parts.join(",")));
        let lines: Vec<_> = wanted.iter().map(|(line, pieces)| (line.to_string(), *pieces)).collect();
        let lines: Vec<_> = lines.iter().map(|(line, pieces)| (&**line, *pieces)).collect();
        let total = |of: &[(u8, u64)], line: u8| of.iter().filter(|(one, _)| *one == line).map(|(_, pieces)| pieces).sum::<u64>();
        let enough = (0..3).all(|line| total(&wanted, line) <= total(&open, line));
        match before(&groups, &lines) {
            Before::Open(values) => {
                prop_assert!(enough);
                let parts: Vec<_> = values.list("shared").iter().flat_map(|group| group.list("parts")).collect();
                let pieces = |part: &&Values| part.get("quantity").unwrap().parse::<u64>().unwrap();
                prop_assert_eq!(parts.iter().map(pieces).sum::<u64>(), wanted.iter().map(|(_, pieces)| pieces).sum::<u64>());
                for part in parts {
                    let at: usize = part.get("id").unwrap()[1..].parse().unwrap();
                    prop_assert!((1..=open[at].1).contains(&pieces(&part)));
                }
            }
            Before::Short { .. } => prop_assert!(!enough),
            Before::AlreadyDone => prop_assert!(false),
        }
    }
}
