//! What is asked of a platform: lists, orders, parcels; by address or by GraphQL.

use dragoman_sim::door::{Field, Included, Plays};
use dragoman_sim::graphql::{self, Document};
use dragoman_sim::shape::shaped;
use dragoman_sim::shop::{Ship, Unlisted};
use dragoman_sim::{Spoken, json};
use serde_json::{Map, Value};

use crate::platform::Platform;
use crate::request::{Answer, value};
use crate::simulator::{Simulator, Visit};

impl Simulator {
    /// Does what a platform is asked.
    pub(crate) fn sell(&self, visit: &mut Visit<'_>, platform: &Platform) -> Answer {
        match visit.route.plays {
            Plays::Orders => self.orders(visit, platform),
            Plays::Order => self.order(visit, platform),
            Plays::Ship => self.ship(visit, platform),
            Plays::Parcels => self.parcels(visit, platform),
            Plays::Graphql => self.graphql(visit, platform),
            _ => self.refuse("unknown_path", Spoken::default()),
        }
    }

    /// Lists orders.
    fn orders(&self, visit: &mut Visit<'_>, platform: &Platform) -> Answer {
        let Some(list) = &visit.route.list else { return self.refuse("unknown_path", Spoken::default()) };
        let parameters = visit.request.said();
        match platform.list(list, &parameters, visit.listing, (visit.now, self.pace())) {
            Ok(mut spoken) => {
                if let (Some(included), Some(Value::Array(orders))) =
                    (&visit.route.included, spoken.values.get_mut("orders"))
                {
                    for order in orders {
                        leave_out(order, included, &parameters);
                    }
                }
                self.say(visit.route, spoken)
            }
            Err(Unlisted::Wrong(message)) => {
                self.refuse("bad_request", Spoken::default().text("message", message))
            }
            Err(Unlisted::Token) => self.refuse("bad_token", Spoken::default()),
        }
    }

    /// Lists the parcels of an order.
    fn parcels(&self, visit: &mut Visit<'_>, platform: &Platform) -> Answer {
        let id = order_named(visit);
        match platform.parcels(&id) {
            Some(spoken) => {
                visit.entry.order = id;
                self.say(visit.route, spoken)
            }
            None => self.refuse("not_found", Spoken::default()),
        }
    }

    /// Gives an order.
    fn order(&self, visit: &mut Visit<'_>, platform: &Platform) -> Answer {
        let id = order_named(visit);
        let Some(mut order) = platform.order(&id, visit.listing) else {
            return self.refuse("not_found", Spoken::default());
        };
        visit.entry.order = id;
        if let Some(included) = &visit.route.included {
            leave_out(&mut order, included, &visit.request.parameters());
        }
        self.say(visit.route, Spoken::default().value("order", order))
    }

    /// Takes a parcel.
    fn ship(&self, visit: &mut Visit<'_>, platform: &Platform) -> Answer {
        let Some(ship) = &visit.route.ship else { return self.refuse("unknown_path", Spoken::default()) };
        let refused =
            |message: String| self.refuse("bad_request", Spoken::default().text("message", message));
        let body = visit.request.object();
        let id = match visit.step("order") {
            "" => visit.route.order.as_ref().and_then(|path| json::text(&body, path)),
            id => Some(id.to_owned()),
        };
        let Some(id) = id.or_else(|| platform.order_of(ship, &body)) else {
            return self.refuse("not_found", Spoken::default());
        };
        if platform.order(&id, visit.listing).is_none() {
            return self.refuse("not_found", Spoken::default());
        }
        match platform.ship(ship, &id, &body, visit.now) {
            Ok(spoken) => {
                visit.entry.order.clone_from(&id);
                visit.entry.taken = true;
                visit.entry.lrn = parcel(ship, &id, &body);
                self.tell(platform, &id, false, visit.now);
                self.say(visit.route, spoken)
            }
            Err(error) => refused(error.0),
        }
    }

    /// Answers a request of GraphQL.
    fn graphql(&self, visit: &mut Visit<'_>, platform: &Platform) -> Answer {
        let wrong = |message: &str| self.refuse("bad_query", Spoken::default().text("message", message));
        let Ok(Value::Object(body)) = serde_json::from_slice(&visit.request.body) else {
            return wrong("the body is no JSON object");
        };
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let name = text("operationName");
        let none = Map::new();
        let variables = body.get("variables").and_then(Value::as_object).unwrap_or(&none);
        let document = match graphql::parse(text("query").unwrap_or_default()) {
            Ok(document) => document,
            Err(error) => return wrong(&error),
        };
        let (mut spoken, is_paid) = match self.pay(visit, &document, name, variables) {
            Ok(paid) => paid,
            Err(error) => return wrong(&error),
        };
        if !is_paid {
            return self.refuse("throttled", spoken);
        }
        let run = graphql::run(&document, name, variables, &mut |field, arguments| {
            let known = visit.route.field.iter().find(|known| known.name == field);
            let known = known.ok_or_else(|| format!("Field '{field}' doesn't exist"))?;
            self.field(visit, platform, known, arguments)
        });
        match run {
            Ok(outcome) => {
                if let Some(grant) = visit.granted.take() {
                    spoken = spoken.text("access", grant.access);
                }
                spoken = spoken.value("data", outcome.data).value("actual", outcome.objects);
                self.say(visit.route, spoken)
            }
            Err(error) => wrong(&error),
        }
    }

    /// Takes the points that a request costs, and says what is left; false where there are too few.
    fn pay(
        &self,
        visit: &Visit<'_>,
        document: &Document,
        name: Option<&str>,
        variables: &Map<String, Value>,
    ) -> Result<(Spoken, bool), String> {
        let cost = document.cost(name, variables)?;
        let mut spoken = Spoken::default().value("requested", cost);
        let Some(points) = visit.route.points else { return Ok((spoken, true)) };
        let paid = self.take_points(points, cost, visit.now);
        let left = paid.unwrap_or_else(|left| left);
        spoken = spoken.value("most", points.most).value("restore", points.restore).value("left", left);
        Ok((spoken, paid.is_ok()))
    }

    fn field(
        &self,
        visit: &mut Visit<'_>,
        platform: &Platform,
        field: &Field,
        arguments: &Map<String, Value>,
    ) -> Result<Value, String> {
        let listing = visit.listing;
        visit.entry.route.clone_from(&field.name);
        let said = |spoken: &Spoken| shaped(&field.json, spoken).unwrap_or(Value::Null);
        let arguments = Value::Object(arguments.clone());
        match (field.plays, &field.list, &field.ship) {
            (Plays::Orders, Some(list), _) => {
                let parameters = terms(&arguments);
                let listed = platform.list(list, &parameters, listing, (visit.now, self.pace()));
                listed.map(|spoken| said(&spoken)).map_err(|error| match error {
                    Unlisted::Wrong(message) => message,
                    Unlisted::Token => format!("Invalid cursor for {}", list.token),
                })
            }
            (Plays::Order, ..) => {
                let id = json::text(&arguments, "id").unwrap_or_default();
                visit.entry.order.clone_from(&id);
                Ok(platform
                    .order(&id, listing)
                    .map_or(Value::Null, |order| said(&Spoken::default().value("order", order))))
            }
            (Plays::Token, ..) => {
                visit.granted = self.granted(&terms(&arguments), visit.now);
                let shape = if visit.granted.is_some() { Some(&field.json) } else { field.refused.as_ref() };
                Ok(shape.and_then(|shape| shaped(shape, &Spoken::default())).unwrap_or(Value::Null))
            }
            (Plays::Answer, ..) => Ok(said(&Spoken::default())),
            (Plays::Ship, _, Some(ship)) => Ok(self.shipped(visit, platform, ship, &arguments, field)),
            _ => Err(format!("Field '{}' doesn't exist", field.name)),
        }
    }

    fn shipped(
        &self,
        visit: &mut Visit<'_>,
        platform: &Platform,
        ship: &Ship,
        arguments: &Value,
        field: &Field,
    ) -> Value {
        let named = visit.route.order.as_ref().and_then(|path| json::text(arguments, path));
        let id = named.or_else(|| platform.order_of(ship, arguments)).unwrap_or_default();
        let (shape, spoken) = match platform.ship(ship, &id, arguments, visit.now) {
            Ok(spoken) => {
                visit.entry.order.clone_from(&id);
                visit.entry.taken = true;
                visit.entry.lrn = parcel(ship, &id, arguments);
                self.tell(platform, &id, false, visit.now);
                (Some(&field.json), spoken)
            }
            Err(error) => (field.refused.as_ref(), Spoken::default().text("message", error.0)),
        };
        shape.and_then(|shape| shaped(shape, &spoken)).unwrap_or(Value::Null)
    }
}

/// The field that is asked for, where GraphQL is spoken: behaviours are played on it.
pub(crate) fn asked_field(visit: &Visit<'_>) -> Option<String> {
    if visit.route.plays != Plays::Graphql {
        return None;
    }
    let body: Value = serde_json::from_slice(&visit.request.body).ok()?;
    let document = graphql::parse(body.get("query")?.as_str()?).ok()?;
    document.first_field(body.get("operationName").and_then(Value::as_str)).map(str::to_owned)
}

/// What a parcel is known by in the log: a second time it is the same.
fn parcel(ship: &Ship, order: &str, body: &Value) -> String {
    let number = ship.number.as_ref().and_then(|path| json::text(body, path));
    let number = number.or_else(|| json::text(body, &ship.tracking)).unwrap_or_default();
    format!("{order} {number}")
}

/// The order that a request names: by a step of its path, or by a parameter.
fn order_named(visit: &Visit<'_>) -> String {
    let named = visit.route.order.as_deref();
    match (visit.step("order"), named) {
        ("", Some(name)) => value(&visit.request.said(), name).unwrap_or_default().to_owned(),
        (id, _) => id.to_owned(),
    }
}

/// Leaves out what was not asked for.
fn leave_out(order: &mut Value, included: &Included, parameters: &[(String, String)]) {
    let asked = value(parameters, &included.parameter).unwrap_or_default();
    for (name, paths) in &included.members {
        if asked.split(',').all(|asked| asked != name) {
            for path in paths {
                json::remove(order, path);
            }
        }
    }
}

/// The arguments of a field, those in one another with dots between, and the terms of a search among them:
/// `updated_at:>='…'` is `updated_at>=`.
fn terms(arguments: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, value) in arguments.as_object().into_iter().flatten() {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => continue,
            Value::Object(_) => {
                let inner = terms(value).into_iter();
                found.extend(inner.map(|(inner, value)| (format!("{name}.{inner}"), value)));
                continue;
            }
            value => value.to_string(),
        };
        for term in text.split(" AND ").filter(|_| name == "query") {
            let (field, rest) = term.trim().split_once(':').unwrap_or((term, ""));
            let end = rest.find(|letter| !"<>=".contains(letter)).unwrap_or(rest.len());
            let (sign, value) = rest.split_at_checked(end).unwrap_or((rest, ""));
            found.push((format!("{field}{sign}"), value.trim_matches(['\'', '"']).to_owned()));
        }
        if name != "query" {
            found.push((name.clone(), text));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_read_term_by_term() {
        let query =
            "updated_at:>='2026-11-22T10:00:00Z' AND updated_at:<='2026-11-22T11:00:00Z' AND status:open";
        let arguments = serde_json::json!({ "first": 50, "after": null, "query": query });
        let expected = [
            ("first", "50"),
            ("updated_at>=", "2026-11-22T10:00:00Z"),
            ("updated_at<=", "2026-11-22T11:00:00Z"),
            ("status", "open"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut found = terms(&arguments);
        found.sort_by_key(|(name, _)| expected.iter().position(|(known, _)| known == name));
        assert_eq!(found, expected);
    }
}
