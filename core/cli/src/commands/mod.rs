//! One module a command.

pub mod acknowledge;
pub mod adapter;
pub mod assess;
pub mod check;
pub mod codes;
pub mod declare;
pub mod demo;
pub mod explain;
pub mod grammar;
pub mod handoff;
pub mod inspect;
pub mod key;
pub mod map;
pub mod model;
pub mod print;
pub mod rates;
pub mod sample;
pub mod serve;
pub mod sign;
pub mod sim;
pub mod store;
pub mod sync;
pub mod translate;
pub mod validate;
pub mod verify;
