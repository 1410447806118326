//! Content that looks like structure stays content.

use super::corpus::{PHASES, cases};
use crate::laws;

/// In the place of free texts: markup, references, the end of a CDATA section, characters beyond the first plane.
const HOSTILE: &str = "&lt;/Consignment&gt;&amp;amp;]]&gt;&quot;'\u{1d7dc}&lt;!--";
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
        let changed = FREE.iter().fold(text.clone(), |text, name| replaced(&text, name));
        touched += usize::from(changed != text);
        let mapped = phase.mapped(&case.message);
        let tree = mapped.recognised(&changed).unwrap();
        let got = mapped.get_one(&tree);
        laws::counted(&tree, &got);
        let put = mapped.put_over(&got.document, &tree, &got);
        assert_eq!(laws::over_differs(mapped, &put, &tree), None, "{}", case.name);
        assert_eq!(laws::alone_differs(mapped, &got, &tree), None, "{}", case.name);
        assert_eq!(laws::comes_back(mapped, &got.document, None), None, "{}", case.name);
    }
    assert!(touched >= 25, "{touched}");
}

/// Every element of that name with the hostile content.
fn replaced(text: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut parts = text.split(&open);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |done, part| {
        let rest = part.split_once(&close).map_or(part, |(_, rest)| rest);
        format!("{done}{open}{HOSTILE}{close}{rest}")
    })
}
