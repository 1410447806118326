//! The language of checks, from text to compiled tests: see [`Test`] and [`Amount`] for what can be said.

use std::sync::Arc;

use dragoman_model::{CodeList, decimal};
use dragoman_tree::PlaceId;
use regex::Regex;

use super::places::Places;
use super::test::{Amount, Compared, OfList, Step, Test, To, Way};
use crate::condition::Order;

/// Tests deeper than this are refused.
const DEEPEST: usize = 16;

/// A way from the root that checks ask for.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// As it was written.
    pub text: Box<str>,
    /// Its steps from the root.
    pub steps: Vec<Step>,
}

/// Reads one test.
pub(crate) struct Parser<'p> {
    rest: &'p str,
    places: Places<'p>,
    lists: Lists<'p>,
    /// Where the way of a name begins.
    scope: PlaceId,
    kept: &'p mut Vec<Kept>,
    depth: usize,
}

type Parsed<T> = Result<T, String>;

/// Finds a code list by name.
pub(crate) type Lists<'p> = &'p dyn Fn(&str) -> Option<Arc<CodeList>>;

impl<'p> Parser<'p> {
    /// Compiles a test of what stands at a place.
    pub fn test(
        text: &'p str,
        (places, lists): (Places<'p>, Lists<'p>),
        scope: PlaceId,
        kept: &'p mut Vec<Kept>,
    ) -> Parsed<Test> {
        let mut parser = Parser { rest: text, places, lists, scope, kept, depth: 0 };
        let test = parser.any()?;
        match parser.rest.trim() {
            "" => Ok(test),
            rest => Err(format!("`{rest}` was not expected")),
        }
    }

    fn any(&mut self) -> Parsed<Test> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("the test is nested too deeply".into());
        }
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        self.depth -= 1;
        Ok(single(parts, Test::Any))
    }

    fn all(&mut self) -> Parsed<Test> {
        let mut parts = vec![self.not()?];
        while self.word("and") {
            parts.push(self.not()?);
        }
        Ok(single(parts, Test::All))
    }

    fn not(&mut self) -> Parsed<Test> {
        let negated = self.word("not");
        let test = if self.symbol("(") {
            let inner = self.any()?;
            self.expect(")")?;
            inner
        } else {
            self.comparison()?
        };
        Ok(if negated { Test::Not(Box::new(test)) } else { test })
    }

    fn comparison(&mut self) -> Parsed<Test> {
        if let Some(left) = self.amount()? {
            let compared = self.compared()?;
            let right = self.amount()?.ok_or_else(|| self.unexpected("a number"))?;
            return Ok(Test::Compare(left, compared, right));
        }
        let way = self.way()?;
        let exact = self.symbol("==");
        if exact || self.symbol("=") {
            return Ok(match self.literal()? {
                Some(literal) => Test::In { way, literals: vec![literal], exact },
                None => Test::Same { left: way, right: self.way()?, exact },
            });
        }
        if self.word("in") {
            return Ok(Test::In { way, literals: self.literals()?, exact: false });
        }
        if self.word("matches") {
            let pattern = format!("^(?:{})$", self.text()?);
            return Ok(Test::Matches(way, Regex::new(&pattern).map_err(|error| error.to_string())?));
        }
        if self.word("listed") {
            return Ok(Test::Listed(way, self.of_list(false)?));
        }
        if self.word("begins") {
            if self.word("listed") {
                return Ok(Test::Listed(way, self.of_list(true)?));
            }
            return Ok(match self.count()? {
                Some(count) => Test::Alike { way, count, of: self.way()? },
                None => Test::Begins(way, self.text()?),
            });
        }
        if self.word("contains") {
            return Ok(Test::Contains(way, self.text()?));
        }
        Ok(if self.word("numbered") { Test::Numbered(way) } else { Test::Present(way) })
    }

    /// `4 of`: how many characters; none where something else stands.
    fn count(&mut self) -> Parsed<Option<usize>> {
        let rest = self.rest.trim_start();
        let end = rest.find(|next: char| !next.is_ascii_digit()).unwrap_or(rest.len());
        let Some(count) = rest.get(..end).and_then(|digits| digits.parse().ok()) else { return Ok(None) };
        self.rest = rest.get(end..).unwrap_or_default();
        if self.word("of") { Ok(Some(count)) } else { Err(self.unexpected("`of`")) }
    }

    /// The name of a code list, and what has to be said there.
    fn of_list(&mut self, begins: bool) -> Parsed<OfList> {
        let name = self.text()?;
        let list = (self.lists)(&name).ok_or_else(|| format!("there is no code list `{name}`"))?;
        let marks = if !self.word("as") {
            Vec::new()
        } else if let Some(mark) = self.literal()? {
            vec![mark]
        } else {
            self.literals()?
        };
        Ok(OfList { list, begins, marks })
    }

    /// A sum of numbers; none where something else stands.
    fn amount(&mut self) -> Parsed<Option<Amount>> {
        let Some(first) = self.term()? else { return Ok(None) };
        let mut terms = vec![first];
        while self.symbol("+") {
            terms.push(self.term()?.ok_or_else(|| self.unexpected("a number"))?);
        }
        Ok(Some(single(terms, Amount::Total)))
    }

    fn term(&mut self) -> Parsed<Option<Amount>> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with(|first: char| first.is_ascii_digit()) {
            let end = self.rest.find(|next: char| !next.is_ascii_digit() && next != '.');
            let (literal, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            self.rest = rest;
            let number = decimal(literal).map_err(|_| format!("`{literal}` is no number"))?;
            if !self.symbol("%") {
                return Ok(Some(Amount::Literal(number)));
            }
            if !self.word("of") {
                return Err(self.unexpected("`of`"));
            }
            let of = self.term()?.ok_or_else(|| self.unexpected("a number"))?;
            return Ok(Some(Amount::Percent(number, Box::new(of))));
        }
        let make: fn(Way, bool) -> Amount = if self.call("number") {
            |way, _| Amount::Number(way)
        } else if self.call("count") {
            |way, _| Amount::Count(way)
        } else if self.call("sum") {
            |way, _| Amount::Sum(way)
        } else if self.call("sizes") {
            |way, _| Amount::Sizes(way)
        } else if self.call("distinct") {
            |way, exact| Amount::Distinct { way, exact }
        } else {
            return Ok(None);
        };
        let exact = self.word("exact");
        let way = self.way()?;
        self.expect(")")?;
        Ok(Some(make(way, exact)))
    }

    fn compared(&mut self) -> Parsed<Compared> {
        let all = [
            ("<=", Compared::By(Order::AtMost)),
            (">=", Compared::By(Order::AtLeast)),
            ("<", Compared::By(Order::Below)),
            (">", Compared::By(Order::Above)),
            ("=", Compared::Equal),
        ];
        let found = all.into_iter().find(|(symbol, _)| self.symbol(symbol));
        found.map(|(_, compared)| compared).ok_or_else(|| self.unexpected("a comparison of numbers"))
    }

    fn way(&mut self) -> Parsed<Way> {
        self.rest = self.rest.trim_start();
        let begun = self.rest;
        let scope = self.scope;
        if !self.symbol("/") {
            let steps = self.steps();
            self.scope = scope;
            return steps.map(Way::Here);
        }
        self.scope = self.places.root();
        let steps = self.steps();
        self.scope = scope;
        let steps = steps?;
        let text = begun.get(..begun.len() - self.rest.len()).unwrap_or(begun).trim();
        let known = self.kept.iter().position(|kept| *kept.text == *text);
        Ok(Way::Kept(known.unwrap_or_else(|| {
            self.kept.push(Kept { text: text.into(), steps });
            self.kept.len() - 1
        })))
    }

    fn steps(&mut self) -> Parsed<Vec<Step>> {
        let mut steps = Vec::new();
        loop {
            let to = self.to()?;
            let mut only = None;
            if self.rest.starts_with('[') {
                self.expect("[")?;
                only = Some(Box::new(self.any()?));
                self.expect("]")?;
            }
            steps.push(Step { to, only });
            match self.rest.strip_prefix(['/', '.']) {
                Some(rest) => self.rest = rest,
                None => return Ok(steps),
            }
        }
    }

    /// One step, after which the scope is where it leads.
    fn to(&mut self) -> Parsed<To> {
        if let Some(rest) = self.rest.strip_prefix("..") {
            self.rest = rest;
            let around = self.places.parent(self.scope);
            self.scope = around.ok_or("there is nothing around the whole message")?;
            return Ok(To::Parent);
        }
        if let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest;
            return Ok(To::Same);
        }
        let end = self.rest.find(|next: char| !is_name(next)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(self.unexpected("a name"));
        }
        self.scope = self.places.child(self.scope, name)?;
        self.rest = rest;
        Ok(To::Child(self.scope))
    }

    fn literals(&mut self) -> Parsed<Vec<Box<str>>> {
        self.expect("(")?;
        let mut literals = vec![self.text()?];
        while self.symbol(",") {
            literals.push(self.text()?);
        }
        self.expect(")")?;
        Ok(literals)
    }

    fn text(&mut self) -> Parsed<Box<str>> {
        self.literal()?.ok_or_else(|| self.unexpected("a text in quotes"))
    }

    fn literal(&mut self) -> Parsed<Option<Box<str>>> {
        if !self.symbol("\"") {
            return Ok(None);
        }
        let (literal, rest) = self.rest.split_once('"').ok_or("a text in quotes does not end")?;
        self.rest = rest;
        Ok(Some(literal.into()))
    }

    /// Takes a word, if it stands there as a whole.
    fn word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(word);
        let rest = rest.filter(|rest| !rest.starts_with(is_name));
        rest.map(|rest| self.rest = rest).is_some()
    }

    fn call(&mut self, name: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(name).and_then(|rest| rest.strip_prefix('('));
        rest.map(|rest| self.rest = rest.trim_start()).is_some()
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(symbol);
        rest.map(|rest| self.rest = rest).is_some()
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.symbol(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    fn unexpected(&self, wanted: &str) -> String {
        match self.rest.trim() {
            "" => format!("{wanted} was expected at the end"),
            rest => format!("{wanted} was expected before `{rest}`"),
        }
    }
}

fn is_name(next: char) -> bool {
    next.is_alphanumeric() || matches!(next, '_' | '-' | '@')
}

fn single<T>(mut parts: Vec<T>, several: fn(Vec<T>) -> T) -> T {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            several(parts)
        }
    }
}
