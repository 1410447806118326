//! What follows a declaration that customs has: amendment, cancellation, arrival, documents, and messages of the trader's
//! own.

mod document;
mod follow;
mod make;
mod upload;

pub use follow::MessageIn;
pub use make::Request;
pub use upload::DocumentIn;
