//! WCO declarations and responses, on every sample of the UK's Customs Declaration Service.

mod corpus;
mod there_and_back;
mod verdicts;
mod xmllint;
