//! What a transaction set says it is: ST and the GS around it.

use std::fmt;

/// Number, functional group and version of a transaction set, as they stand there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SetType {
    /// ST01, such as `850`; `TA1` for interchange acknowledgements. Empty where there is no ST.
    pub number: String,
    /// GS01, such as `PO`.
    pub group: String,
    /// ST03 where it is there, else GS08: `004010`, `005010X222A1`.
    pub version: String,
}

impl fmt::Display for SetType {
    /// `850 004010`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.number.as_str(), self.version.as_str()) {
            ("", _) => f.write_str("a transaction set without ST"),
            (number, "") => f.write_str(number),
            (number, version) => write!(f, "{number} {version}"),
        }
    }
}
