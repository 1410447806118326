//! A second reading of every file of the corpus, by edifact-rs: the same segments, data elements and components.

use dragoman_samples::{files, sample};
use dragoman_syntax::edifact::{ServiceString, fields};
use dragoman_syntax::segments::FieldKind;

/// Files of which the two readings differ, and why ours stands.
const EXPLAINED: [(&str, &str); 1] = [(
    "apis-messages__Test1.txt",
    "UNB of version 4 with the sender `APIS*C3K`: no data element of UNB repeats, so `*` is text there",
)];

/// A segment: its tag, then for each data element its occurrences, each with its components.
type Segment = Vec<Vec<Vec<String>>>;

fn ours(bytes: &[u8], release: Option<u8>) -> Vec<Segment> {
    let mut all: Vec<Segment> = Vec::new();
    fields(bytes, |field| {
        let raw = bytes.get(field.span.range()).unwrap_or_default();
        let text = plain(raw, release.filter(|_| field.released));
        match field.kind {
            FieldKind::Tag => all.push(vec![vec![vec![text]]]),
            FieldKind::Element => all.last_mut().unwrap().push(vec![vec![text]]),
            FieldKind::Repetition => all.last_mut().unwrap().last_mut().unwrap().push(vec![text]),
            FieldKind::Component => {
                let element = all.last_mut().unwrap().last_mut().unwrap();
                element.last_mut().unwrap().push(text);
            }
        }
    });
    all
}

fn plain(raw: &[u8], release: Option<u8>) -> String {
    let mut bytes = raw.iter().copied();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        out.push(if Some(byte) == release { bytes.next().unwrap_or(byte) } else { byte });
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What edifact-rs reads; `None` where it refuses the file.
fn theirs(bytes: &[u8]) -> Option<Vec<Segment>> {
    let segments: Result<Vec<_>, _> = edifact_rs::from_bytes(bytes).collect();
    let occurrence = |components: &edifact_rs::Components<'_>| -> Vec<String> {
        components.iter().map(|(text, _)| text.to_string()).collect()
    };
    let segment = |segment: edifact_rs::Segment<'_>| {
        let mut all = vec![vec![vec![segment.tag.to_string()]]];
        all.extend(segment.elements.iter().map(|element| {
            std::iter::once(&element.components).chain(&element.repeats).map(occurrence).collect()
        }));
        all
    };
    Some(segments.ok()?.into_iter().map(segment).collect())
}

/// Empty components, occurrences and data elements at the end mean nothing.
fn trimmed(mut segments: Vec<Segment>) -> Vec<Segment> {
    for segment in &mut segments {
        for element in segment.iter_mut() {
            for occurrence in element.iter_mut() {
                while occurrence.last().is_some_and(String::is_empty) {
                    occurrence.pop();
                }
            }
            while element.last().is_some_and(Vec::is_empty) {
                element.pop();
            }
        }
        while segment.last().is_some_and(Vec::is_empty) {
            segment.pop();
        }
    }
    segments
}

#[test]
fn a_second_reader_reads_the_same() {
    let Some(folder) = sample("edi/corpus/edifact") else { return };
    let (mut same, mut refused, mut strange) = (0, 0, Vec::new());
    for path in files(&folder, &[]) {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(theirs) = theirs(&bytes) else {
            refused += 1;
            continue;
        };
        let release = una(&bytes).release;
        let (ours, theirs) = (trimmed(ours(&bytes, release)), trimmed(theirs));
        let is_explained = EXPLAINED.iter().any(|(known, _)| name.ends_with(known));
        if ours == theirs {
            assert!(!is_explained, "{name} is explained, and does not differ");
            same += 1;
        } else if !is_explained {
            let first = ours.iter().zip(&theirs).find(|(one, other)| one != other);
            strange.push(format!("{name}: {} and {} segments, first {first:?}", ours.len(), theirs.len()));
        }
    }
    println!("{same} files are read the same, {refused} are refused by edifact-rs");
    assert!(strange.is_empty(), "{}", strange.join("\n"));
    assert!(same >= 90, "{same}");
}

/// The service characters of a file that begins with UNA, else the defaults.
fn una(bytes: &[u8]) -> ServiceString {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let stated = bytes.strip_prefix(b"UNA").and_then(|rest| rest.get(..6)?.try_into().ok());
    stated.and_then(ServiceString::from_una).unwrap_or_default()
}
