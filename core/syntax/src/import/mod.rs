//! Importers: published definitions of messages to `.gram` files. Importing again gives the same files.

pub mod openapi;
mod openapi_schema;
pub mod unece;
pub mod xsd;
