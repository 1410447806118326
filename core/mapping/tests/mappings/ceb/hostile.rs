//! Content that looks like structure stays content.

use super::corpus::{ceb, published};
use crate::laws;

/// In the place of every free text: markup, references, an end of a CDATA section, characters beyond the first plane.
const HOSTILE: &str = "&lt;/ceb:note&gt;&amp;amp;]]&gt;&quot;'包𝟜&lt;!--";

#[test]
fn texts_never_become_structure() {
    for (number, text) in published() {
        let text = String::from_utf8(text).unwrap();
        let mapped = ceb(number);
        let changed =
            ["note", "goodsInfo", "itemName", "gname", "reason", "returnInfo", "ebpName", "consigneeAddress"]
                .iter()
                .fold(text, |text, name| replaced(&text, name));
        let Some(tree) = mapped.recognised(&changed) else { continue };
        let got = mapped.get_one(&tree);
        laws::counted(&tree, &got);
        let put = mapped.put_over(&got.document, &tree, &got);
        assert_eq!(laws::over_differs(mapped, &put, &tree), None, "{number}");
        assert_eq!(laws::comes_back(mapped, &got.document, None), None, "{number}");
    }
}

/// Every element of that name with the hostile content.
fn replaced(text: &str, name: &str) -> String {
    let (open, close) = (format!("<ceb:{name}>"), format!("</ceb:{name}>"));
    let mut parts = text.split(&open);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |done, part| {
        let rest = part.split_once(&close).map_or(part, |(_, rest)| rest);
        format!("{done}{open}{HOSTILE}{close}{rest}")
    })
}
