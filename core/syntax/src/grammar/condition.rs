//! What holds of the elements of a segment together: the syntax notes of X12, and those of EDIFACT directories.

/// How elements depend on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// P, paired: all or none.
    Paired,
    /// R, required: at least one.
    Required,
    /// E, exclusive: at most one.
    Exclusive,
    /// C, conditional: where the first is there, so are all others.
    Conditional,
    /// L, list conditional: where the first is there, so is at least one other.
    ListConditional,
}

/// One syntax note, such as `P0304`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What it demands.
    pub relation: Relation,
    /// The positions of the elements, from 1.
    pub positions: Vec<u16>,
}

/// What a grammar says of a segment beside its elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentRules {
    /// What holds of its elements together.
    pub conditions: Vec<Condition>,
    /// True where it has no elements but those described.
    pub whole: bool,
}

impl Condition {
    /// Reads a note as X12 writes it: a letter and the positions, two digits each.
    pub fn from_word(word: &str) -> Option<Self> {
        let relation = match word.chars().next()? {
            'P' => Relation::Paired,
            'R' => Relation::Required,
            'E' => Relation::Exclusive,
            'C' => Relation::Conditional,
            'L' => Relation::ListConditional,
            _ => return None,
        };
        let digits = word.get(1..).filter(|digits| digits.len() >= 4 && digits.len().is_multiple_of(2))?;
        let position = |at: usize| digits.get(at..at + 2)?.parse().ok();
        let positions = (0..digits.len()).step_by(2).map(position).collect::<Option<Vec<_>>>()?;
        Some(Self { relation, positions })
    }

    /// True where the elements that are there satisfy it.
    pub fn holds(&self, is_there: impl Fn(u16) -> bool) -> bool {
        let there = self.positions.iter().filter(|position| is_there(**position)).count();
        let first = self.positions.first().is_some_and(|position| is_there(*position));
        match self.relation {
            Relation::Paired => there == 0 || there == self.positions.len(),
            Relation::Required => there > 0,
            Relation::Exclusive => there <= 1,
            Relation::Conditional => !first || there == self.positions.len(),
            Relation::ListConditional => !first || there > 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_hold_as_x12_says() {
        let holds = |note: &str, there: &[u16]| {
            Condition::from_word(note).unwrap().holds(|position| there.contains(&position))
        };
        let cases: [(&str, &[u16], bool); 12] = [
            ("P0304", &[], true),
            ("P0304", &[3], false),
            ("P0304", &[3, 4], true),
            ("R0203", &[], false),
            ("R0203", &[3], true),
            ("E0203", &[2, 3], false),
            ("E0203", &[3], true),
            ("C0203", &[2], false),
            ("C0203", &[3], true),
            ("L020304", &[2], false),
            ("L020304", &[2, 4], true),
            ("L020304", &[3], true),
        ];
        for (note, there, expected) in cases {
            assert_eq!(holds(note, there), expected, "{note} {there:?}");
        }
        for word in ["P03", "X0304", "P030", "Pab", ""] {
            assert_eq!(Condition::from_word(word), None, "{word}");
        }
    }
}
