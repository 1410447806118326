//! The data that Dragoman works with: mappings, grammars, code tables, rules and adapter folders, by path; and code lists,
//! which stay deflated until one is asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Read;
use std::sync::OnceLock;

use flate2::read::DeflateDecoder;
use sha2::{Digest, Sha256};

/// The packed data; `build.rs` says how.
const PACKED: &str = include_str!(concat!(env!("OUT_DIR"), "/data.txt"));

/// The code lists, each deflated.
const LISTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lists.bin"));

/// Files by path (`mappings/wco/declaration.map`, `adapters/gb-cds/adapter.toml`): those that the program carries,
/// and those that were laid over them.
#[derive(Clone, Debug, Default)]
pub struct Data {
    files: BTreeMap<Cow<'static, str>, File>,
    /// The hash of all of them, once somebody has asked for it.
    hash: OnceLock<String>,
}

#[derive(Clone, Debug)]
struct File {
    text: Text,
    /// Where it stands for people; the path where it came with the program.
    shown: Option<String>,
}

#[derive(Clone, Debug)]
enum Text {
    Plain(Cow<'static, str>),
    /// RFC 1951.
    Deflated(&'static [u8]),
}

impl Text {
    fn whole(&self) -> Cow<'_, str> {
        match self {
            Self::Plain(text) => Cow::Borrowed(text),
            Self::Deflated(bytes) => {
                let mut text = String::new();
                // What the build has packed can be unpacked.
                let _ = DeflateDecoder::new(*bytes).read_to_string(&mut text);
                Cow::Owned(text)
            }
        }
    }
}

impl Data {
    /// The data that came with the program.
    pub fn embedded() -> Self {
        let mut files = BTreeMap::new();
        let (index, mut rest) = PACKED.split_once("\n\n").unwrap_or_default();
        for (length, path) in entries(index) {
            let Some((text, after)) = rest.split_at_checked(length) else { break };
            let text = Text::Plain(Cow::Borrowed(text));
            files.insert(Cow::Borrowed(path), File { text, shown: None });
            rest = after;
        }
        let index_end = LISTS.windows(2).position(|pair| pair == b"\n\n").unwrap_or_default();
        let (index, mut rest) = LISTS.split_at_checked(index_end + 2).unwrap_or_default();
        for (length, path) in entries(str::from_utf8(index).unwrap_or_default()) {
            let Some((bytes, after)) = rest.split_at_checked(length) else { break };
            files.insert(Cow::Borrowed(path), File { text: Text::Deflated(bytes), shown: None });
            rest = after;
        }
        Self { files, hash: OnceLock::new() }
    }

    /// Lays a file over the data: it replaces the one of the same path. `shown` is how people know it, such as
    /// its path on disk.
    pub fn lay(&mut self, path: String, text: String, shown: String) {
        let text = Text::Plain(Cow::Owned(text));
        self.hash = OnceLock::new();
        self.files.insert(Cow::Owned(path), File { text, shown: Some(shown) });
    }

    /// The text of a file that is no code list.
    pub fn get(&self, path: &str) -> Option<&str> {
        match &self.files.get(path)?.text {
            Text::Plain(text) => Some(text),
            Text::Deflated(_) => None,
        }
    }

    /// True where there is such a file.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The text of any file; of a code list, unpacked each time.
    pub fn unpacked(&self, path: &str) -> Option<Cow<'_, str>> {
        self.files.get(path).map(|file| file.text.whole())
    }

    /// The name that people know a file by.
    pub fn shown<'d>(&'d self, path: &'d str) -> &'d str {
        self.files.get(path).and_then(|file| file.shown.as_deref()).unwrap_or(path)
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(|path| &**path)
    }

    /// The paths, without beginning and ending, of the files that have both: `wco/declaration`, `edifact/cusdec`
    /// for `mappings/` and `.map`.
    pub fn names<'d>(&'d self, beginning: &'d str, ending: &'d str) -> impl Iterator<Item = &'d str> {
        self.paths().filter_map(move |path| path.strip_prefix(beginning)?.strip_suffix(ending))
    }

    /// SHA-256 over the paths and contents of all files, in lower-case hexadecimal digits: what an exchange
    /// records to be replayed.
    pub fn hash(&self) -> String {
        self.hash.get_or_init(|| self.hashed()).clone()
    }

    fn hashed(&self) -> String {
        let mut hash = Sha256::new();
        for (path, file) in &self.files {
            for text in [&**path, &*file.text.whole()] {
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text);
            }
        }
        hexadecimal(&hash.finalize())
    }
}

/// The lines of an index: the length of a file, and its path.
fn entries(index: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = index.lines().filter_map(|line| line.split_once(' '));
    lines.filter_map(|(length, path)| Some((length.parse().ok()?, path)))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_carries_mappings_grammars_and_adapters() {
        let data = Data::embedded();
        for path in
            ["mappings/wco/declaration.map", "mappings/wco/dms-3.6.gram", "adapters/gb-cds/adapter.toml"]
        {
            assert!(data.get(path).is_some_and(|text| text.ends_with('\n')), "{path}");
        }
        let ending =
            |path: &str| path.rsplit('.').next().is_some_and(|ending| ["md", "rs"].contains(&ending));
        assert!(!data.paths().any(ending));
        assert!(data.names("mappings/", ".map").any(|name| name == "wco/declaration"));
    }

    #[test]
    fn code_lists_are_carried_packed() {
        let data = Data::embedded();
        let lists: Vec<_> = data.names("mappings/lists/", ".csv").collect();
        assert!(
            ["countries", "customs-offices", "unlocodes"].iter().all(|list| lists.contains(list)),
            "{lists:?}"
        );
        for list in lists {
            let path = format!("mappings/lists/{list}.csv");
            assert!(data.get(&path).is_none() && data.unpacked(&path).unwrap().ends_with('\n'), "{list}");
        }
        assert!(LISTS.len() < 500_000, "the lists take {} bytes of the program", LISTS.len());
    }

    #[test]
    fn the_hash_tells_every_change() {
        let file = |path: &str, text: &str| {
            let mut data = Data::default();
            data.lay(path.into(), text.into(), path.into());
            data.hash()
        };
        let hashes = [file("a", "bc"), file("ab", "c"), file("a", "b"), Data::default().hash()];
        for (at, hash) in hashes.iter().enumerate() {
            assert_eq!(hash.len(), 64);
            assert!(hashes.iter().skip(at + 1).all(|other| other != hash));
        }
        assert_eq!(file("a", "bc"), hashes[0]);
    }

    #[test]
    fn a_file_that_is_laid_over_replaces_the_one_below() {
        let mut data = Data::embedded();
        let before = data.paths().count();
        data.lay("mappings/wco/declaration.map".into(), "other".into(), "mine/wco/declaration.map".into());
        assert_eq!(data.get("mappings/wco/declaration.map"), Some("other"));
        assert_eq!(data.shown("mappings/wco/declaration.map"), "mine/wco/declaration.map");
        assert_eq!(data.paths().count(), before);
    }
}
