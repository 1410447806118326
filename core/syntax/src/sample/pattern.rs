//! Texts that match a pattern: a walk through its syntax tree, in which chance decides what is open.

use regex_syntax::Parser;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

use super::random::Random;

/// How much oftener than it must something repeats at most.
const MORE: u32 = 12;

/// What a class may be drawn from first: what people write. Others are drawn where it holds none of these.
const WRITTEN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -.,/()'+:?&<>\"é";

/// A text of the pattern's notation; `None` where it cannot be parsed or nothing matches.
pub(super) fn matching(pattern: &str, random: &mut Random) -> Option<String> {
    let known = pattern.replace(r"\p{IsBasicLatin}", r"[ -~]");
    let hir = Parser::new().parse(&known).ok()?;
    let mut text = String::new();
    write(&hir, random, &mut text)?;
    Some(text)
}

fn write(hir: &Hir, random: &mut Random, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(character(class, random)?),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX).min(repetition.min.saturating_add(MORE));
            for _ in 0..random.between(repetition.min, most) {
                write(&repetition.sub, random, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, random, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, random, text))?,
        HirKind::Alternation(arms) => {
            let arm = random.below(arms.len() as u64) as usize;
            write(arms.get(arm)?, random, text)?;
        }
    }
    Some(())
}

fn character(class: &Class, random: &mut Random) -> Option<char> {
    let class = match class {
        Class::Unicode(class) => class.clone(),
        Class::Bytes(class) => class.to_unicode_class()?,
    };
    let usual: Vec<char> = WRITTEN.chars().filter(|letter| holds(&class, *letter)).collect();
    random.pick(&usual).or_else(|| class.ranges().first().map(regex_syntax::hir::ClassUnicodeRange::start))
}

fn holds(class: &ClassUnicode, letter: char) -> bool {
    class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::Pattern;

    #[test]
    fn what_is_made_matches() {
        let patterns = [
            r"\P{Z}(.*\P{Z})?",
            r"([0-1][0-9]|[2][0-4])[A-Z]{2}[A-Z0-9]{13}[0-9]",
            r"(20\d{6})(\d{6}(Z|[-+]\d\d))?",
            r"\p{IsBasicLatin}+",
            r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
        ];
        for pattern in patterns {
            let known = Pattern::new(pattern).unwrap();
            for seed in 0..100 {
                let text = matching(pattern, &mut Random::new(seed)).unwrap();
                assert!(known.is_match(&text), "{pattern} {text:?}");
            }
        }
    }
}
