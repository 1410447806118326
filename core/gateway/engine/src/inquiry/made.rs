//! The answer to a question: what is known of the payment, with what the adapter's channel states and supplies, as the message
//! that is asked for.

use dragoman_adapters::{Layout, Message, NO_ANSWER, write};
use dragoman_channel::{Encoding, Inquiry, Values};
use dragoman_exchange::Lack;
use dragoman_mapping::canonical;
use dragoman_model::Document;
use dragoman_syntax::Limits;
use dragoman_syntax::json::Style;
use dragoman_tree::{Finding, Severity};
use serde_json::{Map, Value, json};

use super::known::{Sale, lack};
use crate::draft::Read;
use crate::gateway::Gateway;
use crate::persons::unquoted;

/// An answer.
pub(super) struct Made {
    /// The document.
    pub document: Document<'static>,
    /// The message.
    pub bytes: Vec<u8>,
}

impl Gateway {
    /// Makes the answer to a question about a sale; everything that it lacks otherwise.
    pub(super) fn answer_made(
        &self,
        message: &Message,
        inquiry: &Inquiry,
        sale: &Sale,
        values: &mut Values,
    ) -> Result<Made, Vec<Lack>> {
        let unmade = || vec![lack(&NO_ANSWER, format!("`{}` cannot be made", message.name()))];
        let mut all = known(sale);
        name_lines(sale, values);
        for supply in &inquiry.supplies {
            let has = |path: &String| at(&all, path).is_some();
            if has(&supply.path) || supply.unless.as_ref().is_some_and(has) {
                continue;
            }
            let value = supply.value.fill(values).ok().and_then(|text| serde_json::from_str(&text).ok());
            if let Some(value) = value {
                put(&mut all, &supply.path, value);
            }
        }
        for (path, template) in &inquiry.states {
            match template.fill(values, Encoding::Plain) {
                Ok(text) if text.is_empty() => take(&mut all, path),
                Ok(text) => put(&mut all, path, text.into()),
                Err(_) => {}
            }
        }
        let document = document(&all).ok_or_else(unmade)?;
        let written = write(document, message, Layout::Line).ok_or_else(unmade)?;
        let bytes = written.bytes.trim_ascii_end().to_vec();
        let Read { findings, .. } = self.read_handed(message, &bytes, false);
        let wrong: Vec<_> = findings.iter().chain(&written.findings).filter_map(wrong).collect();
        if wrong.is_empty() { Ok(Made { document: written.document, bytes }) } else { Err(wrong) }
    }
}

/// What keeps an answer from going out. Values are not repeated: whoever reads it may not see them.
fn wrong(finding: &Finding) -> Option<Lack> {
    if finding.severity != Severity::Error {
        return None;
    }
    let place = finding.wire_path.as_deref().or(finding.path.as_deref()).unwrap_or_default();
    // What is missing is named, and has no value.
    let is_missing = finding.code == dragoman_syntax::validate::MISSING.id;
    let said = if is_missing { finding.message.clone() } else { unquoted(&finding.message) };
    Some(lack(&NO_ANSWER, format!("{place}: {said}")))
}

/// What is known of a payment: what was handed in, the first before the others, as far as they are of one transaction, and
/// then what the order states.
fn known(sale: &Sale) -> Value {
    let mut all = json!({ "type": "payment" });
    let read = |document: &Document<'_>| {
        serde_json::from_str::<Value>(&canonical::write(document, Style::Compact)).ok()
    };
    let transaction = |value: &Value| value.get("transaction").cloned();
    for payment in sale.payments.iter().filter_map(read) {
        let is_same = |own: Value| transaction(&payment).is_none_or(|other| other == own);
        if transaction(&all).is_none_or(is_same) {
            under(&mut all, payment);
        }
    }
    if let Some(order) = sale.order.as_ref().and_then(|order| read(&order.order.document)) {
        let stated = of_order(&order, transaction(&all).as_ref());
        under(&mut all, stated);
    }
    all
}

/// What an order states of its payment: the one of the transaction, or the only one.
fn of_order(order: &Value, transaction: Option<&Value>) -> Value {
    let payments = order.get("payments").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_it = |one: &&Value| transaction.is_some() && one.get("transaction") == transaction;
    let only = payments.first().filter(|_| payments.len() == 1 && transaction.is_none());
    let payment = payments.iter().find(is_it).or(only);
    let mut stated = Map::new();
    for name in ["transaction", "amount", "paid_at", "method", "payer"] {
        if let Some(value) = payment.and_then(|payment| payment.get(name)) {
            stated.insert(name.to_owned(), value.clone());
        }
    }
    let whole = [
        ("order_ref", "/order_number"),
        ("platform", "/platform/party"),
        ("amount", "/totals/paid"),
        ("paid_at", "/paid_at"),
    ];
    for (name, place) in whole {
        if let Some(value) = order.pointer(place).filter(|_| !stated.contains_key(name)) {
            stated.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(stated)
}

/// The lines of the order, for what is supplied.
fn name_lines(sale: &Sale, values: &mut Values) {
    let Some(order) = &sale.order else { return };
    let root = dragoman_model::At::root(&order.order.document);
    let line = |line: dragoman_model::At<'_>| {
        let named = [("id", "line"), ("sku", "sku"), ("title", "title")].into_iter();
        named.fold(Values::new(), |values, (name, member)| match line.text(member) {
            Some(text) => values.with(name, text),
            None => values,
        })
    };
    values.set("order.number", &*order.order.number);
    values.set_list("order.lines", root.entries("lines").map(line).collect());
}

/// Adds what is lacking.
fn under(all: &mut Value, other: Value) {
    let (Value::Object(all), Value::Object(other)) = (all, other) else { return };
    for (name, value) in other {
        match all.get_mut(&name) {
            Some(own) => under(own, value),
            None => {
                all.insert(name, value);
            }
        }
    }
}

/// The value at a path of names.
fn at<'v>(all: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(all, |value, name| value.get(name))
}

/// Puts a value at a path of names.
fn put(all: &mut Value, path: &str, value: Value) {
    let Some(members) = all.as_object_mut() else { return };
    match path.split_once('.') {
        None => {
            members.insert(path.to_owned(), value);
        }
        Some((name, rest)) => put(members.entry(name).or_insert_with(|| json!({})), rest, value),
    }
}

/// Takes the value at a path of names away.
fn take(all: &mut Value, path: &str) {
    let Some(members) = all.as_object_mut() else { return };
    match path.split_once('.') {
        None => {
            members.remove(path);
        }
        Some((name, rest)) => {
            if let Some(below) = members.get_mut(name) {
                take(below, rest);
            }
        }
    }
}

/// A document from its canonical form.
fn document(value: &Value) -> Option<Document<'static>> {
    let text = value.to_string();
    let (_, got, _) = canonical::read(text.as_bytes(), None, &Limits::default()).into_got();
    got.map(|got| got.document.detach())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_first_stays() {
        let mut all = json!({ "a": 1, "b": { "c": 2 } });
        under(&mut all, json!({ "a": 5, "b": { "c": 6, "d": 7 }, "e": [8] }));
        assert_eq!(all, json!({ "a": 1, "b": { "c": 2, "d": 7 }, "e": [8] }));
        put(&mut all, "x.y", 9.into());
        assert_eq!(at(&all, "x.y"), Some(&Value::from(9)));
        take(&mut all, "b.c");
        assert_eq!(at(&all, "b"), Some(&json!({ "d": 7 })));
    }

    #[test]
    fn an_order_of_two_payments_states_the_one_of_the_transaction() {
        let order = json!({
            "order_number": "1", "totals": { "paid": { "amount": "3" } },
            "payments": [{ "transaction": "A", "amount": { "amount": "1" } }, { "transaction": "B", "amount": { "amount": "2" } }],
        });
        let stated = of_order(&order, Some(&"B".into()));
        assert_eq!(at(&stated, "amount.amount"), Some(&Value::from("2")));
        let whole = of_order(&order, None);
        assert_eq!((at(&whole, "transaction"), at(&whole, "amount.amount")), (None, Some(&Value::from("3"))));
    }
}
