//! Messages of transit, both phases, on every published sample.

mod corpus;
mod groups;
mod hostile;
mod samples;
mod triples;
