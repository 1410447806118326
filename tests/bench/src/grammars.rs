//! Grammars of the project, by their names.

use std::sync::Arc;

use dragoman_syntax::grammar::{Grammar, parse};
use dragoman_syntax::validate;
use dragoman_tree::{Finding, Severity, Tree};

use crate::root;

/// A grammar by its name, such as `edifact/d96b/cusdec`, with the files that it uses.
pub fn grammar(name: &str) -> Option<Arc<Grammar>> {
    let file = |name: &str| -> Option<&'static str> {
        let path = if name.contains('.') { name.to_owned() } else { format!("{name}.gram") };
        std::fs::read_to_string(root().join("mappings").join(path)).ok().map(|text| &*text.leak())
    };
    parse(file(name)?, &file).ok().map(Arc::new)
}

/// True where validation finds no error.
pub fn is_valid(tree: &Tree<'_>, grammar: &Grammar) -> bool {
    is_sound(&validate(tree, grammar))
}

/// True where no finding is an error.
pub fn is_sound(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}
