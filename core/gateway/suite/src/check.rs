//! What has to hold in the end: every order that was ever shown as settled is there once, with its latest content, and
//! no parcel was told of twice.

use std::collections::{BTreeMap, BTreeSet};

use dragoman_engine::View;
use dragoman_simulators::Sold;
use dragoman_store::Query;
use serde_json::Value;

use crate::ground::Ground;
use crate::trouble::Trouble;

/// An order as the gateway has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its stream.
    pub stream: String,
    /// Its number.
    pub number: String,
    /// The canonical document.
    pub document: Value,
}

/// So many orders are listed at once.
const PAGE: usize = 100;

impl Ground {
    /// All orders that the gateway has.
    pub async fn orders(&self) -> Result<Vec<Kept>, Trouble> {
        self.settle().await?;
        let (mut kept, mut after) = (Vec::new(), None);
        loop {
            let query = Query { kind: Some("order".into()), after, limit: PAGE, ..Query::default() };
            let listed = self.gateway.list(&Self::by(), query).await.map_err(|error| Trouble::of(&error))?;
            for row in listed.data {
                let text = self.gateway.document(&Self::by(), &row.id).await;
                let text = text.map_err(|error| Trouble::of(&error))?;
                let text = text.ok_or_else(|| Trouble::new(format!("{} has no document", row.title)))?;
                let document = serde_json::from_str(&text.canonical).map_err(|error| Trouble::of(&error))?;
                kept.push(Kept { stream: row.id, number: number(&document), document });
            }
            after = listed.next;
            if after.is_none() {
                return Ok(kept);
            }
        }
    }

    /// Says what is wrong with the orders that the gateway has, and with the parcels that the platform has.
    pub async fn check(&self) -> Result<(), Trouble> {
        let mut by_number: BTreeMap<String, Vec<Kept>> = BTreeMap::new();
        for kept in self.orders().await? {
            by_number.entry(kept.number.clone()).or_default().push(kept);
        }
        for sold in self.simulator.orders() {
            let document = self.subject.read(&sold.shown);
            let document = document.ok_or_else(|| Trouble::new(format!("{} is no order", sold.id)))?;
            let kept = by_number.remove(&number(&document)).unwrap_or_default();
            right(&sold, &document, &kept)?;
            once(&sold)?;
        }
        match by_number.pop_first() {
            Some((number, _)) => Err(Trouble::new(format!("order {number} is there, and nobody placed it"))),
            None => self.delivered().await,
        }
    }

    /// Says what is wrong with those orders that the gateway has by now.
    pub async fn check_had(&self) -> Result<(), Trouble> {
        let had = self.orders().await?;
        for sold in self.simulator.orders() {
            let Some(document) = self.subject.read(&sold.shown) else { continue };
            let of_it = |kept: &&Kept| kept.number == number(&document);
            let kept: Vec<_> = had.iter().filter(of_it).cloned().collect();
            if !kept.is_empty() {
                right(&sold, &document, &kept)?;
            }
        }
        Ok(())
    }

    /// Every parcel that is said to have been told of is there.
    async fn delivered(&self) -> Result<(), Trouble> {
        let there: BTreeSet<String> =
            self.simulator.orders().into_iter().flat_map(|sold| sold.tracking).collect();
        for handed in &self.handed {
            let state = self.state(&handed.stream, handed.number).await?;
            let is_there = there.iter().any(|tracking| tracking.contains(&handed.tracking));
            match &*state {
                "delivered" if is_there => {}
                "refused" | "dead" if !is_there => {}
                _ => {
                    let is = if is_there { "is there" } else { "is not there" };
                    return Err(Trouble::new(format!("parcel {} is {state}, and {is}", handed.tracking)));
                }
            }
        }
        Ok(())
    }

    /// Where the telling of a parcel stands.
    pub async fn state(&self, stream: &str, number: usize) -> Result<String, Trouble> {
        let view = self.view(stream).await?;
        let told = view.submissions.iter().filter(|one| one.purpose == "fulfilment").nth(number - 1);
        told.map(|one| one.state.to_owned())
            .ok_or_else(|| Trouble::new(format!("parcel {number} is not known")))
    }

    /// An order's exchange.
    pub async fn view(&self, stream: &str) -> Result<View, Trouble> {
        let view = self.gateway.exchange(&Self::by(), stream).await.map_err(|error| Trouble::of(&error))?;
        view.ok_or_else(|| Trouble::new(format!("{stream} is not known")))
    }
}

fn number(document: &Value) -> String {
    document.get("order_number").and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

/// An order that is settled is there once, as it is shown; one that is not may be there, once.
fn right(sold: &Sold, document: &Value, kept: &[Kept]) -> Result<(), Trouble> {
    match kept {
        [] if sold.pending => Ok(()),
        [] => Err(Trouble::new(format!("order {} is missing", sold.id))),
        [one] => match differs(document, &one.document, "") {
            Some(place) if !sold.pending => {
                Err(Trouble::new(format!("order {} is not as it was shown last: {place}", sold.id)))
            }
            _ => Ok(()),
        },
        _ => Err(Trouble::new(format!("order {} is there {} times", sold.id, kept.len()))),
    }
}

fn once(sold: &Sold) -> Result<(), Trouble> {
    let mut seen = BTreeSet::new();
    match sold.tracking.iter().find(|tracking| !seen.insert(*tracking)) {
        Some(tracking) => Err(Trouble::new(format!("order {}: parcel {tracking} is there twice", sold.id))),
        None => Ok(()),
    }
}

/// The first place at which what is had is not what was shown.
fn differs(shown: &Value, had: &Value, path: &str) -> Option<String> {
    match (shown, had) {
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            names.into_iter().find_map(|name| {
                let member = |of: &serde_json::Map<String, Value>| of.get(name).cloned().unwrap_or_default();
                differs(&member(one), &member(other), &format!("{path}.{name}"))
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(index, (one, other))| differs(one, other, &format!("{path}[{index}]")))
        }
        (one, other) if one == other => None,
        (one, other) => Some(format!("{} is {other}, not {one}", path.trim_start_matches('.'))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_difference_has_a_place() {
        let shown = json!({"lines": [{"quantity": {"value": "2"}}]});
        assert_eq!(differs(&shown, &shown, ""), None);
        let had = json!({"lines": [{"quantity": {"value": "1"}}]});
        assert_eq!(differs(&shown, &had, "").as_deref(), Some(r#"lines[0].quantity.value is "1", not "2""#));
        assert!(differs(&shown, &json!({"lines": []}), "").is_some());
        assert!(differs(&json!({}), &json!({"note": "x"}), "").is_some());
    }
}
