//! Published schemas to grammars: the same document always gives the same file.

pub mod openapi;
mod openapi_schema;
pub mod xsd;
