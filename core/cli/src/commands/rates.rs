//! `dragoman rates`: published rates of exchange, taken into the table that declarations and thresholds are reckoned by.

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;

use dragoman_declare::{Published, RatesError};

use crate::arguments::{ImportRates, Rates};
use crate::failure::{Failure, Outcome};
use crate::outputs::save;
use crate::terminal::print;

/// Runs a command on the table of rates.
pub fn run(arguments: &Rates) -> Result<Outcome, Failure> {
    let Rates::Import(arguments) = arguments;
    import(arguments)
}

/// Takes all files in, or none.
fn import(arguments: &ImportRates) -> Result<Outcome, Failure> {
    let ImportRates { inputs, into, purpose, source } = arguments;
    let mut table = match fs::read_to_string(into) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        read => read.map_err(|error| Failure::file(into, "read", &error))?,
    };
    let mut told = String::new();
    for input in inputs {
        let text = fs::read_to_string(input).map_err(|error| Failure::file(input, "read", &error))?;
        let refused = |error: RatesError| Failure::new(format!("{}: {error}", input.display()), hint(&error));
        let published = Published::read(&text).map_err(refused)?;
        let taken = published.into_table(&table, purpose.as_deref(), source.as_deref()).map_err(refused)?;
        let (after, new, old) = taken;
        table = after;
        let (input, into) = (input.display(), into.display());
        let _ = writeln!(told, "{input}: {new} taken into {into}, {old} there before");
        for finding in &published.findings {
            let _ = writeln!(told, "{input}: {}", finding.message);
        }
    }
    save(into, table.as_bytes())?;
    print(told.as_bytes());
    Ok(Outcome::Clean)
}

fn hint(error: &RatesError) -> &'static str {
    match error {
        RatesError::Unknown => {
            "it takes eurofxref XML of the European Central Bank, monthly rates of HM Revenue & Customs, or a table of rates"
        }
        RatesError::Broken(_) => "download it again",
        RatesError::Other { .. } => "nothing was taken: correct the table, or name another --purpose",
    }
}
