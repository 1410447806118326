//! Content that looks like structure stays content.

use super::corpus::{PHASES, cases};
use crate::hostile::stays_content;

const FREE: [&str; 7] = [
    "name",
    "streetAndNumber",
    "descriptionOfGoods",
    "shippingMarks",
    "text",
    "errorReason",
    "justification",
];

#[test]
fn texts_never_become_structure() {
    let [_, phase] = PHASES;
    let mut touched = 0;
    for case in cases() {
        let text = String::from_utf8(case.text).unwrap();
        touched += usize::from(stays_content(phase.mapped(&case.message), &text, &FREE));
    }
    assert!(touched >= 25, "{touched}");
}
