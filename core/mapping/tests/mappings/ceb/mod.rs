//! The messages of China's cross-border e-commerce.

mod corpus;
mod hostile;
mod samples;
mod schemas;
