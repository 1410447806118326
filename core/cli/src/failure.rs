//! Why a command ends before its work is done, and how every command ends.

use std::path::Path;
use std::process::ExitCode;

use dragoman_adapters::{CatalogueError, Refused};

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing to complain of.
    #[default]
    Clean,
    /// Findings of severity error.
    Findings,
    /// Some file could not be opened.
    Unopened,
    /// The store or a counterpart failed.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Unopened => 2,
            Outcome::Failed => 3,
        })
    }
}

/// Why a command cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// One line, and what to do about it.
    #[error("{message}")]
    Use {
        /// What is wrong.
        message: String,
        /// A way out.
        hint: Option<String>,
    },
    /// The store or a counterpart failed.
    #[error("{message}")]
    Failed {
        /// What happened.
        message: String,
        /// A way out.
        hint: Option<String>,
    },
    /// Mappings, grammars or adapters that were laid over the program's have mistakes.
    #[error(transparent)]
    Data(#[from] Refused),
    /// Files that the command works with have mistakes in them.
    #[error(transparent)]
    Content(Refused),
}

impl Failure {
    /// How the command ends: wrong use, and what cannot be opened, is not the content's fault.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Use { .. } | Self::Data(_) => Outcome::Unopened,
            Self::Content(_) => Outcome::Findings,
            Self::Failed { .. } => Outcome::Failed,
        }
    }

    /// Wrong use, with a way out.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Use { message: message.into(), hint: Some(hint.into()) }
    }

    /// What to do about it, where there is something.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Use { hint, .. } | Self::Failed { hint, .. } => hint.as_deref(),
            Self::Data(_) | Self::Content(_) => None,
        }
    }

    /// Something failed that is not the fault of who asked.
    pub fn failed(error: &(impl std::fmt::Display + ?Sized)) -> Self {
        Self::Failed { message: error.to_string(), hint: None }
    }

    /// A file or folder that could not be used.
    pub fn file(path: &Path, what: &str, error: &std::io::Error) -> Self {
        Self::Use { message: format!("{} cannot be {what}: {}", path.display(), reason(error)), hint: None }
    }
}

impl From<CatalogueError> for Failure {
    fn from(error: CatalogueError) -> Self {
        let list = match &error {
            CatalogueError::Unknown { what: "mapping", .. } => "`dragoman map check` lists them",
            CatalogueError::Unknown { what: "grammar", .. } => {
                "grammars are named after their files in `mappings/`"
            }
            _ => "`dragoman adapter list` shows all",
        };
        match error {
            CatalogueError::Refused(refused) => Self::Data(refused),
            CatalogueError::NotDeclaredTo { .. } => Self::new(
                error.to_string(),
                "an adapter to declare to is of a customs service and names its `rules`",
            ),
            CatalogueError::Unknown { ref nearest, .. } => {
                let near = nearest.as_ref().map(|near| format!("did you mean `{near}`? "));
                Self::new(error.to_string(), near.unwrap_or_default() + list)
            }
        }
    }
}

/// An error of the system in its own words, without its number.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
