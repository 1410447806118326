//! The documents of a sale that an authority compares: those that came, and what they do not agree in.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dragoman_model::{At, Document};
use dragoman_rules::{Agreement, Entry, Located};
use dragoman_tree::{NodeId, Severity};

use crate::check::Fault;

/// What the documents say that came beside declarations, by agreement and sale.
#[derive(Debug, Default)]
pub(crate) struct Sales(Mutex<HashMap<String, Vec<Entry>>>);

/// A declaration, held against what came beside it.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// What does not agree.
    pub faults: Vec<Fault>,
    /// The documents that have not come.
    pub lacking: Vec<String>,
    /// The sales that it is of.
    pub sales: Vec<String>,
}

/// The number of the declaration's file; the others have no number that counts.
const OWN: usize = 0;

/// The number of the files of other documents.
const OTHER: usize = 1;

impl Sales {
    /// Keeps what a document says, in the place of an earlier one of its kind, and gives its sales.
    pub fn keep(&self, agreement: &Agreement, document: &Document<'_>) -> Vec<String> {
        let mut sales = Vec::new();
        for entry in read(agreement, OTHER, document) {
            for sale in keys(agreement, &entry) {
                let mut all = self.lock();
                let kept = all.entry(sale.clone()).or_default();
                kept.retain(|known| !known.is_of_kind(&entry));
                kept.push(entry.clone());
                sales.push(sale);
            }
        }
        sales
    }

    /// Holds a declaration against the documents of its sales.
    pub fn compare(&self, agreement: &Agreement, document: &Document<'_>, code: &str) -> Compared {
        let own = read(agreement, OWN, document);
        let sales: Vec<_> = own.iter().flat_map(|entry| keys(agreement, entry)).collect();
        let kept = self.lock();
        let others = sales.iter().filter_map(|sale| kept.get(sale)).flatten().cloned();
        let all: Vec<_> = own.iter().cloned().chain(others).collect();
        let said = agreement.compare(&all).into_iter();
        let fault = |(file, finding): (usize, dragoman_tree::Finding)| Fault {
            code: code.into(),
            item: finding.path.filter(|_| file == OWN).and_then(|path| item_at(document, &path)),
            text: Some(finding.message.into()),
            pointer: None,
        };
        let faults = said.filter(|(_, finding)| finding.severity == Severity::Error).map(fault).collect();
        let lacking = agreement.lacking(&all).into_iter().map(str::to_owned).collect();
        Compared { faults, lacking, sales }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Entry>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(agreement: &Agreement, file: usize, document: &Document<'_>) -> Vec<Entry> {
    let locate = |node: NodeId| Located { path: document.path(node), ..Located::default() };
    agreement.read(file, document, &locate)
}

fn keys<'e>(agreement: &Agreement, entry: &'e Entry) -> impl Iterator<Item = String> + use<'e> {
    let name = agreement.name.clone();
    entry.sales().map(move |sale| format!("{name}/{sale}"))
}

/// The number of the goods item that something stands in.
fn item_at(document: &Document<'_>, path: &str) -> Option<String> {
    let node = document.find(path)?;
    let around = std::iter::once(node).chain(document.tree().ancestors(node));
    let mut items = around.into_iter().filter(|at| document.tree().name(*at) == "goods_items");
    At::node_of(document, items.next()?).text("sequence").map(str::to_owned)
}
