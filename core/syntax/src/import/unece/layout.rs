//! Directories to `.gram` files and a table of codes.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::archive::Source;
use super::elements::Use;
use super::messages::{Item, Message};
use super::{Directory, File, ImportError};

/// A table of codes with names stays readable and small enough to ship up to this size.
const LARGEST_TABLE: usize = 150_000;

/// The files of some messages, with the segments of the whole directory and the codes that the messages use.
pub(super) fn files(directory: &Directory, messages: &[&str]) -> Result<Vec<File>, ImportError> {
    let find = |name: &&str| {
        let message = directory.messages.get(*name);
        message.ok_or_else(|| ImportError::NoMessage((*name).to_owned()))
    };
    let messages: Vec<&Message> = messages.iter().map(find).collect::<Result<_, _>>()?;
    let folder = format!("edifact/d{}", directory.release.to_ascii_lowercase());
    let coded = coded(directory, &messages);
    let mut files = vec![
        File { path: format!("{folder}/segments.gram"), text: segments(directory, &folder, &coded) },
        File { path: format!("{folder}/codes.csv"), text: codes(directory, &coded) },
    ];
    for message in messages {
        let path = format!("{folder}/{}.gram", message.name.to_ascii_lowercase());
        files.push(File { path, text: self::message(directory, &folder, message) });
    }
    Ok(files)
}

/// The numbers of the coded elements in the segments of some messages.
fn coded<'d>(directory: &'d Directory, messages: &[&Message]) -> BTreeSet<&'d str> {
    let mut tags = BTreeSet::new();
    for message in messages {
        collect(&message.items, &mut tags);
    }
    let segments = tags.iter().filter_map(|tag| directory.segments.get(*tag));
    let uses = segments.flat_map(|segment| &segment.uses);
    let leaves = uses.flat_map(|one| {
        let composite = directory.composites.get(&one.id);
        std::iter::once(one).chain(composite.into_iter().flat_map(|composite| &composite.uses))
    });
    leaves.filter(|leaf| directory.codes.contains_key(&leaf.id)).map(|leaf| leaf.id.as_str()).collect()
}

fn collect<'m>(items: &'m [Item], tags: &mut BTreeSet<&'m str>) {
    for item in items {
        tags.insert(&item.tag);
        if let Some((_, items)) = &item.group {
            collect(items, tags);
        }
    }
}

fn source(source: &Source) -> String {
    format!("{} of {}, sha256 {}", source.name, source.date, source.hash)
}

fn sources(directory: &Directory, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    directory.sources.iter().filter(|from| wanted(&from.name)).map(source).collect()
}

fn segments(directory: &Directory, folder: &str, coded: &BTreeSet<&str>) -> String {
    let mut out = format!("grammar 1 {folder}/segments\nsyntax edifact\n");
    for from in sources(directory, |name| !name.starts_with("UNCL") && !name.contains("_D.")) {
        let _ = writeln!(out, "source UN/ECE {from}");
    }
    let _ = writeln!(out, "codes {folder}/codes.csv\n");
    for (tag, segment) in &directory.segments {
        let _ = write!(out, "segment {tag}");
        for one in &segment.uses {
            out.push_str("  ");
            element(directory, one, coded, &mut out);
        }
        let _ = writeln!(out, "  # {}", segment.name);
    }
    out
}

/// Writes `C506*{1153* an..3 coded, 1154 an..35}`, `4183 an..3 x5`.
fn element(directory: &Directory, one: &Use, coded: &BTreeSet<&str>, out: &mut String) {
    out.push_str(&one.id);
    if one.mandatory {
        out.push('*');
    }
    if one.repeats {
        let _ = write!(out, " {}..{}", u32::from(one.mandatory), one.times);
    }
    if !one.form.is_empty() {
        let _ = write!(out, " {}", one.form);
    }
    if coded.contains(one.id.as_str()) {
        out.push_str(" coded");
    }
    if let Some(composite) = directory.composites.get(&one.id) {
        out.push('{');
        for (index, component) in composite.uses.iter().enumerate() {
            out.push_str(if index > 0 { ", " } else { "" });
            element(directory, component, coded, out);
        }
        out.push('}');
    }
    if one.times > 1 && !one.repeats {
        let _ = write!(out, " x{}", one.times);
    }
}

fn message(directory: &Directory, folder: &str, message: &Message) -> String {
    let name = message.name.to_ascii_lowercase();
    let mut out = format!("grammar 1 {folder}/{name}\nsyntax edifact\n");
    for from in sources(directory, |from| from.starts_with(&format!("{}_D.", message.name))) {
        let _ = writeln!(out, "source UN/ECE {from}");
    }
    let [version, release, agency] = &message.version;
    let _ = writeln!(out, "use edifact/service\nuse {folder}/segments");
    let _ = writeln!(out, "message {} {version} {release} {agency}\n", message.name);
    // The headers of the envelope are part of the tree, trailers are made and checked by writer and reader.
    out.push_str("0000  UNB\n0000  UNG\n");
    for item in message.items.iter().filter(|item| item.tag != "UNT") {
        self::item(item, 0, &mut out);
    }
    out
}

fn item(item: &Item, depth: usize, out: &mut String) {
    let occurs = match (item.mandatory, item.times) {
        (true, 1) => " *".to_owned(),
        (false, 1) => String::new(),
        (mandatory, times) => format!(" {}..{times}", u8::from(mandatory)),
    };
    let _ = write!(out, "{:1$}{2:04}  ", "", depth * 2, item.position);
    let Some((number, items)) = &item.group else {
        let section = item.section.map(|letter| format!("  fixed 0081 = \"{letter}\""));
        let _ = writeln!(out, "{}{occurs}{}", item.tag, section.unwrap_or_default());
        return;
    };
    let _ = writeln!(out, "<{}>{occurs}  # group {number}", item.tag);
    for item in items {
        self::item(item, depth + 1, out);
    }
}

/// The table of codes: with names, or without where that would be too large.
fn codes(directory: &Directory, coded: &BTreeSet<&str>) -> String {
    let mut head = String::new();
    for from in sources(directory, |name| name.starts_with("UNCL")) {
        let _ = writeln!(head, "# source UN/ECE {from}");
    }
    let lists = || directory.codes.iter().filter(|(element, _)| coded.contains(element.as_str()));
    let mut named = format!("{head}element,code,name\n");
    for (element, codes) in lists() {
        for (code, name) in codes {
            let _ = writeln!(named, "{element},{code},{}", quoted(name));
        }
    }
    if named.len() <= LARGEST_TABLE {
        return named;
    }
    let mut plain = format!("{head}element,code\n");
    for (element, codes) in lists() {
        for (code, _) in codes {
            let _ = writeln!(plain, "{element},{code}");
        }
    }
    plain
}

fn quoted(name: &str) -> String {
    let plain = !name.contains([',', '"']);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}
