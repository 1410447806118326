//! What is stated of a declaration, or of one of its goods items, before it is written: places, values, sources.

use std::sync::Arc;

use dragoman_model::{Source, Type};
use dragoman_rules::{Found, Pattern, Pick, Step};

use crate::path::{Path, hash};

/// One value with its place and who supplied it. Copies share it: what profile and consignment state is copied into every
/// declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    pub path: Path,
    pub value: Arc<str>,
    /// Several of a sum; none for a value that follows from others of the declaration.
    pub sources: Arc<[Source]>,
}

/// Statements about one declaration or item, at most one a place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statements {
    list: Vec<Statement>,
}

impl Statements {
    /// States a value where none is stated.
    pub fn state(
        &mut self,
        path: impl Into<Path>,
        value: impl Into<Arc<str>>,
        sources: impl Into<Arc<[Source]>>,
    ) {
        self.add(Statement { path: path.into(), value: value.into(), sources: sources.into() });
    }

    /// States several values, each where none is stated.
    pub fn extend(&mut self, statements: &[Statement]) {
        for one in statements {
            self.add(one.clone());
        }
    }

    fn add(&mut self, one: Statement) {
        if !self.list.iter().any(|known| known.path == one.path) {
            self.list.push(one);
        }
    }

    /// States what others state, but nothing about a party, place or list that is stated already: those count as a
    /// whole.
    pub fn adopt(&mut self, others: &Self) {
        let stated = self.list.len();
        for one in &others.list {
            let known = self.list.get(..stated).unwrap_or_default();
            if !known.iter().any(|known| known.path.shares_root(&one.path)) {
                self.list.push(one.clone());
            }
        }
    }

    /// The statements below a path, with the rest of their paths.
    pub fn below(&self, path: &str) -> Self {
        let inner = |one: &Statement| {
            let rest = one.path.strip_prefix(path)?.strip_prefix('.')?;
            Some(Statement { path: rest.into(), ..one.clone() })
        };
        Self { list: self.list.iter().filter_map(inner).collect() }
    }

    /// The statements with another path before theirs.
    pub fn under(mut self, path: &str) -> Self {
        self.list.iter_mut().for_each(|one| one.path = format!("{path}.{}", one.path).into());
        self
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Statement> {
        self.list.iter()
    }

    /// The statement at a path.
    pub fn get(&self, path: &str) -> Option<&Statement> {
        let whole = hash(path);
        self.list.iter().find(|one| one.path.is(whole, path))
    }

    /// The value at a path.
    pub fn value(&self, path: &str) -> Option<&str> {
        self.get(path).map(|one| &*one.value)
    }

    /// How many entries a list has.
    pub fn entries(&self, list: &str) -> usize {
        self.indices(list).last().map_or(0, |last| last + 1)
    }

    /// What stands at a pattern, with those who supplied it where it is traced.
    pub fn find(&self, pattern: &Pattern, is_traced: bool) -> Vec<Found> {
        let is_money = pattern.kind() == Type::Shape("Money");
        self.places(pattern).iter().filter_map(|place| self.found(place, is_money, is_traced)).collect()
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
        self.at(pattern).any(|(_, rest)| !is_money || rest == ".amount")
    }

    /// The statements at a pattern and below, by their index, with what is left of their paths.
    fn at<'s>(&'s self, pattern: &'s Pattern) -> impl Iterator<Item = (usize, &'s str)> {
        let first = pattern.steps().first().map(|step| hash(&step.name));
        let begins = move |path: &Path| first.is_some_and(|first| path.begins(first));
        let some = self.list.iter().enumerate().filter(move |(_, one)| begins(&one.path));
        some.filter_map(|(index, one)| Some((index, self.behind(&one.path, pattern.steps())?)))
    }

    /// Takes back what stands at a pattern.
    pub fn remove(&mut self, pattern: &Pattern) -> Vec<Statement> {
        let gone: Vec<usize> = self.at(pattern).map(|(index, _)| index).collect();
        let mut index = 0..;
        self.list.extract_if(.., |_| index.next().is_some_and(|index| gone.contains(&index))).collect()
    }

    /// What is left of a path behind the steps of a pattern; `None` where it does not begin with them.
    fn behind<'p>(&self, path: &'p str, steps: &[Step]) -> Option<&'p str> {
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
        sorted.sort_by_cached_key(|one| one.path.indices());
        sorted
    }

    fn found(&self, place: &str, is_money: bool, is_traced: bool) -> Option<Found> {
        let sources = |one: &Statement| if is_traced { one.sources.to_vec() } else { Vec::new() };
        let of = |one: &Statement| (one.value.to_string(), sources(one));
        if is_money {
            let (text, sources) = self.get(&format!("{place}.amount")).map(of)?;
            let currency = self.value(&format!("{place}.currency")).map(str::to_owned);
            return Some(Found { text, currency, sources });
        }
        if let Some((text, sources)) = self.get(place).map(of) {
            return Some(Found { text, currency: None, sources });
        }
        let inner = self.list.iter().find(|one| is_below(&one.path, place))?;
        Some(Found { text: String::new(), currency: None, sources: sources(inner) })
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
