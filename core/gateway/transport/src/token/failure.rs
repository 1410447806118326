//! Why there is no access token.

use dragoman_exchange::ErrorClass;
use thiserror::Error;

/// Why there is no access token.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenFailure {
    /// A person has to authorise the application, for the first time or anew. What the counterpart said, if anything.
    #[error("a person has to authorise the application{}", .0.as_deref().map(|said| format!(": {said}")).unwrap_or_default())]
    NeedsPerson(Option<String>),
    /// The counterpart does not accept the application: its id, its secret or what it asks for.
    #[error("the application is refused: {0}")]
    Refused(String),
    /// The counterpart gives none at the moment.
    #[error("no access token: {0}")]
    NotGiven(String),
    /// A value that the account lacks.
    #[error("the account states no `{0}`")]
    Missing(String),
    /// A token could not be kept: it must not be used, or the standing is lost with the next crash.
    #[error("the token cannot be kept: {0}")]
    NotKept(String),
    /// A person came back from the counterpart with an answer to a question that was not asked, or was asked too long
    /// ago.
    #[error("this is no answer to an authorisation that was begun here within the last 10 minutes")]
    Foreign,
}

impl TokenFailure {
    /// What kind of failure it is.
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::NeedsPerson(_) | Self::Refused(_) | Self::Missing(_) | Self::Foreign => {
                ErrorClass::AuthRevoked
            }
            Self::NotGiven(_) | Self::NotKept(_) => ErrorClass::Transient,
        }
    }
}
