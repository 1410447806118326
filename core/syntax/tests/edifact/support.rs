//! Grammars, trees as plain data, and the samples.

use std::path::Path;
use std::sync::Arc;

use dragoman_syntax::edifact::{Message, MessageType, messages};
use dragoman_syntax::grammar::{Grammar, parse};
use dragoman_tree::{Finding, Kind, NodeId, PlaceId, Tree};

/// A message type with the traps of real ones: a trigger in sibling groups, sections, elements in a row,
/// repetition.
pub const TRAPS: &str = r#"grammar 1 test/traps
syntax edifact
use edifact/service
message TRAPS D 96B UN
segment BGM  C002{1001 an..3, 1131 an..3}  1004 an..35  1225 an..3
segment RFF  C506*{1153* an..3, 1154 an..35}
segment DTM  C507*{2005* an..3, 2380 an..35, 2379 an..3}
segment FTX  4451* an..3  C108{4440* an..70 x5}  3453 an..3
segment CST  1496 n..5  C246{7361* an..18, 1131 an..3} x5  4183 an..3 x2
segment COM  C076* 1..3{3148* an..70, 3155* an..3}
segment ADR  3207 an..3  C819 0..5{3229 an..9, 1131 an..3}  3251 an..17
segment NAD  3035* an..3  3124 an..35
segment TAX  5283* an..3
segment AUT  9280* an..35
0000 UNB
0000 UNG
0010 UNH *
0020 BGM *
0030 FTX 0..2
0040 <RFF> 0..3
  0050 RFF *
  0060 DTM
  0070 <NAD> 0..2
    0080 NAD *
    0090 COM 0..2
0100 <NAD> 0..1
  0110 NAD *
0120 <NAD> 0..9
  0130 NAD *
  0140 ADR
0150 UNS *  fixed 0081 = "D"
0160 <CST> 0..99
  0170 CST *
  0180 FTX 0..9
  0190 <TAX> 0..9
    0200 TAX *
0210 UNS *  fixed 0081 = "S"
0220 <TAX> 0..9
  0230 TAX *
0240 AUT
"#;

pub const SERVICE: &str = include_str!("../../../../mappings/edifact/service.gram");

/// The grammar of [`TRAPS`].
pub fn traps() -> Arc<Grammar> {
    let resolve = |name: &str| (name == "edifact/service").then_some(SERVICE);
    Arc::new(parse(TRAPS, &resolve).unwrap())
}

/// Knows the type TRAPS.
pub fn known(kind: &MessageType) -> Option<Arc<Grammar>> {
    (kind.name == "TRAPS").then(traps)
}

/// A grammar that is checked in, by its name.
pub fn checked_in(name: &str) -> Option<Arc<Grammar>> {
    let file = |name: &str| -> Option<&'static str> {
        let path = if name.contains('.') { name.to_owned() } else { format!("{name}.gram") };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings");
        std::fs::read_to_string(root.join(path)).ok().map(|text| &*text.leak())
    };
    Some(Arc::new(parse(file(name)?, &file).unwrap()))
}

/// The grammars that are checked in: `edifact/d99b/cusdec` for CUSDEC D.99B.
pub fn published(kind: &MessageType) -> Option<Arc<Grammar>> {
    let MessageType { name, version, release, .. } = kind;
    checked_in(&format!("edifact/{version}{release}/{name}").to_lowercase())
}

/// A tree as data that can be compared: depth, kind, name, place and value of every node.
pub type Shape = Vec<(usize, Kind, String, PlaceId, Option<String>)>;

pub fn shape(tree: &Tree<'_>) -> Shape {
    let node = |id: NodeId| {
        let value = tree.value(id).map(str::to_owned);
        (tree.ancestors(id).count(), tree.node(id).kind, tree.name(id).to_owned(), tree.place(id), value)
    };
    tree.ids().map(node).collect()
}

/// The tree as indented lines: names, values, `!` where there is no place.
pub fn outline(tree: &Tree<'_>) -> String {
    let line = |id: NodeId| {
        let mark = if tree.place(id).is_known() { "" } else { "!" };
        let value = tree.value(id).map(|value| format!(" {value}")).unwrap_or_default();
        format!("{:1$}{2}{mark}{value}\n", "", tree.ancestors(id).count() * 2, tree.name(id))
    };
    tree.ids().map(line).collect()
}

/// All messages of a text, and the findings of everything.
pub fn read<'i>(
    bytes: &'i [u8],
    grammars: &dyn Fn(&MessageType) -> Option<Arc<Grammar>>,
) -> (Vec<Message<'i>>, Vec<Finding>) {
    let mut reader = messages(bytes, grammars);
    let mut all: Vec<_> = reader.by_ref().collect();
    let mut findings: Vec<_> =
        all.iter_mut().flat_map(|message| std::mem::take(&mut message.findings)).collect();
    findings.extend(reader.findings());
    (all, findings)
}

/// The codes of findings.
pub fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| &*finding.code).collect()
}
