//! Loading a mapping: text, parts of other mappings, grammars and tables to plans.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dragoman_model::Schema;
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_tree::PlaceId;

use crate::codec::Table;
use crate::get::Absence;
use crate::language::ast::{Absent, Condition, File, Setting, Spanned, Step, Wire, WirePath};
use crate::language::{LoadError, apply, parse, print};
use crate::plan::{Library, Lowered, Plan, Select, lower};

/// Where the loader finds what a mapping names. Names are paths under `mappings/` without ending.
pub struct Sources<'s> {
    /// The text of a mapping.
    pub mapping: &'s dyn Fn(&str) -> Option<String>,
    /// A grammar.
    pub grammar: &'s dyn Fn(&str) -> Option<Arc<Grammar>>,
    /// The text of a code table.
    pub table: &'s dyn Fn(&str) -> Option<String>,
}

/// A loaded mapping: checked, and compiled against each of its grammars.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(crate) name: Arc<str>,
    pub(crate) model: PlaceId,
    pub(crate) syntax: Syntax,
    pub(crate) root: Option<String>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) writes: usize,
    pub(crate) roots: Vec<WirePath>,
    /// What stands around the message, and whether it has to.
    pub(crate) wrapper: Option<Wrapper>,
    pub(crate) recognise: Vec<Condition>,
    pub(crate) require: Vec<Condition>,
    pub(crate) absence: Absence,
    /// What `map show` says beside the rules: lines without a place in a grammar, what a `[rest]` leaves out.
    pub(crate) notes: Vec<String>,
    /// Other names, of elements or of ids that a published schema leaves out.
    pub(crate) aliases: Vec<(String, String)>,
}

/// The elements around a message.
#[derive(Clone, Debug)]
pub(crate) struct Wrapper {
    /// Their names, from the outermost.
    pub names: Vec<String>,
    /// The message may come without.
    pub optional: bool,
}

/// Loads a mapping by name. All mistakes are reported, not only the first.
pub fn load(name: &str, sources: &Sources<'_>) -> Result<Mapping, Vec<LoadError>> {
    let files = Files { sources, parsed: RefCell::default(), open: RefCell::default() };
    let file = files.get(name)?;
    let (Some(model), Some(wire)) = (&file.model, &file.wire) else {
        return Err(vec![LoadError::new(
            name,
            &file.name.at,
            "neither the file nor its base says `model` and `wire`",
        )]);
    };
    let model = document(name, model)?;
    let grammars = grammars(name, wire, sources)?;
    let wrapper = wrapper(name, &file, wire)?;
    let tables =
        |table: &str| (sources.table)(table).and_then(|text| Table::parse(table, &text).ok()).map(Arc::new);
    let other = |name: &str| files.get(name).ok();
    let library = Library { files: &other, tables: &tables };
    let (plans, notes) = compile(&file, model, grammars, &library)?;
    let written = |write: &Spanned<String>| wire.grammars.iter().position(|grammar| grammar.is == write.is);
    Ok(Mapping {
        name: file.name.is.as_str().into(),
        model,
        syntax: wire.syntax,
        root: wire.root.as_ref().map(|root| root.is.clone()),
        plans,
        writes: wire.write.as_ref().and_then(written).unwrap_or(0),
        roots: setting(&file, |setting| match setting {
            Setting::Root(paths) => Some(paths.clone()),
            _ => None,
        }),
        wrapper,
        recognise: setting(&file, |setting| match setting {
            Setting::Recognise(conditions) => Some(conditions.clone()),
            _ => None,
        }),
        require: setting(&file, |setting| match setting {
            Setting::Require(condition) => Some(vec![condition.clone()]),
            _ => None,
        }),
        absence: absence(&file),
        notes,
        aliases: setting(&file, |setting| match setting {
            Setting::Alias(alias, names) => {
                Some(names.iter().map(|name| (alias.is.clone(), name.is.clone())).collect())
            }
            _ => None,
        }),
    })
}

/// The plans of a mapping, one a grammar, with what `map show` says of them. A line that fits no grammar is a mistake;
/// one that fits another is inert where it does not.
fn compile(
    file: &File,
    model: PlaceId,
    grammars: Vec<Arc<Grammar>>,
    library: &Library<'_>,
) -> Result<(Vec<Plan>, Vec<String>), Vec<LoadError>> {
    let (mut plans, mut notes, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let mut fitted = HashSet::new();
    let mut inert = HashMap::new();
    for grammar in grammars {
        let lowered = lower(file, grammar, model, library);
        notes.extend(notes_of(&lowered));
        errors.extend(lowered.errors);
        fitted.extend(lowered.fitted);
        inert.extend(lowered.inert);
        plans.push(lowered.plan);
    }
    // A part of another mapping is checked where it is at home; here it may find less than it could say.
    let is_own = |error: &LoadError| error.file == file.name.is;
    let unfitted = inert.into_iter().filter(|(rule, _)| !fitted.contains(rule)).map(|(_, error)| error);
    errors.extend(unfitted.filter(is_own));
    errors.sort_by(|one, two| (&one.file, one.at.start).cmp(&(&two.file, two.at.start)));
    errors.dedup();
    if errors.is_empty() { Ok((plans, notes)) } else { Err(errors) }
}

/// The text of a mapping as it counts: overlays applied, each rule with the file and line it came from, and the
/// lines that find no place in one of the grammars.
pub fn show(name: &str, sources: &Sources<'_>) -> Result<String, Vec<LoadError>> {
    let files = Files { sources, parsed: RefCell::default(), open: RefCell::default() };
    let file = files.get(name)?;
    let syntax = file.wire.as_ref().map_or(Syntax::Xml, |wire| wire.syntax);
    let notes = load(name, sources)?.notes.into_iter().map(|note| format!("# {note}\n"));
    Ok(print::file(&file, syntax) + &notes.collect::<String>())
}

/// Lines that find no place in a grammar at some use, and what the `[rest]` of a list does not take.
fn notes_of(lowered: &Lowered) -> Vec<String> {
    let plan = &lowered.plan;
    let name = plan.grammar.name();
    let mut inert: Vec<_> = lowered.inert.values().collect();
    inert.sort_by_key(|error| (&error.file, error.at.start));
    let inert = inert.into_iter().map(|error| format!("inert in {name}: {} ({})", error.message, error.file));
    let rests = plan.slots.iter().filter(|slot| matches!(slot.select, Select::Rest));
    let rests = rests.map(|slot| {
        let others =
            plan.slots_of(slot.place).map(|id| plan.slot(id)).filter(|other| other.parent == slot.parent);
        let taken: Vec<String> = others.filter_map(|other| plan.selection(other)).collect();
        format!("{}[rest] leaves out {}", plan.grammar.path(slot.place), taken.join(", "))
    });
    inert.chain(rests).collect()
}

fn setting<T>(file: &File, of: impl Fn(&Setting) -> Option<Vec<T>>) -> Vec<T> {
    file.settings.iter().filter_map(of).flatten().collect()
}

/// What stands around the message. Only elements of XML may, by their names alone: they are of no grammar.
fn wrapper(name: &str, file: &File, wire: &Wire) -> Result<Option<Wrapper>, Vec<LoadError>> {
    let said = file.settings.iter().rev().find_map(|setting| match setting {
        Setting::Inside { path, optional } => Some((path, *optional)),
        _ => None,
    });
    let Some((path, optional)) = said else { return Ok(None) };
    let refuse = |message: &str, hint: &str| Err(vec![LoadError::new(name, &path.at, message).hint(hint)]);
    if wire.syntax != Syntax::Xml {
        return refuse("`inside` is for XML", "in JSON `root PATH` says where the documents stand");
    }
    if wire.root.is_none() {
        return refuse("`inside` needs the message's own root", "name it: `wire xml ROOT grammar …`");
    }
    let is_plain = |step: &Step| {
        !step.attribute && step.role.is_none() && step.nth_place.is_none() && step.predicates.is_empty()
    };
    if path.steps.is_empty() || !path.steps.iter().all(is_plain) {
        return refuse("`inside` takes the names of elements", "such as `inside Envelope/Body ?`");
    }
    let names = path.steps.iter().map(|step| step.name.clone()).collect();
    Ok(Some(Wrapper { names, optional }))
}

fn absence(file: &File) -> Absence {
    let mut absence = Absence::default();
    for form in setting(file, |setting| match setting {
        Setting::Absent(forms) => Some(forms.clone()),
        _ => None,
    }) {
        match form.is {
            Absent::Null => absence.null = true,
            Absent::Empty => absence.empty = true,
            Absent::Literal(text) if text.is_empty() => absence.empty = true,
            Absent::Literal(text) => absence.texts.push(text.into()),
        }
    }
    absence
}

/// The root place of a document by its type.
fn document(name: &str, model: &Spanned<String>) -> Result<PlaceId, Vec<LoadError>> {
    let schema = Schema::standard();
    schema.document(&snake_case(&model.is)).ok_or_else(|| {
        let known: Vec<_> = schema.documents().map(|place| schema.name_of(place)).collect();
        let error = LoadError::new(name, &model.at, format!("the model has no document `{}`", model.is));
        vec![error.hint(format!("it has {}", known.join(", ")))]
    })
}

fn grammars(name: &str, wire: &Wire, sources: &Sources<'_>) -> Result<Vec<Arc<Grammar>>, Vec<LoadError>> {
    let mut found = Vec::new();
    let mut errors = Vec::new();
    for wanted in &wire.grammars {
        match (sources.grammar)(&wanted.is) {
            Some(grammar) if grammar.syntax == wire.syntax => found.push(grammar),
            Some(grammar) => {
                let (is, should) = (grammar.syntax.word(), wire.syntax.word());
                let message =
                    format!("`{}` is a grammar of {is}, and this mapping is of {should}", wanted.is);
                errors.push(LoadError::new(name, &wanted.at, message));
            }
            None => {
                errors.push(LoadError::new(name, &wanted.at, format!("there is no grammar `{}`", wanted.is)));
            }
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// `CustomsResponse` to `customs_response`.
fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// Parsed files by name, each read once.
struct Files<'s> {
    sources: &'s Sources<'s>,
    parsed: RefCell<HashMap<String, Arc<File>>>,
    /// The overlays whose bases are being read.
    open: RefCell<Vec<String>>,
}

impl Files<'_> {
    /// A file with its overlays applied.
    fn get(&self, name: &str) -> Result<Arc<File>, Vec<LoadError>> {
        if let Some(file) = self.parsed.borrow().get(name) {
            return Ok(file.clone());
        }
        let missing = || vec![LoadError::new(name, &(0..0), format!("there is no mapping `{name}`"))];
        let text = (self.sources.mapping)(name).ok_or_else(missing)?;
        let mut file = parse(&text).map_err(|error| vec![error])?;
        if let Some(base) = &file.base {
            if self.open.borrow().contains(&base.is) || base.is == name {
                return Err(vec![LoadError::new(name, &base.at, "the base is an overlay of this mapping")]);
            }
            self.open.borrow_mut().push(name.to_owned());
            let under = self.get(&base.is)?;
            self.open.borrow_mut().pop();
            file = apply(&under, &file)?;
        }
        let file = Arc::new(file);
        self.parsed.borrow_mut().insert(name.to_owned(), file.clone());
        Ok(file)
    }
}
