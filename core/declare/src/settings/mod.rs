//! The files that people write by hand, as TOML: the seller's profile and the consignment. Their keys are the names
//! of the canonical declaration, with a few shorter ones; every value is a statement with its bytes in the file.

mod consignment;
mod keys;
mod leaves;
mod profile;

pub use consignment::Consignment;
pub(crate) use consignment::Package;
pub use profile::Profile;
