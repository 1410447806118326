//! What changes between two texts, line by line.

use serde::Serialize;
use utoipa::ToSchema;

/// A line of two texts that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DiffLine {
    /// What becomes of it.
    pub kind: LineKind,
    /// The line.
    pub text: String,
}

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// It is in both texts.
    Same,
    /// It goes.
    Removed,
    /// It comes.
    Added,
    /// So many lines are the same, and left out.
    Skipped,
}

/// How many lines are shown around a change.
const AROUND: usize = 3;

/// More lines than these, beside a common begin and end, are not matched but replaced: the table would be too large.
const MOST: usize = 2000;

/// The lines of two texts, with the common ones that are far from any change summed up.
pub(crate) fn difference(before: &str, after: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let same = |(one, two): &(&&str, &&str)| one == two;
    let start = old.iter().zip(&new).take_while(same).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same).count();
    let middle = |lines: &[&str]| {
        lines
            .get(start..lines.len() - end)
            .unwrap_or_default()
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<_>>()
    };
    let mut lines: Vec<_> = old.iter().take(start).map(|line| of(LineKind::Same, line)).collect();
    lines.extend(matched(&middle(&old), &middle(&new)));
    lines.extend(old.iter().skip(old.len() - end).map(|line| of(LineKind::Same, line)));
    summed(lines)
}

fn of(kind: LineKind, text: &str) -> DiffLine {
    DiffLine { kind, text: text.to_owned() }
}

/// By the longest common subsequence.
fn matched(old: &[String], new: &[String]) -> Vec<DiffLine> {
    let all = |kind, lines: &[String]| lines.iter().map(|line| of(kind, line)).collect::<Vec<_>>();
    if old.len() > MOST || new.len() > MOST {
        return [all(LineKind::Removed, old), all(LineKind::Added, new)].concat();
    }
    // lengths[i][j]: of the longest common subsequence of old[i..] and new[j..].
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    let at = |lengths: &[u32], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or_default();
    for (i, one) in old.iter().enumerate().rev() {
        for (j, two) in new.iter().enumerate().rev() {
            let length = if one == two {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(cell) = lengths.get_mut(i * width + j) {
                *cell = length;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (old.get(i), new.get(j)) {
            (Some(one), Some(two)) if one == two => {
                lines.push(of(LineKind::Same, one));
                (i, j) = (i + 1, j + 1);
            }
            (Some(one), two) if two.is_none() || at(&lengths, i + 1, j) >= at(&lengths, i, j + 1) => {
                lines.push(of(LineKind::Removed, one));
                i += 1;
            }
            (_, Some(two)) => {
                lines.push(of(LineKind::Added, two));
                j += 1;
            }
            _ => return lines,
        }
    }
}

/// Leaves out what is the same and far from any change.
fn summed(lines: Vec<DiffLine>) -> Vec<DiffLine> {
    let changes: Vec<_> =
        lines.iter().enumerate().filter(|(_, line)| line.kind != LineKind::Same).map(|(at, _)| at).collect();
    let is_near = |at: usize| {
        let next = changes.partition_point(|change| *change < at);
        let near = |change: Option<&usize>| change.is_some_and(|change| change.abs_diff(at) <= AROUND);
        near(changes.get(next)) || near(next.checked_sub(1).and_then(|before| changes.get(before)))
    };
    let mut shown: Vec<DiffLine> = Vec::new();
    let mut skipped = 0;
    for (at, line) in lines.into_iter().enumerate() {
        if is_near(at) {
            if skipped > 0 {
                shown.push(of(LineKind::Skipped, &skipped.to_string()));
            }
            skipped = 0;
            shown.push(line);
        } else {
            skipped += 1;
        }
    }
    if skipped > 0 {
        shown.push(of(LineKind::Skipped, &skipped.to_string()));
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(before: &str, after: &str) -> String {
        let sign = |line: DiffLine| match line.kind {
            LineKind::Same => format!(" {}", line.text),
            LineKind::Removed => format!("-{}", line.text),
            LineKind::Added => format!("+{}", line.text),
            LineKind::Skipped => format!("({})", line.text),
        };
        difference(before, after).into_iter().map(sign).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_change_is_shown_with_what_is_around_it() {
        let text = |changed: &str| format!("1\n2\n3\n4\n5\n{changed}\n6\n7\n8\n9\n10");
        assert_eq!(shown(&text("a"), &text("b")), "(2)\n 3\n 4\n 5\n-a\n+b\n 6\n 7\n 8\n(2)");
        assert_eq!(shown("a\nb", "a\nb"), "(2)");
        assert_eq!(shown("", "a"), "+a");
    }

    proptest! {
        #[test]
        fn the_lines_of_both_texts_are_there(old in "([abc]\n){0,12}", new in "([abc]\n){0,12}") {
            let lines = matched(&lines(&old), &lines(&new));
            let of = |gone: LineKind| lines.iter().filter(|line| line.kind != gone).map(|line| format!("{}\n", line.text)).collect::<String>();
            prop_assert_eq!(of(LineKind::Added), old);
            prop_assert_eq!(of(LineKind::Removed), new);
        }
    }

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }
}
