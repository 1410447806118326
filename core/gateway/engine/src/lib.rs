//! The gateway: orders and declarations are taken in, sent, followed, corrected and shown, by people and programs that
//! may.
//!
//! [`Gateway`] is everything that the HTTP interface, the dashboard and the command line ask; [`View`] and its
//! neighbours are what they show.

mod account;
mod approval;
mod assess;
mod authorisation;
mod clock;
pub mod config;
mod correct;
mod declaring;
mod doctor;
mod draft;
mod error;
mod evidence;
mod gateway;
mod hash;
mod inquiry;
mod intake;
mod master;
mod measure;
mod notify;
mod objects;
mod outbox;
mod partner;
pub mod people;
mod persons;
mod request;
mod retention;
mod signing;
mod sync;
mod texts;
mod view;
mod webhook;
mod writing;

pub use approval::Approval;
pub use assess::AssessmentIn;
pub use authorisation::Authorisation;
pub use clock::Clock;
pub use config::Config;
pub use correct::{ChangeView, Correction, DiffLine, Difference, LineKind};
pub use declaring::FlowError;
pub use doctor::{Check, Examined, Verdict};
pub use error::{Answer, EngineError};
pub use evidence::{Proven, verify_evidence};
pub use gateway::{Files, Gateway, OpenError};
pub use inquiry::{InquiryView, PaymentIn};
pub use intake::{DeclarationIn, Goal, News, OrderIn, Taken, TakenDeclaration, TakenOrder, TakenShipment};
pub use master::{Article, Gap, MasterImport, Refiled, RowFindings, Sharing, Suggestion};
pub use measure::describe_metrics;
pub use notify::{AnswerTaken, CauseView, LineView, Rejected};
pub use objects::{Asked, ShipmentDocument, Shown};
pub use outbox::Workers;
pub use partner::Visited;
pub use persons::{Erasure, Kept};
pub use request::{DocumentIn, MessageIn, Request};
pub use sync::{PartIn, PartsIn, PartsLine, QueueView, ShipmentIn, ShipmentLine, SyncView, Trouble};
pub use view::{
    AccountView, Bytes, DocumentText, DutyView, Finding, Happened, LineFindings, Listed, Named, OutcomeView,
    Pane, PaneLine, Panes, SubmissionView, Supplied, Today, View,
};
pub use webhook::EndpointView;
