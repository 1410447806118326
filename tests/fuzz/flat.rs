//! Flat files: columns, separated fields, sections; read, checked, and written again.

use std::sync::Arc;

use dragoman_syntax::flat::{Layout, begins, messages, write};
use dragoman_syntax::grammar::{Grammar, Syntax, parse};
use dragoman_syntax::{Limits, validate};

use crate::recipe::{Seeds, cases};
use crate::{documents, spans};

const WORDS: &[&str] = &[
    "A3901XYZ      112926     FT\n",
    "B  3901XYZFT\n",
    "50000010000000000CN\n",
    "Y  3901XYZFT\n",
    "Z3901XYZ\n",
    "HREC\u{1D}ZZ\u{1D}A\u{1D}ZZ\u{1D}B\n",
    "<manifest>\n",
    "<cargo>\n",
    "<END-cargo>\n",
    "<END-manifest>\n",
    "TREC\u{1D}1\n",
    "sku,name\n",
    "\"a,\"\"b\"\"\"",
    "\u{1D}",
    ",",
    "\"",
    "\r\n",
    "        ",
    "0000",
    "\u{E9}",
    "\u{FEFF}",
];

const TABLE: &str = "grammar 1 fuzz/table\nsyntax flat\nsource made up\nseparator comma quoted\nrows row\n\
    message TABLE\nrecord sku  2 title an..5\nrecord row  sku* an..9  name an..40  price n..9\n0010 sku\n0020 row 0..\n";

fn grammars() -> Vec<Arc<Grammar>> {
    let known =
        ["abi/ftz-admission", "icegate/igm"].map(|name| documents::catalogue().grammar(name).unwrap());
    known.into_iter().chain([Arc::new(parse(TABLE, &|_| None).unwrap())]).collect()
}

#[test]
fn reader() {
    let grammars = grammars();
    Seeds::new(cases(Syntax::Flat), WORDS, b"\n\x1D, \"").check(2_000, |input| {
        for grammar in &grammars {
            holds(input, grammar);
        }
    });
}

fn holds(input: &[u8], grammar: &Arc<Grammar>) {
    begins(input, grammar);
    for one in messages(input, grammar, &Limits::default()) {
        spans::tree(&one.tree, input);
        spans::findings(&one.findings, input.len());
        assert!(one.findings.len() <= 600, "{} findings", one.findings.len());
        spans::findings(&validate(&one.tree, grammar), input.len());
        let Ok(written) = write(&one.tree, grammar, one.layout) else { continue };
        let again = messages(&written.bytes, grammar, &Limits::default());
        if let [again] = again.as_slice() {
            // Bytes of ISO 8859-1 may happen to be UTF-8: they are read as that, and written so. Whether all fields
            // have quotes is guessed by the first.
            let layout = Layout { quoted: one.layout.quoted, ..again.layout };
            let twice = write(&again.tree, grammar, layout).unwrap();
            assert_eq!(twice.bytes, written.bytes, "what was written comes back as it is");
        }
    }
}
