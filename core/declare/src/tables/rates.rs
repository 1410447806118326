//! Rates of exchange, each for a day and a purpose.

use dragoman_model::{Currency, DateTime, Decimal, Source, decimal};
use dragoman_tree::{Finding, Span};
use jiff::civil::Date;

use crate::findings::BAD_RATE;

/// The rates of exchange as they were read.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    pub(super) rows: Vec<Row>,
    /// What is worth saying about them.
    pub findings: Vec<Finding>,
}

/// One rate.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub day: Date,
    pub purpose: String,
    pub from: String,
    pub to: String,
    pub rate: Decimal,
    /// The rate as it stands.
    pub text: String,
    pub source: String,
    /// Where it stands; nowhere, where it was published and is not in a table yet.
    pub span: Span,
}

impl Row {
    /// True for a rate of the same day, purpose and currencies.
    pub fn is_for_the_same(&self, other: &Self) -> bool {
        (self.day, &self.purpose, &self.from, &self.to) == (other.day, &other.purpose, &other.from, &other.to)
    }

    /// The line of a table.
    pub fn line(&self) -> String {
        let quoted = |text: &str| {
            let is_plain = !text.contains(['"', ',', '\n', '\r']);
            if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
        };
        let Self { day, purpose, from, to, text, source, .. } = self;
        format!("{day},{},{from},{to},{text},{}", quoted(purpose), quoted(source))
    }
}

pub(super) const COLUMNS: [&str; 6] = ["date", "purpose", "from", "to", "rate", "source"];

impl Rates {
    /// Reads a table of rates (CSV with the columns `date,purpose,from,to,rate,source`): one unit of `from` is `rate`
    /// units of `to`. A row with a mistake does not count.
    pub fn read(text: &str) -> Self {
        let (columns, records, findings) = super::table(text, "the table of rates", COLUMNS);
        let mut rates = Self { rows: Vec::new(), findings };
        for record in &records {
            let [day, purpose, from, to, rate, source] = columns.cells(record);
            let date = DateTime::parse(&day.text, None).and_then(|time| time.day());
            let value = decimal(&rate.text).ok().filter(|value| *value > Decimal::ZERO);
            let wrong = if date.is_none() {
                Some((&day, "is no day, such as 2026-11-01"))
            } else if Currency::of(&from.text).is_none() {
                Some((&from, "is no currency code"))
            } else if Currency::of(&to.text).is_none() {
                Some((&to, "is no currency code"))
            } else {
                value.is_none().then_some((&rate, "is no rate above 0"))
            };
            if let Some((cell, message)) = wrong {
                let message = format!("`{}` {message}: the row does not count", cell.text);
                rates.findings.push(Finding::error(&BAD_RATE, message).at(0, cell.span));
            } else if let Some((day, value)) = date.zip(value) {
                let span = rate.span;
                let texts = [purpose, from, to, rate, source].map(|cell| cell.text.into_owned());
                let [purpose, from, to, text, source] = texts;
                rates.rows.push(Row { day, purpose, from, to, rate: value, text, source, span });
            }
        }
        rates
    }

    /// An amount in another currency, and the rate that was taken: of those for the purpose that count on the day the
    /// newest, directly or, where only the way back is in the table, inverted. `None` where there is none.
    pub(crate) fn convert(
        &self,
        amount: Decimal,
        from: &str,
        to: &str,
        purpose: &str,
        on: Date,
    ) -> Option<(Decimal, Source)> {
        let counts = |row: &&Row| row.purpose == purpose && is_current(purpose, row.day, on);
        let newest = |from: &str, to: &str| {
            let rows = self.rows.iter().filter(counts).filter(|row| row.from == from && row.to == to);
            rows.max_by_key(|row| row.day)
        };
        let (row, converted) = match newest(from, to) {
            Some(row) => (row, amount.checked_mul(row.rate)),
            None => newest(to, from).map(|row| (row, amount.checked_div(row.rate)))?,
        };
        let source = Source::Rate {
            from: row.from.as_str().into(),
            to: row.to.as_str().into(),
            date: row.day.to_string().into(),
            span: row.span,
        };
        Some((converted?, source))
    }
}

/// True where a rate of that day counts on another: one whose purpose ends in `-month` in its calendar month, one that
/// ends in `-day` on its day, any other from its day on.
fn is_current(purpose: &str, day: Date, on: Date) -> bool {
    match purpose.rsplit('-').next() {
        Some("month") => (day.year(), day.month()) == (on.year(), on.month()),
        Some("day") => day == on,
        _ => day <= on,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TEXT: &str = "date,purpose,from,to,rate,source
2026-10-01,customs-month,USD,GBP,0.75,example
2026-11-01,customs-month,USD,GBP,0.7421,example
2026-11-01,customs-month,GBP,EUR,1.25,example
2026-11-01,book,USD,GBP,0.8,example
someday,customs-month,USD,GBP,1,example
2026-11-01,customs-month,USD,GBP,0,example
2026-11-01,customs-month,DOLLAR,GBP,1,example
";

    #[test]
    fn a_rate_counts_in_its_period_for_its_purpose() {
        let rates = Rates::read(TEXT);
        let of = |from: &str, to: &str, purpose: &str, on| {
            let (sum, source) = rates.convert(Decimal::from(100), from, to, purpose, on)?;
            let Source::Rate { span, .. } = source else { panic!() };
            Some((sum.normalize().to_string(), &TEXT[span.range()]))
        };
        let some = |sum: &str, rate| Some((sum.to_owned(), rate));
        assert_eq!(of("USD", "GBP", "customs-month", date(2026, 11, 30)), some("74.21", "0.7421"));
        assert_eq!(of("USD", "GBP", "customs-month", date(2026, 10, 1)), some("75", "0.75"));
        assert_eq!(of("USD", "GBP", "customs-month", date(2026, 12, 1)), None);
        assert_eq!(of("USD", "GBP", "book", date(2026, 12, 1)), some("80", "0.8"));
        assert_eq!(of("EUR", "GBP", "customs-month", date(2026, 11, 1)), some("80", "1.25"), "inverted");
        assert_eq!(of("USD", "EUR", "customs-month", date(2026, 11, 1)), None, "no rate is made of two");
        assert_eq!(rates.findings.len(), 3);
    }
}
