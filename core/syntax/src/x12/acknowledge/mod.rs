//! Acknowledgements: 997, 999 and TA1 made of what was found in an interchange, and read again.
//!
//! Codes are those of public implementation guides. An acknowledgement is never acknowledged.

mod answer;
mod codes;

use dragoman_tree::{Finding, NodeId, Tree};

use super::{Envelope, Message, Party};
use crate::acknowledge::{At, Builder, Fault, Value, Wrong, faults};

pub use crate::acknowledge::Stamp;
pub use answer::{Answer, InterchangeAnswer, SetAnswer, Verdict, answer, interchange_answers};

/// Which acknowledgement a group gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// 997, the functional acknowledgement.
    #[default]
    Functional,
    /// 999, the implementation acknowledgement.
    Implementation,
}

/// What answers one interchange: write the messages with the envelope.
#[derive(Clone, Debug)]
pub struct Acknowledgement {
    /// From its recipient to its sender.
    pub envelope: Envelope,
    /// A TA1 where it was asked for or something is wrong with the interchange, and one message a group.
    pub messages: Vec<Tree<'static>>,
}

/// The most that a copy of a bad value holds (AK404).
const COPY: usize = 99;

/// The elements of a header, by position.
type Header = Vec<(u32, String)>;

#[derive(Debug, Default)]
struct Interchange {
    isa: Header,
    wrong: Vec<Wrong>,
    groups: Vec<Group>,
}

#[derive(Debug, Default)]
struct Group {
    gs: Header,
    wrong: Vec<Wrong>,
    /// Those that are named.
    sets: Vec<Set>,
    received: usize,
}

#[derive(Debug)]
struct Set {
    number: String,
    control: String,
    version: String,
    faults: Vec<Fault>,
}

/// So many sets of a file with nothing wrong are named. More need no word: the loop AK2 is optional, AK9 counts all, and
/// the acknowledgement of a file of millions stays small.
const NAMED: usize = 1000;

/// Takes the transaction sets of a file as they are read, with what was found, and makes the acknowledgements.
#[derive(Debug)]
pub struct Acknowledger {
    form: Form,
    interchanges: Vec<Interchange>,
    /// Sets that are named although nothing is wrong with them.
    accepted: usize,
}

impl Acknowledger {
    /// Begins a file.
    pub const fn new(form: Form) -> Self {
        Self { form, interchanges: Vec::new(), accepted: 0 }
    }

    /// Takes a transaction set, with the findings of its reader and of validation.
    pub fn add(&mut self, message: &Message<'_>, findings: &[Finding]) {
        let own = self.around(findings);
        let tree = message.tree();
        let (isa, gs) = (header(tree, "ISA"), header(tree, "GS"));
        if self.interchanges.last().is_none_or(|last| last.isa != isa) {
            self.interchanges.push(Interchange { isa, ..Interchange::default() });
        }
        let Some(interchange) = self.interchanges.last_mut() else { return };
        if matches!(message.kind.number.as_str(), "TA1" | "997" | "999") {
            return;
        }
        if interchange.groups.last().is_none_or(|last| last.gs != gs) {
            interchange.groups.push(Group { gs, ..Group::default() });
        }
        let Some(group) = interchange.groups.last_mut() else { return };
        group.received += 1;
        let faults = faults(tree, message.grammar.as_deref(), &own);
        self.accepted += usize::from(faults.is_empty());
        if faults.is_empty() && self.accepted > NAMED {
            return;
        }
        let st = header(tree, "ST");
        let text = |element| text(&st, element).to_owned();
        group.sets.push(Set { number: text(1), control: text(2), version: text(3), faults });
    }

    /// Sorts out the findings about the group and the interchange before; gives the others.
    fn around(&mut self, findings: &[Finding]) -> Vec<Finding> {
        let mut own = Vec::new();
        for finding in findings {
            let path = finding.wire_path.as_deref().unwrap_or_default();
            let wrong = match &*finding.code {
                "DG-E0344" => Wrong::NoTrailer,
                "DG-E0345" => Wrong::Count,
                "DG-E0346" => Wrong::Reference,
                _ => Wrong::Other,
            };
            let tag = path.split('/').next().unwrap_or_default();
            match (tag, self.interchanges.last_mut()) {
                ("IEA", Some(interchange)) => interchange.wrong.push(wrong),
                ("GE", Some(interchange)) => {
                    if let Some(group) = interchange.groups.last_mut() {
                        group.wrong.push(wrong);
                    }
                }
                _ => own.push(finding.clone()),
            }
        }
        own
    }

    /// Makes the acknowledgements, one an interchange; `findings` are those after the last transaction set.
    pub fn finish(mut self, findings: &[Finding], stamp: &Stamp) -> Vec<Acknowledgement> {
        self.around(findings);
        let numbered = (stamp.number..).zip(self.interchanges);
        let made = numbered.map(|(number, interchange)| interchange.acknowledge(self.form, stamp, number));
        made.filter(|made| !made.messages.is_empty()).collect()
    }
}

impl Interchange {
    fn acknowledge(&self, form: Form, stamp: &Stamp, number: u32) -> Acknowledgement {
        let asked = text(&self.isa, 14) == "1" || !self.wrong.is_empty();
        let ta1 = asked.then(|| self.ta1());
        let groups = (1..).zip(&self.groups).map(|(group, of)| of.acknowledge(form, stamp, group));
        let messages = ta1.into_iter().chain(groups).collect();
        let party = |qualifier, id| Party {
            id: text(&self.isa, id).to_owned(),
            qualifier: text(&self.isa, qualifier).to_owned(),
            application: String::new(),
        };
        let envelope = Envelope {
            sender: party(7, 8),
            recipient: party(5, 6),
            date: stamp.date.get(2..).unwrap_or_default().to_owned(),
            time: stamp.time.clone(),
            version: text(&self.isa, 12).to_owned(),
            number: number.to_string(),
            acknowledgement: "0".into(),
            usage: text(&self.isa, 15).to_owned(),
            ..Envelope::default()
        };
        Acknowledgement { envelope, messages }
    }

    fn ta1(&self) -> Tree<'static> {
        let (verdict, note) = codes::interchange(&self.wrong);
        let mut build = Builder::new("TA1", true);
        let isa = |element| text(&self.isa, element);
        build.segment("TA1", &simple(&[isa(13), isa(9), isa(10), verdict, note]));
        build.finish()
    }
}

impl Group {
    fn acknowledge(&self, form: Form, stamp: &Stamp, number: u32) -> Tree<'static> {
        let (name, letter) = match form {
            Form::Functional => ("997", 'A'),
            Form::Implementation => ("999", 'I'),
        };
        let gs = |element| text(&self.gs, element);
        let is_new = form == Form::Implementation;
        let version = if is_new { "005010X231A1" } else { gs(8) };
        let mut build = Builder::new(name, true);
        let (number, control) = (number.to_string(), format!("{number:04}"));
        let group = ["FA", gs(3), gs(2), &stamp.date, &stamp.time, &number, "X", version];
        build.segment("GS", &simple(&group));
        build.segment("ST", &simple(&[name, &control, if is_new { version } else { "" }]));
        build.segment("AK1", &simple(&[gs(1), gs(6), if is_new { gs(8) } else { "" }]));
        for set in &self.sets {
            set.acknowledge(&mut build, letter, is_new);
        }
        let received = self.received;
        let bad = self.sets.iter().filter(|set| !set.faults.is_empty()).count();
        let verdict = match (self.wrong.is_empty(), bad) {
            (true, 0) => "A",
            (true, bad) if bad < received => "P",
            _ => "R",
        };
        let accepted = if self.wrong.is_empty() { received - bad } else { 0 };
        let (received, accepted) = (received.to_string(), accepted.to_string());
        let mut elements = vec![verdict, &*received, &*received, &*accepted];
        elements.extend(codes::group(&self.wrong).into_iter().take(5));
        build.segment("AK9", &simple(&elements));
        build.finish()
    }
}

impl Set {
    fn acknowledge(&self, build: &mut Builder, letter: char, is_new: bool) {
        let version = if is_new { &*self.version } else { "" };
        build.segment("AK2", &simple(&[&self.number, &self.control, version]));
        let located = |fault: &&Fault| !matches!(fault.at, At::Message);
        let all: Vec<&Fault> = self.faults.iter().filter(located).collect();
        for run in all.chunk_by(|one, next| place(one) == place(next)) {
            let Some((number, tag)) = run.first().map(|fault| place(fault)) else { continue };
            let whole = run.iter().find(|fault| matches!(fault.at, At::Segment { .. }));
            let code = whole.map_or("8", |fault| codes::segment(fault));
            let number = number.to_string();
            build.segment(&format!("{letter}K3"), &simple(&[tag, &number, "", code]));
            for fault in run {
                element(fault, letter, build);
            }
        }
        let verdict = if self.faults.is_empty() { "A" } else { "R" };
        let mut elements = vec![verdict];
        elements.extend(codes::set(&self.faults).into_iter().take(5));
        build.segment(&format!("{letter}K5"), &simple(&elements));
    }
}

/// Adds the error of an element: where it is, what is wrong, and a copy of it.
fn element(fault: &Fault, letter: char, build: &mut Builder) {
    let At::Element { element, component, repetition, .. } = &fault.at else { return };
    let text = |number: &Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let (element, component, repetition) = (element.to_string(), text(component), text(repetition));
    let value = fault.value.as_deref().unwrap_or_default();
    let copy: String = value.chars().filter(|c| !c.is_control()).take(COPY).collect();
    let code = codes::element(fault.wrong);
    let values = [(1, 1, &*element), (1, 2, &component), (1, 3, &repetition), (3, 0, code), (4, 0, &copy)];
    build.segment(&format!("{letter}K4"), &values);
}

/// Simple data elements at the positions from 1 on.
fn simple<'v>(values: &[&'v str]) -> Vec<Value<'v>> {
    (1..).zip(values).map(|(position, value)| (position, 0, *value)).collect()
}

/// The segment that a fault is about.
fn place(fault: &Fault) -> (u32, &str) {
    match &fault.at {
        At::Message => (0, ""),
        At::Segment { number, tag, .. } | At::Element { number, tag, .. } => (*number, tag),
    }
}

/// The elements of a segment of the envelope.
fn header(tree: &Tree<'_>, tag: &str) -> Header {
    let segment = (!tree.is_empty()).then(|| tree.child(NodeId::ROOT, tag)).flatten();
    let elements = segment.into_iter().flat_map(|segment| tree.children(segment));
    elements.filter_map(|at| Some((tree.name(at).parse().ok()?, tree.value(at)?.to_owned()))).collect()
}

fn text(header: &Header, element: u32) -> &str {
    header.iter().find(|(at, _)| *at == element).map_or("", |(_, value)| value)
}
