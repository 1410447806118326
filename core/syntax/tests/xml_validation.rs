//! Validation says the same as libxml2 with the published schema, of real declarations and of what becomes of them
//! when they are damaged.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "test support")]

mod random;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dragoman_samples::{files, sample};
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::{Limits, validate, xml};
use dragoman_tree::{Finding, Kind, Names, NodeId, PlaceId, Severity, Span, Tree, TreeBuilder};
use random::Random;

const MUTANTS: usize = 3000;

fn load(name: &str) -> Grammar {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings").join(name);
    grammar::parse(&fs::read_to_string(file).unwrap(), &|_| None).unwrap()
}

/// The errors of reading and validation.
fn errors(bytes: &[u8], grammar: &Grammar) -> Vec<Finding> {
    let read = xml::read(bytes, Some(grammar), &Limits::default());
    let all = read.findings.into_iter().chain(validate(&read.tree, grammar));
    all.filter(|finding| finding.severity == Severity::Error).collect()
}

/// Which of the files libxml2 finds valid; `None` where it is not installed.
fn xmllint(schema: &Path, files: &[PathBuf]) -> Option<Vec<bool>> {
    let mut verdicts = Vec::new();
    for batch in files.chunks(250) {
        let run =
            Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(schema).args(batch).output();
        let Ok(run) = run else {
            println!("skipped: there is no xmllint here");
            return None;
        };
        let said = String::from_utf8_lossy(&run.stderr);
        let valid: Vec<_> = said.lines().filter_map(|line| line.strip_suffix(" validates")).collect();
        verdicts.extend(batch.iter().map(|file| valid.contains(&file.to_str().unwrap())));
    }
    Some(verdicts)
}

/// The published declarations that are well-formed.
fn declarations(grammar: &Grammar) -> Option<Vec<PathBuf>> {
    let folder = sample("uk-cds/samples")?;
    let is_declaration = |file: &PathBuf| {
        let bytes = fs::read(file).unwrap();
        let read = xml::read(&bytes, Some(grammar), &Limits::default());
        let is_broken = read.findings.iter().any(|finding| finding.severity == Severity::Error);
        !is_broken && read.tree.child(NodeId::ROOT, "Declaration").is_some()
    };
    Some(files(&folder, &["xml"]).into_iter().filter(is_declaration).collect())
}

#[test]
fn real_declarations_are_judged_alike() {
    let grammar = load("wco/dms-3.6.gram");
    let Some(files) = declarations(&grammar) else { return };
    let schema = sample("uk-cds/xsd").unwrap().join("customs/wrapper_submit.xsd");
    let Some(verdicts) = xmllint(&schema, &files) else { return };
    let valid = verdicts.iter().filter(|verdict| **verdict).count();
    for (file, verdict) in files.iter().zip(&verdicts) {
        let errors = errors(&fs::read(file).unwrap(), &grammar);
        assert_eq!(errors.is_empty(), *verdict, "{}: {errors:?}", file.display());
    }
    println!("{} declarations, {valid} of them valid, judged alike", files.len());
    assert!(valid > 200);
}

/// A schema for notifications: that of the envelope leaves to a wrapper what may stand in it.
fn notification_schema() -> Option<PathBuf> {
    let folder = sample("uk-cds/xsd/wco")?.canonicalize().unwrap();
    let schema = format!(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' elementFormDefault='qualified' \
         targetNamespace='urn:wco:datamodel:WCO:DocumentMetaData-DMS:2'>\
         <xs:include schemaLocation='{0}/notification/DocumentMetaData_2_DMS.xsd'/>\
         <xs:import namespace='urn:wco:datamodel:WCO:RES-DMS:2' schemaLocation='{0}/notification/WCO_RES_2_DMS.xsd'/>\
         <xs:import namespace='urn:wco:datamodel:WCO:DEC-DMS:2' schemaLocation='{0}/declaration/WCO_DEC_2_DMS.xsd'/>\
         </xs:schema>",
        folder.display()
    );
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrapper_response.xsd");
    fs::write(&file, schema).unwrap();
    Some(file)
}

#[test]
fn real_notifications_get_their_places_and_are_judged_alike() {
    let grammar = load("wco/res-dms-2.gram");
    let Some(schema) = notification_schema() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("notifications");
    fs::create_dir_all(&folder).unwrap();
    let (mut written, mut found, mut unknown, mut delta) = (Vec::new(), Vec::new(), 0, 0);
    for file in files(&sample("uk-cds/samples").unwrap(), &["xml"]) {
        let bytes = fs::read(&file).unwrap();
        let read = xml::read(&bytes, Some(&grammar), &Limits::default());
        let is_broken = read.findings.iter().any(|finding| finding.severity == Severity::Error);
        if is_broken || read.tree.child(NodeId::ROOT, "Response").is_none() {
            continue;
        }
        unknown += read.tree.ids().filter(|id| !read.tree.place(*id).is_known()).count();
        let is_delta = |id: &NodeId| {
            read.tree.name(*id) == "Declaration" && grammar.place(read.tree.place(*id)).namespace == 4
        };
        delta += read.tree.ids().filter(is_delta).count();
        let again = xml::write(&read.tree, Some(&grammar), &xml::WriteOptions::default()).bytes;
        found.push((file, validate(&read.tree, &grammar)));
        let file = folder.join(format!("{}.xml", written.len()));
        fs::write(&file, again).unwrap();
        written.push(file);
    }
    assert_eq!(delta, 8, "each DMSRES holds what customs changed");
    let Some(verdicts) = xmllint(&schema, &written) else { return };
    let valid = verdicts.iter().filter(|verdict| **verdict).count();
    println!("{} notifications, {valid} of them valid, {unknown} unknown nodes", written.len());
    let mut differ = Vec::new();
    for (((file, findings), again), verdict) in found.iter().zip(&written).zip(&verdicts) {
        if findings.is_empty() != *verdict {
            differ.push(format!(
                "xmllint {verdict} {} {}: {:?}",
                file.display(),
                again.display(),
                findings.first()
            ));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

/// A node that can be damaged.
#[derive(Clone, Debug)]
struct Item {
    kind: Kind,
    name: String,
    place: PlaceId,
    value: Option<String>,
    children: Vec<Item>,
}

impl Item {
    fn of(tree: &Tree<'_>, node: NodeId) -> Self {
        let found = tree.node(node);
        Self {
            kind: found.kind,
            name: tree.name(node).into(),
            place: found.place,
            value: tree.value(node).map(Into::into),
            children: tree.children(node).map(|child| Self::of(tree, child)).collect(),
        }
    }

    fn made(kind: Kind, name: &str, value: &str) -> Self {
        Self {
            kind,
            name: name.into(),
            place: PlaceId::NONE,
            value: Some(value.into()),
            children: Vec::new(),
        }
    }

    fn build(&self, tree: &mut TreeBuilder<'_>) {
        let name = tree.names().intern(&self.name);
        let node = tree.open(self.kind, name, self.place, Span::default());
        if let Some(value) = &self.value {
            let value = tree.owned(value);
            tree.node_mut(node).value = value;
        }
        self.children.iter().for_each(|child| child.build(tree));
        tree.close();
    }

    fn write(&self, grammar: &Grammar) -> Vec<u8> {
        let mut tree = TreeBuilder::new("", 0, Names::with_base(grammar.names().clone()));
        self.build(&mut tree);
        xml::write(&tree.finish(), Some(grammar), &xml::WriteOptions::default()).bytes
    }

    /// This and all nodes below it, in pre-order.
    fn count(&self) -> usize {
        1 + self.children.iter().map(Self::count).sum::<usize>()
    }

    /// The parent of a node (not the root), and the node's index in it.
    fn locate(&mut self, number: usize) -> (&mut Self, usize) {
        let mut left = number - 1;
        let index = self.children.iter().position(|child| {
            let count = child.count();
            let is_here = left < count;
            left -= if is_here { 0 } else { count };
            is_here
        });
        let index = index.unwrap();
        if left == 0 { (self, index) } else { self.children[index].locate(left) }
    }
}

const VALUES: [&str; 30] = [
    "x",
    "-1",
    "+1",
    "1.5.2",
    "1e3",
    " ",
    "\n",
    "12 34",
    "é",
    "\u{1F600}\u{1F600}\u{1F600}",
    "20240231",
    "20240231120000Z",
    "2024-02-31",
    "007",
    ".5",
    "5.",
    "0.0000001",
    "123456789012345678",
    "1234567890.123456",
    "00000000000000000001.10",
    "true",
    "9",
    "13",
    "102",
    "GB",
    "gb",
    "A B",
    "  A",
    "-",
    "0",
];
const NUMBERS: [&str; 14] = [
    "1.1000000000",
    "7.000",
    "000000000000000012.50",
    "0000000003",
    "+5",
    "-0",
    ".5",
    "5.",
    "1.0000001",
    "0.00",
    "1e2",
    "1,5",
    "12345",
    "123456",
];
const ATTRIBUTES: [&str; 8] =
    ["bogus", "languageID", "listID", "listAgencyID", "unitCode", "currencyID", "formatCode", "schemeID"];

fn one<'a>(random: &mut Random, of: &[&'a str]) -> &'a str {
    of[random.below(of.len())]
}

/// Damages one node and says how.
fn damage(root: &mut Item, random: &mut Random) -> String {
    let number = 1 + random.below(root.count() - 1);
    let (parent, index) = root.locate(number);
    let is_last = index + 1 == parent.children.len();
    let node = &mut parent.children[index];
    let name = node.name.clone();
    let how = match random.below(11) {
        0 => {
            parent.children.remove(index);
            "dropped".into()
        }
        1 if node.kind == Kind::Element => {
            let copy = node.clone();
            parent.children.insert(index, copy);
            "doubled".into()
        }
        2 if !is_last => {
            parent.children.swap(index, index + 1);
            "swapped".into()
        }
        3 => {
            let text = Item::made(Kind::Text, "#text", one(random, &["text", "&", "1"]));
            parent.children.insert(index, text);
            "text before".into()
        }
        4 => {
            let value = one(random, &["EN", "", "KGM", "GBP", "GBPX", "304", "long long value"]);
            let extra = one(random, &ATTRIBUTES);
            node.children.insert(0, Item::made(Kind::Attribute, extra, value));
            format!("@{extra} {value:?}")
        }
        5 => {
            node.name = one(random, &["Unknown", "ID", "Name", "TypeCode"]).into();
            node.place = PlaceId::NONE;
            format!("renamed {}", node.name)
        }
        what => revalue(node, what, random),
    };
    format!("{name} {how}")
}

/// Gives a node another value and says which.
fn revalue(node: &mut Item, what: usize, random: &mut Random) -> String {
    let value = node.value.get_or_insert_default();
    match what {
        6 => {
            let length = random.below(90);
            let filling = if value.bytes().all(|byte| byte.is_ascii_digit()) { "7" } else { "é" };
            value.push_str(&filling.repeat(length));
            format!("longer by {length}")
        }
        7 | 8 => {
            let is_number = what == 7 && value.parse::<f64>().is_ok();
            *value = one(random, if is_number { &NUMBERS } else { &VALUES }).into();
            format!("= {value:?}")
        }
        9 => {
            value.clear();
            node.children.retain(|child| child.kind == Kind::Attribute);
            "emptied".into()
        }
        _ => {
            *value = format!("{}{value}{}", one(random, &["", " ", "\n\t"]), one(random, &["", "  ", "\n"]));
            "padded".into()
        }
    }
}

#[test]
fn damaged_declarations_are_judged_alike() {
    let grammar = load("wco/dms-3.6.gram");
    let Some(files) = declarations(&grammar) else { return };
    let schema = sample("uk-cds/xsd").unwrap().join("customs/wrapper_submit.xsd");
    let texts: Vec<_> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("damaged");
    fs::create_dir_all(&folder).unwrap();
    let mut random = Random(20_261_122);
    let (mut written, mut how) = (Vec::new(), Vec::new());
    for number in 0..MUTANTS {
        let text = &texts[random.below(texts.len())];
        let read = xml::read(text, Some(&grammar), &Limits::default());
        let mut root = Item::of(&read.tree, NodeId::ROOT);
        how.push(damage(&mut root, &mut random));
        let file = folder.join(format!("{number}.xml"));
        fs::write(&file, root.write(&grammar)).unwrap();
        written.push(file);
    }
    let Some(verdicts) = xmllint(&schema, &written) else { return };
    let mut differ: BTreeMap<String, usize> = BTreeMap::new();
    for ((file, how), verdict) in written.iter().zip(&how).zip(&verdicts) {
        let errors = errors(&fs::read(file).unwrap(), &grammar);
        if errors.is_empty() != *verdict {
            let first = errors.first().map(|finding| finding.message.clone());
            *differ.entry(format!("xmllint {verdict}: {how} ({first:?}) {}", file.display())).or_default() +=
                1;
        }
    }
    let valid = verdicts.iter().filter(|verdict| **verdict).count();
    let alike = MUTANTS - differ.values().sum::<usize>();
    println!("{MUTANTS} damaged declarations, {valid} of them valid: {alike} judged alike");
    assert!(differ.is_empty(), "{differ:#?}");
}
