//! People and programs: who may sign in, what they may do, and the secrets that prove it.
//!
//! A person signs in with a name and a password and holds a session, a program shows a key. Both become an [`Actor`]
//! in one tenant. Nothing here that is secret is stored: passwords are argon2id hashes, sessions and keys SHA-256.

mod actor;
mod attempts;
pub mod cookie;
mod directory;
mod kept;
pub mod oidc;
mod password;
mod records;
mod secret;

pub use actor::{Actor, Right, Role};
pub use directory::{NewKey, People, PeopleError, SignIn, UserChange};
pub use password::Unusable;
pub use records::{ApiKey, KEY, LONGEST, User, is_name};
pub use secret::{NoRandomness, Secret, same};

#[cfg(test)]
mod tests;
