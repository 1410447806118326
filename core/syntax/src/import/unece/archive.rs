//! The texts of a directory archive: zip archives in a zip archive.

use std::fmt::Write;
use std::io::{Cursor, Read};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::ImportError;

/// Where a part of the directory comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The name of the text, such as `CUSDEC_D.96B`.
    pub name: String,
    /// The release in its name, such as `96B`.
    pub release: String,
    /// The day of the text in the archive, `YYYY-MM-DD`.
    pub date: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub hash: String,
}

/// The part of the directory that a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Elements,
    Composites,
    Segments,
    Codes,
    Message,
}

/// A text of the directory.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub kind: Kind,
    pub source: Source,
    pub content: String,
}

/// No text of a directory comes near this size.
const LARGEST: u64 = 64 << 20;

/// Unpacks all texts that belong to the batch part of a directory, in a fixed order.
pub(super) fn unpack(archive: &[u8]) -> Result<Vec<Text>, ImportError> {
    let mut texts = Vec::new();
    walk(archive, &mut texts)?;
    texts.sort_by(|one, two| (one.kind, &one.source.name).cmp(&(two.kind, &two.source.name)));
    Ok(texts)
}

fn walk(archive: &[u8], texts: &mut Vec<Text>) -> Result<(), ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(archive))?;
    for index in 0..archive.len() {
        let mut member = archive.by_index(index)?;
        let path = member.name()?.replace('\\', "/").to_ascii_uppercase();
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let nested = ending == "ZIP" && !stem.starts_with("ID");
        let kind = kind(stem, ending);
        if !nested && kind.is_none() {
            continue;
        }
        let date = member.last_modified();
        let date = date.map(|at| format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day()));
        let mut bytes = Vec::new();
        let read = member.by_ref().take(LARGEST).read_to_end(&mut bytes);
        read.map_err(|error| ImportError::Member { member: name.clone(), error })?;
        match kind {
            Some(kind) => texts.push(text(kind, name, date.unwrap_or_default(), &bytes)),
            None => walk(&bytes, texts)?,
        }
    }
    Ok(())
}

/// What a file name such as `EDSD.99B` says: TRSD and EDSD are segments, and so on. Interactive parts begin
/// with ID, or end in I1 and I2 like the indexes.
fn kind(stem: &str, release: &str) -> Option<Kind> {
    let letters = |text: &str| text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    match stem {
        _ if !release.starts_with(|c: char| c.is_ascii_digit()) => None,
        "TRED" | "EDED" => Some(Kind::Elements),
        "TRCD" | "EDCD" => Some(Kind::Composites),
        "TRSD" | "EDSD" => Some(Kind::Segments),
        "UNCL" | "UNCL-1" | "UNCL-2" => Some(Kind::Codes),
        _ => stem.strip_suffix("_D").filter(|message| letters(message)).map(|_| Kind::Message),
    }
}

fn text(kind: Kind, name: String, date: String, bytes: &[u8]) -> Text {
    let mut hash = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(hash, "{byte:02x}");
    }
    let release = name.split_once('.').map_or("", |(_, release)| release).to_owned();
    let content = bytes.iter().copied().map(character).collect();
    Text { kind, source: Source { name, release, date, hash }, content }
}

/// The texts are ASCII but for typographic signs of Windows-1252 in names, and for the lines of tables: box
/// drawing characters of code page 437 up to D.99B, which stay what they are in ISO 8859-1.
fn character(byte: u8) -> char {
    match byte {
        0x91 | 0x92 => '\'',
        0x93 | 0x94 => '"',
        0x96 | 0x97 => '-',
        0xA0 => ' ',
        _ => char::from(byte),
    }
}
