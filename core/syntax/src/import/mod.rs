//! Importers: published definitions of messages to `.gram` files. Importing again gives the same files.

pub mod unece;
