//! The JSON text of an XML message to the tree of the message.

use dragoman_tree::{Code, Finding, Kind, Names, NodeId, PlaceId, Tree, TreeBuilder};

use super::super::place::{Cursor, Places};
use crate::grammar::Grammar;
use crate::{Limits, Read, json};

/// A member beside the message.
pub const BESIDE: Code = Code {
    id: "DG-E0132",
    title: "a member beside the message",
    help: "The JSON text of an XML message is an object with one member, its root element. Nobody reads what stands beside it.",
};

/// An array without items.
pub const EMPTY_ARRAY: Code = Code {
    id: "DG-E0133",
    title: "an array without items",
    help: "Where nothing is to be said the member is left out. An element that is there no times is not written.",
};

/// The name of the root element, without prefix, where a JSON text is an XML message.
pub fn root<'t>(json: &'t Tree<'_>) -> Option<&'t str> {
    let node = root_node(json)?;
    Some(local(json.name(node)))
}

/// Reads the JSON text of an XML message into the tree that its XML has: elements and attributes with the places of the
/// grammar, in its order.
pub fn read<'i>(input: &'i [u8], grammar: &Grammar, limits: &Limits) -> Read<'i> {
    let Read { tree: json, findings } = json::read(input, None, Grammar::ROOT, limits);
    let names = Names::with_base(grammar.names().clone());
    let build = TreeBuilder::new(json.text(), json.base(), names);
    let places = Places { grammar, unqualified: true, rooted: false };
    let mut reader = Reader { json: &json, places, build, findings };
    if let Some(root) = root_node(&json) {
        reader.message(root);
    }
    Read { tree: reader.build.finish(), findings: reader.findings }
}

/// The member that is the root element: the first that is no attribute.
fn root_node(json: &Tree<'_>) -> Option<NodeId> {
    let is_object = !json.is_empty() && json.node(NodeId::ROOT).kind == Kind::Object;
    let mut members = is_object.then(|| json.children(NodeId::ROOT))?;
    members
        .find(|member| !json.name(*member).starts_with(['@', '#']) && json.node(*member).kind == Kind::Object)
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

struct Reader<'j, 'g, 'i> {
    json: &'j Tree<'i>,
    places: Places<'g>,
    build: TreeBuilder<'i>,
    findings: Vec<Finding>,
}

/// A member of an object, and what it is in XML.
struct Member<'j> {
    node: NodeId,
    kind: Kind,
    name: &'j str,
    place: PlaceId,
}

impl<'j> Reader<'j, '_, '_> {
    fn message(&mut self, root: NodeId) {
        let json = self.json;
        for beside in json.children(NodeId::ROOT).filter(|member| *member != root) {
            if !is_declaration(json.name(beside)) {
                let finding =
                    Finding::error(&BESIDE, format!("`{}` stands beside the message", json.name(beside)));
                self.report(finding, beside);
            }
        }
        let name = local(json.name(root));
        let place = self.places.begin(name, 0, true).unwrap_or(PlaceId::NONE);
        self.element(&Member { node: root, kind: Kind::Element, name, place });
    }

    fn element(&mut self, member: &Member<'j>) {
        let json = self.json;
        let node = json.node(member.node);
        let name = self.build.names().intern(member.name);
        let opened = self.build.open(member.kind, name, member.place, node.span);
        if matches!(node.kind, Kind::Object | Kind::Array) {
            let members = self.members(member);
            // A text alone is the value of its element.
            let is_alone = !members.iter().any(|one| one.kind == Kind::Element);
            for one in &members {
                if one.kind == Kind::Text && is_alone {
                    let value = self.build.adopt(json, json.node(one.node).value);
                    self.build.node_mut(opened).value = value;
                } else {
                    self.element(one);
                }
            }
        } else {
            let value = self.build.adopt(json, node.value);
            self.build.node_mut(opened).value = value;
        }
        self.build.close();
    }

    /// The members of an object in the order of the grammar: attributes, then elements; what it does not know comes last.
    fn members(&mut self, of: &Member<'j>) -> Vec<Member<'j>> {
        let json = self.json;
        let mut members = Vec::new();
        let mut cursor = (Cursor::START, "");
        for node in json.children(of.node) {
            let name = json.name(node);
            if is_declaration(name) {
                continue;
            }
            let (kind, name) = match name.strip_prefix('@') {
                Some(attribute) => (Kind::Attribute, attribute),
                None if name == "#" => (Kind::Text, name),
                // The items of an array in an array have no name of their own.
                None if name.is_empty() => (Kind::Element, of.name),
                None => (Kind::Element, local(name)),
            };
            if json.node(node).kind == Kind::Array && json.children(node).next().is_none() {
                self.report(Finding::info(&EMPTY_ARRAY, format!("`{name}` has no items")), node);
                continue;
            }
            if cursor.1 != name {
                cursor = (Cursor::START, name);
            }
            let place = match kind {
                _ if !of.place.is_known() => None,
                Kind::Attribute => self.places.attribute(of.place, name),
                Kind::Element => self.places.element(of.place, &mut cursor.0, name, 0),
                _ => None,
            };
            members.push(Member { node, kind, name, place: place.unwrap_or(PlaceId::NONE) });
        }
        members.sort_by_key(|member| (rank(member.kind), !member.place.is_known(), member.place));
        members
    }

    fn report(&mut self, finding: Finding, node: NodeId) {
        self.findings.push(finding.at(self.json.base(), self.json.node(node).span));
    }
}

const fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Attribute => 0,
        Kind::Text => 1,
        _ => 2,
    }
}

/// True for a member that only says how the message is written: a namespace, or where its schema is.
fn is_declaration(name: &str) -> bool {
    name.starts_with("@xmlns") || name.starts_with("@xsi:")
}
