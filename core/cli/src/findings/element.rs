//! What the place of a finding is for people of customs: the item that it is about, and the numbers of its data
//! element.

use dragoman_model::{Identifiers, Schema, Words};
use dragoman_tree::Finding;
use serde::Serialize;

/// Of the canonical path of a finding. Absent members are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Element {
    /// The number of the goods item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// What the data element is called elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
}

impl Element {
    /// Of a finding; empty where its path is none of a declaration.
    pub fn of(finding: &Finding) -> Self {
        let path = finding.path.as_deref().unwrap_or_default();
        Self { item: item(path), element: numbers(path) }
    }
}

fn item(path: &str) -> Option<u32> {
    let (_, rest) = path.split_once("goods_items[sequence=")?;
    rest.split_once(']')?.0.parse().ok()
}

/// What the field of a declaration is called elsewhere: EU data element, WCO, TDED. The authorities number some groups alone:
/// the code of the office of departure is in the group 17 03.
pub fn numbers(path: &str) -> Option<String> {
    let schema = Schema::standard();
    let bare: String =
        path.split('[').map(|part| part.split_once(']').map_or(part, |(_, after)| after)).collect();
    let found = schema.resolve(schema.document("declaration")?, &bare)?;
    let ids = &schema.get(schema.identified(found))?.ids;
    let group =
        schema.get(found).map(|field| field.parent).filter(|_| ids.de.is_empty() && ids.eucdm.is_empty());
    let group = group.and_then(|group| schema.get(group)).map(|field| &field.ids);
    let numbered = |numbers: fn(&Identifiers) -> &Words| {
        let around = || {
            let mut all = numbers(group?).iter();
            // A group with several numbers does not say which is that of the member.
            all.next().filter(|_| all.next().is_none())
        };
        numbers(ids).iter().next().or_else(around).map(str::to_owned)
    };
    let wco = ids.wco.iter().next().and_then(|chain| chain.rsplit('.').next());
    let parts = [
        numbered(|ids| &ids.de).map(|number| format!("EU DE {number}")),
        numbered(|ids| &ids.eucdm).map(|number| format!("EUCDM {number}")),
        wco.map(|number| format!("WCO {number}")),
        ids.tded().next().map(|tded| format!("TDED {}", tded.number)),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_its_item_and_its_numbers() {
        let path = "goods_items[sequence=12].description";
        assert_eq!(item(path), Some(12));
        assert_eq!(numbers(path).as_deref(), Some("EU DE 6/8 · EUCDM 18 05 · WCO 137 · TDED 7002"));
        assert_eq!(numbers("office.departure.code").as_deref(), Some("EUCDM 17 03 · TDED 3225"));
        assert_eq!((item("lines[1].sku"), numbers("lines[1].sku")), (None, None));
        assert_eq!((item(""), numbers("")), (None, None));
    }
}
