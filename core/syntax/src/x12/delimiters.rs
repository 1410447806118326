//! The delimiters of an interchange, as ISA and ISX tell them.

use crate::edifact::ServiceString;

/// The characters that separate. ISA gives them by where they stand in it (X12.5); there is no release character
/// but where ISX announces one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    /// Ends a data element: the character after `ISA`.
    pub element: u8,
    /// Ends a component: ISA16.
    pub component: u8,
    /// Ends a repetition: ISA11, from version 00402 on.
    pub repetition: Option<u8>,
    /// Ends a segment: the character after ISA16.
    pub segment: u8,
    /// Takes the next character literally: ISX01.
    pub release: Option<u8>,
}

impl Default for Delimiters {
    /// The usual ones, without repetitions: `*`, `:` and `~`.
    fn default() -> Self {
        Self { element: b'*', component: b':', repetition: None, segment: b'~', release: None }
    }
}

impl Delimiters {
    /// The usual ones of a version (ISA12): `^` separates repetitions from 00402 on.
    pub fn of_version(version: &str) -> Self {
        Self { repetition: repeats(version).then_some(b'^'), ..Self::default() }
    }

    /// True where every character can do its job and none has two.
    pub fn is_usable(&self) -> bool {
        self.service().is_usable()
    }

    /// The same in the terms of EDIFACT, for what the two syntaxes share.
    pub(crate) const fn service(self) -> ServiceString {
        let Self { element, component, repetition, segment, release } = self;
        let (decimal, terminator, wrapped) = (b'.', segment, false);
        ServiceString {
            component,
            element,
            decimal,
            release,
            repetition,
            terminator,
            wrapped,
            extended: false,
        }
    }
}

/// True where ISA11 separates repetitions; before 00402 it names the standard (`U`).
pub(super) fn repeats(version: &str) -> bool {
    version.trim().parse::<u32>().is_ok_and(|number| number >= 402)
}

/// True for a byte that can be a delimiter.
pub(super) const fn can_separate(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && byte != b' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_come_with_00402() {
        assert_eq!(Delimiters::of_version("00401"), Delimiters::default());
        assert_eq!(Delimiters::of_version("00501").repetition, Some(b'^'));
        assert!(!repeats("U") && repeats("00402"));
    }

    #[test]
    fn one_character_has_one_job() {
        let usable = Delimiters { release: Some(b'?'), ..Delimiters::of_version("00704") };
        assert!(usable.is_usable());
        assert!(!Delimiters { component: b'*', ..usable }.is_usable());
        assert!(!Delimiters { segment: b'A', ..usable }.is_usable());
    }
}
