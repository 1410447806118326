//! Acknowledgements: CONTRL made of what was found in an interchange, APERAK where a partner wants it, and CONTRL
//! read again.
//!
//! CONTRL D.3 (ISO 9735:1988, Amendment 1) answers syntax versions 1 to 3, CONTRL 4.1 (ISO 9735-4) version 4. An
//! acknowledgement is never acknowledged.

mod answer;
mod application;
mod codes;

use dragoman_tree::{Finding, NodeId, Severity, Tree};

use super::service::repeats;
use super::{Interchange, Message, Party};
use crate::acknowledge::{At, Builder, Fault, Stamp, Value, Wrong, faults};
use crate::grammar::Grammar;
use crate::segments::cells::Cells;

pub use answer::{Action, Answer, MessageAnswer, Reported, answer};

/// Which acknowledgement an interchange gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// CONTRL, the syntax and service report.
    #[default]
    Control,
    /// APERAK, the application error and acknowledgement message: one for each message.
    Application,
}

/// What answers one interchange: write the messages with the envelope.
#[derive(Clone, Debug)]
pub struct Acknowledgement {
    /// From its recipient to its sender.
    pub envelope: Interchange,
    /// The CONTRL, or the APERAKs.
    pub messages: Vec<Tree<'static>>,
}

/// The values of a header by the positions of data element and component, both from 1.
type Header = Vec<(u32, u32, String)>;

/// An interchange, or a group.
#[derive(Debug, Default)]
struct Subject {
    header: Header,
    /// What is wrong with it; the tag of the service segment that it is in.
    faults: Vec<(&'static str, Fault)>,
}

#[derive(Debug, Default)]
struct Received {
    interchange: Subject,
    groups: Vec<(Subject, Vec<Item>)>,
}

/// A message.
#[derive(Debug)]
struct Item {
    unh: Header,
    /// The values of BGM.
    bgm: Header,
    faults: Vec<Fault>,
    errors: Vec<Finding>,
}

/// So many messages of a file with nothing wrong are named in CONTRL. More need no word: action 7 (0083) accepts what it
/// does not name, and the acknowledgement of a file of millions stays small.
const NAMED: usize = 1000;

/// Takes the messages of a file as they are read, with what was found, and makes the acknowledgements.
#[derive(Debug)]
pub struct Acknowledger {
    form: Form,
    received: Vec<Received>,
    /// Messages that are named although nothing is wrong with them.
    accepted: usize,
}

impl Acknowledger {
    /// Begins a file.
    pub const fn new(form: Form) -> Self {
        Self { form, received: Vec::new(), accepted: 0 }
    }

    /// Takes a message, with the findings of its reader and of validation. Without UNB nobody knows whom to answer.
    pub fn add(&mut self, message: &Message<'_>, findings: &[Finding]) {
        let own = self.around(findings);
        let (tree, grammar) = (message.tree(), message.grammar.as_deref());
        let unb = header(tree, grammar, "UNB");
        let begins = tree.children(NodeId::ROOT).find(|node| tree.name(*node) == "UNB");
        if unb.is_empty() {
            return;
        }
        // A header that is a copy was there with the message before.
        if begins.is_some_and(|node| !tree.node(node).span.is_empty()) || self.received.is_empty() {
            let interchange = Subject { header: unb, ..Subject::default() };
            self.received.push(Received { interchange, ..Received::default() });
        }
        let Some(received) = self.received.last_mut() else { return };
        if message.kind.name == "CONTRL" {
            return;
        }
        let ung = header(tree, grammar, "UNG");
        if received.groups.last().is_none_or(|(last, _)| last.header != ung) {
            received.groups.push((Subject { header: ung, ..Subject::default() }, Vec::new()));
        }
        let Some((group, items)) = received.groups.last_mut() else { return };
        let mut own_faults = Vec::new();
        for fault in faults(tree, grammar, &own) {
            match codes::service(&fault) {
                "UNB" => received.interchange.faults.push(("UNB", fault)),
                "UNG" => group.faults.push(("UNG", fault)),
                _ => own_faults.push(fault),
            }
        }
        if own_faults.is_empty() && self.form == Form::Control {
            self.accepted += 1;
            if self.accepted > NAMED {
                return;
            }
        }
        let (unh, bgm) = (header(tree, grammar, "UNH"), header(tree, grammar, "BGM"));
        let errors = own.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
        items.push(Item { unh, bgm, faults: own_faults, errors });
    }

    /// Sorts out the findings about the group and the interchange before; gives the others.
    fn around(&mut self, findings: &[Finding]) -> Vec<Finding> {
        let mut own = Vec::new();
        for finding in findings {
            let path = finding.wire_path.as_deref().unwrap_or_default();
            let wrong = match &*finding.code {
                "DG-E0307" => Wrong::NoTrailer,
                "DG-E0310" => Wrong::Count,
                "DG-E0311" => Wrong::Reference,
                _ => Wrong::Other,
            };
            let fault = Fault { wrong, at: At::Message, value: None };
            let last = self.received.last_mut();
            match (path.split('/').next().unwrap_or_default(), last) {
                ("UNZ", Some(received)) => received.interchange.faults.push(("UNZ", fault)),
                ("UNE", Some(received)) => {
                    if let Some((group, _)) = received.groups.last_mut() {
                        group.faults.push(("UNE", fault));
                    }
                }
                _ => own.push(finding.clone()),
            }
        }
        own
    }

    /// Makes the acknowledgements, one an interchange; `findings` are those after the last message.
    pub fn finish(mut self, findings: &[Finding], stamp: &Stamp) -> Vec<Acknowledgement> {
        self.around(findings);
        let worth = self.received.iter().filter(|received| !received.groups.is_empty());
        let numbered = (stamp.number..).zip(worth);
        numbered.map(|(number, received)| received.acknowledge(self.form, stamp, number)).collect()
    }
}

impl Received {
    fn acknowledge(&self, form: Form, stamp: &Stamp, number: u32) -> Acknowledgement {
        let unb = |element, component| text(&self.interchange.header, element, component).to_owned();
        let party =
            |element| Party { id: unb(element, 1), qualifier: unb(element, 2), routing: String::new() };
        let version = unb(1, 2);
        let short = stamp.date.get(2..).unwrap_or_default();
        let envelope = Interchange {
            syntax: unb(1, 1),
            sender: party(3),
            recipient: party(2),
            date: if repeats(&version) { stamp.date.clone() } else { short.to_owned() },
            version,
            time: stamp.time.clone(),
            reference: number.to_string(),
            test: unb(11, 1),
            ..Interchange::default()
        };
        let items = || self.groups.iter().flat_map(|(_, items)| items);
        let messages = match form {
            Form::Control => vec![self.control()],
            Form::Application => {
                (1..).zip(items()).map(|(at, item)| application::message(item, at, stamp)).collect()
            }
        };
        Acknowledgement { envelope, messages }
    }

    /// The CONTRL about the interchange.
    fn control(&self) -> Tree<'static> {
        let unb = &self.interchange.header;
        let is_new = repeats(text(unb, 1, 2));
        let mut build = Builder::new("CONTRL", false);
        let [version, release] = if is_new { ["4", "1"] } else { ["D", "3"] };
        let kind = [(2, 1, "CONTRL"), (2, 2, version), (2, 3, release), (2, 4, "UN")];
        build.segment("UNH", &[&[(1, 0, "1")], &kind[..]].concat());
        let mut uci = vec![(1, 0, text(unb, 5, 1))];
        uci.extend(copied(unb, 2, 2, 3).chain(copied(unb, 3, 3, 3)));
        self.interchange.report("UCI", &uci, 4, &mut build);
        for (group, items) in &self.groups {
            if !group.header.is_empty() {
                let mut ucf = vec![(1, 0, text(&group.header, 5, 1))];
                ucf.extend(copied(&group.header, 2, 2, 2).chain(copied(&group.header, 3, 3, 2)));
                group.report("UCF", &ucf, 4, &mut build);
            }
            for item in items {
                item.report(is_new, &mut build);
            }
        }
        build.finish()
    }
}

impl Subject {
    /// Adds UCI or UCF: the subject that it is about, the action, and what is wrong from position `at` on. One error is all
    /// that a level can state.
    fn report(&self, tag: &str, subject: &[Value<'_>], at: u32, build: &mut Builder) {
        let fault = self.faults.first();
        let place = fault.map(|(_, fault)| positions(fault)).unwrap_or_default();
        let mut values = subject.to_vec();
        values.push((at, 0, action(fault.is_none())));
        if let Some((service, fault)) = fault {
            values.push((at + 1, 0, codes::error(fault)));
            values.push((at + 2, 0, service));
            values.extend(
                (1..).zip(&place).map(|(component, position)| (at + 3, component, position.as_str())),
            );
        }
        build.segment(tag, &values);
    }
}

impl Item {
    /// Adds UCM, and UCS and UCD for what is wrong below it.
    fn report(&self, is_new: bool, build: &mut Builder) {
        let mut ucm = vec![(1, 0, text(&self.unh, 1, 1))];
        ucm.extend(copied(&self.unh, 2, 2, 5));
        ucm.push((3, 0, action(self.faults.is_empty())));
        let is_header = |fault: &&Fault| matches!(codes::service(fault), "UNH" | "UNT" | "");
        let own = self.faults.iter().find(is_header);
        let place = own.map(positions).unwrap_or_default();
        if let Some(fault) = own {
            ucm.extend([(4, 0, codes::error(fault)), (5, 0, codes::service(fault))]);
            ucm.extend((1..).zip(&place).map(|(component, position)| (6, component, position.as_str())));
        }
        build.segment("UCM", &ucm);
        let below: Vec<&Fault> = self.faults.iter().filter(|fault| !is_header(fault)).collect();
        for run in below.chunk_by(|one, next| number(one) == number(next)) {
            segment(run, is_new, build);
        }
    }
}

/// Adds UCS for the faults of a segment, and UCD for each that is in a data element.
fn segment(run: &[&Fault], is_new: bool, build: &mut Builder) {
    let whole = run.iter().find(|fault| matches!(fault.at, At::Segment { .. }));
    let number = run.first().map_or(1, |fault| number(fault)).to_string();
    build.segment("UCS", &[(1, 0, &number), (2, 0, whole.map_or("", |fault| codes::error(fault)))]);
    for fault in run.iter().filter(|fault| matches!(fault.at, At::Element { .. })) {
        let mut place = positions(fault);
        place.truncate(if is_new { 3 } else { 2 });
        let mut ucd = vec![(1, 0, codes::error(fault))];
        ucd.extend((1..).zip(&place).map(|(component, position)| (2, component, position.as_str())));
        build.segment("UCD", &ucd);
    }
}

/// 0083: this level is acknowledged, the next where it is not explicitly rejected; or this and all below rejected.
const fn action(is_good: bool) -> &'static str {
    if is_good { "7" } else { "4" }
}

/// 0096. For something that is missing, that of the last segment before its place (ISO 9735-4).
const fn number(fault: &Fault) -> u32 {
    match (&fault.at, fault.wrong) {
        (At::Message, _) => 0,
        (At::Segment { number, .. }, Wrong::Missing) if *number > 1 => *number - 1,
        (At::Segment { number, .. } | At::Element { number, .. }, _) => *number,
    }
}

/// S011: the positions of data element, component and repetition. The tag is position 1.
fn positions(fault: &Fault) -> Vec<String> {
    let At::Element { element, component, repetition, .. } = &fault.at else { return Vec::new() };
    let text = |number: &Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![(element + 1).to_string(), text(component), text(repetition)]
}

/// The first components of an element, copied to another position.
fn copied(header: &Header, from: u32, to: u32, most: u32) -> impl Iterator<Item = Value<'_>> {
    let wanted = move |(element, component, _): &&(u32, u32, String)| *element == from && *component <= most;
    header.iter().filter(wanted).map(move |(_, component, value)| (to, *component, value.as_str()))
}

/// The values of the first segment with that tag.
fn header(tree: &Tree<'_>, grammar: Option<&Grammar>, tag: &str) -> Header {
    let Some(node) = (!tree.is_empty()).then(|| tree.child(NodeId::ROOT, tag)).flatten() else {
        return Header::new();
    };
    let message = (tree, grammar);
    let mut cells = Cells::new(&message, true);
    cells.collect(node);
    values(&cells)
}

/// The values of the segment that was collected.
fn values(cells: &Cells<'_>) -> Header {
    cells.list.iter().map(|cell| (cell.element, cell.component, cell.value.to_owned())).collect()
}

fn text(header: &Header, element: u32, component: u32) -> &str {
    let is_there = |(at, of, _): &&(u32, u32, String)| (*at, *of) == (element, component);
    header.iter().find(is_there).map_or("", |(.., value)| value)
}
