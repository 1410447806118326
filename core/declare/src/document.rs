//! Writing what is stated as a canonical declaration.

use dragoman_model::{Document, DocumentBuilder, EntryId, Origin, PathError, Source};
use rustc_hash::FxHashMap;

use crate::statements::Statements;

/// The declaration that a header and its items state.
pub(crate) fn document(header: &Statements, items: &[&Statements]) -> Result<Document<'static>, PathError> {
    let mut writing = Writing { build: DocumentBuilder::new("declaration")?, entries: FxHashMap::default() };
    writing.build.set(EntryId::ROOT, "type", "declaration", Origin::Derived)?;
    writing.state(EntryId::ROOT, header)?;
    for item in items {
        let entry = writing.build.entry(EntryId::ROOT, "goods_items", Origin::Derived)?;
        writing.state(entry, item)?;
    }
    Ok(writing.build.finish())
}

struct Writing<'s> {
    build: DocumentBuilder,
    /// Entries of lists by where they hang and the path that is stated; indices may have gaps.
    entries: FxHashMap<(EntryId, &'s str), EntryId>,
}

impl<'s> Writing<'s> {
    fn state(&mut self, below: EntryId, stated: &'s Statements) -> Result<(), PathError> {
        for one in stated.sorted() {
            let (entry, path) = self.descend(below, &one.path)?;
            let origin = self.origin(&one.sources);
            self.build.set(entry, path, &one.value, origin)?;
        }
        Ok(())
    }

    /// The innermost entry on the way to a value, and the rest of the path.
    fn descend(&mut self, below: EntryId, path: &'s str) -> Result<(EntryId, &'s str), PathError> {
        let mut at = below;
        let mut rest = path;
        while let Some((list, behind)) = rest.split_once('[') {
            let behind = behind.split_once(']').map_or("", |(_, behind)| behind);
            let Some(inside) = behind.strip_prefix('.') else { return Ok((at, list)) };
            let entry = rest.strip_suffix(behind).unwrap_or(rest);
            at = match self.entries.get(&(at, entry)) {
                Some(known) => *known,
                None => {
                    let new = self.build.entry(at, list, Origin::Derived)?;
                    self.entries.insert((at, entry), new);
                    new
                }
            };
            rest = inside;
        }
        Ok((at, rest))
    }

    fn origin(&mut self, sources: &[Source]) -> Origin {
        match sources {
            [] => Origin::Derived,
            several => self.build.draft().sources_of(several.iter().cloned()),
        }
    }
}
