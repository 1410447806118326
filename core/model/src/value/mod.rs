//! What literals mean: numbers, times, codes. Everything is parsed on demand; the literal is what is kept.

mod check;
mod commodity;
mod lists;
mod mass;
mod number;
mod party;
#[cfg(test)]
mod tests;
mod time;

pub use check::{CODES, check, check_document};
pub use commodity::CommodityCode;
pub use lists::{Country, Currency, is_language};
pub use mass::{convert, grams};
pub use number::{NoNumber, decimal, integer, same_number};
pub use party::{is_eori, is_party_id};
pub use time::{DateTime, Precision, Zone, zone};
