//! What applies to a corridor on a day.

use axum::extract::{Query, State};
use dragoman_adapters::{Customs, Party};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::access::Visitor;
use crate::pages::rules::{self, Asked};
use crate::respond::{Answer, Failed, page};
use crate::site::Site;

/// A corridor and a day; today, and the first country whose rules are known, where nothing is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    from: String,
    to: String,
    on: String,
}

/// The page.
pub async fn show(State(site): State<Site>, visitor: Visitor, Query(wanted): Query<Wanted>) -> Answer {
    let catalogue = site.gateway().catalogue();
    let country =
        |party: &Party| if let Party::Customs(country) = party { Some(country.clone()) } else { None };
    let with_rules = catalogue.adapters().iter().filter(|adapter| adapter.rules.is_some());
    let known: Vec<(String, &str)> =
        with_rules.filter_map(|adapter| Some((country(&adapter.party)?, adapter.name.as_str()))).collect();
    let to = match wanted.to.trim() {
        "" => known.first().map(|(country, _)| country.clone()).unwrap_or_default(),
        to => to.to_uppercase(),
    };
    let today = site.gateway().clock().now().to_zoned(TimeZone::UTC).date();
    let on: Date = wanted.on.parse().unwrap_or(today);
    let customs =
        known.iter().find(|(country, _)| *country == to).map(|(_, name)| Customs::of(catalogue, name));
    let customs = customs.transpose().map_err(Failed::broken)?;
    let from = wanted.from.trim().to_uppercase();
    let asked = Asked {
        from,
        to,
        on,
        known: known.into_iter().map(|(country, _)| country).collect(),
        rules: customs.as_ref().map(|customs| {
            (&*customs.rules.title, customs.rules.all().iter().filter(|rule| rule.holds_on(on)).collect())
        }),
    };
    page(rules::rules(&visitor.frame(""), &asked))
}
