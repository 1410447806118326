//! X12: read, checked and written.

#[cfg(test)]
mod acknowledge;
#[cfg(test)]
mod complaints;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod read;
#[cfg(test)]
mod support;
#[cfg(test)]
mod write;
