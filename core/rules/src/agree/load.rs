//! Files of agreement as they stand (TOML), and their loading.

use std::collections::BTreeMap;

use dragoman_mapping::language::LoadError;
use dragoman_model::Schema;
use dragoman_tree::PlaceId;
use serde::Deserialize;
use toml::Spanned;

use super::{Agreement, Alike, Compared, Follows, Level, Shared, Stamped};
use crate::load::{Level as Severity, Loading};
use crate::pattern::{Pattern, Pick};

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    source: String,
    document: Vec<RawDocument>,
    #[serde(default)]
    follows: Vec<RawFollows>,
    /// By which number the documents of one sale are found, and what they agree in.
    sales: RawLevel,
    /// The same of the lines of one sale.
    lines: RawLevel,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDocument {
    /// Its canonical type.
    r#type: Text,
    called: String,
    /// The message that it is sent as.
    message: Option<String>,
    /// What is stated of every document of its kind that says nothing else.
    #[serde(default)]
    states: BTreeMap<Text, Text>,
    /// The member of its lines that is their position, whatever stood there.
    numbers: Option<String>,
}

/// What follows in one document from what another one states.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFollows {
    /// The document and the place.
    from: BTreeMap<Text, Text>,
    to: BTreeMap<Text, Text>,
    values: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLevel {
    /// The lists, by the type of document.
    #[serde(default)]
    of: BTreeMap<Text, Text>,
    key: RawAlike,
    #[serde(default)]
    agree: Vec<RawAlike>,
    /// What is put in where a document lacks it: its path in each, by the type of document.
    #[serde(default)]
    shared: Vec<BTreeMap<Text, Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlike {
    what: String,
    severity: Option<Severity>,
    /// The places, by the type of document; several alternatives with ` or ` between them.
    at: BTreeMap<Text, Text>,
}

/// Loads a file of agreement. `name` is its path under `mappings/` without ending. All mistakes are reported, not only the
/// first, but for a file that is no TOML.
pub fn load_agreement(name: &str, text: &str) -> Result<Agreement, Vec<LoadError>> {
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        vec![LoadError::new(name, &at, error.message())]
    })?;
    let mut loading = Loading::new(name, &[]);
    let mut roots = Vec::new();
    let mut documents = Vec::new();
    for RawDocument { r#type: kind, called, message, states, numbers } in file.document {
        match Schema::standard().document(kind.get_ref()) {
            Some(root) => {
                roots.push(Root { kind: kind.get_ref().clone(), place: Some(root) });
                let states = states.into_iter().filter_map(|(path, value)| {
                    let () = loading.read(&path, |path| known(path, root))?;
                    Some((path.into_inner().into(), loading.read(&value, Stamped::parse)?))
                });
                let states = states.collect();
                let (kind, message) = (kind.into_inner().into(), message.map(Into::into));
                let numbers = numbers.map(Into::into);
                documents.push(Compared { kind, called: called.into(), message, states, numbers });
            }
            None => loading.fail(kind.span(), format!("there is no document `{}`", kind.get_ref())),
        }
    }
    let sales = level(&file.sales, &roots, &mut loading);
    let lines = level(&file.lines, &roots, &mut loading);
    let follows = file.follows.iter().filter_map(|raw| follows(raw, &roots, &mut loading)).collect();
    let errors = loading.into_errors();
    if !errors.is_empty() {
        return Err(errors);
    }
    let (title, source) = (file.title.into(), file.source.into());
    Ok(Agreement { name: name.into(), title, source, documents, sales, lines, follows })
}

fn follows(raw: &RawFollows, roots: &[Root], loading: &mut Loading<'_>) -> Option<Follows> {
    let mut place = |at: &BTreeMap<Text, Text>| {
        let (kind, path) = at.iter().next()?;
        let index = index_of(kind, roots, loading)?;
        let root = roots.get(index)?.place?;
        Some((index, path.get_ref().clone(), loading.read(path, |path| Pattern::parse(path, root))?))
    };
    let (from, to) = (place(&raw.from)?, place(&raw.to)?);
    Some(Follows { from: (from.0, from.2), to: (to.0, to.1.into()), values: raw.values.clone() })
}

/// Where the places of a document begin; nowhere where it has no such list.
struct Root {
    kind: String,
    place: Option<PlaceId>,
}

fn level(raw: &RawLevel, documents: &[Root], loading: &mut Loading<'_>) -> Level {
    let mut lists = vec![None; documents.len()];
    let below = |list: &str, root: &Root| root.place.and_then(|place| Schema::standard().child(place, list));
    if raw.of.is_empty() {
        return Level { lists, ..filled(raw, documents, loading) };
    }
    for (kind, list) in &raw.of {
        let Some(index) = index_of(kind, documents, loading) else { continue };
        match documents.get(index).and_then(|root| below(list.get_ref(), root)).zip(lists.get_mut(index)) {
            Some((_, own)) => *own = Some(list.get_ref().as_str().into()),
            None => loading.fail(list.span(), format!("the {} has no `{}`", kind.get_ref(), list.get_ref())),
        }
    }
    let roots = documents.iter().zip(&lists).map(|(root, list): (_, &Option<Box<str>>)| Root {
        kind: root.kind.clone(),
        place: list.as_ref().and_then(|list| below(list, root)),
    });
    let roots: Vec<_> = roots.collect();
    Level { lists, ..filled(raw, &roots, loading) }
}

/// A level but for its lists.
fn filled(raw: &RawLevel, roots: &[Root], loading: &mut Loading<'_>) -> Level {
    let key = alike(&raw.key, roots, loading);
    let agreed = raw.agree.iter().map(|one| alike(one, roots, loading)).collect();
    let shared = raw.shared.iter().map(|one| shared(one, roots, loading)).collect();
    Level { lists: Vec::new(), key, alike: agreed, shared }
}

/// The paths of something that is shared.
fn shared(raw: &BTreeMap<Text, Text>, roots: &[Root], loading: &mut Loading<'_>) -> Shared {
    let mut at = vec![None; roots.len()];
    for (kind, path) in raw {
        let Some(index) = index_of(kind, roots, loading) else { continue };
        let read = |path: &str| {
            let root = roots.get(index).and_then(|root| root.place).ok_or("there is no list here")?;
            let pattern = Pattern::parse(path, root)?;
            let open = pattern.steps().iter().find(|step| step.pick == Pick::Each);
            let open =
                open.map(|step| format!("say which entry: `{0}[0]` or `{0}[member=value]`", step.name));
            open.map_or(Ok(()), Err)
        };
        if let (Some(()), Some(own)) = (loading.read(path, read), at.get_mut(index)) {
            *own = Some(path.get_ref().as_str().into());
        }
    }
    Shared { at }
}

/// Whether the model has a path, up to extensions, in which everything has a place.
fn known(path: &str, root: PlaceId) -> Result<(), String> {
    let own = path.split_once("extensions.").map_or(path, |(before, _)| before).trim_end_matches('.');
    if own.is_empty() { Ok(()) } else { Pattern::parse(own, root).map(|_| ()) }
}

fn alike(raw: &RawAlike, roots: &[Root], loading: &mut Loading<'_>) -> Alike {
    let mut at = vec![Vec::new(); roots.len()];
    for (kind, paths) in &raw.at {
        let Some(index) = index_of(kind, roots, loading) else { continue };
        let Some(root) = roots.get(index).and_then(|root| root.place) else {
            loading.fail(kind.span(), format!("the {} has no list here", kind.get_ref()));
            continue;
        };
        let read = |paths: &str| paths.split(" or ").map(|path| Pattern::parse(path.trim(), root)).collect();
        if let (Some(own), Some(patterns)) = (at.get_mut(index), loading.read(paths, read)) {
            *own = patterns;
        }
    }
    Alike { what: raw.what.as_str().into(), severity: raw.severity.map(Into::into), at }
}

fn index_of(kind: &Text, documents: &[Root], loading: &mut Loading<'_>) -> Option<usize> {
    let index = documents.iter().position(|known| known.kind == *kind.get_ref());
    if index.is_none() {
        loading.fail(kind.span(), format!("no document `{}` is compared", kind.get_ref()));
    }
    index
}
