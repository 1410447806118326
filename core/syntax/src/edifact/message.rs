//! What a message says it is: S009 of UNH.

use std::fmt;

use super::service::ServiceString;
use crate::segments::header::text;
use crate::segments::token::Segment;

/// Type, version, release, agency and association code of a message (S009 in UNH), as they stand there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MessageType {
    /// 0065, such as `CUSDEC`. Empty where there is no UNH.
    pub name: String,
    /// 0052, such as `D`.
    pub version: String,
    /// 0054, such as `96B`.
    pub release: String,
    /// 0051, such as `UN`.
    pub agency: String,
    /// 0057, such as `EAN008`; empty where there is none.
    pub association: String,
}

impl MessageType {
    /// The type that a UNH states.
    pub(super) fn read(unh: &Segment<'_>, window: &[u8], service: ServiceString) -> Self {
        let component = |number| text(unh.value(window, 2, number), service);
        Self {
            name: component(1),
            version: component(2),
            release: component(3),
            agency: component(4),
            association: component(5),
        }
    }
}

impl fmt::Display for MessageType {
    /// `CUSDEC D.99B UN`, with the association code where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}.{} {}", self.name, self.version, self.release, self.agency)?;
        if self.association.is_empty() { Ok(()) } else { write!(f, " {}", self.association) }
    }
}
