//! What is stated of a declaration, or of one of its goods items, before it is written: places, values, sources.

use dragoman_model::{Source, Type};
use dragoman_rules::{Found, Pattern, Pick, Step};

/// One value with its place and who supplied it. Paths are canonical, with an index for every list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    pub path: String,
    pub value: String,
    /// Several of a sum; none for a value that follows from others of the declaration.
    pub sources: Vec<Source>,
}

/// Statements about one declaration or item, at most one a place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statements {
    list: Vec<Statement>,
}

impl Statements {
    /// States a value where none is stated.
    pub fn state(&mut self, path: impl Into<String>, value: impl Into<String>, sources: Vec<Source>) {
        let path = path.into();
        if self.get(&path).is_none() {
            self.list.push(Statement { path, value: value.into(), sources });
        }
    }

    /// States several values, each where none is stated.
    pub fn extend(&mut self, statements: &[Statement]) {
        let new = statements.iter().cloned();
        new.for_each(|one| self.state(one.path, one.value, one.sources));
    }

    /// States what others state, but nothing about a party, place or list that is stated already: those count as a
    /// whole.
    pub fn adopt(&mut self, others: &Self) {
        let mut known: Vec<_> = self.list.iter().map(|one| first_step(&one.path)).collect();
        known.dedup();
        let is_new = |one: &&Statement| !known.contains(&first_step(&one.path));
        let new: Vec<_> = others.list.iter().filter(is_new).cloned().collect();
        self.list.extend(new);
    }

    /// The statements below a path, with the rest of their paths.
    pub fn below(&self, path: &str) -> Self {
        let inner = |one: &Statement| {
            let rest = one.path.strip_prefix(path)?.strip_prefix('.')?;
            Some(Statement { path: rest.to_owned(), ..one.clone() })
        };
        Self { list: self.list.iter().filter_map(inner).collect() }
    }

    /// The statements with another path before theirs.
    pub fn under(mut self, path: &str) -> Self {
        self.list.iter_mut().for_each(|one| one.path.insert_str(0, &format!("{path}.")));
        self
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Statement> {
        self.list.iter()
    }

    /// The statement at a path.
    pub fn get(&self, path: &str) -> Option<&Statement> {
        self.list.iter().find(|one| one.path == path)
    }

    /// The value at a path.
    pub fn value(&self, path: &str) -> Option<&str> {
        self.get(path).map(|one| one.value.as_str())
    }

    /// How many entries a list has.
    pub fn entries(&self, list: &str) -> usize {
        self.indices(list).last().map_or(0, |last| last + 1)
    }

    /// What stands at a pattern.
    pub fn find(&self, pattern: &Pattern) -> Vec<Found> {
        let is_money = pattern.kind() == Type::Shape("Money");
        self.places(pattern).iter().filter_map(|place| self.found(place, is_money)).collect()
    }

    /// The places that a pattern means: every list on the way is one of those that are there.
    pub fn places(&self, pattern: &Pattern) -> Vec<String> {
        self.walk(pattern.steps())
    }

    /// The lists that a pattern of a list means.
    pub fn lists(&self, pattern: &Pattern) -> Vec<String> {
        let Some((list, above)) = pattern.steps().split_last() else { return Vec::new() };
        let join = |place: String| {
            if place.is_empty() { list.name.to_string() } else { format!("{place}.{}", list.name) }
        };
        self.walk(above).into_iter().map(join).collect()
    }

    fn walk(&self, steps: &[Step]) -> Vec<String> {
        let mut places = vec![String::new()];
        for step in steps {
            let join = |place: &String| {
                if place.is_empty() { step.name.to_string() } else { format!("{place}.{}", step.name) }
            };
            let joined = places.iter().map(join);
            places = match &step.pick {
                Pick::Only => joined.collect(),
                Pick::Index(index) => joined.map(|list| format!("{list}[{index}]")).collect(),
                Pick::Each => joined.flat_map(|list| self.all(&list, |_| true)).collect(),
                Pick::Key(key, value) => {
                    let has = |entry: &str| self.value(&format!("{entry}.{key}")) == Some(&**value);
                    joined.flat_map(|list| self.all(&list, has)).collect()
                }
            };
        }
        places
    }

    /// True where something stands at a pattern; of money, its amount.
    pub fn holds(&self, pattern: &Pattern) -> bool {
        let is_money = pattern.kind() == Type::Shape("Money");
        self.list.iter().any(|one| match self.behind(&one.path, pattern.steps()) {
            Some(rest) => !is_money || rest == ".amount",
            None => false,
        })
    }

    /// Takes back what stands at a pattern.
    pub fn remove(&mut self, pattern: &Pattern) -> Vec<Statement> {
        let is_gone = |one: &Statement| self.behind(&one.path, pattern.steps()).is_some();
        let gone: Vec<bool> = self.list.iter().map(is_gone).collect();
        let mut gone = gone.into_iter();
        self.list.extract_if(.., |_| gone.next() == Some(true)).collect()
    }

    /// What is left of a path behind the steps of a pattern; `None` where it does not begin with them.
    fn behind<'p>(&self, path: &'p str, steps: &[Step]) -> Option<&'p str> {
        // Most of what is stated differs in its first letter.
        let first = steps.first()?;
        if path.as_bytes().first() != first.name.as_bytes().first() {
            return None;
        }
        let mut rest = path;
        for (number, step) in steps.iter().enumerate() {
            if number > 0 {
                rest = rest.strip_prefix('.')?;
            }
            rest = rest.strip_prefix(&*step.name)?;
            if step.pick == Pick::Only {
                continue;
            }
            let (index, behind) = rest.strip_prefix('[')?.split_once(']')?;
            let is_meant = match &step.pick {
                Pick::Only | Pick::Each => true,
                Pick::Index(meant) => index.parse() == Ok(*meant),
                Pick::Key(key, value) => {
                    let entry = path.strip_suffix(behind)?;
                    self.value(&format!("{entry}.{key}")) == Some(&**value)
                }
            };
            if !is_meant {
                return None;
            }
            rest = behind;
        }
        (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
    }

    /// Forgets what does not fit.
    pub fn retain(&mut self, fits: impl Fn(&Statement) -> bool) {
        self.list.retain(fits);
    }

    /// The statements in the order of their indices, so that entries come one after the other.
    pub fn sorted(&self) -> Vec<&Statement> {
        let mut sorted: Vec<_> = self.list.iter().collect();
        sorted.sort_by_cached_key(|one| {
            let indices = one.path.split(['[', ']']).skip(1).step_by(2);
            indices.filter_map(|index| index.parse().ok()).collect::<Vec<usize>>()
        });
        sorted
    }

    fn found(&self, place: &str, is_money: bool) -> Option<Found> {
        let of = |one: &Statement| (one.value.clone(), one.sources.clone());
        if is_money {
            let (text, sources) = self.get(&format!("{place}.amount")).map(of)?;
            let currency = self.value(&format!("{place}.currency")).map(str::to_owned);
            return Some(Found { text, currency, sources });
        }
        if let Some((text, sources)) = self.get(place).map(of) {
            return Some(Found { text, currency: None, sources });
        }
        let inner = self.list.iter().find(|one| is_below(&one.path, place))?;
        Some(Found { text: String::new(), currency: None, sources: inner.sources.clone() })
    }

    fn all(&self, list: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
        let entries = self.indices(list).into_iter().map(|index| format!("{list}[{index}]"));
        entries.filter(|entry| fits(entry)).collect()
    }

    /// The indices of a list, sorted.
    fn indices(&self, list: &str) -> Vec<usize> {
        let index = |one: &Statement| {
            let inner = one.path.strip_prefix(list)?.strip_prefix('[')?;
            inner.split(']').next()?.parse().ok()
        };
        let mut indices: Vec<usize> = self.list.iter().filter_map(index).collect();
        indices.sort_unstable();
        indices.dedup();
        indices
    }
}

fn is_below(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// True where two lists of statements say the same, whoever supplied it.
pub(crate) fn same(one: &[&Statement], two: &[&Statement]) -> bool {
    let all_in = |one: &[&Statement], two: &[&Statement]| {
        one.iter()
            .all(|left| two.iter().any(|right| (&left.path, &left.value) == (&right.path, &right.value)))
    };
    one.len() == two.len() && all_in(one, two)
}

/// The name of the first step of a path.
fn first_step(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}
