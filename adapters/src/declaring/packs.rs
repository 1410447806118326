//! The rule packs: `mappings/rules/to-*.toml` and `from-*.toml`.

use dragoman_declare::assess::Pack;

use super::customs::refused;
use crate::catalogue::{Catalogue, Refused};

/// All packs, in the order of their names. Every mistake in any of them is reported.
pub fn packs(catalogue: &Catalogue) -> Result<Vec<Pack>, Refused> {
    let data = catalogue.data();
    let (mut packs, mut faults) = (Vec::new(), Vec::new());
    for name in data.names("mappings/rules/", ".toml") {
        if !(name.starts_with("to-") || name.starts_with("from-")) {
            continue;
        }
        let path = format!("mappings/rules/{name}.toml");
        match Pack::load(&format!("rules/{name}"), data.get(&path).unwrap_or_default()) {
            Ok(pack) => packs.push(pack),
            Err(errors) => faults.extend(refused(catalogue, &path, errors).0),
        }
    }
    if faults.is_empty() { Ok(packs) } else { Err(Refused(faults)) }
}
