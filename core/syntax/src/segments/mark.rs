//! Where a field ends, and what ends it.

/// What ends a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Ends {
    /// The component separator.
    Component,
    /// The repetition separator.
    Repetition,
    /// The data element separator.
    Element,
    /// The segment terminator, or the end of the input.
    Segment,
}

/// The end of a field: a tag, a simple data element or a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Offset of the delimiter.
    pub at: u32,
    /// Which delimiter it is.
    pub ends: Ends,
    /// True where the field holds release characters.
    pub released: bool,
}
