//! X12: purchase orders (850), made here.

use std::fmt::Write;
use std::sync::Arc;

use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::x12;

use crate::grammars::{grammar, is_sound, is_valid};
use crate::pairs::{Pair, pair};

/// Lines of an order.
const LINES: usize = 20;

/// An interchange of about that many bytes.
pub fn interchange(bytes: usize) -> Vec<u8> {
    let mut text = String::from(
        "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SELLER         *261122*1200*^*00501*000000001*0*P*>~\
         GS*PO*BUYER*SELLER*20261122*1200*1*X*005010~",
    );
    let mut orders = 0;
    while text.len() < bytes {
        orders += 1;
        order(orders, &mut text);
    }
    let _ = write!(text, "GE*{orders}*1~IEA*1*000000001~");
    text.into_bytes()
}

/// Appends an order.
fn order(number: usize, text: &mut String) {
    let start = text.len();
    let _ = write!(
        text,
        "ST*850*{number:09}~BEG*00*SA*ORDER{number:08}**20261120~REF*PT*SC~REF*CG*1600{number:06}~DTM*002*20261213~\
         N1*SU*SUPPLIER LTD~N1*ST*WAREHOUSE {number}*92*WH{number:05}~N3*1504 HARBOUR STREET~N4*COLUMBUS*GA*31904~"
    );
    for line in 1..=LINES {
        let _ = write!(
            text,
            "PO1*{line:05}*{line}*EA*{line}9.25**BP*AD{line:04}*BL*ADO~CTP**DIS*96.00~PID*F****SMART PHONE {line} BLACK~"
        );
    }
    let segments = text.get(start..).unwrap_or_default().matches('~').count();
    let _ = write!(text, "CTT*{LINES}*210~SE*{}*{number:09}~", segments + 2);
}

/// Reading orders to trees with their places, against reading declarations of as many bytes: `None` where one of them has
/// an error.
pub fn beside_edifact(declarations: &[u8], rounds: usize) -> Option<Pair> {
    let orders = interchange(declarations.len());
    let (order, declaration) = (grammar("x12/850")?, grammar("edifact/d96b/cusdec")?);
    let ours = || read(&orders, &order, false).unwrap_or(0);
    let other = || crate::cusdec::read(declarations, &declaration, false).unwrap_or(0);
    (read(&orders, &order, true)? > 0 && crate::cusdec::read(declarations, &declaration, true)? > 0)
        .then(|| pair(orders.len(), rounds, ours, other))
}

/// Reads an interchange; gives the number of nodes, or none where there is an error.
fn read(bytes: &[u8], grammar: &Arc<Grammar>, validated: bool) -> Option<usize> {
    let grammars = |_: &x12::SetType| Some(grammar.clone());
    let mut messages = x12::messages(bytes, &grammars);
    let mut nodes = 0;
    for message in messages.by_ref() {
        let tree = message.tree();
        nodes += tree.len();
        if validated && !is_valid(tree, grammar) {
            return None;
        }
    }
    is_sound(&messages.findings()).then_some(nodes)
}

/// Reading and validating orders, against x12-types, which reads the whole into the structures of its 850. That takes it
/// memory of 250 times the input, and time beyond proportion: 5 MB favour it.
#[cfg(feature = "x12-types")]
pub fn beside_x12_types(rounds: usize) -> Option<Pair> {
    use x12_types::util::Parser;
    use x12_types::v005010::{_850, Transmission};
    let orders = interchange(5_000_000);
    let text = std::str::from_utf8(&orders).ok()?;
    let order = grammar("x12/850")?;
    let rival = || {
        let parsed = Transmission::<_850>::parse(text);
        parsed.map_or(0, |(_, all)| all.functional_group.iter().map(|group| group.segments.len()).sum())
    };
    let ours = || read(&orders, &order, true).unwrap_or(0);
    (ours() > 0 && rival() == text.matches("ST*850").count()).then(|| pair(orders.len(), rounds, ours, rival))
}
