//! The shapes of the answers that other crates write, for the reference: they know nothing of HTTP.

mod assessment;
mod report;

use utoipa::ToSchema;

pub use assessment::Assessment;
pub use dragoman_engine::Finding;
pub use report::Translation;

/// The media type of a body that its content explains.
pub const ANY: &str = "application/octet-stream";

/// A message: canonical JSON, or any format that an adapter or mapping reads.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, min_length = 1)]
#[expect(dead_code, reason = "a shape for the reference")]
pub struct Content(Vec<u8>);
