//! The interface as programs and browsers use it.

#[cfg(test)]
mod authorisations;
mod contents;
#[cfg(test)]
mod description;
#[cfg(test)]
mod events;
#[cfg(test)]
mod filing;
#[cfg(test)]
mod inquiries;
#[cfg(test)]
mod objects;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod schemathesis;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod site;
#[cfg(test)]
mod tenants;
