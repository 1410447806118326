//! EDIFACT from outside: examples, laws, and real messages.

#[cfg(test)]
mod complaints;
#[cfg(test)]
mod control;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod import;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod peer;
#[cfg(test)]
mod read;
#[cfg(test)]
mod standard;
#[cfg(test)]
mod support;
#[cfg(test)]
mod valid;
#[cfg(test)]
mod write;
