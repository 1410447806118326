//! Today: four numbers, the last 30 days by corridor, and what needs a person.

use std::collections::BTreeMap;

use dragoman_engine::{AccountView, Today};
use dragoman_store::Figure;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::frame::{Area, Frame, Page};
use crate::parts::{self, Column, Day};
use crate::texts::{Texts, filled};

/// So many days are shown.
const DAYS: i64 = 30;
/// So many corridors are drawn; all are in the table.
const DRAWN: usize = 6;
/// So much of what needs a person is on the page.
const NEEDING: usize = 20;

/// The page.
pub fn today(frame: &Frame<'_>, today: &Today, accounts: &[AccountView]) -> String {
    let texts = frame.texts;
    let page =
        Page { area: Area::Today, title: texts.today, lead: None, live: "grants figures needing corridors" };
    frame.page(
        &page,
        &html! {
            div id="grants" { (grants(texts, accounts)) }
            div.figures id="figures" { (figures(texts, today)) }
            section id="needing" { (needing(texts, today)) }
            section id="corridors" { (corridors(texts, today)) }
        },
    )
}

/// Accounts that a person has to authorise, or soon has to authorise anew.
fn grants(texts: &Texts, accounts: &[AccountView]) -> Markup {
    html! {
        @for account in accounts.iter().filter(|account| account.needs_person) {
            @let given = account.authorisation.as_ref();
            @if given.is_none_or(|given| given.is_over) {
                div.notice.bad { (account.title) " · " (account.name) ": " (texts.grant_missing) ". " a href="/adapters" { (texts.authorise) } }
            } @else if let Some(given) = given.filter(|given| given.warn) {
                div.notice.warn {
                    (account.title) " · " (account.name) ": " (texts.grant) " "
                    @if let Some(lapses) = given.lapses { (texts.grant_lapses) (parts::moment(lapses)) ". " }
                    a href="/adapters" { (texts.authorise) }
                }
            }
        }
    }
}

fn figures(texts: &Texts, today: &Today) -> Markup {
    let days = days(today);
    let counts = |what: &str| -> Vec<u64> {
        let on = |day: &Date| {
            let day = day.to_string();
            today.figures.iter().filter(|one| one.what == what && one.day == day).map(|one| one.count).sum()
        };
        days.iter().map(on).collect()
    };
    let figure = |title: &str, what: &str, address: &str| {
        let counts = counts(what);
        let now = counts.last().copied().unwrap_or_default();
        let week = counts.iter().rev().skip(1).take(7).sum::<u64>();
        html! {
            a.card.figure href=(address) {
                span { (title) } b { (now) }
                span.soft { (filled(texts.today_so_far, &[&average(week)])) }
                (parts::trend(texts, &counts))
            }
        }
    };
    let rejected = counts("rejected");
    html! {
        (figure(texts.orders_in, "orders", "/orders"))
        (figure(texts.declared, "declared", "/declarations"))
        (figure(texts.cleared, "cleared", "/declarations?status=cleared"))
        a.card.figure.asks[today.needing > 0] href="#needing" {
            span { (texts.needing_you) } b { (today.needing) }
            span.soft { (filled(texts.rejected_today, &[&rejected.last().copied().unwrap_or_default().to_string()])) }
            (parts::trend(texts, &rejected))
        }
    }
}

/// A seventh, with one decimal.
fn average(week: u64) -> String {
    let tenths = (week * 10 + 3) / 7;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn needing(texts: &Texts, today: &Today) -> Markup {
    let columns =
        [Column::Title, Column::Needs, Column::Status, Column::Account, Column::Worth, Column::Changed];
    let shown = today.needs.get(..NEEDING).unwrap_or(&today.needs);
    html! {
        h2 { (texts.needs_person) @if !shown.is_empty() { " " span.hint { (texts.oldest_first) } } }
        @if shown.is_empty() {
            div.empty { p { (texts.needs_nobody) } a href="/orders" { (texts.orders) } }
        } @else {
            (parts::rows(texts, &columns, shown))
            @if today.needing > shown.len() as u64 { p { a href="/declarations?needs=correct" { (texts.see_all) } } }
        }
    }
}

/// The days that are shown, oldest first.
fn days(today: &Today) -> Vec<Date> {
    let last: Date = today.day.parse().unwrap_or_default();
    (0..DAYS).rev().filter_map(|before| last.checked_sub(before.days()).ok()).collect()
}

/// What was declared in a corridor.
struct Corridor<'f> {
    name: &'f str,
    count: u64,
    figures: Vec<&'f Figure>,
}

fn corridors(texts: &Texts, today: &Today) -> Markup {
    let mut by_name: BTreeMap<&str, Corridor<'_>> = BTreeMap::new();
    for figure in today.figures.iter().filter(|figure| figure.what == "declared") {
        let name = figure.corridor.as_str();
        let corridor = by_name.entry(name).or_insert(Corridor { name, count: 0, figures: Vec::new() });
        corridor.count += figure.count;
        corridor.figures.push(figure);
    }
    let mut corridors: Vec<_> = by_name.into_values().collect();
    corridors.sort_by_key(|corridor| std::cmp::Reverse(corridor.count));
    let days = days(today);
    html! {
        h2 { (texts.last_days) }
        @if corridors.is_empty() {
            div.empty { p { (texts.declarations_empty) } a href="/orders" { (texts.declarations_next) } }
        } @else {
            div.corridors {
                @for corridor in corridors.iter().take(DRAWN) { (drawn(texts, corridor, &days)) }
            }
            @if corridors.len() > DRAWN {
                p { (filled(texts.other_corridors, &[&(corridors.len() - DRAWN).to_string()])) }
            }
            details { summary { (texts.as_table) } (table(texts, &corridors)) }
        }
    }
}

fn name(texts: &Texts, corridor: &Corridor<'_>) -> String {
    if corridor.name.is_empty() { texts.no_corridor.to_owned() } else { parts::corridor_name(corridor.name) }
}

/// The sums of figures by currency, the largest count of figures first.
fn sums<'f>(figures: impl Iterator<Item = &'f &'f Figure>) -> Vec<(String, Decimal)> {
    let mut sums: BTreeMap<&str, (u64, Decimal)> = BTreeMap::new();
    for figure in figures.filter(|figure| !figure.currency.is_empty()) {
        let (count, sum) = sums.entry(&figure.currency).or_default();
        *count += figure.count;
        *sum = sum.checked_add(figure.amount.parse().unwrap_or_default()).unwrap_or(*sum);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    sums.into_iter().map(|(currency, (_, sum))| (currency.to_owned(), sum)).collect()
}

/// Sums for people.
fn worth(sums: &[(String, Decimal)]) -> String {
    let all: Vec<_> =
        sums.iter().map(|(currency, sum)| parts::amount(&format!("{sum} {currency}"))).collect();
    all.join(" + ")
}

fn drawn(texts: &Texts, corridor: &Corridor<'_>, days: &[Date]) -> Markup {
    let total = sums(corridor.figures.iter());
    // Bars compare one currency with itself: the one that is used most.
    let main = total.first().map(|(currency, _)| currency.as_str()).unwrap_or_default();
    let day = |day: &Date| {
        let text = day.to_string();
        let of_day: Vec<_> = corridor.figures.iter().filter(|figure| figure.day == text).copied().collect();
        let sums = sums(of_day.iter());
        let drawn = sums.iter().find(|(currency, _)| currency == main).map(|(_, sum)| *sum);
        Day {
            date: *day,
            count: of_day.iter().map(|figure| figure.count).sum(),
            height: drawn.and_then(|sum| sum.ceil().to_u64()).unwrap_or_default(),
            worth: worth(&sums),
        }
    };
    let shown: Vec<_> = days.iter().map(day).collect();
    parts::corridor(texts, &name(texts, corridor), &shown, &worth(&total))
}

fn table(texts: &Texts, corridors: &[Corridor<'_>]) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { (texts.corridor) } th.num { (texts.count) } th.num { (texts.worth) } } }
            tbody {
                @for corridor in corridors {
                    tr {
                        td { (name(texts, corridor)) }
                        td.num { (corridor.count) }
                        td.num { (worth(&sums(corridor.figures.iter()))) }
                    }
                }
            }
        } }
    }
}
