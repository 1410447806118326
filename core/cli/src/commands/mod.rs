//! One module a command.

pub mod adapter;
pub mod check;
pub mod declare;
pub mod demo;
pub mod explain;
pub mod grammar;
pub mod map;
pub mod model;
pub mod serve;
pub mod sim;
pub mod translate;
pub mod validate;
