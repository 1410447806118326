//! Importers: published definitions of messages to `.gram` files, and published code lists to ours. Importing again gives the same files.

pub mod openapi;
mod openapi_schema;
pub mod reference;
pub mod unece;
pub mod xsd;
