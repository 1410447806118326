//! Canonical JSON: a document as text, and text as a document.
//!
//! Written straight from the arena. Read through the JSON reader: members by their names in the schema, scalars as
//! strings that hold the literal (bools but for themselves). A member that the schema lacks is residue.

use dragoman_model::{Document, Draft, EntryId, Origin, Schema, Type, check_document};
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::json::{self, Style};
use dragoman_syntax::{Limits, Read, WirePaths};
use dragoman_tree::{Code, Finding, Findings, Kind, NodeId, PlaceId, Severity, Tree};
use rustc_hash::FxHashSet;

use crate::get::{Claim, Counts, Got, MORE};
use crate::put::Put;

/// A member that the schema does not have.
pub const UNKNOWN_MEMBER: Code = Code {
    id: "DG-E0551",
    title: "the canonical model has no such member",
    help: "Names are those of the field dictionary (`dragoman model`). The member is not carried.",
};

/// No `type` that is a document.
pub const NO_TYPE: Code = Code {
    id: "DG-E0552",
    title: "this is no canonical document",
    help: "A canonical document is a JSON object whose member `type` says which: declaration, order, \
           customs_response …",
};

/// A value of another shape than the schema's.
pub const WRONG_SHAPE: Code = Code {
    id: "DG-E0553",
    title: "a member has another shape than the canonical model says",
    help: "Lists are arrays, shapes such as money are objects, and every scalar but a bool is a string that holds \
           the literal.",
};

/// The findings of this module.
pub(crate) const CODES: &[&Code] = &[&UNKNOWN_MEMBER, &NO_TYPE, &WRONG_SHAPE];

/// The text of a document.
pub fn write(document: &Document<'_>, style: Style) -> String {
    json::write(document.tree(), style)
}

/// A document read from canonical JSON.
#[derive(Debug)]
pub struct ReadDocument<'i> {
    /// The JSON as it stands.
    pub tree: Tree<'i>,
    /// The document; none where the text is no canonical document at all.
    pub document: Option<Document<'i>>,
    /// The leaves of the JSON that are not in the document.
    pub residue: Vec<NodeId>,
    /// What is worth saying.
    pub findings: Vec<Finding>,
}

impl<'i> ReadDocument<'i> {
    /// The reading in the form that a mapping gives, with the JSON as the message; no reading where there is no
    /// document. A `null` reads as no value, so it counts as checked.
    pub fn into_got(self) -> (Tree<'i>, Option<Got<'i>>, Vec<Finding>) {
        let Self { tree, document, residue, findings } = self;
        let Some(document) = document else { return (tree, None, findings) };
        let carriers = carriers(&document, tree.len());
        let mut claims: Vec<_> = tree.ids().map(|node| claim(&tree, node, &carriers)).collect();
        for node in residue {
            if let Some(claim) = claims.get_mut(node.index()) {
                *claim = Claim::Residue;
            }
        }
        let values = check_document(&document);
        let paths = WirePaths::new(&tree, None);
        let values = values.into_iter().map(|finding| in_json(finding, &document, &paths)).collect();
        let got = Got { document, claims, carriers, slots: Vec::new(), arms: Vec::new(), findings: values };
        (tree, Some(got), findings)
    }
}

/// A finding about a value, with its place in the JSON.
fn in_json(finding: Finding, document: &Document<'_>, paths: &WirePaths<'_, '_>) -> Finding {
    let node = finding.path.as_deref().and_then(|path| document.find(path));
    match node.map(|node| document.origin(node)) {
        Some(Origin::Wire(wire)) => finding.wire(paths.path(wire)),
        _ => finding,
    }
}

/// For each node of the JSON the document's node that it became.
fn carriers(document: &Document<'_>, nodes: usize) -> Vec<NodeId> {
    let mut carriers = vec![NodeId::ROOT; nodes];
    for node in document.tree().ids() {
        if let Origin::Wire(wire) = document.origin(node)
            && let Some(carrier) = carriers.get_mut(wire.index())
        {
            *carrier = node;
        }
    }
    carriers
}

fn claim(tree: &Tree<'_>, node: NodeId, carriers: &[NodeId]) -> Claim {
    match carriers.get(node.index()) {
        _ if !tree.is_leaf(node) => Claim::Branch,
        Some(carrier) if *carrier != NodeId::ROOT => Claim::Carried,
        _ => Claim::Checked,
    }
}

/// A document as a message of its own, in the form that a mapping gives: everything is carried.
pub fn put<'i>(document: &Document<'i>) -> Put<'i> {
    let tree = document.tree().clone();
    let sources: Vec<_> = tree.ids().collect();
    let leaves = document.leaves().count();
    let counts = Counts { leaves, carried: leaves, ..Counts::default() };
    Put { tree, sources, slots: Vec::new(), lost: Vec::new(), counts, findings: Vec::new() }
}

/// How many levels deeper an extension may stand in a document than in the message that it was kept from.
const DEEPER: usize = 16;

/// Reads canonical JSON. `expected` is the document type where the text does not say it.
pub fn read<'i>(input: &'i [u8], expected: Option<PlaceId>, limits: &Limits) -> ReadDocument<'i> {
    let limits = Limits { depth: limits.depth.saturating_add(DEEPER), ..*limits };
    let Read { tree, findings } = json::read(input, None, Grammar::ROOT, &limits);
    let schema = Schema::standard();
    let stated = (!tree.is_empty()).then(|| tree.child(NodeId::ROOT, "type")).flatten();
    let stated = stated.filter(|node| !tree.node(*node).repeats);
    let stated = stated.and_then(|node| schema.document(tree.value(node)?));
    let Some(document) = stated.or(expected).filter(|_| !tree.is_empty()) else {
        let mut findings = findings;
        if !findings.iter().any(|finding| finding.severity == Severity::Error) {
            let message = "there is no member `type` that names a canonical document";
            findings.push(Finding::error(&NO_TYPE, message));
        }
        return ReadDocument { tree, document: None, residue: Vec::new(), findings };
    };
    let paths = WirePaths::new(&tree, None);
    let mut reading =
        Reading { tree: &tree, paths, schema, residue: Vec::new(), findings: Findings::default() };
    let mut draft = Draft::new(document, tree.text(), tree.base());
    reading.members(&mut draft, EntryId::ROOT, document, NodeId::ROOT);
    let Reading { residue, findings: mut own, .. } = reading;
    let findings = findings.into_iter().chain(own.take(&MORE)).collect();
    ReadDocument { document: Some(draft.finish()), tree, residue, findings }
}

struct Reading<'r, 'i> {
    tree: &'r Tree<'i>,
    paths: WirePaths<'r, 'i>,
    schema: &'static Schema,
    residue: Vec<NodeId>,
    findings: Findings,
}

impl<'i> Reading<'_, 'i> {
    /// The members of an object whose place is known; they go to `entry`.
    fn members(&mut self, draft: &mut Draft<'i>, entry: EntryId, place: PlaceId, object: NodeId) {
        for member in self.distinct(object) {
            match self.schema.child(place, self.tree.name(member)) {
                Some(child) => self.member(draft, entry, child, member),
                None => self.unknown(place, member),
            }
        }
    }

    /// The members of an object. Of those that have one name, as the reader has said, the first counts, as it does
    /// for the type; the others are left beside the document.
    fn distinct(&mut self, object: NodeId) -> Vec<NodeId> {
        let mut seen = FxHashSet::default();
        let mut before = None;
        let mut members = Vec::new();
        for member in self.tree.children(object) {
            let node = self.tree.node(member);
            // The items of an array share the fate of its first.
            let continues = before.filter(|(name, _)| node.repeats && *name == node.name);
            let is_kept = continues.map_or_else(|| seen.insert(node.name), |(_, is_kept)| is_kept);
            before = node.repeats.then_some((node.name, is_kept));
            if is_kept { members.push(member) } else { self.rest(member) }
        }
        members
    }

    fn member(&mut self, draft: &mut Draft<'i>, entry: EntryId, place: PlaceId, member: NodeId) {
        let Some(field) = self.schema.get(place) else { return };
        let node = self.tree.node(member);
        let origin = Origin::Wire(member);
        let branch = self.schema.children(place).next().is_some();
        match node.kind {
            Kind::Null => {}
            Kind::Array if field.list && self.tree.is_leaf(member) => {
                draft.empty_list(entry, place, node.span, origin);
            }
            Kind::Object if field.ty == Type::Open && !node.repeats => {
                let open = draft.extensions(entry, place);
                self.open_members(draft, open, member);
            }
            Kind::Object if branch && field.list == node.repeats => {
                let into = if field.list { draft.entry(entry, place, node.span, origin) } else { entry };
                if !field.list && self.tree.children(member).next().is_none() {
                    draft.object(entry, place, node.span, origin);
                }
                self.members(draft, into, place, member);
            }
            Kind::String | Kind::Number | Kind::Bool if !branch && field.list == node.repeats => {
                let value = draft.adopt(self.tree, node.value);
                match field.ty {
                    Type::Value => draft.any_leaf(entry, place, node.kind, value, node.span, origin),
                    _ => draft.leaf(entry, place, value, node.span, origin),
                }
            }
            _ => self.shape(place, member),
        }
    }

    /// Members of `extensions`, which have any name.
    fn open_members(&mut self, draft: &mut Draft<'i>, into: EntryId, object: NodeId) {
        for member in self.distinct(object) {
            let node = *self.tree.node(member);
            let name = self.tree.name(member);
            match node.kind {
                Kind::Object => {
                    let open = if node.repeats {
                        draft.open_entry(into, name, Origin::Wire(member))
                    } else {
                        draft.open_object(into, name, Origin::Wire(member))
                    };
                    self.open_members(draft, open, member);
                }
                Kind::Array if !self.tree.is_leaf(member) => self.leave(member, || {
                    Finding::error(&WRONG_SHAPE, "an array in an array cannot be an extension")
                }),
                kind => {
                    let value = draft.adopt(self.tree, node.value);
                    draft.open_leaf(into, name, kind, node.repeats, value, Origin::Wire(member));
                }
            }
        }
    }

    fn unknown(&mut self, place: PlaceId, member: NodeId) {
        let (schema, name) = (self.schema, self.tree.name(member));
        self.leave(member, || {
            let parent = schema.path(place);
            let whole = if parent.is_empty() { "the document".to_owned() } else { format!("`{parent}`") };
            let finding = Finding::error(&UNKNOWN_MEMBER, format!("{whole} has no member `{name}`"));
            let near = schema.nearest(place, name);
            Finding { hint: near.map(|near| format!("did you mean `{near}`?")), ..finding }
        });
    }

    fn shape(&mut self, place: PlaceId, member: NodeId) {
        let schema = self.schema;
        self.leave(member, || {
            let wanted = match schema.get(place) {
                Some(field) if field.list => "an array",
                Some(_) if schema.children(place).next().is_some() => "an object",
                _ => "a string",
            };
            Finding::error(&WRONG_SHAPE, format!("`{}` should be {wanted}", schema.path(place)))
        });
    }

    /// Leaves a member beside the document, and says why.
    fn leave(&mut self, member: NodeId, why: impl FnOnce() -> Finding) {
        let (tree, paths) = (self.tree, &self.paths);
        self.findings.add(|| why().at(tree.base(), tree.node(member).span).wire(paths.path(member)));
        self.rest(member);
    }

    /// Leaves a member beside the document.
    fn rest(&mut self, member: NodeId) {
        self.residue.extend(self.tree.subtree(member).filter(|node| self.tree.is_leaf(*node)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_members_of_one_name_the_first_counts() {
        let text = br#"{"type":"order","order_number":"1","type":"declaration","extensions":{"a":{"b":[1,2],"c":3,"b":[4,5],"d":{"e":6},"d":[{"e":7}]}}}"#;
        let read = read(text, None, &Limits::default());
        let document = read.document.unwrap();
        assert_eq!(
            write(&document, Style::Compact),
            r#"{"type":"order","order_number":"1","extensions":{"a":{"b":[1,2],"c":3,"d":{"e":6}}}}"#
        );
        let rest: Vec<_> = read.residue.iter().filter_map(|node| read.tree.value(*node)).collect();
        assert_eq!(rest, ["declaration", "4", "5", "7"]);
    }

    #[test]
    fn what_an_extension_cannot_be_is_left_beside() {
        let text = br#"{"type":"order","extensions":[{"a":1},{"a":2}],"lines":[{"extensions":{"b":[[1,2]],"c":3}}]}"#;
        let read = read(text, None, &Limits::default());
        let document = read.document.unwrap();
        assert_eq!(write(&document, Style::Compact), r#"{"type":"order","lines":[{"extensions":{"c":3}}]}"#);
        let rest: Vec<_> = read.residue.iter().filter_map(|node| read.tree.value(*node)).collect();
        assert_eq!((rest.len(), read.findings.len()), (4, 3), "{:?}", read.findings);
    }

    #[test]
    fn extensions_have_members_of_any_name() {
        let text = r#"{"type":"order","extensions":{"a":{"v":{"',\n ":"x","":"y","extensions":"z"}}}}"#;
        let read = read(text.as_bytes(), None, &Limits::default());
        assert_eq!(write(&read.document.unwrap(), Style::Compact), text);
    }

    #[test]
    fn a_list_is_no_type() {
        let read = read(br#"{"type":["order"]}"#, None, &Limits::default());
        assert!(read.document.is_none() && read.findings.iter().any(|found| found.code == NO_TYPE.id));
    }
}
