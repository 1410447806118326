//! What is read of the published samples, and how it is written again.

use super::corpus::{ALL, ceb, published};
use crate::laws;

/// Samples that cannot be written alone as they are, and why: each is the sample's own fault.
const FAULTY: [(&str, &str); 9] = [
    ("214", "the root is CEB214"),
    ("303", "BaseTransfer twice; `aaa` for units and currencies"),
    ("403", "BaseTransfer twice"),
    ("505", "BaseTransfer twice"),
    ("507", "BaseTransfer twice"),
    ("509", "BaseTransfer twice"),
    ("603", "BaseTransfer twice; 001 for a country"),
    ("605", "BaseTransfer twice"),
    ("607", "BaseTransfer twice"),
];

#[test]
fn every_mapping_loads() {
    for number in ALL {
        assert!(ceb(number).mapping.written().is_some(), "{number}");
    }
}

/// Every leaf is accounted for; over the original the message comes back, faults and all; alone it does where the sample
/// is sound, and reads as the same document.
#[test]
fn samples_come_back() {
    let mut faulty = Vec::new();
    for (number, text) in published() {
        let mapped = ceb(number);
        let Some(tree) = mapped.recognised(&text) else {
            faulty.push(number);
            continue;
        };
        let got = mapped.get_one(&tree);
        laws::counted(&tree, &got);
        let put = laws::accounted(mapped.put_over(&got.document, &tree, &got), &got.document);
        assert_eq!(laws::over_differs(mapped, &put, &tree), None, "{number}");
        assert_eq!(laws::comes_back(mapped, &got.document, Some((&tree, &got))), None, "{number}");
        assert_eq!(laws::comes_back(mapped, &got.document, None), None, "{number}");
        assert_eq!(laws::needs_no_message(mapped, &got.document), None, "{number}");
        let differs = laws::alone_differs(mapped, &got, &tree);
        if differs.is_some() || got.counts().residue > 0 {
            faulty.push(number);
        }
    }
    if !published().is_empty() {
        assert_eq!(faulty, FAULTY.map(|(number, _)| number));
    }
}

/// What customs are asked to tell whom, and what a port adds, in a message that is written alone.
#[test]
fn subscriptions_and_additions_come_back() {
    let subscription = |address: &str| {
        format!(
            "<BaseSubscribe><status>ALL</status><dxpMode>DXP</dxpMode><dxpAddress>{address}</dxpAddress><note/></BaseSubscribe>"
        )
    };
    let text = format!(
        "<CEB513Message xmlns='http://www.chinaport.gov.cn/ceb' guid='G' version='1.0'><LogisticsStatus><guid>G</guid>\
         <note/></LogisticsStatus><BaseTransfer><dxpMode>DXP</dxpMode></BaseTransfer>{}{}<ExtendMessage><name>port</name><version>2</version><Message>more</Message>\
         </ExtendMessage></CEB513Message>",
        subscription("DXPENT01"),
        subscription("DXPENT02")
    );
    let mapped = ceb("513");
    let tree = mapped.read(&text);
    let got = mapped.get_one(&tree);
    assert_eq!(got.residue().count(), 0);
    assert_eq!(laws::alone_differs(mapped, &got, &tree), None);
}
