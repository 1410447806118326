//! Published descriptions of messages to grammars: the same document always gives the same file.

pub mod openapi;
mod openapi_schema;
