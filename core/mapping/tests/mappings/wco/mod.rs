//! WCO declarations and responses, on every sample of the UK's Customs Declaration Service.

mod corpus;
mod declaration;
mod identifiers;
mod notification;
mod pointers;
mod there_and_back;
mod verdicts;
