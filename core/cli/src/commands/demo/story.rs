//! What the demonstration says.

use std::collections::BTreeMap;

use dragoman_engine::{Rejected, View};
use dragoman_exchange::{Event, Purpose, Said};
use dragoman_store::StoredEvent;
use dragoman_tree::{FindingRecord, Severity};

use crate::Context;
use crate::commands::demo::places;
use crate::commands::demo::play::Ended;
use crate::consignment::Files;
use crate::findings::{counted, rejection};
use crate::terminal::{Terminal, flush, note, print};

/// Who supplies values, in the order in which they are counted.
const SUPPLIERS: [&str; 6] = ["order", "master", "consignment", "profile", "rate", "rule"];

/// Tells it step by step, on the standard output.
pub struct Story<'s> {
    terminal: Terminal,
    /// Where it is shown what is awaited.
    waiting: Terminal,
    files: &'s Files,
    /// Who plays customs.
    office: String,
    step: u32,
    /// True from when on each event is told by itself.
    follows: bool,
    /// The references of declarations, by their streams.
    lrns: BTreeMap<String, String>,
    /// What customs said of each.
    said: BTreeMap<String, Vec<Said>>,
}

impl<'s> Story<'s> {
    /// A story that is about to begin.
    pub fn new(context: &Context, files: &'s Files, office: &str) -> Self {
        Self {
            terminal: context.terminal.on_stdout(),
            waiting: context.terminal.clone(),
            files,
            office: office.to_owned(),
            step: 0,
            follows: false,
            lrns: BTreeMap::new(),
            said: BTreeMap::new(),
        }
    }

    /// What it is about.
    pub fn begin(&self) {
        line("Orders become customs declarations, and what customs says comes back to the order line.");
        line(&format!(
            "Nothing leaves this machine: shops are played by simulators, customs by {}.",
            self.office
        ));
    }

    fn step(&mut self, text: &str) {
        self.waiting.end_progress();
        self.step += 1;
        let number = self.step;
        line(&if self.terminal.color {
            format!("\n\x1b[1m{number}  {text}\x1b[0m")
        } else {
            format!("\n{number}  {text}")
        });
    }

    /// Shows that something is awaited.
    pub fn waits(&self) {
        self.waiting.progress("   … waiting for what comes next");
    }

    /// The orders that were read from the shops.
    pub fn orders(&mut self, orders: &[View]) {
        self.step("Orders arrive: the gateway reads them from its shops");
        for order in orders {
            let lines: Vec<_> = order.panes.iter().flat_map(|panes| &panes.canonical.lines).collect();
            let at = |path: &str| lines.iter().find(|line| line.path.as_deref() == Some(path))?.value.clone();
            let is_line = |path: &str| path.starts_with("lines[") && path.ends_with("].line");
            let count = lines.iter().filter(|line| line.path.as_deref().is_some_and(is_line)).count();
            let to = ["recipient.address.city", "recipient.address.postal_code"].into_iter().filter_map(at);
            let to: Vec<_> = to.collect();
            let (account, number) = (&order.row.account, &order.row.title);
            line(&format!("   {account:16} order {number}, {}, to {}", counted(count, "line"), to.join(" ")));
            for gap in &order.gaps {
                line(&format!("   {:16} the customs master has to say more about {gap}", ""));
            }
        }
    }

    /// The declarations that they became.
    pub fn declared(&mut self, declarations: &[View]) {
        self.step("They are declared, by the rules of the day");
        let mut findings: Vec<&FindingRecord> = Vec::new();
        for declaration in declarations {
            let (lrn, data_set) = (lrn(declaration), declaration.data_set.as_deref().unwrap_or_default());
            let orders: Vec<_> = declaration.orders.iter().map(|order| order.title.as_str()).collect();
            line(&format!("   {lrn}  {data_set}: order {}", orders.join(", ")));
            let (all, supply) = supply(declaration);
            line(&format!("   {:1$}  {all} values, supplied by: {supply}", "", lrn.chars().count()));
            let own = declaration.lines.iter().flat_map(|group| &group.findings);
            findings.extend(own.filter(|one| one.severity > Severity::Info));
        }
        for finding in findings {
            let word = if finding.severity == Severity::Error { "error" } else { "warning" };
            line(&format!("\n{word}[{}]: {}", finding.code, finding.message));
            if let Some(hint) = &finding.hint {
                line(&format!("  = help: {hint}"));
            }
        }
    }

    /// They are sent.
    pub fn sending(&mut self) {
        self.step("They go to customs, and the answers come back in any order");
    }

    /// What customs made of a declaration.
    pub fn answered(&mut self, declaration: &View) {
        self.waiting.end_progress();
        let row = &declaration.row;
        let mark = if row.status == "cleared" { "✓" } else { "✗" };
        let number = row.mrn.as_deref().map(|mrn| format!(", MRN {mrn}")).unwrap_or_default();
        let mut said = self.said.get(&row.id).cloned().unwrap_or_default();
        said.sort_by(|one, other| (one.at, &one.native).cmp(&(other.at, &other.native)));
        let said: Vec<_> = said.iter().map(|said| said.events.as_str()).collect();
        let became = if row.state == "delivered" {
            format!("{} by {}{number}   it said: {}", row.status, self.office, said.join(", "))
        } else {
            let why = declaration.submissions.last().and_then(|submission| submission.said.as_deref());
            format!("{} {}", row.state, why.unwrap_or_default())
        };
        line(&format!("   {} {mark} {became}", lrn(declaration)));
    }

    /// What customs rejected, grouped under the order lines.
    pub fn rejected(&mut self, declaration: &View) {
        let rejections: Vec<_> = declaration.lines.iter().flat_map(|group| &group.rejections).collect();
        let count = counted(rejections.len(), "error");
        let title =
            format!("{} was rejected by {} with {count}; nothing was resent", lrn(declaration), self.office);
        self.step(&title);
        let mut headings: Vec<String> = Vec::new();
        for heading in rejections.iter().map(|one| heading(one)) {
            if !headings.contains(&heading) {
                headings.push(heading);
            }
        }
        for heading in headings {
            line(&format!("\n   {heading}\n"));
            for one in rejections.iter().filter(|one| self::heading(one) == heading) {
                let placed = places::rejection(one, declaration, self.files);
                line(&format!("{}\n", rejection::render(&placed, self.files, &self.terminal)));
            }
        }
    }

    /// The last line of what is played.
    pub fn end(&self, ended: &Ended, is_over: bool) {
        let more = if is_over { " Without --once, its pages stay open to correct it." } else { "" };
        line(&format!("{} cleared, {} rejected, by {}.{more}", ended.cleared, ended.rejected, self.office));
    }

    /// What can be done now.
    pub fn stay(&mut self, url: &str, rejected: Option<&str>) {
        self.step(&format!("The pages are at {url}/"));
        if let Some(id) = rejected {
            line(&format!("   correct it there: {url}/declarations/{id}"));
        }
        line("   more orders come in meanwhile; Ctrl-C ends it\n");
        flush();
        self.follows = true;
    }

    /// Something happened.
    pub fn happened(&mut self, stored: &StoredEvent) {
        let stream = &stored.event.stream;
        match &stored.event.event {
            Event::Drafted { lrn: Some(lrn), .. } | Event::Accepted { lrn: Some(lrn), .. } => {
                self.lrns.insert(stream.clone(), lrn.clone());
            }
            Event::Responded { said } => self.said.entry(stream.clone()).or_default().push(said.clone()),
            _ => {}
        }
        if let Some(text) = self.told(stored).filter(|_| self.follows) {
            line(&format!("   {text}"));
            flush();
        }
    }

    fn told(&self, stored: &StoredEvent) -> Option<String> {
        let one = &stored.event;
        let lrn = self.lrns.get(&one.stream).map_or("", String::as_str);
        Some(match &one.event {
            Event::OrderReceived { from, number, value, .. } => {
                format!("order {number} of {from}, {}", value.as_deref().unwrap_or("without a price"))
            }
            Event::Drafted { orders, data_set, .. } => {
                let orders: Vec<_> = orders.iter().map(|(_, number)| number.as_str()).collect();
                let data_set = data_set.as_deref().unwrap_or_default();
                format!("{lrn} declares order {} as {data_set}", orders.join(", "))
            }
            Event::Corrected { changes } => {
                let change = changes.first()?;
                let (before, after) = (change.before.as_deref(), change.after.as_deref());
                let (before, after) = (before.unwrap_or("nothing"), after.unwrap_or("nothing"));
                format!("{lrn} corrected by {}: {} was {before}, is {after}", one.actor, change.path)
            }
            Event::Accepted { purpose: Purpose::Declaration, held: Some(why), .. } => {
                format!("{lrn} waits for approval: {why}")
            }
            Event::Delivered { .. } => format!("{lrn} → customs"),
            Event::Refused { said, .. } => format!("{lrn} was not taken: {said}"),
            Event::Dead { why } => format!("{lrn} is given up: {why}"),
            Event::Responded { said } => {
                let number = said.mrn.as_deref().map(|mrn| format!(", MRN {mrn}")).unwrap_or_default();
                let errors = if said.errors == 0 {
                    String::new()
                } else {
                    format!(", {}", counted(said.errors, "error"))
                };
                format!("{lrn} ← {}{number}{errors}", said.events)
            }
            _ => return None,
        })
    }
}

fn lrn(declaration: &View) -> &str {
    declaration.lrn.as_deref().unwrap_or(&declaration.row.title)
}

/// How many values a declaration has, and who supplied how many.
fn supply(declaration: &View) -> (usize, String) {
    let lines = declaration.panes.iter().flat_map(|panes| &panes.canonical.lines);
    let values: Vec<_> = lines.filter(|line| line.value.is_some()).collect();
    let first =
        |by: &str| values.iter().filter(|line| line.from.first().is_some_and(|from| from.by == by)).count();
    let mut counts: Vec<_> = SUPPLIERS.into_iter().map(|by| (first(by), by)).collect();
    counts.push((values.iter().filter(|line| line.from.is_empty()).count(), "derived"));
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let words: Vec<_> = counts.map(|(count, by)| format!("{count} {by}")).collect();
    (values.len(), words.join(", "))
}

/// The order lines that a rejection is about.
fn heading(rejection: &Rejected) -> String {
    let named = |line: &dragoman_engine::LineView| {
        let sku = line.sku.as_ref().map(|sku| format!(" · SKU {sku}")).unwrap_or_default();
        format!("order {}, line {}{sku}", line.order, line.line)
    };
    let lines: Vec<_> = rejection.lines.iter().map(named).collect();
    if lines.is_empty() { "the declaration as a whole".to_owned() } else { lines.join("; ") }
}

/// Says that it did not go as the demonstration shows.
pub fn not_as_shown(ended: &Ended) {
    let answered = if ended.answered { "" } else { ", and not everything was answered" };
    note(&format!("error: not as shown: {} cleared, {} rejected{answered}\n", ended.cleared, ended.rejected));
}

fn line(text: &str) {
    print(format!("{text}\n").as_bytes());
}
