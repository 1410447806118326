//! Error points of EDIFACT (segment ERP) against the message they are about.
//!
//! A point may say which segment as transmitted (UNH is the first), which position of the directory, which item and
//! sub-item, which section, which tag. What it says must agree; where it does not, everything that is meant by some
//! part of it is a candidate. An item is meant by its number in CST, not by its position.

use dragoman_syntax::wire_path;
use dragoman_tree::{Kind, NodeId, PlaceId};

use crate::codec::erp;
use crate::pointer::{Base, Confidence, Resolution};

/// What element 1159 says that a number counts: segments as transmitted.
const TRANSMITTED: &str = "5";
/// Positions of the directory.
const PUBLISHED: &str = "6";

/// Resolves `10:2+LOC:34:5` against a base.
pub(crate) fn resolve(base: &Base<'_>, text: &str) -> Option<Resolution> {
    let [section, item, _, tag, number, source] = erp::cells(text)?;
    let segments = segments(base);
    let by_number = number.as_deref().and_then(|number| number.parse::<usize>().ok());
    let counted: Vec<NodeId> = match (by_number, source.as_deref()) {
        (Some(number), None | Some(TRANSMITTED)) => {
            segments.get(number.wrapping_sub(1)).copied().into_iter().collect()
        }
        (Some(number), Some(PUBLISHED)) => {
            let published =
                |node: &NodeId| base.grammar.place(base.tree.place(*node)).position as usize == number;
            segments.iter().copied().filter(published).collect()
        }
        _ => Vec::new(),
    };
    let scope = Scope::of(base, section.as_deref(), item.as_deref());
    let is_tag = |node: &NodeId| tag.as_deref().is_none_or(|tag| base.tree.name(*node) == tag);
    let in_scope = |node: &NodeId| scope.holds(base, *node);
    let agreeing: Vec<NodeId> =
        counted.iter().copied().filter(|node| is_tag(node) && in_scope(node)).collect();
    let said: Vec<NodeId> = segments.iter().copied().filter(|node| in_scope(node) && is_tag(node)).collect();
    Some(match (agreeing.as_slice(), counted.as_slice(), &tag) {
        ([_], ..) => found(base, &agreeing, Confidence::Exact),
        ([_, _, ..], ..) => found(base, &agreeing, Confidence::RepeatUnknown),
        ([], [_, ..], Some(_)) => {
            let mut all = counted.clone();
            all.extend(said.iter().filter(|node| !counted.contains(node)));
            found(base, &all, Confidence::RepeatUnknown)
        }
        ([], [_, ..], None) => found(base, &counted, Confidence::RepeatUnknown),
        ([], [], None) => match scope.group {
            Some(group) => found(base, &[group], Confidence::Exact),
            None => return None,
        },
        ([], [], Some(tag)) => match said.as_slice() {
            [] => missing(base, &scope, tag),
            [_] => found(base, &said, Confidence::Exact),
            _ => found(base, &said, Confidence::RepeatUnknown),
        },
    })
}

/// The segments of the message in the order of transmission, from UNH on.
fn segments(base: &Base<'_>) -> Vec<NodeId> {
    let all = base.tree.ids().filter(|node| base.tree.node(*node).kind == Kind::Segment);
    all.filter(|node| !matches!(base.tree.name(*node), "UNB" | "UNG")).collect()
}

/// The part of a message that a section and an item mean.
struct Scope {
    /// The group of the item.
    group: Option<NodeId>,
    /// The item's number was given.
    item: bool,
    /// From and to, where a section is one.
    range: Option<(NodeId, NodeId)>,
}

impl Scope {
    fn of(base: &Base<'_>, section: Option<&str>, item: Option<&str>) -> Self {
        let group = item.and_then(|item| {
            let mut groups = base.tree.children(NodeId::ROOT).filter(|node| base.tree.name(*node) == "<CST>");
            groups.find(|group| number_of(base, *group).is_some_and(|number| same_number(number, item)))
        });
        let mut controls = base.tree.children(NodeId::ROOT).filter(|node| base.tree.name(*node) == "UNS");
        let (first, second) = (controls.next(), controls.next());
        let end = NodeId(base.tree.len() as u32);
        let range = match section {
            Some("1") => first.map(|first| (NodeId::ROOT, first)),
            Some("2" | "8" | "9" | "10" | "11") => first.zip(second),
            Some("6") => second.map(|second| (second, end)),
            _ => None,
        };
        Self { group, item: item.is_some(), range }
    }

    fn holds(&self, base: &Base<'_>, node: NodeId) -> bool {
        if self.item {
            return self.group.is_some_and(|group| group <= node && node < base.tree.node(group).end);
        }
        self.range.is_none_or(|(from, to)| from <= node && node < to)
    }
}

fn number_of<'b>(base: &Base<'b>, group: NodeId) -> Option<&'b str> {
    base.tree.value(base.tree.child(base.tree.child(group, "CST")?, "1496")?)
}

fn same_number(one: &str, other: &str) -> bool {
    one.trim_start_matches('0') == other.trim_start_matches('0')
}

/// The elements, and what of the document stands in them: of a group its entry, of a segment every leaf.
fn found(base: &Base<'_>, nodes: &[NodeId], confidence: Confidence) -> Resolution {
    let parts = nodes.iter().flat_map(|node| match base.tree.node(*node).kind {
        Kind::Segment => base.tree.subtree(*node).collect(),
        _ => vec![*node],
    });
    let carried = parts.filter_map(|node| base.carriers.get(node.index()).copied());
    let mut carriers: Vec<NodeId> = carried.filter(|carrier| *carrier != NodeId::ROOT).collect();
    carriers.sort_unstable();
    carriers.dedup();
    Resolution {
        confidence,
        wire_paths: nodes.iter().map(|node| wire_path(base.tree, *node, Some(base.grammar))).collect(),
        paths: carriers.iter().map(|carrier| base.document.path(*carrier)).collect(),
        nodes: nodes.to_vec(),
        carriers,
    }
}

/// The segment is not there: the item around it, or the message, and where it would stand.
fn missing(base: &Base<'_>, scope: &Scope, tag: &str) -> Resolution {
    let around = scope.group.unwrap_or(NodeId::ROOT);
    let end = base.grammar.get(base.tree.place(around)).map_or(PlaceId(0), |place| place.end);
    let mut below = (base.tree.place(around).0..end.0).map(PlaceId);
    let known = below.any(|place| base.grammar.name_of(place) == tag);
    if !known || (scope.item && scope.group.is_none()) {
        return Resolution::not_found();
    }
    let mut resolution = found(base, &[around], Confidence::Missing);
    resolution.wire_paths.iter_mut().for_each(|path| *path = format!("{path}/{tag}"));
    resolution
}

/// The section that an element stands in: customs items, heading or summary.
fn section_of(base: &Base<'_>, node: NodeId, is_item: bool) -> Option<&'static str> {
    let holds = |section: &str| Scope::of(base, Some(section), None).holds(base, node);
    if is_item { Some("10") } else { ["1", "6"].into_iter().find(|section| holds(section)) }
}

/// The point to a node of the base: the segment around it by tag and number, and its item.
pub(crate) fn point(base: &Base<'_>, node: NodeId) -> String {
    let around = || std::iter::once(node).chain(base.tree.ancestors(node));
    let group = around().find(|at| base.tree.name(*at) == "<CST>");
    let segment = around().find(|at| base.tree.node(*at).kind == Kind::Segment);
    let ordinal = segment.and_then(|segment| segments(base).iter().position(|at| *at == segment));
    let mut cells = erp::Cells::default();
    let [section, item, _, tag, number, source] = &mut cells;
    *section = section_of(base, node, group.is_some()).map(str::to_owned);
    *item = group.and_then(|group| number_of(base, group)).map(str::to_owned);
    if let (Some(segment), Some(ordinal)) = (segment, ordinal) {
        *tag = Some(base.tree.name(segment).to_owned());
        *number = Some((ordinal + 1).to_string());
        *source = Some(TRANSMITTED.into());
    }
    erp::spell(&cells)
}
