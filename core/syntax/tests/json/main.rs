//! JSON: the reader against hand-picked cases, against another parser, and on real files.

mod laws;
mod outline;
mod samples;
mod suite;
mod throughput;
