//! The pages of the gateway: rendered here, complete without scripts, and with everything that they load in the binary.

mod address;
mod assets;
mod frame;
mod pages;
mod parts;
mod texts;
