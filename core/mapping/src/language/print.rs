//! The syntax tree as text again: paths, lines, whole files.

use std::fmt::{self, Display, Formatter, Write};

use super::ast::{
    Absent, Argument, Arm, ArmTest, Arrow, Body, CanonicalPath, Codec, Condition, Derivation, Dropped, File,
    Flag, Left, Map, Predicate, Right, Rule, RuleKind, Selector, Setting, Step, Test, Use, WirePath,
};
use dragoman_syntax::grammar::Syntax;

/// A name as it must be written: in single quotes where it is no plain one.
fn name(text: &str) -> String {
    let plain = |c: char| super::cursor::is_name(c) || matches!(c, '$' | '{' | '}');
    if !text.is_empty() && text.chars().all(plain) { text.into() } else { format!("'{text}'") }
}

/// A literal in double quotes.
fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn joined<T>(items: &[T], separator: &str, one: impl Fn(&T) -> String) -> String {
    items.iter().map(one).collect::<Vec<_>>().join(separator)
}

impl Display for CanonicalPath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&joined(&self.names, ".", |step| name(step)))
    }
}

impl Display for WirePath {
    /// With `/` between steps; JSON paths are printed through [`wire`].
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&wire(self, Syntax::Xml))
    }
}

/// A wire path as its syntax writes it.
pub(crate) fn wire(path: &WirePath, syntax: Syntax) -> String {
    let separator = if syntax == Syntax::Json { "." } else { "/" };
    if path.steps.is_empty() { ".".into() } else { joined(&path.steps, separator, |one| step(one, syntax)) }
}

fn step(step: &Step, syntax: Syntax) -> String {
    let group = step.name.strip_prefix('<').is_some_and(|tag| tag.ends_with('>'));
    let mut text = if step.attribute { "@".to_owned() } else { String::new() };
    text += &step.role.as_ref().map(|role| format!("{{{role}}}")).unwrap_or_default();
    text += &if group { step.name.clone() } else { name(&step.name) };
    text += &step.nth_place.map(|nth| format!("#{nth}")).unwrap_or_default();
    text += if step.repeats { "[]" } else { "" };
    for predicate in &step.predicates {
        let _ = match predicate {
            Predicate::Nth(number) => write!(text, "[{number}]"),
            Predicate::From(number) => write!(text, "[{number}..]"),
            Predicate::Rest(_) => write!(text, "[rest]"),
            Predicate::Conditions(all) => {
                write!(text, "[{}]", joined(all, " and ", |one| condition(one, syntax)))
            }
        };
    }
    text
}

/// A condition as its syntax writes it.
fn condition(one: &Condition, syntax: Syntax) -> String {
    let path = wire(&one.path, syntax);
    match &one.test {
        Test::In(values) if values.len() == 1 => {
            format!("{path} = {}", joined(values, "", |value| literal(value)))
        }
        Test::In(values) => format!("{path} in ({})", joined(values, ", ", |value| literal(value))),
        Test::Not(value) => format!("{path} != {}", literal(value)),
        Test::Matches(regex) => format!("{path} = /{}/", regex.replace('/', "\\/")),
        Test::Absent => format!("!{path}"),
        Test::Present => path,
    }
}

fn selector(one: &Selector, syntax: Syntax) -> String {
    let cells = one.cells.as_ref().map(|cells| format!(" >> {}", wire(cells, syntax)));
    let by = one.by.as_ref().map(|by| format!(" by {}", name(&by.is)));
    wire(&one.path, syntax) + &cells.unwrap_or_default() + &by.unwrap_or_default()
}

impl Display for Left {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here(_) => f.write_str("."),
            Self::One(path) => write!(f, "{path}"),
            Self::List { path, key: None } => write!(f, "{path}[]"),
            Self::List { path, key: Some(key) } => write!(f, "{path}[] key {}", name(&key.is)),
            Self::Tuple(paths) => write!(f, "({})", joined(paths, ", ", ToString::to_string)),
        }
    }
}

/// The wire side of a line.
pub(crate) fn right(right: &Right, syntax: Syntax) -> String {
    match right {
        Right::Alternatives(all) => joined(all, " | ", |one| selector(one, syntax)),
        Right::Tuple { base, leaves } => {
            let base = base.as_ref().map(|base| wire(base, syntax)).unwrap_or_default();
            format!("{base}@({})", joined(leaves, ", ", |leaf| wire(leaf, syntax)))
        }
    }
}

impl Display for Arrow {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Both => "<=>",
            Self::Read => "<=",
            Self::Write => "=>",
        })
    }
}

/// Codec, flags and reason, each with a blank before it.
pub(crate) fn tail(map: &Map, syntax: Syntax) -> String {
    let mut text = String::new();
    for one in &map.codecs {
        let _ = write!(text, " {}", codec(one, syntax));
    }
    for flag in &map.flags {
        let _ = write!(text, " {}", flag.is);
    }
    if let Some(why) = &map.why {
        let _ = write!(text, " because {}", literal(&why.is));
    }
    text
}

fn codec(codec: &Codec, syntax: Syntax) -> String {
    let argument = |argument: &Argument| match argument {
        Argument::Literal(text) => literal(&text.is),
        Argument::Number(number) => number.is.to_string(),
        Argument::Word(word) => word.is.clone(),
        Argument::Path(path) => wire(path, syntax),
        Argument::In(path) => format!("in {path}"),
        Argument::Open(_) => "..".into(),
    };
    if codec.arguments.is_empty() {
        return codec.name.is.clone();
    }
    format!("{}({})", codec.name.is, joined(&codec.arguments, ", ", argument))
}

impl Display for Flag {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Derived(None) => f.write_str("derived"),
            Self::Position => f.write_str("derived position"),
            Self::Derived(Some((Derivation::Count, of))) => write!(f, "derived count({of})"),
            Self::Derived(Some((Derivation::Sum, of))) => write!(f, "derived sum({of})"),
            Self::Default(value) => write!(f, "default {}", literal(value)),
            Self::Always => f.write_str("always"),
            Self::Empty => f.write_str("empty"),
            Self::Wrapped => f.write_str("wrapped"),
            Self::Optional => f.write_str("optional"),
            Self::Slots(number) => write!(f, "slots({number})"),
            Self::Ref(list) => write!(f, "ref({list})"),
            Self::Only(grammar) => write!(f, "only {grammar}"),
        }
    }
}

impl Display for Use {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let file = self.file.as_ref().map(|file| format!("{}:", file.is)).unwrap_or_default();
        let argument = self.argument.as_ref().map(|argument| format!("({argument})")).unwrap_or_default();
        let sparse = if self.sparse { " : sparse" } else { "" };
        write!(f, "use {file}{}{argument}{sparse}", self.part.is)
    }
}

/// A whole file, one rule a line, each with the file and line it came from.
pub(crate) fn file(file: &File, syntax: Syntax) -> String {
    let mut printer = Printer { syntax, lines: Vec::new() };
    for setting in &file.settings {
        printer.line(0, &self::setting(setting, syntax), None);
    }
    for part in &file.parts {
        let parameter = part.parameter.as_ref().map(|parameter| format!("({parameter})")).unwrap_or_default();
        printer.line(0, &format!("part {}{parameter} {{", part.name.is), None);
        printer.rules(&part.rules, 1);
        printer.line(0, "}", None);
    }
    printer.rules(&file.rules, 0);
    printer.finish()
}

fn setting(setting: &Setting, syntax: Syntax) -> String {
    match setting {
        Setting::Root(paths) => format!("root {}", joined(paths, " | ", |path| wire(path, syntax))),
        Setting::Inside { path, optional } => {
            format!("inside {}{}", wire(path, syntax), if *optional { " ?" } else { "" })
        }
        Setting::Alias(alias, names) => {
            format!("alias {} = {}", name(&alias.is), joined(names, " | ", |one| name(&one.is)))
        }
        Setting::Absent(forms) => {
            let form = |form: &Absent| match form {
                Absent::Null => "null".into(),
                Absent::Empty => "empty".into(),
                Absent::Literal(text) => literal(text),
            };
            format!("absent {}", joined(forms, ", ", |one| form(&one.is)))
        }
        Setting::Recognise(all) => format!("recognise {}", joined(all, ", ", |one| condition(one, syntax))),
        Setting::Require(one) => format!("require {}", condition(one, syntax)),
    }
}

struct Printer {
    syntax: Syntax,
    lines: Vec<(String, Option<String>)>,
}

impl Printer {
    fn line(&mut self, depth: usize, text: &str, rule: Option<&Rule>) {
        let origin = rule.map(|rule| format!("{}:{}", rule.file, rule.line));
        self.lines.push((format!("{}{text}", "    ".repeat(depth)), origin));
    }

    fn rules(&mut self, rules: &[Rule], depth: usize) {
        for rule in rules {
            self.rule(rule, depth);
        }
    }

    fn rule(&mut self, rule: &Rule, depth: usize) {
        let syntax = self.syntax;
        let text = match &rule.kind {
            RuleKind::Map(map) => return self.map(rule, map, depth),
            RuleKind::Choose(choose) => {
                let wire = choose.wire.as_ref().map(|path| format!(" <=> {}", wire(path, syntax)));
                let head = format!("choose {}{} {{", choose.path, wire.unwrap_or_default());
                self.line(depth, &head, Some(rule));
                for arm in &choose.arms {
                    self.arm(arm, depth + 1);
                }
                "}".into()
            }
            RuleKind::Const { path, value, keep } => {
                let keep = if *keep { " keep" } else { "" };
                format!("const {} = {}{keep}", wire(path, syntax), literal(&value.is))
            }
            RuleKind::Fixed { path, value } => format!("fixed {path} = {}", literal(&value.is)),
            RuleKind::Use(used) => used.to_string(),
            RuleKind::Drop(dropped) => match dropped {
                Dropped::Left(path) => format!("drop {path}"),
                Dropped::Const(path) => format!("drop const {}", wire(path, syntax)),
                Dropped::Ignore(path) => format!("drop ignore {}", wire(path, syntax)),
            },
            RuleKind::Ignore { path, why } => {
                format!("ignore {} because {}", wire(path, syntax), literal(&why.is))
            }
            RuleKind::Check(check) => {
                let within = check.within.as_ref().map(|within| format!(" within {}", literal(&within.is)));
                let (left, right, result) = (&check.left, &check.right, &check.result);
                format!("check {left} {} {right} = {result}{}", check.operator, within.unwrap_or_default())
            }
        };
        let closes = matches!(rule.kind, RuleKind::Choose(_));
        self.line(depth, &text, Some(rule).filter(|_| !closes));
    }

    fn map(&mut self, rule: &Rule, map: &Map, depth: usize) {
        let syntax = self.syntax;
        let head = format!("{} {} {}{}", map.left, map.arrow, right(&map.right, syntax), tail(map, syntax));
        match &map.body {
            None => self.line(depth, &head, Some(rule)),
            Some(Body::Use(used)) => self.line(depth, &format!("{head} {used}"), Some(rule)),
            Some(Body::Block(rules)) => {
                self.line(depth, &format!("{head} {{"), Some(rule));
                self.rules(rules, depth + 1);
                self.line(depth, "}", None);
            }
        }
    }

    fn arm(&mut self, arm: &Arm, depth: usize) {
        let test = match &arm.test {
            ArmTest::Name => String::new(),
            ArmTest::Literals(values) => format!(" = {}", joined(values, " | ", |value| literal(&value.is))),
            ArmTest::Regex(regex) => format!(" = /{}/", regex.is.replace('/', "\\/")),
        };
        let sparse = if arm.sparse { " : sparse" } else { "" };
        let head = format!("{}{test}{sparse}", name(&arm.name.is));
        if arm.rules.is_empty() {
            return self.line(depth, &head, None);
        }
        self.line(depth, &format!("{head} {{"), None);
        self.rules(&arm.rules, depth + 1);
        self.line(depth, "}", None);
    }

    /// The lines, origins in one column.
    fn finish(self) -> String {
        let width = |text: &str| text.chars().count();
        let column =
            self.lines.iter().map(|(text, _)| width(text)).filter(|width| *width <= 100).max().unwrap_or(0);
        let mut out = String::new();
        for (text, origin) in self.lines {
            let _ = match origin {
                Some(origin) => {
                    writeln!(out, "{text}{}  # {origin}", " ".repeat(column.saturating_sub(width(&text))))
                }
                None => writeln!(out, "{text}"),
            };
        }
        out
    }
}
