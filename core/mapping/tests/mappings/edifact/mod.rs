//! CUSDEC and CUSRES of two directories: samples and generated documents, hostile content, the one real message, and
//! declarations of another format there and back.

mod cusdec;
mod cusres;
pub mod generated;
mod hostile;
mod laws;
mod pointers;
mod real;
pub mod support;
