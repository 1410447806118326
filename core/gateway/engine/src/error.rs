//! Why the gateway did not do what it was asked.

use dragoman_folders::FolderError;
use dragoman_store::StoreError;
use dragoman_tree::FindingRecord;

use crate::people::Right;

/// Why the gateway did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no such thing, or none for this tenant.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// What was asked for.
        what: &'static str,
        /// Its name or id.
        name: String,
    },
    /// Who asked may not do this.
    #[error("this needs the right to {}", .0.word())]
    Forbidden(Right),
    /// The idempotency key was used for something else.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// It cannot be done as things stand: somebody else was quicker, or it was done before.
    #[error("{0}")]
    Conflict(String),
    /// What was handed in cannot be used.
    #[error("{message}")]
    Refused {
        /// Why, in one line.
        message: String,
        /// What is wrong with it.
        findings: Vec<FindingRecord>,
    },
    /// Something from outside does not come from whom it says.
    #[error("this is not believed: {0}")]
    NotBelieved(String),
    /// A counterpart told of a message and does not give it.
    #[error("`{account}` told of the message `{id}`, and it could not be fetched")]
    NotGiven {
        /// The account.
        account: String,
        /// What the counterpart calls the message.
        id: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something cannot be done with a folder of a partner.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl EngineError {
    /// There is no such thing.
    pub(crate) fn unknown(what: &'static str, name: &str) -> Self {
        Self::Unknown { what, name: name.to_owned() }
    }

    /// What was handed in cannot be used, for one reason that has no place.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), findings: Vec::new() }
    }

    /// Something that is stored does not read as what it should be.
    pub(crate) fn damaged(what: impl std::fmt::Display) -> Self {
        Self::Store(StoreError::Damaged(what.to_string()))
    }
}

/// What the gateway answers.
pub type Answer<T> = Result<T, EngineError>;
