//! What an acknowledgement says, and of what: the control numbers link it to what was sent.

use dragoman_tree::{Kind, NodeId, Tree};

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A: accepted.
    Accepted,
    /// E: accepted, but errors were noted.
    AcceptedWithErrors,
    /// P: some of the group was accepted.
    Partly,
    /// R, and M, W and X, which concern security: rejected.
    Rejected,
    /// Anything else: not known, never taken for accepted.
    Unknown,
}

impl Verdict {
    fn of(code: &str) -> Self {
        match code {
            "A" => Self::Accepted,
            "E" => Self::AcceptedWithErrors,
            "P" => Self::Partly,
            "R" | "M" | "W" | "X" => Self::Rejected,
            _ => Self::Unknown,
        }
    }
}

/// What a 997 or 999 says about a functional group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// GS01 of the group.
    pub group: String,
    /// GS06 of the group.
    pub control: String,
    /// About the group.
    pub verdict: Verdict,
    /// About its transaction sets, as far as they are named.
    pub sets: Vec<SetAnswer>,
}

/// What it says about a transaction set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAnswer {
    /// ST01 of the set.
    pub number: String,
    /// ST02 of the set.
    pub control: String,
    /// About the set.
    pub verdict: Verdict,
    /// Where it is wrong: segment tag and number, element and component, code; of the segment where there is no
    /// element.
    pub errors: Vec<(String, u32, Option<String>, String)>,
}

/// What a TA1 says about an interchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterchangeAnswer {
    /// ISA13 of the interchange.
    pub control: String,
    /// ISA09 and ISA10 of it.
    pub moment: (String, String),
    /// About it.
    pub verdict: Verdict,
    /// TA105, `000` for no error.
    pub note: String,
}

/// Reads a 997 or 999; `None` of any other message.
pub fn answer(tree: &Tree<'_>) -> Option<Answer> {
    let name = (!tree.is_empty()).then(|| tree.name(NodeId::ROOT))?;
    if !matches!(name, "997" | "999") {
        return None;
    }
    let mut answer =
        Answer { group: String::new(), control: String::new(), verdict: Verdict::Unknown, sets: Vec::new() };
    let mut segment = (String::new(), 0);
    for node in tree.ids().filter(|node| tree.node(*node).kind == Kind::Segment) {
        let value = |position: &str| value(tree, node, position);
        match tree.name(node) {
            "AK1" => (answer.group, answer.control) = (value("01"), value("02")),
            "AK2" => answer.sets.push(SetAnswer {
                number: value("01"),
                control: value("02"),
                verdict: Verdict::Unknown,
                errors: Vec::new(),
            }),
            "AK9" => answer.verdict = Verdict::of(&value("01")),
            tag => {
                if let Some(set) = answer.sets.last_mut() {
                    set.add(tag, &value, &mut segment);
                }
            }
        }
    }
    Some(answer)
}

impl SetAnswer {
    /// Adds what a segment says about the set; `segment` is the one at fault, by tag and number.
    fn add(&mut self, tag: &str, value: &dyn Fn(&str) -> String, segment: &mut (String, u32)) {
        match tag {
            "AK3" | "IK3" => {
                *segment = (value("01"), value("02").parse().unwrap_or_default());
                let code = value("04");
                // 8 only says that elements follow.
                if code != "8" {
                    self.errors.push((segment.0.clone(), segment.1, None, code));
                }
            }
            "AK4" | "IK4" => self.errors.push((segment.0.clone(), segment.1, Some(value("01")), value("03"))),
            "AK5" | "IK5" => self.verdict = Verdict::of(&value("01")),
            _ => {}
        }
    }
}

/// Reads the TA1 segments of a message.
pub fn interchange_answers(tree: &Tree<'_>) -> Vec<InterchangeAnswer> {
    let segments =
        tree.ids().filter(|node| tree.node(*node).kind == Kind::Segment && tree.name(*node) == "TA1");
    segments
        .map(|node| InterchangeAnswer {
            control: value(tree, node, "01"),
            moment: (value(tree, node, "02"), value(tree, node, "03")),
            verdict: Verdict::of(&value(tree, node, "04")),
            note: value(tree, node, "05"),
        })
        .collect()
}

/// An element as text, the components of a composite joined by colons.
fn value(tree: &Tree<'_>, segment: NodeId, position: &str) -> String {
    let Some(element) = tree.child(segment, position) else { return String::new() };
    let parts: Vec<_> = tree.subtree(element).filter_map(|leaf| tree.value(leaf)).collect();
    parts.join(":")
}
