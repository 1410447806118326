//! Personal data: whom a document is about, what is withheld from those who may not see it, and what goes when a person
//! asks for it.

mod erase;
mod mask;
mod who;

pub use erase::{Erasure, Kept};
pub(crate) use mask::{is_personal, mask, masked, unquoted};
pub(crate) use who::persons;

#[cfg(test)]
mod testing {
    use dragoman_model::{Document, DocumentBuilder, EntryId, Origin};

    /// A document of lines `path = value`.
    pub fn document(kind: &str, lines: &str) -> Document<'static> {
        let mut builder = DocumentBuilder::new(kind).unwrap();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (path, value) = line.split_once(" = ").unwrap();
            builder.set(EntryId::ROOT, path, value, Origin::None).unwrap();
        }
        builder.finish()
    }
}
