//! Declaring inside the gateway: flows that are compiled once, what a declaration was declared from, and the making of
//! it, the same each time.

mod basis;
mod flow;
mod lrn;
mod make;
mod reading;
mod service;

pub(crate) use basis::{Basis, OrderOf};
pub use flow::FlowError;
pub(crate) use flow::{Flow, Kept, rates_of};
pub(crate) use lrn::{MESSAGE_ID, is_reference, lrn};
pub(crate) use make::{Made, Making, Piece};
pub(crate) use reading::{ReadOrder, read_documents, read_orders};
pub(crate) use service::{Services, services};

#[cfg(test)]
mod tests;
