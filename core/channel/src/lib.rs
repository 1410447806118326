//! What an adapter declares about talking to its counterpart: requests made, answers classified; as data, pure.
//!
//! A [`Channel`] is read from `adapter.toml`. The gateway gives it [`Values`] and gets a [`Request`], sends that, and
//! gives the [`Answer`] back to learn what became of it: [`Channel::classify`]. Streams of orders, webhooks and the
//! answers of customs are read the same way. No I/O and no clock: time and secrets are passed in.

mod auth;
mod body;
mod channel;
mod check;
mod content;
mod ecdsa;
mod first;
mod http;
mod inquiry;
mod join;
mod limit;
mod notifications;
mod oauth1;
mod objects;
mod operation;
mod outcome;
mod predicate;
mod push;
mod queue;
mod read;
mod signer;
mod sigv4;
mod span;
mod stream;
mod template;
mod values;
mod verify;
mod webhook;

pub use auth::{Auth, ClientIn, Grant, OAuth2, Token};
pub use body::{Json, Multipart};
pub use channel::{Channel, Parts, Retry, Setting, Settings};
pub use check::misshapen;
pub use content::{At, Content, Path};
pub use first::{Already, Before, First, Share};
pub use http::{Answer, Body, Method, Part, Request, Standing};
pub use inquiry::{Inquiry, Question, Supply};
pub use join::Join;
pub use limit::{Cost, Learn, Learned, Limit};
pub use notifications::{Listed, MatchBy, Notifications, Pull, Sent, Within, enveloped};
pub use oauth1::{OAuth1, Signature};
pub use objects::{KnownAs, Notification, Objects, Subscription};
pub use operation::{Larger, Operation, Repeat, SUBMIT, Then};
pub use outcome::{ErrorRule, Failure, Outcome, Problem, Wait};
pub use predicate::{Place, Predicate};
pub use push::{Push, Pushed, Told};
pub use queue::{Ask, Event, Message, Queue, answered_at};
pub use read::Unreadable;
pub use signer::{Algorithm, Below, CodeOut, Put, Signed, Signer, Sort, Stamp};
pub use sigv4::Access;
pub use span::{Name, Rate, Span, Statuses};
pub use stream::{
    By, Clock, Count, Cursor, Detail, Format, Item, Next, Page, Paging, Plan, Shown, Stream, Sweep, Window,
};
pub use template::{Encoding, Missing, Template};
pub use values::{ACCOUNT, KNOWN, Known, Values};
pub use verify::{CodeIn, Hash, Rejected, Verify};
pub use webhook::{Challenge, Hint, On, Webhook};
