//! Failures, and what they leave open: whether the counterpart can have seen the request.

use std::error::Error as StdError;
use std::io;

use dragoman_exchange::ErrorClass;
use rustls::AlertDescription;
use thiserror::Error;

use crate::address::Refused;
use crate::token::TokenFailure;

/// No answer was received, or none that can be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The counterpart cannot have seen the request. It may be sent again.
    #[error("not sent: {0}")]
    NotSent(Cause),
    /// The counterpart may have seen the request, and may have acted on it. It must not be sent again on our own
    /// account.
    #[error("outcome unknown: {cause}")]
    Unknown {
        /// What went wrong.
        cause: Cause,
        /// The status, where the head of an answer arrived and its body did not.
        status: Option<u16>,
    },
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Cause {
    /// The address is not one that may be connected to.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The request cannot be written down: its URL or a header is none.
    #[error("the request cannot be made: {0}")]
    Request(String),
    /// The account's certificate, or its authorities, cannot be read.
    #[error("{0}")]
    Settings(String),
    /// A value that the request needs, such as a secret, is not configured.
    #[error("the account states no `{0}`")]
    Secret(Box<str>),
    /// The name has no address, or nobody listens there.
    #[error("no connection: {0}")]
    Connect(String),
    /// The two sides do not trust each other.
    #[error("no trust: {0}")]
    Tls(String),
    /// There was no connection within the time for it.
    #[error("no connection in time")]
    ConnectTime,
    /// There was no complete answer within the time for it.
    #[error("no answer in time")]
    AnswerTime,
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The answer is larger than answers may be.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// Bytes that an answer may have.
        limit: usize,
    },
    /// There is no access token.
    #[error(transparent)]
    Token(#[from] TokenFailure),
}

impl Failure {
    /// What went wrong.
    pub fn cause(&self) -> &Cause {
        match self {
            Self::NotSent(cause) | Self::Unknown { cause, .. } => cause,
        }
    }

    /// Whether the counterpart can have seen the request.
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// What kind of failure it is.
    pub fn class(&self) -> ErrorClass {
        match self.cause() {
            Cause::Refused(_) | Cause::Request(_) | Cause::Settings(_) | Cause::Secret(_) => {
                ErrorClass::InvalidRequest
            }
            Cause::Token(failure) => failure.class(),
            Cause::Connect(_)
            | Cause::Tls(_)
            | Cause::ConnectTime
            | Cause::AnswerTime
            | Cause::Broken(_)
            | Cause::TooLarge { .. } => ErrorClass::Transient,
        }
    }

    /// A failure of our own before anything was sent.
    pub(crate) fn request(error: &impl ToString) -> Self {
        Self::NotSent(Cause::Request(error.to_string()))
    }

    /// What the client's error means, before the head of an answer arrived.
    pub(crate) fn of(error: reqwest::Error) -> Self {
        // URLs may hold keys.
        let error = error.without_url();
        if let Some(refused) = find::<Refused>(&error) {
            return Self::NotSent(refused.clone().into());
        }
        if let Some(tls) = find::<rustls::Error>(&error)
            && (error.is_connect() || refuses_certificate(tls))
        {
            return Self::NotSent(Cause::Tls(tls.to_string()));
        }
        if error.is_builder() {
            return Self::request(&root(&error));
        }
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => Self::NotSent(Cause::ConnectTime),
            (true, false) => Self::NotSent(Cause::Connect(root(&error))),
            (false, _) => Self::broken(&error, None),
        }
    }

    /// What the client's error means, once the request was under way.
    pub(crate) fn broken(error: &reqwest::Error, status: Option<u16>) -> Self {
        let cause = if error.is_timeout() { Cause::AnswerTime } else { Cause::Broken(root(error)) };
        Self::Unknown { cause, status }
    }
}

/// Whether the counterpart refused our certificate. In TLS 1.3 it says so only after our side is done and has sent, but
/// before it reads anything of the request (RFC 8446, section 4.4.2.4).
fn refuses_certificate(error: &rustls::Error) -> bool {
    use AlertDescription as Alert;
    matches!(
        error,
        rustls::Error::AlertReceived(
            Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::CertificateRequired
                | Alert::UnknownCA
                | Alert::AccessDenied
        )
    )
}

/// The error of a type among an error and what it came from.
fn find<'e, E: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        // An `io::Error` passes over the error that it wraps.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// What an error came from in the first place, in its words.
fn root(error: &(dyn StdError + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}
