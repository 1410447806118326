//! Problems: how an answer says that something could not be done (RFC 9457).
//!
//! A [`Problem`] is carried in the response's extensions; [`crate::layers`] writes it, since only there it is known
//! which request it answers.

use std::fmt::Display;

use axum::response::{IntoResponse, Response};
use dragoman_engine::EngineError;
use dragoman_engine::people::PeopleError;
use dragoman_store::StoreError;
use dragoman_tree::{Finding, FindingRecord};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::schema;

/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The kinds of problems. Each has a place in the reference that its `type` leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request is not what the reference says.
    Malformed,
    /// Nobody is signed in, and no key was shown.
    Unauthenticated,
    /// Whoever asks may not do this.
    Forbidden,
    /// There is no such thing in the tenant.
    NotFound,
    /// The resource has no such method.
    Method,
    /// What was asked for contradicts the present state, or what the same key asked for before.
    Conflict,
    /// Somebody else changed it first.
    Stale,
    /// The body is larger than what is taken.
    TooLarge,
    /// The body is of a kind that is not taken.
    MediaType,
    /// The content was understood, and something is wrong with it.
    Content,
    /// Too many attempts.
    TooMany,
    /// Something failed here; the instance is in the log.
    Internal,
    /// The gateway cannot do this now.
    Unavailable,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Malformed,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::Method,
        Self::Conflict,
        Self::Stale,
        Self::TooLarge,
        Self::MediaType,
        Self::Content,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
    ];

    /// Status, name and title.
    pub const fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed", "the request is malformed"),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated", "sign in or show a key"),
            Self::Forbidden => {
                (StatusCode::FORBIDDEN, "forbidden", "this may not be done with this key or role")
            }
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found", "there is no such thing"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method", "the resource has no such method"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "this contradicts the present state"),
            Self::Stale => (StatusCode::PRECONDITION_FAILED, "stale", "somebody else changed it first"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is too large"),
            Self::MediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", "the body is of a kind that is not taken")
            }
            Self::Content => {
                (StatusCode::UNPROCESSABLE_ENTITY, "content", "something is wrong with the content")
            }
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too_many", "too many attempts"),
            Self::Internal => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", "something failed in the gateway")
            }
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "the gateway cannot do this now")
            }
        }
    }

    /// The kind of a status that something below answered without a problem.
    pub fn of(status: StatusCode) -> Option<Self> {
        let same = Self::ALL.into_iter().find(|kind| kind.parts().0 == status);
        let class = match status {
            _ if status.is_client_error() => Some(Self::Malformed),
            _ if status.is_server_error() => Some(Self::Internal),
            _ => None,
        };
        same.or(class)
    }
}

/// Something that could not be done, and why.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: Option<String>,
    hint: Option<String>,
    findings: Vec<FindingRecord>,
    /// Seconds until it is worth trying again.
    retry_after: Option<u64>,
    /// The status, where whoever asks wants to hear another one than the kind's own.
    status: Option<StatusCode>,
    /// For the log alone.
    cause: Option<String>,
}

impl Problem {
    /// A problem of that kind; its title says all that there is to say.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            detail: None,
            hint: None,
            findings: Vec::new(),
            retry_after: None,
            status: None,
            cause: None,
        }
    }

    /// The request is not what the reference says.
    pub fn malformed(detail: impl Display) -> Self {
        Self::new(Kind::Malformed).detail(detail)
    }

    /// There is no such thing.
    pub fn not_found(detail: impl Display) -> Self {
        Self::new(Kind::NotFound).detail(detail)
    }

    /// Something failed that whoever asks can do nothing about; what it was goes to the log.
    pub fn internal(cause: impl Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(Kind::Internal) }
    }

    /// Something is wrong with the content.
    pub fn content(detail: impl Display, findings: Vec<FindingRecord>) -> Self {
        Self { findings, ..Self::new(Kind::Content).detail(detail) }
    }

    /// A single finding about a content that could not even be read.
    pub fn finding(finding: &Finding) -> Self {
        let record = FindingRecord::new(finding, None, |_| None);
        Self::content(&finding.message, vec![record])
    }

    /// Says what happened this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Answers with another status than the kind's own.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Says when to try again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What happened this time, with what is wrong with the content.
    pub fn in_words(&self) -> Option<String> {
        let findings = self.findings.iter().map(|finding| finding.message.as_str());
        let all: Vec<_> = self.detail.as_deref().into_iter().chain(findings).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What goes to the log alone.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Seconds until it is worth trying again.
    pub fn waits(&self) -> Option<u64> {
        self.retry_after
    }

    /// What is written about it in the answer to one request.
    pub fn body(self, instance: &str) -> Body {
        let (own, name, title) = self.kind.parts();
        let status = self.status.unwrap_or(own);
        Body {
            kind: format!("/docs#problem-{name}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: self.detail,
            hint: self.hint,
            instance: format!("urn:uuid:{instance}"),
            findings: self.findings,
        }
    }
}

/// Marks an answer that says what could not be done in other words than ours.
#[derive(Clone, Debug)]
pub struct InOwnWords(pub Problem);

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Unknown { .. } => Self::not_found(error),
            EngineError::Forbidden(_) => Self::new(Kind::Forbidden).detail(error),
            EngineError::KeyReused | EngineError::Conflict(_) => Self::new(Kind::Conflict).detail(error),
            EngineError::Refused { message, findings } => Self::content(message, findings),
            EngineError::NotBelieved(_) => Self::new(Kind::Unauthenticated).detail(error),
            EngineError::NotGiven { .. } => Self::new(Kind::Unavailable).detail(error),
            EngineError::Store(error) => error.into(),
            EngineError::Folder(error) => Self::internal(error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::new(Kind::Conflict).detail(error),
            StoreError::Stale { .. } => Self::new(Kind::Stale).detail(error),
            StoreError::Closed => Self::new(Kind::Unavailable).detail(error),
            _ => Self::internal(error),
        }
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        let kind = match &error {
            PeopleError::Taken(_) | PeopleError::Last(_) => Kind::Conflict,
            PeopleError::Name | PeopleError::Password(_) => Kind::Content,
            PeopleError::Beyond(_) => Kind::Forbidden,
            PeopleError::Closed => Kind::Unavailable,
            _ => return Self::internal(error),
        };
        Self::new(kind).detail(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.unwrap_or(self.kind.parts().0).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Something could not be done (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Body {
    /// The kind of problem: a place in the reference.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    hint: Option<String>,
    /// Which answer this is: the id of the request, `urn:uuid:…`, as the log has it.
    instance: String,
    /// What is wrong with the content.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<schema::Finding>, required = false)]
    findings: Vec<FindingRecord>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_one_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.parts().0), Some(kind));
        }
        assert_eq!(Kind::of(StatusCode::OK), None);
        assert_eq!(Kind::of(StatusCode::EXPECTATION_FAILED), Some(Kind::Malformed));
        assert_eq!(Kind::of(StatusCode::BAD_GATEWAY), Some(Kind::Internal));
    }

    #[test]
    fn the_cause_stays_in_the_log() {
        let problem = Problem::internal("disk /secret is full");
        assert_eq!(problem.cause(), Some("disk /secret is full"));
        let body = serde_json::to_string(&problem.body("0")).unwrap();
        assert!(!body.contains("secret"), "{body}");
    }
}
