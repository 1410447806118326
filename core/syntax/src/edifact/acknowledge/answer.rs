//! What a CONTRL says, and of what: references and positions link it to what was sent.

use dragoman_tree::{Kind, NodeId};

use super::{Header, text, values};
use crate::segments::cells::{Cells, Outgoing};
use crate::segments::{WireIndex, WireLeaf};

/// 0083: what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// 7, and in older messages 1: acknowledged; what is below counts as acknowledged where it is not rejected.
    Acknowledged,
    /// 4, and in older messages 2: this and all below is rejected.
    Rejected,
    /// 8: received, nothing more.
    Received,
    /// Anything else: not known, never taken for acknowledged.
    Unknown,
}

impl Action {
    fn of(code: &str) -> Self {
        match code {
            "1" | "7" => Self::Acknowledged,
            "2" | "4" => Self::Rejected,
            "8" => Self::Received,
            _ => Self::Unknown,
        }
    }
}

/// An error, and where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// 0085.
    pub code: String,
    /// The service segment that it is in (0135, before version 4 0013); empty for others.
    pub service: String,
    /// 0096, the segment in the message: UNH is 1. 0 where none is named.
    pub segment: u32,
    /// 0098, the data element in the segment: the tag is 1. 0 where none is named.
    pub element: u32,
    /// 0104, the component in the composite. 0 where none is named.
    pub component: u32,
}

impl Reported {
    /// The leaf that is meant, in an interchange that was written: in the message of that index.
    pub fn leaf<'x>(&self, index: &'x WireIndex, message: usize) -> Option<&'x WireLeaf> {
        let segment = index.segment(message, self.segment as usize)?;
        let fits = |leaf: &&WireLeaf| {
            let is_component = self.component == 0 || u32::from(leaf.component) == self.component;
            u32::from(leaf.element) + 1 == self.element && is_component
        };
        index.leaves(segment).iter().find(fits)
    }
}

/// What is said about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageAnswer {
    /// 0048 of the group that it is in; empty where there are no groups.
    pub group: String,
    /// 0062 of the message.
    pub reference: String,
    /// 0065 of the message.
    pub name: String,
    /// About it.
    pub action: Action,
    /// What is wrong with it.
    pub errors: Vec<Reported>,
}

/// What a CONTRL says about an interchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 0020 of the interchange.
    pub reference: String,
    /// 0004 of its sender.
    pub sender: String,
    /// 0010 of its recipient.
    pub recipient: String,
    /// About the interchange.
    pub action: Action,
    /// What is wrong with it.
    pub error: Option<Reported>,
    /// About its groups, by 0048, as far as they are named.
    pub groups: Vec<(String, Action)>,
    /// About its messages, as far as they are named.
    pub messages: Vec<MessageAnswer>,
}

impl Answer {
    /// What became of a message, by its group (empty where there are none) and reference: what is said about it, or
    /// about what it is in.
    pub fn of(&self, group: &str, reference: &str) -> Action {
        let own = self.messages.iter().find(|at| at.group == group && at.reference == reference);
        let around = self.groups.iter().find(|(name, _)| !group.is_empty() && name == group);
        match (self.action, around, own) {
            (Action::Rejected, ..) | (_, Some((_, Action::Rejected)), _) => Action::Rejected,
            (_, _, Some(own)) => own.action,
            (_, Some((_, action)), None) => *action,
            (action, None, None) => action,
        }
    }

    fn add(&mut self, tag: &str, values: &Header, at: &mut (String, u32)) {
        let value = |element, component| text(values, element, component).to_owned();
        match tag {
            "UCI" => {
                (self.reference, self.sender, self.recipient) = (value(1, 1), value(2, 1), value(3, 1));
                (self.action, self.error) = (Action::of(&value(4, 1)), reported(values, 5));
            }
            "UCF" => {
                at.0 = value(1, 1);
                self.groups.push((value(1, 1), Action::of(&value(4, 1))));
            }
            "UCM" => self.messages.push(MessageAnswer {
                group: at.0.clone(),
                reference: value(1, 1),
                name: value(2, 1),
                action: Action::of(&value(3, 1)),
                errors: reported(values, 4).into_iter().collect(),
            }),
            "UCS" => at.1 = number(values, 1, 1),
            _ => {}
        }
        let error = match tag {
            "UCS" => Reported { code: value(2, 1), ..Reported::default() },
            "UCD" => Reported { code: value(1, 1), ..place(values, 2) },
            _ => return,
        };
        if let Some(message) = self.messages.last_mut().filter(|_| !error.code.is_empty()) {
            message.errors.push(Reported { segment: at.1, ..error });
        }
    }
}

/// The error of a level whose code is at a position.
fn reported(values: &Header, at: u32) -> Option<Reported> {
    let code = text(values, at, 1).to_owned();
    let service = text(values, at + 1, 1).to_owned();
    (!code.is_empty()).then(|| Reported { code, service, ..place(values, at + 2) })
}

/// S011 at a position.
fn place(values: &Header, at: u32) -> Reported {
    Reported { element: number(values, at, 1), component: number(values, at, 2), ..Reported::default() }
}

fn number(values: &Header, element: u32, component: u32) -> u32 {
    text(values, element, component).parse().unwrap_or_default()
}

/// Reads a CONTRL; `None` of any other message.
pub fn answer(message: &Outgoing<'_>) -> Option<Answer> {
    let (tree, _) = *message;
    if tree.is_empty() || tree.name(NodeId::ROOT) != "CONTRL" {
        return None;
    }
    let (action, error) = (Action::Unknown, None);
    let (groups, messages) = (Vec::new(), Vec::new());
    let [reference, sender, recipient] = [(); 3].map(|()| String::new());
    let mut answer = Answer { reference, sender, recipient, action, error, groups, messages };
    let mut at = (String::new(), 0);
    let mut cells = Cells::new(message, true);
    for node in tree.ids().filter(|node| tree.node(*node).kind == Kind::Segment) {
        cells.collect(node);
        answer.add(tree.name(node), &values(&cells), &mut at);
    }
    Some(answer)
}
