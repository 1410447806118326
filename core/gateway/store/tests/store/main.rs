//! What a store has to do, whatever it is made of, and what this one does when things break.

#[cfg(test)]
mod chain;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod made;
#[cfg(test)]
mod model;
#[cfg(test)]
mod old;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod sqlite;
#[cfg(test)]
mod suite;
