//! Declaring: the published scenarios, every rule of the United Kingdom, what is missing, and laws.

#[cfg(test)]
mod costs;
mod laws;
#[cfg(test)]
mod missing;
#[cfg(test)]
mod packs;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod trace;
#[cfg(test)]
mod world;
