//! What checks have to say about a message.

use dragoman_mapping::{Base, Got, Mapping};
use dragoman_model::{Document, Schema};
use dragoman_syntax::WirePaths;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{Authority, Code, Finding, Findings, NodeId, Tree};
use jiff::civil::Date;

use super::run::Broken;
use super::{Checks, OfList};

/// A rule that an authority checks does not hold.
pub const BROKEN: Code = Code {
    id: "DG-E0804",
    title: "a rule of the authority does not hold",
    help: "The message has the right form, but says something that the authority refuses. The finding names the \
           authority's own number of the error and the place that it would point at; the page of the rules lists all \
           of them with what to do.",
};

/// The checks of a message were not finished.
pub const STOPPED: Code = Code {
    id: "DG-E0805",
    title: "the rules of the authority were not checked to the end",
    help: "Elements repeat far more often than the format allows, so that comparing them all would never end, or more \
           rules are broken than can be listed. What was found so far is listed.",
};

/// A message that is checked, with what it was read to.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'c> {
    /// The message.
    pub tree: &'c Tree<'c>,
    /// Where in it the document begins.
    pub node: NodeId,
    /// The grammar it was read with.
    pub grammar: &'c Grammar,
    /// The mapping it was read with.
    pub mapping: &'c Mapping,
    /// What that gave.
    pub got: &'c Got<'c>,
    /// Whose numbers the checks have: an adapter's name.
    pub scheme: &'c str,
}

/// What the checks of a day find in a message: first those about the message itself, then those about its document.
pub fn findings(checks: &Checks, day: Date, checked: &Checked<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    let paths = WirePaths::new(checked.tree, Some(checked.grammar));
    let mut finished = true;
    if let Some(plan) = checks.plan(Some(checked.grammar.name())) {
        let (broken, done) = plan.broken(checks, day, checked.tree, checked.node);
        finished &= done;
        for one in broken {
            findings.add(|| on_wire(&one, checked, &paths));
        }
    }
    let document = checked.got.document.tree();
    let of = Schema::standard().document(checked.got.document.kind());
    if let Some(plan) = checks.plan(None).filter(|plan| Some(plan.root) == of) {
        let (broken, done) = plan.broken(checks, day, document, NodeId::ROOT);
        finished &= done;
        for one in broken {
            findings.add(|| in_document(&one, checked, &paths));
        }
    }
    if !finished {
        findings.push(Finding::warning(&STOPPED, "too many repeats: the rules were not checked to the end"));
    }
    findings.take(&STOPPED)
}

/// What the checks of a day find in a canonical document that was read from canonical JSON, at its bytes; `scheme` says whose
/// numbers they have.
pub fn findings_of(checks: &Checks, day: Date, document: &Document<'_>, scheme: &str) -> Vec<Finding> {
    let of = Schema::standard().document(document.kind());
    let Some(plan) = checks.plan(None).filter(|plan| Some(plan.root) == of) else { return Vec::new() };
    let tree = document.tree();
    let (broken, done) = plan.broken(checks, day, tree, NodeId::ROOT);
    let mut findings = Findings::default();
    for one in broken {
        findings.add(|| {
            let path = document.path(one.node);
            let said = said(&one, tree, scheme, path.clone());
            said.at(tree.base(), tree.node(one.node).span).canonical(path)
        });
    }
    if !done {
        findings.push(Finding::warning(&STOPPED, "too many repeats: the rules were not checked to the end"));
    }
    findings.take(&STOPPED)
}

/// A check of the message itself: at its place, or at what it is about.
fn on_wire(broken: &Broken<'_>, checked: &Checked<'_>, paths: &WirePaths<'_, '_>) -> Finding {
    let Checked { tree, grammar, mapping, got, .. } = *checked;
    let base = Base { tree, grammar, document: &got.document, carriers: &got.carriers };
    let mut node = broken.node;
    let mut missing = String::new();
    let mut place = tree.place(node);
    for step in &broken.compiled.about {
        match tree.child_at(node, *step).filter(|_| missing.is_empty()) {
            Some(child) => node = child,
            None => {
                missing.push('/');
                missing.push_str(grammar.name_of(*step));
            }
        }
        place = *step;
    }
    let said = said(broken, tree, checked.scheme, location(broken.node, checked, paths));
    let finding = said.at(tree.base(), tree.node(node).span).wire(format!("{}{missing}", paths.path(node)));
    // Of the message as a whole, no one place of the document speaks.
    let is_whole = node == checked.node && missing.is_empty();
    match mapping.path_of(&base, node, place).filter(|_| !is_whole) {
        Some(path) => finding.canonical(path),
        None => finding,
    }
}

/// A check of the document: at its node there, and at the element that it came from.
fn in_document(broken: &Broken<'_>, checked: &Checked<'_>, paths: &WirePaths<'_, '_>) -> Finding {
    let carrier = checked.got.carriers.iter().position(|carrier| *carrier == broken.node);
    let element = carrier.filter(|_| broken.node != NodeId::ROOT).map(|index| NodeId(index as u32));
    let element = element.unwrap_or(checked.node);
    let document = checked.got.document.tree();
    let said = said(broken, document, checked.scheme, location(element, checked, paths));
    let finding = said.at(checked.tree.base(), checked.tree.node(element).span).wire(paths.path(element));
    finding.canonical(checked.got.document.path(broken.node))
}

/// A finding with what is wrong, in the tree that the check is about.
fn said(broken: &Broken<'_>, tree: &Tree<'_>, scheme: &str, location: String) -> Finding {
    let check = broken.check;
    let rule = check.rule.as_ref().map(|rule| format!("rule {rule}"));
    let element = check.element.as_deref().map(str::to_owned);
    let about: Vec<_> = rule.into_iter().chain(element).collect();
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
    let mut finding = Finding::new(&BROKEN, check.severity, format!("{}{about}", check.text));
    let listed = broken.compiled.test.list().zip(tree.value(broken.node));
    let listed = listed.map(|(of, value)| in_list(of, value.trim()));
    let hints: Vec<_> = check.help.as_deref().map(str::to_owned).into_iter().chain(listed).collect();
    finding.hint = (!hints.is_empty()).then(|| hints.join("; "));
    let (scheme, number) = (scheme.to_owned(), check.number.to_string());
    finding.authority = Some(Authority { scheme, number, location: Some(location) });
    finding
}

/// What a code list has of a value, or near it.
fn in_list(of: &OfList, value: &str) -> String {
    let list = format!("the list of {}", of.list.edition());
    if let Some(row) = of.row(value) {
        let marks = if row.marks.is_empty() { "nothing" } else { row.marks };
        return format!("{list} says of {} ({}): {marks}", row.code, row.name);
    }
    let near = of.list.near(value);
    if near.is_empty() {
        return format!("{list} has nothing near it");
    }
    let near: Vec<_> = near.iter().map(|row| format!("{} ({})", row.code, row.name)).collect();
    format!("near it in {list}: {}", near.join(", "))
}

/// The place as an authority writes it: from the root of the message on, with the prefixes of the grammar.
fn location(node: NodeId, checked: &Checked<'_>, paths: &WirePaths<'_, '_>) -> String {
    let Checked { tree, grammar, node: root, .. } = *checked;
    let path = paths.path(node);
    let mut nodes: Vec<NodeId> = std::iter::once(node).chain(tree.ancestors(node)).collect();
    nodes.reverse();
    let steps = path.split('/').skip(1).zip(nodes).skip_while(|(_, node)| *node != root);
    let mut location = String::new();
    for (step, node) in steps {
        let namespace = grammar.get(tree.place(node)).map_or(0, |place| place.namespace);
        let namespace = grammar.namespaces.get(usize::from(namespace));
        location.push('/');
        if let Some(prefix) = namespace.map(|known| &*known.prefix).filter(|prefix| !prefix.is_empty()) {
            location.push_str(prefix);
            location.push(':');
        }
        location.push_str(step);
    }
    location
}
