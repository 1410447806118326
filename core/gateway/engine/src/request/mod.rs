//! Requests about a declaration that customs has: amendment, cancellation, arrival, documents.

mod document;
mod make;
mod upload;

pub use make::Request;
pub use upload::DocumentIn;
