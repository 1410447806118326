//! Files as a folder lists them.

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// When it was written last, in seconds since 1970 by the clock of its own machine; 0 where that does not say. First:
    /// entries are in the order of their age.
    pub modified: u64,
    /// Its name.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
}

/// What programs put at the end of names of files that they have not written to the end.
const UNFINISHED: [&str; 9] =
    [".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".uploading", "~"];

/// True for the name of a file that somebody dropped: neither hidden nor marked as unfinished.
pub fn is_dropped(name: &str) -> bool {
    let lower = name.to_lowercase();
    !name.is_empty() && !name.starts_with('.') && !UNFINISHED.iter().any(|end| lower.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_files_are_told_by_their_names() {
        for name in ["orders.edi", "Bestellung ü.xml", "a.part.edi", "noending"] {
            assert!(is_dropped(name), "{name}");
        }
        for name in ["", ".hidden", "orders.edi.part", "ORDERS.EDI.FILEPART", "x.tmp", "x.edi~"] {
            assert!(!is_dropped(name), "{name}");
        }
    }
}
