//! Programs that nobody here wrote, as counterparts: `tests/counterparts/install` puts them there. Where one is not
//! installed, what needs it is skipped, and says so.

mod both;
mod desk;
mod moto;
mod oscar;
mod process;
mod sync;
mod vendure;
