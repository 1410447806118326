//! A file: its head, settings, parts and rules.

use dragoman_syntax::grammar::Syntax;

use super::ast::{Absent, File, Part, Rule, Setting, Spanned, Wire};
use super::cursor::{Cursor, Parsed};
use super::{LoadError, path, rule};

/// Reads a `.map` file. The first mistake ends the reading.
pub fn parse(text: &str) -> Result<File, LoadError> {
    let mut cursor = Cursor::new(text);
    let c = &mut cursor;
    c.lines();
    if !c.keyword("mapping") {
        return c.fail("a mapping begins with `mapping 1 NAME`");
    }
    let version = c.number();
    if version.as_ref().is_none_or(|version| version.is != 1) {
        return c.fail("this program reads version 1 of the notation: `mapping 1 NAME`");
    }
    let name = c.long_name()?;
    c.name_file(&name.is);
    c.lines();
    let base = if c.keyword("base") { Some(c.long_name()?) } else { None };
    c.lines();
    let model = if c.keyword("model") { Some(c.name()?) } else { None };
    c.lines();
    let wire = if c.next_is("wire") { Some(wire(c)?) } else { None };
    if base.is_none() && model.is_none() {
        return c.fail("expected `model TYPE`, such as `model Declaration`, or `base NAME` of an overlay");
    }
    if base.is_none() && wire.is_none() {
        return c.fail("expected `wire SYNTAX ROOT grammar NAME`");
    }
    let (settings, parts, rules) = (Vec::new(), Vec::new(), Vec::new());
    let mut file = File { name, base, model, wire, settings, parts, rules };
    body(c, &mut file)?;
    Ok(file)
}

fn body(c: &mut Cursor<'_>, file: &mut File) -> Parsed<()> {
    loop {
        c.lines();
        if c.peek().is_none() {
            return Ok(());
        }
        if c.keyword("part") {
            file.parts.push(part(c)?);
        } else if let Some(setting) = setting(c)? {
            file.settings.push(setting);
        } else {
            file.rules.push(rule::rule(c)?);
        }
        end(c)?;
    }
}

/// A rule ends where its line does.
pub(super) fn end(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.ends() {
        Ok(())
    } else {
        c.fail("the rule should end here: a line holds one rule, or several with `;` between")
    }
}

fn wire(c: &mut Cursor<'_>) -> Parsed<Wire> {
    if !c.keyword("wire") {
        return c.fail("expected `wire SYNTAX ROOT grammar NAME`");
    }
    let word = c.name()?;
    let Some(syntax) = Syntax::from_word(&word.is) else {
        return Err(c.error_at(&word.at, format!("there is no syntax `{}` in this version", word.is)));
    };
    let root = if c.next_is("grammar") { None } else { Some(c.name()?) };
    if !c.keyword("grammar") {
        return c.fail("expected `grammar NAME`");
    }
    let mut grammars = vec![c.long_name()?];
    while c.eat("|") {
        grammars.push(c.long_name()?);
    }
    if c.next_is("by") {
        return not_yet(c, "by");
    }
    let write = if c.keyword("write") { Some(c.long_name()?) } else { None };
    end(c)?;
    Ok(Wire { syntax, root, grammars, write })
}

/// Refuses a construct of the language that no mapping needs yet, by its name.
pub(super) fn not_yet<T>(c: &mut Cursor<'_>, construct: &str) -> Parsed<T> {
    c.fail(format!(
        "`{construct}` is part of the language but not of this version: no shipped mapping needs it yet"
    ))
}

fn setting(c: &mut Cursor<'_>) -> Parsed<Option<Setting>> {
    for later in ["documents", "outside", "also"] {
        if c.next_is(later) && !follows_arrow(c, later) {
            return not_yet(c, later);
        }
    }
    let is = |c: &mut Cursor<'_>, word: &str| !follows_arrow(c, word) && c.keyword(word);
    let setting = if is(c, "root") {
        Setting::Root(separated(c, "|", path::wire)?)
    } else if is(c, "inside") {
        let path = path::wire(c)?;
        Setting::Inside { path, optional: c.eat("?") }
    } else if is(c, "alias") {
        let name = c.name()?;
        c.expect("=")?;
        Setting::Alias(name, separated(c, "|", Cursor::name)?)
    } else if is(c, "absent") {
        Setting::Absent(separated(c, ",", absent)?)
    } else if is(c, "recognise") {
        Setting::Recognise(separated(c, ",", path::condition)?)
    } else if is(c, "require") {
        Setting::Require(path::condition(c)?)
    } else {
        return Ok(None);
    };
    Ok(Some(setting))
}

/// True where the word is the left side of a line, not a setting.
fn follows_arrow(c: &Cursor<'_>, word: &str) -> bool {
    let mut ahead = c.clone();
    ahead.keyword(word) && ["<=>", "<=", "=>", ".", "["].iter().any(|arrow| ahead.clone().eat(arrow))
}

/// One or more of a thing.
pub(super) fn separated<'t, T>(
    c: &mut Cursor<'t>,
    separator: &str,
    mut one: impl FnMut(&mut Cursor<'t>) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    let mut all = vec![one(c)?];
    while c.eat(separator) {
        all.push(one(c)?);
    }
    Ok(all)
}

fn absent(c: &mut Cursor<'_>) -> Parsed<Spanned<Absent>> {
    c.blanks();
    let start = c.at();
    let is = if c.keyword("null") {
        Absent::Null
    } else if c.keyword("empty") {
        Absent::Empty
    } else {
        Absent::Literal(c.literal()?.is)
    };
    Ok(Spanned { is, at: c.since(start) })
}

fn part(c: &mut Cursor<'_>) -> Parsed<Part> {
    let name = c.name()?;
    let parameter = if c.eat("(") {
        let parameter = c.name()?.is;
        c.expect(")")?;
        Some(parameter)
    } else {
        None
    };
    Ok(Part { name, parameter, rules: block(c)? })
}

/// `{ rules }`.
pub(super) fn block(c: &mut Cursor<'_>) -> Parsed<Vec<Rule>> {
    c.expect("{")?;
    let mut rules = Vec::new();
    loop {
        c.lines();
        if c.eat("}") {
            return Ok(rules);
        }
        if c.peek().is_none() {
            return c.fail("the block is not closed: `}` is missing");
        }
        rules.push(rule::rule(c)?);
        end(c)?;
    }
}
