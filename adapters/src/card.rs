//! Numbers of payment cards, which are refused where they are stated: whoever stores one comes under the card industry's
//! rules (PCI DSS), and no declaration needs it.

use dragoman_tree::{Code, Finding, NodeId, Severity, Tree};

/// Findings of this module.
pub const CODES: &[&Code] = &[&CARD_NUMBER];

/// The number of a payment card.
pub const CARD_NUMBER: Code = Code {
    id: "DG-E1006",
    title: "number of a payment card",
    help: "The message states the number of a payment card. It is refused, and not stored: no declaration needs the \
           number. Have the platform leave it out, or mask all but the last four digits.",
};

/// Names of fields that numbers of cards stand in, and of those that people write into.
const NAMES: [&str; 12] =
    ["card", "pan", "payment", "note", "comment", "message", "remark", "text", "memo", "ftx", "nte", "msg"];

/// What is found where the part of a message below a node states the number of a payment card: in a field that is named
/// after cards or payment, or in one that people write into. Other numbers of that length are references of all kinds.
pub fn card_number(tree: &Tree<'_>, node: NodeId) -> Option<Finding> {
    if tree.is_empty() {
        return None;
    }
    let states = |leaf: &NodeId| tree.value(*leaf).is_some_and(has_number) && is_suspect(tree, *leaf);
    let leaf = tree.subtree(node).find(states)?;
    let name = tree.name(leaf);
    let message = format!("`{name}` holds the number of a payment card");
    Some(Finding { span: Some(tree.file_span(leaf)), ..Finding::new(&CARD_NUMBER, Severity::Error, message) })
}

/// Whether a leaf, or one of the two that it stands in, has such a name.
fn is_suspect(tree: &Tree<'_>, leaf: NodeId) -> bool {
    let mut at = leaf;
    for _ in 0..3 {
        let name = tree.name(at).to_ascii_lowercase();
        if NAMES.iter().any(|word| if *word == "pan" { name == "pan" } else { name.contains(word) }) {
            return true;
        }
        at = tree.node(at).parent;
    }
    false
}

/// Whether a text has a run of digits, in groups or not, that is the number of a card.
fn has_number(text: &str) -> bool {
    if text.len() < 13 {
        return false;
    }
    let mut runs = vec![Vec::new()];
    let mut is_gap = false;
    for letter in text.chars() {
        match (letter.to_digit(10), runs.last_mut()) {
            (Some(digit), Some(run)) => {
                run.push(digit);
                is_gap = false;
            }
            (None, Some(run)) if matches!(letter, ' ' | '-') && !is_gap && !run.is_empty() => is_gap = true,
            _ => {
                runs.push(Vec::new());
                is_gap = false;
            }
        }
    }
    runs.iter().any(|run| is_number(run))
}

/// The ranges of the large networks (ISO/IEC 7812-1), by the first four digits and the length, and the check digit (its
/// annex B).
fn is_number(digits: &[u32]) -> bool {
    let Some(first) = digits.first_chunk::<4>() else { return false };
    let lengths = match first.iter().fold(0, |number, digit| number * 10 + digit) {
        4000..=4999 => &[13, 16, 19][..],
        2221..=2720 | 5100..=5599 | 3528..=3589 | 6011 | 6440..=6599 => &[16],
        3400..=3499 | 3700..=3799 => &[15],
        3000..=3059 | 3600..=3699 | 3800..=3899 => &[14],
        6200..=6299 => &[16, 17, 18, 19],
        _ => return false,
    };
    lengths.contains(&digits.len()) && check(digits)
}

/// The check digit of Luhn.
fn check(digits: &[u32]) -> bool {
    let doubled = |(place, digit): (usize, &u32)| {
        if place % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 }
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Numbers that networks publish for tests.
    const CARDS: [&str; 6] = [
        "4111111111111111",
        "4111 1111 1111 1111",
        "5555-5555-5555-4444",
        "378282246310005",
        "30569309025904",
        "my card is 6011111111111117, thanks",
    ];

    #[test]
    fn nothing_states_nothing() {
        assert_eq!(card_number(&Tree::default(), NodeId::ROOT), None);
    }

    #[test]
    fn numbers_of_cards_are_known() {
        for card in CARDS {
            assert!(has_number(card), "{card}");
        }
        for other in [
            "4111111111111112",
            "2000003508419013",
            "************1111",
            "411111111111",
            "41111111111111111",
            "",
        ] {
            assert!(!has_number(other), "{other}");
        }
    }
}
