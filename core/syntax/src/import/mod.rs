//! Published schemas to grammars.

pub mod xsd;
