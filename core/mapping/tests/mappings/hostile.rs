//! Content that looks like structure stays content, in messages that are XML.

use crate::laws;
use crate::mapped::{Mapped, file, mapped};

/// In the place of free texts: markup, references, the end of a CDATA section, characters beyond the first plane.
const HOSTILE: &str = "&lt;/Consignment&gt;&amp;amp;]]&gt;&quot;'\u{1d7dc}&lt;!--";

/// Puts hostile content into every element of these names, and asks for the laws. True where there was one.
pub fn stays_content(mapped: &Mapped, text: &str, free: &[&str]) -> bool {
    let changed = free.iter().fold(text.to_owned(), |text, name| replaced(&text, name));
    let tree = mapped.recognised(&changed).unwrap();
    let got = mapped.get_one(&tree);
    laws::counted(&tree, &got);
    let put = mapped.put_over(&got.document, &tree, &got);
    assert_eq!(laws::over_differs(mapped, &put, &tree), None, "{text}");
    assert_eq!(laws::alone_differs(mapped, &got, &tree), None, "{text}");
    assert_eq!(laws::comes_back(mapped, &got.document, None), None, "{text}");
    changed != text
}

/// Every element of that name with the hostile content.
fn replaced(text: &str, name: &str) -> String {
    let open = format!("<{name}");
    let mut parts = text.split(&open);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |done, part| {
        // Another name that begins the same stays as it is.
        let content = part.split_once('>').filter(|_| part.starts_with(['>', ' ']));
        let rest = content.and_then(|(head, rest)| Some((head, rest.split_once(&format!("</{name}>"))?.1)));
        match rest {
            Some((head, rest)) => format!("{done}<{name}{head}>{HOSTILE}</{name}>{rest}"),
            None => format!("{done}<{name}{part}"),
        }
    })
}

/// Entry summaries and what is answered, and excise movements of both generations.
#[test]
fn texts_never_become_structure() {
    let free = [
        "GooDesGDS23",
        "NamCO27",
        "StrAndNumCO222",
        "CitCO224",
        "urn:TraderName",
        "urn:StreetName",
        "urn:City",
        "urn:CommercialDescription",
        "urn:ComplementaryInformation",
        "urn:GlobalExplanation",
        "ns:ErrorReason",
    ];
    let ens = ["CC313A", "CC315A"].map(|name| ("gb-ens", format!("ens/{name}"), name));
    let emcs = ["IE704", "IE801", "IE810", "IE813", "IE815", "IE818", "IE819", "IE837", "IE871"];
    let emcs = emcs.map(|name| ("eu-emcs", format!("emcs/{name}"), name));
    let mut touched = 0;
    for (adapter, mapping, case) in ens.into_iter().chain(emcs) {
        let text = file(&format!("adapters/{adapter}/cases/{case}.in")).unwrap();
        touched += usize::from(stays_content(mapped(mapping.leak()), &text, &free));
    }
    assert!(touched >= 9, "{touched}");
}
