//! The service characters of an interchange: UNA, or the defaults of its syntax level and version.

use super::escapes::ESCAPE;
use crate::segments::class;

/// The service characters (ISO 9735-1, clauses 6 and 7; in versions 1 to 3 clauses 5.1, 5.2 and 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceString {
    /// Ends a component.
    pub component: u8,
    /// Ends a data element.
    pub element: u8,
    /// The decimal mark that the sender announces. Values keep the mark they were written with.
    pub decimal: u8,
    /// Takes the next character literally; none where UNA has a space.
    pub release: Option<u8>,
    /// Ends a repetition; from syntax version 4 on.
    pub repetition: Option<u8>,
    /// Ends a segment.
    pub terminator: u8,
    /// True where line ends mean nothing wherever they stand: the interchange is cut into lines of one length.
    /// Only read, never written.
    pub wrapped: bool,
    /// True where escapes designate other character sets (UNOX).
    pub extended: bool,
}

impl Default for ServiceString {
    /// Level A of syntax versions 1 to 3: `:+.? '`.
    fn default() -> Self {
        Self {
            component: b':',
            element: b'+',
            decimal: b'.',
            release: Some(b'?'),
            repetition: None,
            terminator: b'\'',
            wrapped: false,
            extended: false,
        }
    }
}

impl ServiceString {
    /// Level B of syntax versions 1 to 3: the information separators, without a release character.
    pub const LEVEL_B: Self = Self {
        component: 0x1F,
        element: 0x1D,
        decimal: b'.',
        release: None,
        repetition: None,
        terminator: 0x1C,
        wrapped: false,
        extended: false,
    };

    /// The defaults of a syntax version (0002): from version 4 on `*` separates repetitions.
    pub fn of_version(version: &str) -> Self {
        let repetition = repeats(version).then_some(b'*');
        Self { repetition, ..Self::default() }
    }

    /// Reads the six characters after `UNA`. `None` where they cannot separate anything: letters or digits,
    /// bytes beyond ASCII, or one character for two jobs.
    pub fn from_una(una: [u8; 6]) -> Option<Self> {
        let [component, element, decimal, release, repetition, terminator] = una;
        let some = |byte: u8| (byte != b' ').then_some(byte);
        let (release, repetition) = (some(release), some(repetition));
        let separators =
            Self { component, element, decimal, release, repetition, terminator, ..Self::default() };
        separators.is_usable().then_some(separators)
    }

    /// The nine characters of the UNA segment.
    pub fn una(&self) -> [u8; 9] {
        let release = self.release.unwrap_or(b' ');
        let repetition = self.repetition.unwrap_or(b' ');
        [b'U', b'N', b'A', self.component, self.element, self.decimal, release, repetition, self.terminator]
    }

    /// True for a character that separates or releases.
    pub fn is_service(&self, byte: u8) -> bool {
        let fixed = [self.component, self.element, self.terminator];
        fixed.contains(&byte) || self.release == Some(byte) || self.repetition == Some(byte)
    }

    /// True where every character can do its job and none has two.
    pub fn is_usable(&self) -> bool {
        let used = [Some(self.component), Some(self.element), self.release, self.repetition];
        let used = used.into_iter().flatten().chain([self.terminator]);
        let mut seen = [false; 128];
        used.into_iter().all(|byte| {
            let free = seen.get_mut(byte as usize).is_some_and(|seen| !std::mem::replace(seen, true));
            free && !byte.is_ascii_alphanumeric() && byte != b' '
        })
    }

    /// What each byte means to the tokeniser: a delimiter and the classes of the character.
    pub(crate) fn table(self) -> [u8; 256] {
        let mut table = class::TABLE;
        let line_ends = [b'\r', b'\n'].map(|byte| (self.wrapped.then_some(byte), class::WRAP));
        let jobs = [
            (self.extended.then_some(ESCAPE), class::ESCAPE),
            (self.release, class::RELEASE),
            (Some(self.component), class::COMPONENT),
            (self.repetition, class::REPETITION),
            (Some(self.element), class::ELEMENT),
            (Some(self.terminator), class::SEGMENT),
        ];
        for (byte, job) in line_ends.into_iter().chain(jobs).filter_map(|(byte, job)| Some((byte?, job))) {
            if let Some(entry) = table.get_mut(byte as usize) {
                *entry = job;
            }
        }
        table
    }
}

/// True where a syntax version separates repetitions. UNA of older versions has a reserved space in that
/// place.
pub(super) fn repeats(version: &str) -> bool {
    version.trim().parse::<u32>().is_ok_and(|number| number >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn una_comes_back_and_nonsense_is_refused() {
        for una in [*b":+.? '", *b":+,?*'", *b"=*.? ~", *b":*.? $", *b":+.  '", *b":+.? \n"] {
            let service = ServiceString::from_una(una).unwrap();
            assert_eq!(service.una()[3..], una);
        }
        for una in [*b"::.? '", *b":+.? A", *b":+.?+'", *b"++++++", *b": .? '", *b":+.?\xE4'"] {
            assert_eq!(ServiceString::from_una(una), None, "{una:?}");
        }
    }

    #[test]
    fn repetitions_come_with_version_4() {
        assert_eq!(ServiceString::of_version("3"), ServiceString::default());
        assert_eq!(ServiceString::of_version("4").repetition, Some(b'*'));
        assert!(!repeats("") && !repeats("x"));
    }
}
