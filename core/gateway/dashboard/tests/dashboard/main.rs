//! The pages as people and browsers get them.

#[cfg(test)]
mod ask;
#[cfg(test)]
mod authorising;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod chromium;
#[cfg(test)]
mod correcting;
#[cfg(test)]
mod every_page;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod people;
#[cfg(test)]
mod setup;
