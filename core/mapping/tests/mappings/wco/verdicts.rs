//! What is written is exactly as valid as what was read, by the authority's XSD files; and our own verdicts are the
//! authority's.

use std::fmt::Write;

use dragoman_syntax::validate;
use dragoman_tree::{Severity, Tree};

use super::corpus::{Sample, messages};
use crate::mapped::{Mapped, canonical, declaration, document, notification};
use crate::xmllint::Xmllint;

/// Where our findings and the schemas' are not the same.
struct Judged {
    /// Messages that became valid or invalid on the way.
    changed: Vec<String>,
    /// Messages that only we, or only they, find fault with.
    disputed: Vec<String>,
}

fn judge(mapped: &Mapped, judged: &dyn Fn(&str) -> String) -> Option<Judged> {
    let mut xmllint = Xmllint::new()?;
    let mut asked = Vec::new();
    for Sample { name, text } in messages(mapped) {
        let tree = mapped.recognised(&text).unwrap();
        let got = mapped.get_one(&tree);
        let over = mapped.put_over(&got.document, &tree, &got);
        let alone = canonical(&got.document);
        let alone = mapped.put(&document(&alone)).tree.detach();
        let written = |tree: &Tree<'_>| mapped.write(tree).0;
        let texts = [text.clone(), written(&over.tree), written(&alone)];
        let finds = validate(&tree, &mapped.grammar);
        let finds = finds.iter().find(|finding| finding.severity == Severity::Error);
        let ours = finds.map(|finding| format!("{} {}", finding.code, finding.message));
        asked.push((name, ours, texts.map(|text| xmllint.add(judged(std::str::from_utf8(&text).unwrap())))));
    }
    let verdicts = xmllint.verdicts();
    let mut found = Judged { changed: Vec::new(), disputed: Vec::new() };
    for (name, ours, [original, over, alone]) in asked {
        let theirs = &verdicts[original];
        // Over the original the very same is wrong; alone, what no line carries is not there to be wrong.
        let (over, alone) = (&verdicts[over], &verdicts[alone]);
        if over != theirs || alone.is_empty() != theirs.is_empty() {
            found.changed.push(format!("{name}: {theirs:?}, then {over:?}, alone {alone:?}"));
        }
        if ours.is_some() == theirs.is_empty() {
            found.disputed.push(format!("{name}: we {ours:?}, they {theirs:?}"));
        }
    }
    Some(found)
}

#[test]
fn declarations_stay_as_valid_as_they_were() {
    let Some(judged) = judge(declaration(), &unwrapped) else { return };
    assert_eq!(judged.changed, [""; 0]);
    assert_eq!(judged.disputed, [""; 0]);
}

#[test]
fn notifications_stay_as_valid_as_they_were() {
    let Some(judged) = judge(notification(), &with_namespaces) else { return };
    assert_eq!(judged.changed, [""; 0]);
    assert_eq!(judged.disputed, [""; 0]);
}

/// A declaration without the request around it, which is of another schema.
fn unwrapped(text: &str) -> String {
    let Some(around) = text.find("submitDeclarationRequest") else { return text.to_owned() };
    let (start, end) = (text.find("<md:MetaData").unwrap(), text.rfind("MetaData>").unwrap());
    let tag = |at: usize| text[at..].split('>').next().unwrap();
    let (own, inner) = (tag(start), &text[start + tag(start).len()..end]);
    let is_own = |name: &str| own.split_whitespace().any(|word| word.starts_with(name));
    let inherited = tag(around).split_whitespace().filter(|word| word.starts_with("xmlns"));
    let inherited: Vec<_> = inherited.filter(|word| !is_own(&word[..=word.find('=').unwrap()])).collect();
    format!("{own} {}{inner}MetaData>", inherited.join(" "))
}

/// A notification as it would be with the namespaces that most of the samples leave out: without them no schema has a
/// word on it.
fn with_namespaces(text: &str) -> String {
    if !text.contains("<MetaData>") {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut declarations = 0;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).filter(|end| *end > 1);
        let name = &tag[1..end.unwrap_or(1)];
        let namespace = match name {
            "MetaData" => "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2",
            "Response" => "urn:wco:datamodel:WCO:RES-DMS:2",
            "DateTimeString" if declarations > 1 => "urn:wco:datamodel:WCO:Declaration_DS:DMS:2",
            "DateTimeString" => "urn:wco:datamodel:WCO:Response_DS:DMS:2",
            "Declaration" if declarations > 0 => "urn:wco:datamodel:WCO:DEC-DMS:2",
            _ => "",
        };
        declarations += usize::from(name == "Declaration");
        let _ = write!(out, "{before}<{name}");
        if !namespace.is_empty() {
            let _ = write!(out, " xmlns=\"{namespace}\"");
        }
        rest = &tag[1 + name.len()..];
    }
    out + rest
}
