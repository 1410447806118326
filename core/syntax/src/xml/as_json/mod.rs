//! XML messages as JSON texts.
//!
//! Authorities that take one message either way generate JSON Schemas from their XML Schemas, as HM Revenue & Customs does for
//! transit (CTC Traders API 2.1 and 3.0, media type `application/vnd.hmrc.2.1+json`). The text is an object with one
//! member, the root with the prefix of its namespace by number (`n1:CC015C`). An attribute is the member `@NAME`, the text
//! beside attributes or elements the member `#`, what may be there more than once an array, and a number a JSON number. The order
//! of members means nothing.
//!
//! Both ways the tree is the one that the same message has as XML, so that its grammar and all that is written for it hold.

mod read;
mod write;

pub use read::{BESIDE, EMPTY_ARRAY, read, root};
pub use write::write;
