//! Inputs: a real case, changed along the lines of its own structure.
//!
//! Random bytes are refused by the first check of a reader. So an input starts as a case and is cut, doubled,
//! spliced with another and scratched, mostly at its own delimiters.

use std::path::{Path, PathBuf};

use bolero::generator::bolero_generator::driver::{ByteSliceDriver, Options};
use bolero::{TypeGenerator, check};
use dragoman_adapters::Kind;
use dragoman_syntax::grammar::Syntax;

/// The cases that a target starts from, and what its inputs are made of.
pub struct Seeds {
    /// Cases; the first is empty.
    pub cases: Vec<Vec<u8>>,
    /// Words and fragments that mean something to the reader.
    pub words: &'static [&'static str],
    /// The bytes at which the inputs are cut.
    pub delimiters: &'static [u8],
}

/// How an input is made.
#[derive(Clone, Debug, TypeGenerator)]
pub struct Recipe {
    case: u8,
    #[generator(bolero::produce::<Vec<Edit>>().with().len(0..12usize))]
    edits: Vec<Edit>,
}

/// A place in an input: a byte, or the delimiter that follows it.
#[derive(Clone, Copy, Debug, TypeGenerator)]
enum At {
    Byte(u32),
    Delimiter(u32),
}

#[derive(Clone, Debug, TypeGenerator)]
enum Edit {
    /// Puts a word in.
    Word(At, u8),
    /// Puts bytes in.
    Bytes(At, #[generator(bolero::produce::<Vec<u8>>().with().len(0..6usize))] Vec<u8>),
    /// Changes a byte.
    Change(At, u8),
    /// Takes a stretch out.
    Take(At, At),
    /// Takes everything after a place away.
    Cut(At),
    /// Repeats a stretch.
    Repeat(At, At, u8),
    /// Puts a stretch of the input elsewhere.
    Move(At, At, At),
    /// Puts a stretch of another case in.
    Splice(At, u8, At, At),
}

/// Inputs do not grow beyond this.
const LONGEST: usize = 1 << 16;

/// The recipe of a number: made of the bytes that `SplitMix64` gives from it.
fn numbered(number: u64) -> Option<Recipe> {
    let mut state = number.wrapping_mul(0x2545_f491_4f6c_dd1d);
    let mut word = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let bytes: Vec<u8> = (0..64).flat_map(|_| word().to_le_bytes()).collect();
    Recipe::generate(&mut ByteSliceDriver::new(bytes.as_slice(), &Options::default()))
}

impl Seeds {
    /// Reads the cases; at least one has to be there.
    pub fn new(
        files: impl IntoIterator<Item = PathBuf>,
        words: &'static [&'static str],
        delimiters: &'static [u8],
    ) -> Self {
        let mut cases = vec![Vec::new()];
        cases.extend(files.into_iter().map(|file| std::fs::read(file).unwrap()));
        assert!(cases.len() > 1, "there are no cases");
        Self { cases, words, delimiters }
    }

    /// Runs a target: `iterations` inputs, the same at every run; where `BOLERO_RANDOM_ITERATIONS` or
    /// `BOLERO_RANDOM_TEST_TIME_MS` is there, as many as it says, drawn anew. An input that fails is printed.
    pub fn check(&self, iterations: usize, target: impl Fn(&[u8])) {
        let count = std::cell::Cell::new(0_usize);
        let target = std::panic::AssertUnwindSafe(target);
        let counted = std::panic::AssertUnwindSafe(&count);
        let run = move |recipe: &Recipe| {
            let input = Printed(self.input(recipe));
            target(&input.0);
            counted.set(counted.get() + 1);
        };
        if std::env::vars_os().any(|(name, _)| name.to_string_lossy().starts_with("BOLERO_RANDOM")) {
            check!().with_iterations(iterations).with_type::<Recipe>().for_each(run);
        } else {
            (0..iterations as u64).filter_map(numbered).for_each(|recipe| run(&recipe));
        }
        eprintln!("{} inputs", count.get());
    }

    fn input(&self, recipe: &Recipe) -> Vec<u8> {
        let mut input = self.case(recipe.case).to_vec();
        for edit in &recipe.edits {
            self.edit(&mut input, edit);
            input.truncate(LONGEST);
        }
        input
    }

    fn case(&self, number: u8) -> &[u8] {
        &self.cases[number as usize % self.cases.len()]
    }

    fn edit(&self, input: &mut Vec<u8>, edit: &Edit) {
        match edit {
            Edit::Word(at, word) => {
                let word = self.words[*word as usize % self.words.len()];
                put(input, self.at(input, *at), word.as_bytes());
            }
            Edit::Bytes(at, bytes) => put(input, self.at(input, *at), bytes),
            Edit::Change(at, byte) => {
                let at = self.at(input, *at);
                if let Some(old) = input.get_mut(at) {
                    *old = *byte;
                }
            }
            Edit::Take(from, to) => drop(input.drain(self.range(input, *from, *to))),
            Edit::Cut(at) => input.truncate(self.at(input, *at)),
            Edit::Repeat(from, to, times) => {
                let range = self.range(input, *from, *to);
                let times = (LONGEST / range.len().max(1)).min(*times as usize);
                let stretch = input[range.clone()].repeat(times);
                put(input, range.end, &stretch);
            }
            Edit::Move(from, to, at) => {
                let stretch: Vec<u8> = input.drain(self.range(input, *from, *to)).collect();
                put(input, self.at(input, *at), &stretch);
            }
            Edit::Splice(at, case, from, to) => {
                let other = self.case(*case);
                put(input, self.at(input, *at), &other[self.range(other, *from, *to)]);
            }
        }
    }

    fn at(&self, input: &[u8], at: At) -> usize {
        let wrap = |at: u32| at as usize % (input.len() + 1);
        match at {
            At::Byte(at) => wrap(at),
            At::Delimiter(at) => {
                let at = wrap(at);
                let next = input[at..].iter().position(|byte| self.delimiters.contains(byte));
                next.map_or(input.len(), |next| at + next)
            }
        }
    }

    fn range(&self, input: &[u8], from: At, to: At) -> std::ops::Range<usize> {
        let (from, to) = (self.at(input, from), self.at(input, to));
        from.min(to)..from.max(to)
    }
}

fn put(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    input.splice(at..at, bytes.iter().copied());
}

/// An input that is printed where the target panics. The last one printed is the smallest.
struct Printed(Vec<u8>);

impl Drop for Printed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("input: b\"{}\"", self.0.escape_ascii());
        }
    }
}

/// A path in the repository.
pub fn path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The adapters' cases that are of a syntax.
pub fn cases(syntax: Syntax) -> Vec<PathBuf> {
    let mut all = files(&["adapters"], &["in", "out", "json"]);
    all.retain(|file| Kind::of(&std::fs::read(file).unwrap()).syntax() == Some(syntax));
    all
}

/// The files below some folders that have one of these endings, in order.
pub fn files(folders: &[&str], endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        walk(&path(folder), &mut found);
    }
    found.retain(|file| file.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)));
    found.sort();
    found
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}
