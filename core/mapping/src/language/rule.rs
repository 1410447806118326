//! Rules.

use super::ast::{
    Argument, Arm, ArmTest, Arrow, Body, Check, Choose, Codec, Derivation, Dropped, Flag, Left, Map, Right,
    Rule, RuleKind, Spanned, Use,
};
use super::cursor::{Cursor, Parsed};
use super::parse::{block, not_yet, separated};
use super::path;

/// Reads what follows a keyword.
type Head = fn(&mut Cursor<'_>) -> Parsed<RuleKind>;

/// One rule, with its block.
pub(super) fn rule(c: &mut Cursor<'_>) -> Parsed<Rule> {
    c.blanks();
    let (start, line) = (c.at(), c.line());
    let heads: [(&str, Head); 8] = [
        ("const", constant),
        ("fixed", fixed),
        ("choose", choose),
        ("use", |c| Ok(RuleKind::Use(used(c)?))),
        ("drop", dropped),
        ("ignore", ignore),
        ("check", check),
        ("tree", |c| not_yet(c, "tree")),
    ];
    for (word, parse) in heads {
        let mut ahead = c.clone();
        let names_a_line =
            ahead.keyword(word) && ["<", "=>", "[]", "."].iter().any(|next| ahead.clone().eat(next));
        if !names_a_line && c.keyword(word) {
            let kind = parse(c)?;
            return Ok(Rule { at: c.since(start), line, file: c.file(), kind });
        }
    }
    let mut map = mapped(c)?;
    let at = c.since(start);
    map.body = below(c)?;
    if map.body.is_some() {
        flags(c, &mut map)?;
    }
    Ok(Rule { at, line, file: c.file(), kind: RuleKind::Map(Box::new(map)) })
}

fn mapped(c: &mut Cursor<'_>) -> Parsed<Map> {
    let left = left(c)?;
    let arrow = if c.eat("<=>") {
        Arrow::Both
    } else if c.eat("<=") {
        Arrow::Read
    } else if c.eat("=>") {
        Arrow::Write
    } else {
        return c.fail("expected `<=>`, `<=` or `=>` here");
    };
    let right = right(c)?;
    let mut map = Map { left, arrow, right, codecs: Vec::new(), flags: Vec::new(), body: None, why: None };
    flags(c, &mut map)?;
    Ok(map)
}

fn left(c: &mut Cursor<'_>) -> Parsed<Left> {
    c.blanks();
    let start = c.at();
    if c.eat("(") {
        let paths = separated(c, ",", path::canonical)?;
        c.expect(")")?;
        return Ok(Left::Tuple(paths));
    }
    if c.eat(".") {
        return Ok(Left::Here(c.since(start)));
    }
    let path = path::canonical(c)?;
    if !c.rest().starts_with("[]") {
        return Ok(Left::One(path));
    }
    c.skip(2);
    let key = if c.keyword("key") { Some(c.name()?) } else { None };
    Ok(Left::List { path, key })
}

fn right(c: &mut Cursor<'_>) -> Parsed<Right> {
    c.blanks();
    if c.rest().starts_with("@(") {
        return Ok(Right::Tuple { base: None, leaves: leaves(c)? });
    }
    let first = path::selector(c)?;
    if c.rest().starts_with("@(") {
        return Ok(Right::Tuple { base: Some(first.path), leaves: leaves(c)? });
    }
    let mut all = vec![first];
    while c.eat("|") {
        all.push(path::selector(c)?);
    }
    Ok(Right::Alternatives(all))
}

fn leaves(c: &mut Cursor<'_>) -> Parsed<Vec<super::ast::WirePath>> {
    c.expect("@(")?;
    c.wrapped();
    let mut all = vec![path::wire(c)?];
    c.wrapped();
    while c.eat(",") {
        c.wrapped();
        all.push(path::wire(c)?);
        c.wrapped();
    }
    c.expect(")")?;
    Ok(all)
}

/// Codecs, flags and the reason, up to the block or the end of the rule.
fn flags(c: &mut Cursor<'_>, map: &mut Map) -> Parsed<()> {
    loop {
        if c.ends() || c.peek() == Some('{') || c.next_is("use") || c.rest().starts_with(':') {
            return Ok(());
        }
        if matches!(c.peek(), Some('<' | '=' | '|')) {
            return c.fail("a rule should have ended before this: one a line, or several with `;` between");
        }
        if c.keyword("because") {
            map.why = Some(c.literal()?);
            continue;
        }
        let start = c.at();
        if let Some(flag) = flag(c)? {
            map.flags.push(Spanned { is: flag, at: c.since(start) });
        } else {
            map.codecs.push(codec(c)?);
        }
    }
}

fn flag(c: &mut Cursor<'_>) -> Parsed<Option<Flag>> {
    if c.next_is("else") {
        return not_yet(c, "else");
    }
    let flag = if c.keyword("derived") {
        if c.keyword("position") { Flag::Position } else { Flag::Derived(derivation(c)?) }
    } else if c.keyword("default") {
        Flag::Default(c.literal()?.is)
    } else if c.keyword("always") {
        Flag::Always
    } else if c.keyword("empty") {
        Flag::Empty
    } else if c.keyword("wrapped") {
        Flag::Wrapped
    } else if c.keyword("optional") {
        Flag::Optional
    } else if c.keyword("slots") {
        c.expect("(")?;
        let Some(number) = c.number() else {
            return c.fail("expected a number: `slots(3)` is a list over three leaves");
        };
        c.expect(")")?;
        Flag::Slots(number.is)
    } else if c.keyword("ref") {
        c.expect("(")?;
        let list = path::canonical(c)?;
        c.expect(")")?;
        Flag::Ref(list)
    } else if c.keyword("only") {
        Flag::Only(c.name()?.is)
    } else {
        return Ok(None);
    };
    Ok(Some(flag))
}

fn derivation(c: &mut Cursor<'_>) -> Parsed<Option<(Derivation, super::ast::CanonicalPath)>> {
    if c.next_is("segments") {
        return not_yet(c, "derived segments");
    }
    let how = if c.keyword("count") {
        Derivation::Count
    } else if c.keyword("sum") {
        Derivation::Sum
    } else {
        return Ok(None);
    };
    c.expect("(")?;
    let of = path::canonical(c)?;
    c.expect(")")?;
    Ok(Some((how, of)))
}

fn codec(c: &mut Cursor<'_>) -> Parsed<Codec> {
    let name = c.name()?;
    let arguments = if c.rest().starts_with('(') {
        c.skip(1);
        let all = separated(c, ",", argument)?;
        c.expect(")")?;
        all
    } else {
        Vec::new()
    };
    Ok(Codec { name, arguments })
}

fn argument(c: &mut Cursor<'_>) -> Parsed<Argument> {
    c.wrapped();
    let start = c.at();
    let argument = if c.rest().starts_with('"') {
        Argument::Literal(c.literal()?)
    } else if c.eat("..") {
        Argument::Open(c.since(start))
    } else if c.keyword("in") {
        Argument::In(path::canonical(c)?)
    } else if let Some(number) = number(c) {
        Argument::Number(number)
    } else if c.rest().starts_with('@') {
        Argument::Path(path::wire(c)?)
    } else {
        let name = c.long_name()?;
        Argument::Word(name)
    };
    c.wrapped();
    Ok(argument)
}

/// A number that is not the beginning of a path.
fn number(c: &mut Cursor<'_>) -> Option<Spanned<u32>> {
    let mut ahead = c.clone();
    ahead.number()?;
    ahead.blanks();
    if matches!(ahead.peek(), Some(',' | ')' | '\n')) { c.number() } else { None }
}

fn below(c: &mut Cursor<'_>) -> Parsed<Option<Body>> {
    c.blanks();
    if c.peek() == Some('{') {
        return Ok(Some(Body::Block(block(c)?)));
    }
    if c.keyword("use") {
        return Ok(Some(Body::Use(used(c)?)));
    }
    Ok(None)
}

fn used(c: &mut Cursor<'_>) -> Parsed<Use> {
    let first = c.long_name()?;
    let (file, part) = if c.rest().starts_with(':') && !c.rest().starts_with(": ") {
        c.skip(1);
        (Some(first), c.name()?)
    } else {
        (None, first)
    };
    let argument = if c.eat("(") {
        let argument = c.long_name()?.is;
        c.expect(")")?;
        Some(argument)
    } else {
        None
    };
    let sparse = sparse(c)?;
    Ok(Use { file, part, argument, sparse })
}

fn sparse(c: &mut Cursor<'_>) -> Parsed<bool> {
    if !c.eat(":") {
        return Ok(false);
    }
    if c.keyword("sparse") { Ok(true) } else { c.fail("expected `sparse` after `:`") }
}

fn constant(c: &mut Cursor<'_>) -> Parsed<RuleKind> {
    let path = path::wire(c)?;
    c.expect("=")?;
    let value = c.literal()?;
    Ok(RuleKind::Const { path, value, keep: c.keyword("keep") })
}

fn fixed(c: &mut Cursor<'_>) -> Parsed<RuleKind> {
    let path = path::canonical(c)?;
    c.expect("=")?;
    Ok(RuleKind::Fixed { path, value: c.literal()? })
}

fn dropped(c: &mut Cursor<'_>) -> Parsed<RuleKind> {
    let dropped = if c.keyword("const") {
        Dropped::Const(path::wire(c)?)
    } else if c.keyword("ignore") {
        Dropped::Ignore(path::wire(c)?)
    } else {
        let path = path::canonical(c)?;
        c.eat("[]");
        Dropped::Left(path)
    };
    Ok(RuleKind::Drop(dropped))
}

fn ignore(c: &mut Cursor<'_>) -> Parsed<RuleKind> {
    let path = path::wire(c)?;
    if !c.keyword("because") {
        return c.fail("`ignore` needs a reason: `ignore PATH because \"…\"`");
    }
    Ok(RuleKind::Ignore { path, why: c.literal()? })
}

fn check(c: &mut Cursor<'_>) -> Parsed<RuleKind> {
    let left = path::canonical(c)?;
    let operator = ['*', '+', '-'].into_iter().find(|symbol| c.eat(&symbol.to_string()));
    let Some(operator) = operator else {
        return c.fail("expected `*`, `+` or `-` here");
    };
    let right = path::canonical(c)?;
    c.expect("=")?;
    let result = path::canonical(c)?;
    let within = if c.keyword("within") { Some(c.literal()?) } else { None };
    Ok(RuleKind::Check(Box::new(Check { left, operator, right, result, within })))
}

fn choose(c: &mut Cursor<'_>) -> Parsed<RuleKind> {
    let path = path::canonical(c)?;
    let wire = if c.eat("<=>") { Some(path::wire(c)?) } else { None };
    c.expect("{")?;
    let mut arms = Vec::new();
    loop {
        c.lines();
        if c.eat("}") {
            return Ok(RuleKind::Choose(Box::new(Choose { path, wire, arms })));
        }
        arms.push(arm(c)?);
    }
}

fn arm(c: &mut Cursor<'_>) -> Parsed<Arm> {
    let name = c.name()?;
    let test = if c.eat("=") {
        match c.regex()? {
            Some(regex) => ArmTest::Regex(regex),
            None => ArmTest::Literals(separated(c, "|", Cursor::literal)?),
        }
    } else {
        ArmTest::Name
    };
    let sparse = sparse(c)?;
    c.blanks();
    let rules = if c.peek() == Some('{') { block(c)? } else { Vec::new() };
    Ok(Arm { name, test, sparse, rules })
}
