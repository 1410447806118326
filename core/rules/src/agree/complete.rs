//! Completing the documents of a sale: what one states and another lacks is put in there.

use dragoman_model::{At, Change, Completion, Document, Op, Scalar, Timestamp, apply};
use dragoman_tree::Kind;
use rustc_hash::FxHashMap;

use super::{Agreement, Follows, Shared};

/// What is stated of a document when it is made.
#[expect(missing_debug_implementations, reason = "functions")]
pub struct Stamp<'s> {
    /// The moment.
    pub moment: Timestamp,
    /// A UUID of the document, by the message that it is sent as; always the same for the same sale.
    pub uuid: &'s dyn Fn(&str) -> String,
}

/// A document of a sale, and the message that it is sent as.
#[derive(Clone, Debug)]
pub struct Made {
    /// The message's name without its adapter.
    pub message: Box<str>,
    /// What people call the document.
    pub called: Box<str>,
    /// The document.
    pub document: Document<'static>,
}

/// A document, and which of the agreement's kinds it is.
type InSale = (usize, Document<'static>);

/// The parts of a document that correspond to those of others: the key of each, and the path before what is in it.
type Parts<'p> = &'p dyn Fn(&InSale) -> Vec<(String, String)>;

impl Agreement {
    /// The documents of one sale, each with what it lacks and another one states, and with what is stated of all
    /// of its kind. Nothing that is there is changed. Those that no message is named for are left out.
    pub fn complete(&self, documents: &[Document<'static>], stamp: &Stamp<'_>) -> Vec<Made> {
        let kinds = self.documents.iter().enumerate();
        let of_kind = kinds.flat_map(|(kind, known)| {
            documents.iter().filter(move |one| one.kind() == &*known.kind).map(move |one| (kind, one.clone()))
        });
        let mut sale: Vec<InSale> = of_kind.map(|(kind, one)| (kind, self.numbered(kind, one))).collect();
        for shared in &self.sales.shared {
            share(shared, &mut sale, &|_| vec![(String::new(), String::new())]);
        }
        for shared in &self.lines.shared {
            share(shared, &mut sale, &|(kind, document)| self.lines_of(*kind, document));
        }
        for follows in &self.follows {
            follows.state(&mut sale);
        }
        sale.into_iter().filter_map(|(kind, document)| self.made(kind, &document, stamp)).collect()
    }

    /// The lines of a document: the key of each, and its path.
    fn lines_of(&self, kind: usize, document: &Document<'_>) -> Vec<(String, String)> {
        let Some(list) = self.lines.lists.get(kind).and_then(Option::as_deref) else { return Vec::new() };
        let keys = self.lines.key.at.get(kind).map(Vec::as_slice).unwrap_or_default();
        let key = |line: At<'_>| {
            let found = keys.iter().find_map(|pattern| pattern.find(line).first().and_then(At::value));
            found.unwrap_or_default().to_owned()
        };
        let lines = At::root(document).entries(list).enumerate();
        lines.map(|(index, line)| (key(line), format!("{list}[{index}]."))).collect()
    }

    /// A document whose lines are numbered by their position, where those of its kind are.
    fn numbered(&self, kind: usize, document: Document<'static>) -> Document<'static> {
        let member = self.documents.get(kind).and_then(|known| known.numbers.as_deref());
        let list = self.lines.lists.get(kind).and_then(Option::as_deref);
        let Some((member, list)) = member.zip(list) else { return document };
        let lines = At::root(&document).entries(list).enumerate();
        let change = |(index, line): (usize, At<'_>)| {
            let new = Some(Scalar { kind: Kind::String, text: (index + 1).to_string().into() });
            let op = if line.get(member).is_some() { Op::Replace } else { Op::Add };
            Change { op, path: format!("{list}[{index}].{member}"), old: None, new, reason: None }
        };
        let changes: Vec<_> = lines.map(change).collect();
        apply(&document, &changes).unwrap_or(document)
    }

    fn made(&self, kind: usize, document: &Document<'static>, stamp: &Stamp<'_>) -> Option<Made> {
        let known = self.documents.get(kind)?;
        let message = known.message.clone()?;
        let uuid = (stamp.uuid)(&message);
        let mut completion = Completion::of(document);
        for (path, value) in &known.states {
            completion.state(path, &value.filled(stamp.moment, &uuid));
        }
        Some(Made { message, called: known.called.clone(), document: completion.document() })
    }
}

impl Follows {
    /// States what follows in the documents that do not say it themselves.
    fn state(&self, sale: &mut [InSale]) {
        let stated = sale.iter().filter(|(kind, _)| *kind == self.from.0).find_map(|(_, document)| {
            let found = self.from.1.find(At::root(document));
            self.values.get(found.first()?.value()?).cloned()
        });
        let Some(value) = stated else { return };
        for (_, document) in sale.iter_mut().filter(|(kind, _)| *kind == self.to.0) {
            let mut completion = Completion::of(document);
            completion.state(&self.to.1, &value);
            *document = completion.document();
        }
    }
}

/// Gives what stands at a shared place to the documents that lack it, the first document's first. `parts` are those of a
/// document that correspond, each with its key and the path before the place.
fn share(shared: &Shared, sale: &mut [InSale], parts: Parts<'_>) {
    for giver in 0..sale.len() {
        let Some(given) = sale.get(giver).cloned() else { continue };
        let Some(from) = shared.at.get(given.0).and_then(Option::as_deref) else { continue };
        let paths: FxHashMap<String, String> = parts(&given).into_iter().collect();
        for (_, (kind, taker)) in sale.iter_mut().enumerate().filter(|(index, _)| *index != giver) {
            let Some(to) = shared.at.get(*kind).and_then(Option::as_deref) else { continue };
            let mut completion = Completion::of(taker);
            for (key, before) in parts(&(*kind, taker.clone())) {
                let own = paths.get(&key).and_then(|path| given.1.find(&format!("{path}{from}")));
                if let Some(node) = own {
                    completion.adopt(&format!("{before}{to}"), &given.1, node);
                }
            }
            *taker = completion.document();
        }
    }
}
