//! Reading what a document says of its sales.

use dragoman_model::{At, Document, Type, decimal};
use dragoman_tree::NodeId;

use super::{Agreement, Alike, Entry, Level, Literal, Located, Stated};

/// A document that is being read.
struct Reading<'r> {
    file: usize,
    /// Which of the agreement's documents.
    document: usize,
    locate: &'r dyn Fn(NodeId) -> Located,
}

impl Agreement {
    /// What a document says: of each sale of a batch, or of its own; nothing where it is none of those that are compared.
    /// `file` is a number of the caller's, `locate` knows where a node of the document stands in the file.
    pub fn read(
        &self,
        file: usize,
        document: &Document<'_>,
        locate: &dyn Fn(NodeId) -> Located,
    ) -> Vec<Entry> {
        let kind = document.kind();
        let is_one = |name: &str| kind.strip_suffix("_batch").unwrap_or(kind) == name;
        let Some(index) = self.documents.iter().position(|known| is_one(&known.kind)) else {
            return Vec::new();
        };
        let root = At::root(document);
        let sales: Vec<_> =
            if kind.ends_with("_batch") { root.entries("docs").collect() } else { vec![root] };
        let reading = Reading { file, document: index, locate };
        let sale = |at: At<'_>| {
            let lines = reading.list(&self.lines).map(|list| at.entries(list).collect()).unwrap_or_default();
            let lines: Vec<At<'_>> = lines;
            let lines = (1..).zip(lines).map(|(number, line)| self.line(&reading, number, line)).collect();
            Entry { lines, ..reading.entry(&self.sales, at) }
        };
        sales.into_iter().map(sale).collect()
    }

    /// What a line says; where lines are numbered when they are sent, under its number.
    fn line(&self, reading: &Reading<'_>, number: usize, line: At<'_>) -> Entry {
        let entry = reading.entry(&self.lines, line);
        let is_numbered = self.documents.get(reading.document).is_some_and(|known| known.numbers.is_some());
        if !is_numbered {
            return entry;
        }
        let values = vec![Literal::of(&number.to_string(), true)];
        Entry { keys: vec![Stated { values, at: entry.whole.clone() }], ..entry }
    }
}

impl Agreement {
    /// True for a document that is compared.
    pub fn compares(&self, document: &Document<'_>) -> bool {
        self.documents.iter().any(|known| *known.kind == *document.kind())
    }

    /// The numbers of the sales that a document is of.
    pub fn sales_of(&self, document: &Document<'_>) -> Vec<String> {
        let entries = self.read(0, document, &|_| Located::default());
        let keys = entries.iter().flat_map(|entry| &entry.keys);
        keys.flat_map(|stated| &stated.values).map(|literal| literal.text.clone()).collect()
    }

    /// The messages that documents are sent as, without their adapter.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().filter_map(|known| known.message.as_deref())
    }

    /// What people call the documents of which none is there.
    pub fn lacking(&self, entries: &[Entry]) -> Vec<&str> {
        let is_lacking = |kind: &usize| entries.iter().all(|entry| entry.document != *kind);
        (0..self.documents.len()).filter(is_lacking).map(|kind| self.called(kind)).collect()
    }

    /// The message that documents of a type are sent as, without its adapter.
    pub fn message_of(&self, kind: &str) -> Option<&str> {
        self.documents.iter().find(|known| *known.kind == *kind)?.message.as_deref()
    }
}

impl Entry {
    /// True where another one is of the same kind of document.
    pub fn is_of_kind(&self, other: &Self) -> bool {
        self.document == other.document
    }

    /// The numbers of the sales that it is of.
    pub fn sales(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().flat_map(|stated| &stated.values).map(|literal| &*literal.text)
    }
}

impl Reading<'_> {
    fn list<'l>(&self, level: &'l Level) -> Option<&'l str> {
        level.lists.get(self.document)?.as_deref()
    }

    fn entry(&self, level: &Level, at: At<'_>) -> Entry {
        let keys = self.stated(&level.key, at).into_iter().flat_map(Stated::apart).collect();
        Entry {
            file: self.file,
            document: self.document,
            whole: (self.locate)(at.node()),
            keys,
            values: level.alike.iter().map(|alike| self.stated(alike, at)).collect(),
            lines: Vec::new(),
        }
    }

    /// What stands at the first place that holds something.
    fn stated(&self, alike: &Alike, at: At<'_>) -> Option<Stated> {
        alike.at.get(self.document)?.iter().find_map(|pattern| {
            let is_number = matches!(pattern.kind(), Type::Decimal | Type::Int | Type::Rate);
            let found: Vec<_> = pattern.find(at).into_iter().filter(|one| one.value().is_some()).collect();
            let literal = |one: &At<'_>| Literal::of(one.value().unwrap_or_default(), is_number);
            let first = found.first()?;
            Some(Stated { values: found.iter().map(literal).collect(), at: (self.locate)(first.node()) })
        })
    }
}

impl Stated {
    /// One for each of the values: an entry may be of several sales.
    fn apart(self) -> impl Iterator<Item = Self> {
        let at = self.at;
        self.values.into_iter().map(move |value| Self { values: vec![value], at: at.clone() })
    }
}

impl Literal {
    fn of(text: &str, is_number: bool) -> Self {
        let number = decimal(text.trim()).ok().filter(|_| is_number);
        Self { text: text.trim().to_owned(), number }
    }

    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self.number, other.number) {
            (Some(one), Some(two)) => one == two,
            _ => self.text == other.text,
        }
    }
}
