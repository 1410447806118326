//! Charts, as drawings in the page. What they show can also be read: every bar says its day and figures, and a table
//! stands beside them.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::texts::Texts;

/// One day of a corridor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which one.
    pub date: Date,
    /// How many.
    pub count: u64,
    /// What they are worth, in whole units, for the height of the bar.
    pub height: u64,
    /// What they are worth, for people.
    pub worth: String,
}

/// The width of a day, and the height of a half.
const WIDTH: u64 = 10;
const HALF: u64 = 50;

/// Counts upwards and values downwards, a bar a day.
pub fn corridor(texts: &Texts, title: &str, days: &[Day], total: &str) -> Markup {
    let most = days.iter().map(|day| day.count).max().unwrap_or_default().max(1);
    let dearest = days.iter().map(|day| day.height).max().unwrap_or_default().max(1);
    let count: u64 = days.iter().map(|day| day.count).sum();
    let width = WIDTH * days.len() as u64;
    html! {
        figure.corridor {
            figcaption.row {
                strong { (title) }
                span.key { (count) " " (texts.counts_above) }
                span.key.two { (total) }
            }
            svg viewBox={ "0 0 " (width) " 101" } preserveAspectRatio="none" role="img" aria-label={ (title) ": " (count) " " (texts.counts_above) ", " (total) } {
                @for (x, day) in (0..).step_by(WIDTH as usize).zip(days) {
                    @if day.count > 0 {
                        @let (up, down) = (scaled(day.count, most), scaled(day.height, dearest));
                        g {
                            title { (day.date) ": " (day.count) @if !day.worth.is_empty() { ", " (day.worth) } }
                            rect.count x=(x + 1) y=(HALF - up) width=(WIDTH - 2) height=(up) {}
                            rect.worth x=(x + 1) y=(HALF + 1) width=(WIDTH - 2) height=(down) {}
                        }
                    }
                }
                line.axis x1="0" y1="50.5" x2=(width) y2="50.5" {}
            }
            @if let (Some(first), Some(last)) = (days.first(), days.last()) {
                div.days { span { (short(first.date)) } span { (short(last.date)) } }
            }
        }
    }
}

/// What a value is drawn as: something always shows.
fn scaled(value: u64, most: u64) -> u64 {
    let height = u128::from(value) * u128::from(HALF) / u128::from(most);
    u64::try_from(height).unwrap_or(HALF).clamp(u64::from(value > 0), HALF)
}

fn short(day: Date) -> String {
    day.strftime("%-d %b").to_string()
}

/// A line through the counts of some days.
pub fn trend(texts: &Texts, counts: &[u64]) -> Markup {
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    let points: Vec<_> = (0_u64..)
        .step_by(WIDTH as usize)
        .zip(counts)
        .map(|(x, count)| format!("{x},{}", HALF + 2 - scaled(*count, most)))
        .collect();
    let width = WIDTH * (counts.len().max(2) as u64 - 1);
    html! {
        svg viewBox={ "0 0 " (width) " 54" } preserveAspectRatio="none" role="img" aria-label=(texts.last_days) {
            polyline.trend points=(points.join(" ")) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bars_stay_in_their_half(value in any::<u64>(), most in 1_u64..) {
            let height = scaled(value.min(most), most);
            prop_assert!(height <= HALF);
            prop_assert_eq!(height == 0, value == 0);
        }
    }
}
