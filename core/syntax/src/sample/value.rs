//! Values of a form: within its length, its digits, its range, its patterns and its codes.

use dragoman_tree::PlaceId;

use super::pattern;
use super::random::Random;
use crate::grammar::{Base, CodeList, Facets, Grammar, Pattern, Syntax};
use crate::validate::fits;

/// The longest text; longer ones say nothing that these do not.
const LONGEST: u32 = 24;
/// How often a value is drawn before the last one is taken as it is.
const TRIES: u32 = 2000;

const DIGITS: &str = "0123456789";
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const PLAIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A value that may stand at a place.
pub(super) fn value(grammar: &Grammar, place: PlaceId, random: &mut Random) -> String {
    let Some(facets) = grammar.facets_of(place) else { return "X".to_owned() };
    let mut text = String::new();
    for _ in 0..TRIES {
        text = match grammar.list_of(place) {
            Some(list) => code(list, random),
            None => draw(grammar.syntax, facets, random),
        };
        if fits(grammar, place, &text) {
            break;
        }
    }
    text
}

fn code(list: &CodeList, random: &mut Random) -> String {
    let at = random.below(list.codes.len() as u64) as usize;
    list.codes.get(at).map(ToString::to_string).unwrap_or_default()
}

/// A value that has a fair chance to fit.
fn draw(syntax: Syntax, facets: &Facets, random: &mut Random) -> String {
    // One of the patterns; whether the others match is seen then. Those of days know no calendar.
    let is_moment = matches!(facets.base, Base::Date | Base::Time | Base::DateTime);
    let patterns = facets.patterns.iter().filter(|_| !is_moment);
    let sources: Vec<&str> = patterns.map(Pattern::source).collect();
    if let Some(drawn) = random.pick(&sources).and_then(|source| pattern::matching(source, random)) {
        return drawn;
    }
    match facets.base {
        Base::Decimal | Base::Number => number(facets, true, random),
        Base::Int | Base::Integer => number(facets, false, random),
        Base::Bool => random.pick(&["true", "false"]).unwrap_or_default().to_owned(),
        Base::Date => date(random, "-"),
        Base::Time => time(random, ":"),
        Base::DateTime => format!("{}T{}", date(random, "-"), time(random, ":")),
        Base::N => numeric(facets, random),
        Base::Dt => {
            let date = date(random, "");
            let is_short = facets.max_length < 8 || (facets.min_length < 8 && random.once_in(2));
            if is_short { date.chars().skip(2).collect() } else { date }
        }
        Base::Tm => {
            let time = time(random, "");
            let is_long = facets.min_length > 4 || (facets.max_length >= 6 && random.once_in(2));
            if is_long { time } else { time.chars().take(4).collect() }
        }
        Base::A => letters(facets, CAPITALS, "", random),
        Base::Text | Base::Token | Base::An | Base::String | Base::Any => {
            letters(facets, PLAIN, special(syntax), random)
        }
    }
}

/// The characters that writers have to take care of, and letters beyond ASCII where all receivers take them.
const fn special(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Edifact => " '+:?,.-",
        Syntax::X12 => " *:&,.-/",
        Syntax::Xml => " &<>'\"é漢",
        Syntax::Json => " \"\\/é漢",
        Syntax::Flat => " .-/",
    }
}

/// Between how many characters a text has.
fn length(facets: &Facets, random: &mut Random) -> u32 {
    random.between(facets.min_length.max(1), facets.max_length.min(LONGEST).max(facets.min_length))
}

fn letters(facets: &Facets, plain: &str, special: &str, random: &mut Random) -> String {
    let (plain, special): (Vec<char>, Vec<char>) = (plain.chars().collect(), special.chars().collect());
    let length = length(facets, random);
    let letter = |at: u32| {
        // White space at an end may mean nothing.
        let is_inside = at > 0 && at + 1 < length;
        let strange = if is_inside && random.once_in(10) { random.pick(&special) } else { None };
        strange.or_else(|| random.pick(&plain)).unwrap_or('X')
    };
    (0..length).map(letter).collect()
}

fn digits(count: u32, random: &mut Random) -> String {
    let mut number =
        letters(&Facets { min_length: count, max_length: count, ..Facets::of(Base::N) }, DIGITS, "", random);
    if count > 1 && number.starts_with('0') {
        number.replace_range(..1, "1");
    }
    number
}

/// Digits of EDI, now and then with decimals.
fn numeric(facets: &Facets, random: &mut Random) -> String {
    let mut number = digits(length(facets, random).min(12).max(facets.min_length), random);
    let whole = number.len().saturating_sub(2);
    if facets.implied.is_none() && whole > 0 && facets.max_length > 5 && random.once_in(4) {
        number.insert(whole, '.');
    }
    number
}

/// A decimal literal within digits and range; `decimals` where it may have some.
fn number(facets: &Facets, decimals: bool, random: &mut Random) -> String {
    let bound = |bound: &Option<Box<str>>| bound.as_deref().and_then(|bound| bound.parse::<i64>().ok());
    let (least, most) = (bound(&facets.range.0), bound(&facets.range.1));
    if least.is_some() || most.is_some() {
        let least = least.unwrap_or(0).max(0);
        let span = most.unwrap_or(least.saturating_add(999)).saturating_sub(least);
        let reach = span.min(random.pick(&[9, 99, 9999]).unwrap_or(9)).unsigned_abs();
        return (least.unsigned_abs() + random.below(reach + 1)).to_string();
    }
    let (total, fraction) = facets.digits.unwrap_or((9, 2));
    let after = if decimals { random.between(0, fraction.min(3).min(total.saturating_sub(1))) } else { 0 };
    let most = total.saturating_sub(after).clamp(1, 6).min(facets.max_length.max(1));
    let before = random.between(facets.min_length.clamp(1, most), most);
    let whole = digits(before, random);
    if after == 0 { whole } else { format!("{whole}.{}", digits(after, random)) }
}

/// A day of 2024 to 2027.
fn date(random: &mut Random, sign: &str) -> String {
    let (year, month, day) = (random.between(2024, 2027), random.between(1, 12), random.between(1, 28));
    format!("{year}{sign}{month:02}{sign}{day:02}")
}

fn time(random: &mut Random, sign: &str) -> String {
    let (hour, minute, second) = (random.between(0, 23), random.between(0, 59), random.between(0, 59));
    format!("{hour:02}{sign}{minute:02}{sign}{second:02}")
}
