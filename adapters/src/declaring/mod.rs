//! Declaring to a customs service: its messages and rules, the declarations as they are sent, who supplied their values,
//! and what its answers reject.

mod customs;
mod declaration;
mod packs;
mod sale;
mod supply;

pub use customs::{Customs, meanings};
pub use declaration::{Declaration, write, write_over};
pub use packs::packs;
pub use sale::{Beside, sent_of};
pub use supply::{Supplier, Supply, supplier};
