//! What kind of failure a counterpart reports: it decides what the gateway does next.

use serde::{Deserialize, Serialize};

/// The kind of a failure, the same for every counterpart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// The access token is no longer good: refresh it once, then a person has to authorise anew.
    AuthExpired,
    /// The standing itself is gone, or never covered this: a person has to act.
    AuthRevoked,
    /// Personal data is withheld from this account.
    ForbiddenPii,
    /// Too many requests: wait, then go on.
    RateLimited,
    /// The day's budget is used up.
    QuotaDayExhausted,
    /// The request itself is wrong: never sent again as it is.
    InvalidRequest,
    /// There is no such thing, or not yet.
    NotFound,
    /// It has been done before: success, where the same was wanted.
    AlreadyDone,
    /// More was asked for at once than is given: ask for less.
    WindowTooLarge,
    /// The place in a list is no longer known: begin the list again.
    CursorExpired,
    /// The counterpart has trouble of its own: try again later.
    Transient,
    /// It is there, its data is not yet complete.
    Partial,
}

impl ErrorClass {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::AuthExpired,
        Self::AuthRevoked,
        Self::ForbiddenPii,
        Self::RateLimited,
        Self::QuotaDayExhausted,
        Self::InvalidRequest,
        Self::NotFound,
        Self::AlreadyDone,
        Self::WindowTooLarge,
        Self::CursorExpired,
        Self::Transient,
        Self::Partial,
    ];

    /// True where the same request may succeed later without anybody changing anything.
    pub const fn may_pass(self) -> bool {
        matches!(
            self,
            Self::AuthExpired | Self::RateLimited | Self::QuotaDayExhausted | Self::Transient | Self::Partial
        )
    }

    /// The word that stands in files and journals.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AuthExpired => "auth_expired",
            Self::AuthRevoked => "auth_revoked",
            Self::ForbiddenPii => "forbidden_pii",
            Self::RateLimited => "rate_limited",
            Self::QuotaDayExhausted => "quota_day_exhausted",
            Self::InvalidRequest => "invalid_request",
            Self::NotFound => "not_found",
            Self::AlreadyDone => "already_done",
            Self::WindowTooLarge => "window_too_large",
            Self::CursorExpired => "cursor_expired",
            Self::Transient => "transient",
            Self::Partial => "partial",
        }
    }
}

impl std::fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_what_is_written_and_read() {
        for class in ErrorClass::ALL {
            let written = serde_json::to_string(&class).unwrap();
            assert_eq!(written, format!("\"{class}\""));
            assert_eq!(serde_json::from_str::<ErrorClass>(&written).unwrap(), class);
        }
    }
}
