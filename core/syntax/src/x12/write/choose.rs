//! Choosing delimiters that no value holds.

use dragoman_tree::{Code, Finding, Kind, NodeId, Tree};

use super::super::Outgoing;
use super::super::delimiters::Delimiters;

/// Other delimiters than asked for.
pub const OTHER_DELIMITERS: Code = Code {
    id: "DG-E0355",
    title: "other delimiters were chosen",
    help: "A value holds a delimiter, and X12 cannot release it. The interchange is written with other delimiters, \
           which its ISA tells. A partner who insists on certain ones needs the value changed.",
};

const ELEMENTS: &[u8] = b"*|^\x1D";
const COMPONENTS: &[u8] = b":>\\<\x1F";
const REPETITIONS: &[u8] = b"^!}\x19";
const SEGMENTS: &[u8] = b"~\n\x1C'";

/// Delimiters as wanted, but for those that a value holds; with a finding where there are any.
pub(super) fn choose(messages: &[Outgoing<'_>], wanted: Delimiters) -> (Delimiters, Option<Finding>) {
    let mut held = [false; 256];
    for (tree, _) in messages {
        let texts = tree.ids().filter(|id| tree.is_leaf(*id) && !is_binary(tree, *id));
        for byte in texts.filter_map(|id| tree.value(id)).flat_map(str::bytes) {
            if let Some(held) = held.get_mut(byte as usize) {
                *held = true;
            }
        }
    }
    let mut chosen = wanted;
    let mut taken: Vec<u8> = Vec::new();
    let mut pick = |wanted: u8, among: &[u8]| {
        let is_free =
            |byte: &u8| !held.get(*byte as usize).is_some_and(|held| *held) && !taken.contains(byte);
        let found =
            std::iter::once(&wanted).chain(among).copied().find(|byte| is_free(byte)).unwrap_or(wanted);
        taken.push(found);
        found
    };
    chosen.element = pick(wanted.element, ELEMENTS);
    chosen.component = pick(wanted.component, COMPONENTS);
    chosen.segment = pick(wanted.segment, SEGMENTS);
    chosen.repetition = wanted.repetition.map(|repetition| pick(repetition, REPETITIONS));
    let changed =
        |(old, new): (u8, u8)| (old != new).then(|| format!("`{}`", char::from(old).escape_debug()));
    let pairs = [
        (wanted.element, chosen.element),
        (wanted.component, chosen.component),
        (wanted.segment, chosen.segment),
        (wanted.repetition.unwrap_or_default(), chosen.repetition.unwrap_or_default()),
    ];
    let names: Vec<_> = pairs.into_iter().filter_map(changed).collect();
    let said = || format!("values hold {}, so other delimiters are written", names.join(" and "));
    let finding = (!names.is_empty()).then(|| Finding::info(&OTHER_DELIMITERS, said()));
    (chosen, finding)
}

/// True for what is in a binary segment.
fn is_binary(tree: &Tree<'_>, node: NodeId) -> bool {
    let mut above = tree.ancestors(node);
    above.any(|at| tree.node(at).kind == Kind::Segment && matches!(tree.name(at), "BIN" | "BDS"))
}
