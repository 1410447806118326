//! Answers: pages, ways on, and what went wrong.

use axum::response::{Html, IntoResponse, Redirect, Response};
use dragoman_engine::EngineError;
use http::StatusCode;
use uuid::Uuid;

use crate::pages::failure::failure;
use crate::texts::{ENGLISH, Texts, filled};

/// What a handler answers.
pub type Answer = Result<Response, Failed>;

/// A page.
#[expect(clippy::unnecessary_wraps, reason = "every handler ends with one")]
pub fn page(text: String) -> Answer {
    Ok(Html(text).into_response())
}

/// The way on after something was done: the page says what.
#[expect(clippy::unnecessary_wraps, reason = "every handler ends with one")]
pub fn done(address: &str, word: &str) -> Answer {
    Ok(Redirect::to(&crate::address::address(address, [("done", word)])).into_response())
}

/// What did not work.
#[derive(Debug)]
pub struct Failed {
    status: StatusCode,
    page: String,
}

impl Failed {
    fn new(status: StatusCode, title: &str, lead: &str) -> Self {
        Self { status, page: failure(texts(), title, lead, &[]) }
    }

    /// There is no such thing.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, texts().not_found, texts().not_found_lead)
    }

    /// Something below failed: the log has it under an id that the page names.
    pub fn broken(cause: impl std::fmt::Display) -> Self {
        let id = Uuid::now_v7().to_string();
        tracing::error!(%id, "{cause}");
        let lead = filled(texts().broken_lead, &[&id]);
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, texts().failed, &lead)
    }

    /// What was handed in cannot be used.
    pub fn refused(lead: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, texts().refused, lead)
    }
}

/// What was posted does not come from a page of ours.
pub fn foreign() -> Response {
    Failed::new(StatusCode::FORBIDDEN, texts().forbidden, texts().foreign).into_response()
}

fn texts() -> &'static Texts {
    &ENGLISH
}

impl From<EngineError> for Failed {
    fn from(error: EngineError) -> Self {
        let texts = texts();
        match &error {
            EngineError::Unknown { .. } => Self::not_found(),
            EngineError::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, texts.forbidden, texts.no_right),
            EngineError::KeyReused | EngineError::Conflict(_) => {
                Self::new(StatusCode::CONFLICT, texts.failed, &error.to_string())
            }
            EngineError::NotBelieved(_) => {
                Self::new(StatusCode::FORBIDDEN, texts.forbidden, &error.to_string())
            }
            EngineError::Refused { message, findings } => Self {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                page: failure(texts, texts.refused, message, findings),
            },
            EngineError::NotGiven { .. } | EngineError::Store(_) | EngineError::Folder(_) => {
                Self::broken(error)
            }
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (self.status, Html(self.page)).into_response()
    }
}
