//! Rates of exchange as they are published, and the table that they are kept in.

use std::fmt::Write;

use dragoman_model::Currency;
use dragoman_tree::Finding;
use jiff::civil::Date;
use jiff::fmt::strtime;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rust_decimal::Decimal;

use super::rates::{COLUMNS, Rates, Row};
use crate::csv::records;

/// Who publishes rates, and in which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publisher {
    /// The European Central Bank: euro foreign exchange reference rates, of a day or of many (`eurofxref-daily.xml`,
    /// `eurofxref-hist.xml`).
    EuropeanCentralBank,
    /// HM Revenue & Customs: monthly exchange rates for customs and VAT, as XML or CSV.
    RevenueAndCustoms,
    /// A table of rates as it is kept here.
    Table,
}

/// Rates as somebody published them.
#[derive(Clone, Debug)]
pub struct Published {
    /// Who did.
    pub publisher: Publisher,
    /// The rates; their purpose is the publisher's usual one where the file names none.
    rows: Vec<Row>,
    /// What is wrong with some of them.
    pub findings: Vec<Finding>,
}

/// Why rates were not taken into a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RatesError {
    /// It is none of the forms that are known.
    #[error("this is no publication of rates that is known")]
    Unknown,
    /// It is one of them, and broken.
    #[error("the publication cannot be read: {0}")]
    Broken(String),
    /// The table has another rate for the same.
    #[error("{day}, {purpose}: the table has {old} {to} for one {from}, and {new} is published")]
    Other {
        /// The day.
        day: Date,
        /// What it is for.
        purpose: String,
        /// What is changed.
        from: String,
        /// Into what.
        to: String,
        /// The rate in the table.
        old: String,
        /// The rate that was published.
        new: String,
    },
}

impl Publisher {
    /// What its rates are for, in the words of rules.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::EuropeanCentralBank => "central-bank-day",
            Self::RevenueAndCustoms | Self::Table => "customs-month",
        }
    }

    /// What stands as the source of its rates.
    pub const fn source(self) -> &'static str {
        match self {
            Self::EuropeanCentralBank => "European Central Bank",
            Self::RevenueAndCustoms => "HM Revenue & Customs",
            Self::Table => "",
        }
    }
}

impl Published {
    /// Reads a publication: what it is, its content says.
    ///
    /// # Errors
    ///
    /// Where it is none that is known, or broken.
    pub fn read(text: &str) -> Result<Self, RatesError> {
        let (publisher, found) = if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
            of_xml(text)?
        } else if records(text).first().is_some_and(|head| head.iter().any(|cell| cell.text == "purpose")) {
            let Rates { rows, findings } = Rates::read(text);
            return Ok(Self { publisher: Publisher::Table, rows, findings });
        } else {
            (Publisher::RevenueAndCustoms, of_csv(text)?)
        };
        let row = |(day, from, to, rate): (Date, String, String, String)| {
            let value: Decimal = rate.parse().ok().filter(|rate| *rate > Decimal::ZERO)?;
            let is_known = Currency::of(&from).is_some() && Currency::of(&to).is_some();
            let (purpose, source) = (publisher.purpose().to_owned(), publisher.source().to_owned());
            let span = dragoman_tree::Span::default();
            is_known.then_some(Row { day, purpose, from, to, rate: value, text: rate, source, span })
        };
        let rows: Vec<_> = found.into_iter().filter_map(row).collect();
        if rows.is_empty() {
            Err(RatesError::Unknown)
        } else {
            Ok(Self { publisher, rows, findings: Vec::new() })
        }
    }

    /// Takes the rates into the text of a table, which may be empty, and gives it with how many came and how many were there
    /// before. A purpose and a source that are named take the place of the publisher's.
    ///
    /// # Errors
    ///
    /// Where the table has another rate for the same day, purpose and currencies: nothing is taken then.
    pub fn into_table(
        &self,
        table: &str,
        purpose: Option<&str>,
        source: Option<&str>,
    ) -> Result<(String, usize, usize), RatesError> {
        let known = Rates::read(table);
        let mut text = table.to_owned();
        if text.trim().is_empty() {
            text = format!("{}\n", COLUMNS.join(","));
        } else if !text.ends_with('\n') {
            text.push('\n');
        }
        let (mut new, mut old) = (Vec::<Row>::new(), 0);
        for row in &self.rows {
            let purpose = purpose.unwrap_or(&row.purpose).to_owned();
            let source = source.unwrap_or(&row.source).to_owned();
            let row = Row { purpose, source, ..row.clone() };
            match known.rows.iter().chain(&new).find(|known| known.is_for_the_same(&row)) {
                None => {
                    let _ = writeln!(text, "{}", row.line());
                    new.push(row);
                }
                Some(known) if known.rate == row.rate => old += 1,
                Some(known) => {
                    let Row { day, purpose, from, to, text: rate, .. } = row;
                    return Err(RatesError::Other {
                        day,
                        purpose,
                        from,
                        to,
                        old: known.text.clone(),
                        new: rate,
                    });
                }
            }
        }
        Ok((text, new.len(), old))
    }
}

/// A rate as it stands in a publication: the day from which it counts, and what one unit of the first currency is in the
/// second.
type Stated = (Date, String, String, String);

/// XML: what the root is says whose it is.
fn of_xml(text: &str) -> Result<(Publisher, Vec<Stated>), RatesError> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    let (mut publisher, mut day) = (None, None);
    let (mut inside, mut currency) = (String::new(), String::new());
    loop {
        match reader.read_event().map_err(|error| RatesError::Broken(error.to_string()))? {
            Event::Start(tag) | Event::Empty(tag) => {
                tag.local_name().as_ref().clone_into(&mut inside);
                match inside.as_str() {
                    "Cube" => {
                        publisher = Some(Publisher::EuropeanCentralBank);
                        day = attribute(&tag, "time").map_or(day, |time| time.parse().ok());
                        if let (Some(day), Some(to), Some(rate)) =
                            (day, attribute(&tag, "currency"), attribute(&tag, "rate"))
                        {
                            found.push((day, "EUR".to_owned(), to, rate));
                        }
                    }
                    "exchangeRateMonthList" => {
                        publisher = Some(Publisher::RevenueAndCustoms);
                        let period = attribute(&tag, "Period").unwrap_or_default();
                        day = month_begins(period.split(' ').next().unwrap_or_default());
                    }
                    _ => {}
                }
            }
            Event::Text(content) => {
                let content = content.trim().to_owned();
                match (inside.as_str(), day) {
                    ("currencyCode", _) if !content.is_empty() => currency = content,
                    ("rateNew", Some(day)) if !content.is_empty() => {
                        found.push((day, "GBP".to_owned(), std::mem::take(&mut currency), content));
                    }
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok((publisher.ok_or(RatesError::Unknown)?, found))
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok().flatten()?;
    Some(found.value.into_owned())
}

/// The monthly rates as CSV: currency units for one pound, from a day on.
fn of_csv(text: &str) -> Result<Vec<Stated>, RatesError> {
    let mut records = records(text).into_iter();
    let head = records.next().unwrap_or_default();
    let column = |name: &str| head.iter().position(|cell| cell.text.eq_ignore_ascii_case(name));
    let columns = ["currency code", "currency units per £1", "start date"].map(column);
    let [Some(code), Some(units), Some(start)] = columns else { return Err(RatesError::Unknown) };
    let stated = |record: crate::csv::Record<'_>| {
        let cell = |index: usize| record.get(index).map(|cell| cell.text.trim().to_owned());
        let mut parts = cell(start)?.split('/').map(str::to_owned).collect::<Vec<_>>().into_iter();
        let mut number = || parts.next()?.parse::<i16>().ok();
        let (day, month, year) = (number()?, number()?, number()?);
        let begins = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some((begins, "GBP".to_owned(), cell(code)?, cell(units)?))
    };
    Ok(records.filter_map(stated).collect())
}

/// The day of `01/Nov/2026`.
fn month_begins(text: &str) -> Option<Date> {
    strtime::parse("%d/%b/%Y", text).and_then(|parsed| parsed.to_date()).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const BANK: &str = r#"<gesmes:Envelope xmlns:gesmes="g" xmlns="e"><gesmes:subject>Reference rates</gesmes:subject><Cube>
        <Cube time="2026-11-27"><Cube currency="USD" rate="1.0512"/><Cube currency="JPY" rate="162.31"/></Cube>
        <Cube time="2026-11-26"><Cube currency="USD" rate="1.0490"/></Cube></Cube></gesmes:Envelope>"#;
    const MONTH: &str = r#"<exchangeRateMonthList Period="01/Nov/2026 to 30/Nov/2026"><exchangeRate><countryName>USA</countryName>
        <countryCode>US</countryCode><currencyName>Dollar</currencyName><currencyCode>USD</currencyCode><rateNew>1.3126</rateNew>
        </exchangeRate></exchangeRateMonthList>"#;
    const MONTH_TABLE: &str = "Country/Territories,Currency,Currency Code,Currency Units per £1,Start date,End date\n\
        USA,Dollar,USD,1.3126,01/11/2026,30/11/2026\nNowhere,Nothing,???,1,01/11/2026,30/11/2026\n";

    fn table(texts: &[&str]) -> String {
        texts.iter().fold(String::new(), |table, text| {
            Published::read(text).unwrap().into_table(&table, None, None).unwrap().0
        })
    }

    #[test]
    fn publications_become_one_table() {
        let text = table(&[BANK, MONTH, MONTH_TABLE]);
        let expected = "date,purpose,from,to,rate,source\n\
            2026-11-27,central-bank-day,EUR,USD,1.0512,European Central Bank\n\
            2026-11-27,central-bank-day,EUR,JPY,162.31,European Central Bank\n\
            2026-11-26,central-bank-day,EUR,USD,1.0490,European Central Bank\n\
            2026-11-01,customs-month,GBP,USD,1.3126,HM Revenue & Customs\n";
        assert_eq!(text, expected);
        let rates = Rates::read(&text);
        assert!(rates.findings.is_empty(), "{:?}", rates.findings);
        let (pounds, _) =
            rates.convert(Decimal::from(13126), "USD", "GBP", "customs-month", date(2026, 11, 30)).unwrap();
        assert_eq!(pounds.normalize(), Decimal::from(10000));
    }

    #[test]
    fn what_is_there_stays() {
        let before = table(&[MONTH]);
        let published = Published::read(MONTH_TABLE).unwrap();
        assert_eq!(published.into_table(&before, None, None).unwrap(), (before.clone(), 0, 1));
        let other = Published::read(&MONTH.replace("1.3126", "1.3127")).unwrap();
        let refused = other.into_table(&before, None, None).unwrap_err();
        assert!(
            matches!(refused, RatesError::Other { ref old, ref new, .. } if old == "1.3126" && new == "1.3127")
        );
        // Under another purpose it is another rate.
        let (text, new, _) = other.into_table(&before, Some("contract"), Some("contract 7, \"A\"")).unwrap();
        assert!(text.ends_with("2026-11-01,contract,GBP,USD,1.3127,\"contract 7, \"\"A\"\"\"\n") && new == 1);
        assert_eq!(
            Published::read(&text).unwrap().into_table("", None, None).unwrap().1,
            2,
            "a table is one as well"
        );
    }

    #[test]
    fn what_is_none_is_said() {
        for none in ["", "a,b\n1,2\n", "<rates/>", "<exchangeRateMonthList Period=\"soon\"/>", "<Cube"] {
            assert!(Published::read(none).is_err(), "{none}");
        }
    }
}
