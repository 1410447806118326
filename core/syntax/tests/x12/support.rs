//! Grammars, interchanges made up, trees as plain data.

use std::path::Path;
use std::sync::Arc;

use dragoman_syntax::grammar::{Grammar, parse};
use dragoman_syntax::x12::{Message, SetType, WriteOptions, messages, write};
use dragoman_tree::{Finding, Kind, NodeId, PlaceId, Tree};

/// A transaction set with the traps of real ones: pairs, syntax notes, loops by code, a repeating element.
pub const TRAPS: &str = r#"grammar 1 test/traps
syntax x12
use x12/service
message 888 XX 005010
segment BEG  01* an2  03* an1..22  05 dt8  end
segment N1   01* an2..3  02 an1..60  03 an1..2  04 an2..80  R0203  P0304
segment N3   01* an1..55  02 an1..55
segment PO1  01 an1..20  02 n1..15  06 {01* an2  02* an1..48} x3 spread
segment SAC  01* an1  05 n1..15v2
segment HL   01* an1..12  02 an1..12  03* an1..2  04 an1
segment REF  01* an2..3  02 an1..50  04 {01* an2..3  02* an1..50}
segment III  01* an1..5 0..3
segment DTM  01* an3  02 dt8  03 tm4..8  R0203
segment BIN  01* n1..15v0  02* an1..
0010 ST *
0020 BEG *
0030 REF 0..9
0040 DTM 0..10
0050 <N1> 0..9
  0060 N1 *
  0070 N3 0..2
0080 <PO1> 0..99
  0090 PO1 *
  0100 SAC 0..25
  0110 III
  0120 <N1> 0..2
    0130 N1 *
0140 <HL> 0..99
  0150 HL *  fixed 03 = "S"
  0160 REF 0..9
  0170 <HL> 0..99
    0180 HL *  fixed 03 = "O"
    0190 REF 0..9
    0200 <HL> 0..99
      0210 HL *  fixed 03 = "I"
      0220 REF 0..9
0230 BIN
"#;

pub const SERVICE: &str = include_str!("../../../../mappings/x12/service.gram");

/// The grammar of [`TRAPS`].
pub fn traps() -> Arc<Grammar> {
    let resolve = |name: &str| (name == "x12/service").then_some(SERVICE);
    Arc::new(parse(TRAPS, &resolve).unwrap())
}

/// Knows the transaction set of [`TRAPS`].
pub fn known(kind: &SetType) -> Option<Arc<Grammar>> {
    (kind.number == "888").then(traps)
}

/// The grammars that are checked in, by number.
pub fn published(kind: &SetType) -> Option<Arc<Grammar>> {
    let file = |name: &str| -> Option<&'static str> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings");
        std::fs::read_to_string(root.join(format!("{name}.gram"))).ok().map(|text| &*text.leak())
    };
    let name = format!("x12/{}", kind.number.to_lowercase());
    Some(Arc::new(parse(file(&name)?, &file).unwrap()))
}

pub const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261101*0900*^*00501*000000001*0*P*:~";

/// An interchange with one transaction set of the traps, whose segments between ST and SE are these.
pub fn interchange(body: &str) -> String {
    let count = body.matches('~').count() + 2;
    format!(
        "{ISA}GS*XX*AA*BB*20261101*0900*1*X*005010~ST*888*0001~{body}SE*{count}*0001~GE*1*1~IEA*1*000000001~"
    )
}

/// All transaction sets of a text, and the findings of everything.
pub fn read<'i>(
    bytes: &'i [u8],
    grammars: &dyn Fn(&SetType) -> Option<Arc<Grammar>>,
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

/// Writes the messages of a file again: each run of messages with the same ISA as one interchange.
pub fn rewritten(messages: &[Message<'_>], with_grammar: bool) -> Result<Vec<u8>, Vec<Finding>> {
    let mut out = Vec::new();
    let isa = |tree: &Tree<'_>| {
        tree.child(NodeId::ROOT, "ISA")
            .map(|isa| tree.subtree(isa).map(|id| tree.value(id).map(str::to_owned)).collect::<Vec<_>>())
    };
    for run in messages.chunk_by(|one, next| isa(one.tree()) == isa(next.tree())) {
        let trees: Vec<_> = run
            .iter()
            .map(|message| (message.tree(), message.grammar.as_deref().filter(|_| with_grammar)))
            .collect();
        let options = WriteOptions {
            delimiters: Some(run[0].delimiters),
            encoding: run[0].encoding,
            ..WriteOptions::default()
        };
        out.extend(write(&trees, &options).map_err(|refused| refused.findings)?.bytes);
    }
    Ok(out)
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
