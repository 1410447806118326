//! The syntax tree of a mapping to a [`Plan`]: parts are expanded where they are used, every path is resolved.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dragoman_model::Schema;
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_tree::PlaceId;

use super::{
    ChoiceId, Fixed, Guard, LineId, Literal, Object, Plan, Scope, ScopeId, Select, Slot, SlotId, Source,
    Stand, Sum,
};
use crate::language::LoadError;
use crate::language::ast::{
    self, Arrow, At, Body, CanonicalPath, File, Left, Map, Right, Rule, RuleKind, Setting, Use, WirePath,
};

/// A rule could not be compiled: it is inert here, or an error was noted.
pub(super) struct Stop;

pub(super) type Outcome<T> = Result<T, Stop>;

/// What the loader hands to the compiler besides the file.
pub(crate) struct Library<'l> {
    /// Mappings by name, for `use FILE:part`.
    pub files: &'l dyn Fn(&str) -> Option<Arc<File>>,
    /// Code tables by name.
    pub tables: &'l dyn Fn(&str) -> Option<Arc<crate::codec::Table>>,
}

/// The result: a plan, and which rules found no place in this grammar.
pub(crate) struct Lowered {
    /// The plan, usable where there are no errors.
    pub plan: Plan,
    /// Everything that is wrong.
    pub errors: Vec<LoadError>,
    /// Rules that fitted at least one use.
    pub fitted: HashSet<(String, usize)>,
    /// Rules that fitted no use so far, each with what it would be refused with.
    pub inert: HashMap<(String, usize), LoadError>,
}

/// Where a rule stands: which file, which objects on both sides, under which conditions.
#[derive(Clone)]
pub(super) struct Context<'c> {
    pub file: &'c File,
    pub name: Arc<str>,
    /// The rule that is being compiled, for errors and for [`Lowered::inert`].
    pub rule: At,
    /// Its line, from 1.
    pub line: u32,
    pub scope: ScopeId,
    pub field: PlaceId,
    pub slot: SlotId,
    pub guards: Vec<Guard>,
    pub sparse: bool,
    /// The block itself is marked `: sparse`, not one around the part that it is in.
    pub sparse_block: bool,
    pub parameter: Option<(String, String)>,
    pub uses: Vec<(Arc<str>, String)>,
}

impl Context<'_> {
    pub fn source(&self, at: &At) -> Source {
        Source { file: self.name.clone(), at: at.clone(), line: self.line }
    }

    /// Replaces `${x}` by the argument of the part.
    pub fn expand(&self, name: &str) -> String {
        match &self.parameter {
            Some((parameter, argument)) => name.replace(&format!("${{{parameter}}}"), argument),
            None => name.into(),
        }
    }
}

/// The compiler's state.
pub(super) struct Lowering<'l> {
    pub schema: &'static Schema,
    pub library: &'l Library<'l>,
    pub plan: Plan,
    pub errors: Vec<LoadError>,
    fitted: HashSet<(String, usize)>,
    inert: HashMap<(String, usize), LoadError>,
}

/// Compiles a mapping for one of its grammars.
pub(crate) fn lower(file: &File, grammar: Arc<Grammar>, model: PlaceId, library: &Library<'_>) -> Lowered {
    let schema = Schema::standard();
    let end = schema.get(model).map_or(model, |field| field.end);
    let name: Arc<str> = file.name.is.as_str().into();
    let document = Scope {
        parent: ScopeId::DOCUMENT,
        place: model,
        end,
        slot: SlotId::ROOT,
        stand: Stand::Document,
        key: None,
        // Every document says which it is.
        fixed: schema
            .child(model, "type")
            .map(|place| Fixed { place, value: schema.name_of(model).into(), within: model })
            .into_iter()
            .collect(),
        guards: Vec::new(),
        wrapped: false,
        source: Source { file: name.clone(), at: file.name.at.clone(), line: 1 },
    };
    let mut first_slot = vec![SlotId::NONE; grammar.len()];
    if let Some(root) = first_slot.first_mut() {
        *root = SlotId::ROOT;
    }
    let plan = Plan {
        slots: vec![Slot::new(Grammar::ROOT, Select::Any, SlotId::NONE)],
        grammar,
        scopes: vec![document],
        lines: Vec::new(),
        choices: Vec::new(),
        sums: Vec::new(),
        extensions: Vec::new(),
        first_slot,
        index: super::Index::default(),
    };
    let mut lowering =
        Lowering { schema, library, plan, errors: Vec::new(), fitted: HashSet::new(), inert: HashMap::new() };
    let context = Context {
        file,
        name,
        rule: file.name.at.clone(),
        line: 1,
        scope: ScopeId::DOCUMENT,
        field: model,
        slot: SlotId::ROOT,
        guards: Vec::new(),
        sparse: false,
        sparse_block: false,
        parameter: None,
        uses: Vec::new(),
    };
    lowering.block(&context, &file.rules);
    lowering.mark_writing();
    lowering.index();
    lowering.check();
    let Lowering { plan, errors, fitted, inert, .. } = lowering;
    Lowered { plan, errors, fitted, inert }
}

impl Lowering<'_> {
    /// Notes an error.
    pub fn refuse<T>(&mut self, cx: &Context<'_>, at: &At, message: impl Into<String>) -> Outcome<T> {
        self.errors.push(LoadError::new(&cx.name, at, message));
        Err(Stop)
    }

    /// Notes an error with a way out.
    pub fn refuse_hint<T>(
        &mut self,
        cx: &Context<'_>,
        at: &At,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Outcome<T> {
        self.errors.push(LoadError::new(&cx.name, at, message).hint(hint));
        Err(Stop)
    }

    /// Notes that the rule finds no place in this grammar at this use.
    pub fn inert<T>(
        &mut self,
        cx: &Context<'_>,
        at: &At,
        message: String,
        hint: Option<String>,
    ) -> Outcome<T> {
        let mut error = LoadError::new(&cx.name, at, message);
        error.hint = hint;
        self.inert.entry((cx.name.to_string(), cx.rule.start)).or_insert(error);
        Err(Stop)
    }

    /// The rules of a block. A rule that fails does not stop the others, so that all errors are shown at once.
    pub fn block(&mut self, cx: &Context<'_>, rules: &[Rule]) {
        for rule in rules {
            let (at, name) = (rule.at.clone(), rule.file.clone());
            let cx = Context { rule: at, line: rule.line, name, ..cx.clone() };
            if self.rule(&cx, &rule.kind).is_ok() {
                self.fitted.insert((cx.name.to_string(), rule.at.start));
            }
        }
    }

    fn rule(&mut self, cx: &Context<'_>, kind: &RuleKind) -> Outcome<()> {
        match kind {
            RuleKind::Map(map) => self.map(cx, map),
            RuleKind::Const { path, value, keep } => self.constant(cx, path, value, *keep),
            RuleKind::Fixed { path, value } => self.fixed(cx, path, &value.is),
            RuleKind::Choose(choose) => self.choose(cx, choose),
            RuleKind::Use(used) => self.used(cx, used),
            RuleKind::Ignore { path, why } => {
                let slot = self.slot(cx, path, true)?;
                self.slot_mut(slot).ignored = Some(why.is.as_str().into());
                Ok(())
            }
            RuleKind::Check(check) => self.sum(cx, check),
            RuleKind::Drop(_) => self.refuse_hint(
                cx,
                &cx.rule,
                "`drop` takes a line away from a base mapping, and this file has none",
                "overlays begin with `base NAME`",
            ),
        }
    }

    fn map(&mut self, cx: &Context<'_>, map: &Map) -> Outcome<()> {
        self.check_direction(cx, map)?;
        if let Left::One(left) = &map.left
            && let Some(open) = self.opened(cx, left)
        {
            return self.extension(cx, map, left, open);
        }
        match &map.right {
            Right::Alternatives(all) if all.len() > 1 && map.arrow == Arrow::Read && map.body.is_none() => {
                self.first_of(cx, map, all)
            }
            Right::Alternatives(all) if all.len() > 1 => self.alternatives(cx, map, all),
            Right::Alternatives(all) => match all.first() {
                Some(only) => self.mapped(cx, map, &only.path, only.cells.as_ref()),
                None => Ok(()),
            },
            Right::Tuple { base, leaves } => self.tuple(cx, map, base.as_ref(), leaves),
        }
    }

    /// A line with one wire path.
    pub fn mapped(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        path: &WirePath,
        cells: Option<&WirePath>,
    ) -> Outcome<()> {
        let body = map.body.as_ref();
        match &map.left {
            Left::Here(_) if body.is_some() => {
                let slot = self.slot(cx, path, false)?;
                self.body(&Context { slot, ..cx.clone() }, body);
                Ok(())
            }
            Left::Here(_) => self.leaf_line(cx, map, &[cx.field], path, cells),
            Left::One(left) if body.is_some() => {
                let field = self.field(cx, left)?;
                let slot = self.slot(cx, path, false)?;
                if slot != cx.slot {
                    let object = Object { scope: cx.scope, place: field, guards: cx.guards.clone() };
                    self.slot_mut(slot).objects.push(object);
                }
                self.body(&Context { field, slot, ..cx.clone() }, body);
                Ok(())
            }
            Left::One(left) => {
                let field = self.field(cx, left)?;
                self.leaf_line(cx, map, &[field], path, cells)
            }
            Left::List { path: left, key } => self.list(cx, map, left, key.as_ref(), path, cells),
            Left::Tuple(lefts) => {
                let fields = lefts.iter().map(|left| self.field(cx, left)).collect::<Outcome<Vec<_>>>()?;
                self.leaf_line(cx, map, &fields, path, cells)
            }
        }
    }

    fn body(&mut self, cx: &Context<'_>, body: Option<&Body>) {
        match body {
            Some(Body::Block(rules)) => {
                let rules = rules.clone();
                self.block(cx, &rules);
            }
            Some(Body::Use(used)) => {
                let _ = self.used(cx, used);
            }
            None => {}
        }
    }

    fn list(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        left: &CanonicalPath,
        key: Option<&ast::Spanned<String>>,
        path: &WirePath,
        cells: Option<&WirePath>,
    ) -> Outcome<()> {
        let list = self.field(cx, left)?;
        if !self.schema.get(list).is_some_and(|field| field.list) {
            return self.refuse_hint(
                cx,
                &left.at,
                format!("`{}` is no list", self.schema.path(list)),
                "leave out the `[]`",
            );
        }
        if map.codecs.iter().any(|codec| codec.name.is == "pointer") {
            return self.chains(cx, map, list, path);
        }
        if map.arrow == Arrow::Read && map.body.is_none() {
            return self.looking_list(cx, map, list, path);
        }
        if let Some(cells) = cells {
            return self.refuse(cx, &cells.at, "a list of cells is written without `>>`: `list[] <=> A/b`");
        }
        let slot = self.slot(cx, path, true)?;
        let stand = if slot == cx.slot || !self.plan.slot(slot).repeats(&self.plan.grammar) {
            Stand::Joined
        } else {
            Stand::Each
        };
        let scope = self.open_scope(cx, map, list, slot, stand, key)?;
        let inner = Context { scope, field: list, slot, guards: Vec::new(), ..cx.clone() };
        match &map.body {
            Some(_) => self.body(&inner, map.body.as_ref()),
            None => {
                let here = WirePath { steps: Vec::new(), at: path.at.clone() };
                self.leaf_line(&inner, map, &[list], &here, None)?;
            }
        }
        Ok(())
    }

    fn open_scope(
        &mut self,
        cx: &Context<'_>,
        map: &Map,
        list: PlaceId,
        slot: SlotId,
        stand: Stand,
        key: Option<&ast::Spanned<String>>,
    ) -> Outcome<ScopeId> {
        let key = match key {
            None => self.schema.get(list).and_then(|field| field.key),
            Some(name) => match self.schema.child(list, &name.is) {
                Some(key) => Some(key),
                None => {
                    let path = self.schema.path(list);
                    return self.refuse(cx, &name.at, format!("`{path}` has no `{}` to be its key", name.is));
                }
            },
        };
        let id = ScopeId(self.plan.scopes.len() as u16);
        self.plan.scopes.push(Scope {
            parent: cx.scope,
            place: list,
            end: self.schema.get(list).map_or(list, |field| field.end),
            slot,
            stand,
            key,
            fixed: Vec::new(),
            guards: cx.guards.clone(),
            wrapped: map.flags.iter().any(|flag| flag.is == ast::Flag::Wrapped),
            source: cx.source(&cx.rule),
        });
        match stand {
            Stand::Joined => self.slot_mut(slot).joined.push(id),
            _ => self.slot_mut(slot).entries = Some(id),
        }
        let wrapper = self.plan.slot(slot).parent;
        if self.plan.grammar.syntax == Syntax::Xml
            && wrapper != cx.slot
            && self.plan.scopes.last().is_some_and(|scope| scope.wrapped)
        {
            self.slot_mut(wrapper).wraps.push(id);
        }
        Ok(id)
    }

    fn constant(
        &mut self,
        cx: &Context<'_>,
        path: &WirePath,
        value: &ast::Spanned<String>,
        keep: bool,
    ) -> Outcome<()> {
        let slot = self.slot(cx, path, false)?;
        let family = cx.name.split('/').next().unwrap_or_default().replace('-', "_");
        let leaf = path.steps.last().map(|step| cx.expand(&step.name)).unwrap_or_default();
        let literal = Literal {
            value: value.is.as_str().into(),
            keep: keep.then(|| format!("{family}.{leaf}").into()),
            selects: false,
            guards: cx.guards.clone(),
            source: cx.source(&cx.rule),
        };
        if self.plan.slot(slot).literal.as_ref().is_some_and(|known| !known.selects) {
            return self.refuse(cx, &path.at, "this leaf already has a constant");
        }
        self.slot_mut(slot).literal = Some(literal);
        Ok(())
    }

    fn fixed(&mut self, cx: &Context<'_>, path: &CanonicalPath, value: &str) -> Outcome<()> {
        let place = self.field(cx, path)?;
        let fixed = Fixed { place, value: value.into(), within: cx.field };
        #[expect(clippy::indexing_slicing, reason = "ids are indices that this plan gave out")]
        self.plan.scopes[cx.scope.index()].fixed.push(fixed);
        Ok(())
    }

    fn used(&mut self, cx: &Context<'_>, used: &Use) -> Outcome<()> {
        let file = match &used.file {
            None => None,
            Some(name) => match (self.library.files)(&name.is) {
                Some(file) => Some(file),
                None => return self.refuse(cx, &name.at, format!("there is no mapping `{}`", name.is)),
            },
        };
        let (file, name) = match &file {
            Some(file) => (file.as_ref(), file.name.is.as_str().into()),
            None => (cx.file, cx.name.clone()),
        };
        let Some(part) = file.parts.iter().find(|part| part.name.is == used.part.is) else {
            let names = file.parts.iter().map(|part| part.name.is.as_str());
            let near = dragoman_model::nearest(&used.part.is, names);
            let error =
                LoadError::new(&cx.name, &used.part.at, format!("there is no part `{}`", used.part.is));
            self.errors.push(match near {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            });
            return Err(Stop);
        };
        let key = (name, part.name.is.clone());
        if cx.uses.contains(&key) {
            return self.refuse(cx, &used.part.at, format!("part `{}` uses itself", part.name.is));
        }
        let parameter = match (&part.parameter, &used.argument) {
            (Some(parameter), Some(argument)) => Some((parameter.clone(), cx.expand(argument))),
            (None, None) => None,
            (Some(_), None) => {
                return self.refuse(cx, &used.part.at, format!("part `{}` wants an argument", part.name.is));
            }
            (None, Some(_)) => {
                return self.refuse(cx, &used.part.at, format!("part `{}` takes no argument", part.name.is));
            }
        };
        let mut uses = cx.uses.clone();
        uses.push(key.clone());
        let inner = Context {
            file,
            name: key.0,
            parameter,
            uses,
            sparse: cx.sparse || used.sparse,
            sparse_block: false,
            ..cx.clone()
        };
        self.block(&inner, &part.rules);
        Ok(())
    }

    fn sum(&mut self, cx: &Context<'_>, check: &ast::Check) -> Outcome<()> {
        let fields =
            [self.field(cx, &check.left)?, self.field(cx, &check.right)?, self.field(cx, &check.result)?];
        let within = check.within.as_ref().map(|within| within.is.as_str().into());
        let sum = Sum { list: self.plan.scope(cx.scope).place, fields, operator: check.operator, within };
        // A part that several lines of one list use says it once.
        if !self.plan.sums.contains(&sum) {
            self.plan.sums.push(sum);
        }
        Ok(())
    }

    /// The place of a canonical path below the context's object.
    pub fn field(&mut self, cx: &Context<'_>, path: &CanonicalPath) -> Outcome<PlaceId> {
        let mut at = cx.field;
        for name in &path.names {
            match self.schema.child(at, name) {
                Some(child) => at = child,
                None => {
                    let parent = self.schema.path(at);
                    let near = self.schema.nearest(at, name).map(str::to_owned);
                    let whole = if parent.is_empty() { "the document".into() } else { format!("`{parent}`") };
                    let message = format!("{whole} has no `{name}`");
                    return match near {
                        Some(near) => self.refuse_hint(
                            cx,
                            &path.at,
                            message,
                            format!("did you mean `{near}`? `dragoman model {parent}` lists what there is"),
                        ),
                        None => self.refuse(cx, &path.at, message),
                    };
                }
            }
        }
        Ok(at)
    }

    /// The names that a wire name stands for: itself, or the alternatives of an alias.
    pub fn aliases(cx: &Context<'_>, name: &str) -> Vec<String> {
        let group = name.strip_prefix('<').and_then(|tag| tag.strip_suffix('>'));
        let plain = group.unwrap_or(name);
        let found = cx.file.settings.iter().find_map(|setting| match setting {
            Setting::Alias(alias, names) if alias.is == plain => Some(names),
            _ => None,
        });
        let dress = |name: &str| if group.is_some() { format!("<{name}>") } else { name.to_owned() };
        found
            .map_or_else(|| vec![name.to_owned()], |names| names.iter().map(|name| dress(&name.is)).collect())
    }

    /// Adds a line to the plan and to its slots.
    pub fn add_line(&mut self, line: super::Line) -> LineId {
        let id = self.plan.lines.len() as LineId;
        self.slot_mut(line.anchor).lines.push(id);
        if matches!(line.spread, super::Spread::Cells | super::Spread::Chains) {
            self.slot_mut(line.anchor).spread = Some(id);
        }
        for leaf in line.leaves.iter().filter(|leaf| leaf.slot != SlotId::NONE) {
            self.slot_mut(leaf.slot).leaf_of.push(id);
        }
        self.plan.lines.push(line);
        id
    }

    /// Adds a choice to the plan and to its slot.
    pub fn add_choice(&mut self, choice: super::Choice) -> ChoiceId {
        let id = self.plan.choices.len() as ChoiceId;
        self.slot_mut(choice.slot).choices.push(id);
        self.plan.choices.push(choice);
        id
    }
}
