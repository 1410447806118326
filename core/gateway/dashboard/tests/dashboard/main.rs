//! The pages as people and browsers get them.

mod ask;
mod browser;
mod correcting;
mod every_page;
mod looks;
mod people;
mod setup;
