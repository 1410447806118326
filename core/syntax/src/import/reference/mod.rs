//! Reference data of the customs union (CS/RD2) as it is exported, a zip archive of one XML text, to code lists.
//!
//! The text has entities, these have entries, and an entry has items: `RDEntity name="CustomsOffices"`, `RDEntry`,
//! `dataItem name="ReferenceNumber"`. Of all that it says, a list keeps the code, its name and what checks ask for.

mod entries;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{Cursor, Read};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::unece::File;
use entries::{Entry, entries};

/// An export that cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// It is no zip archive, or a damaged one.
    #[error("the archive cannot be unpacked: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// Its text cannot be unpacked.
    #[error("the archive cannot be unpacked: {0}")]
    Member(#[from] std::io::Error),
    /// There is no XML text in it.
    #[error("the archive has no XML text")]
    NoText,
    /// The text is broken.
    #[error("the text is no XML: {0}")]
    Broken(String),
    /// It has none of the lists.
    #[error("the text has no entity `{0}`")]
    Missing(&'static str),
}

/// Where an export comes from, as its lists say in their heads.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'o> {
    /// Where it was published.
    pub source: &'o str,
    /// The day on which it was compared with what is published, `YYYY-MM-DD`.
    pub checked: &'o str,
}

/// A list that is made, of which entity and how.
struct Kept {
    entity: &'static str,
    path: &'static str,
    title: &'static str,
    columns: &'static str,
    row: fn(&Entry) -> (String, String),
}

const KEPT: [Kept; 3] = [
    Kept {
        entity: "CountryCodesFullList",
        path: "lists/countries.csv",
        title: "Countries, with their part in transit: EEC the customs territory of the Union, TOC common transit, OTH others.",
        columns: "code,regime,name",
        row: |entry| {
            (entry.first("CountryCode"), format!("{},{}", entry.first("CountryRegimeCode"), entry.english()))
        },
    },
    Kept {
        entity: "CustomsOffices",
        path: "lists/customs-offices.csv",
        title: "Customs offices of the Union and of common transit, each with its roles on any day of the week: DEP departure, \
                DES destination, TRA transit, TXT exit for transit, ENT entry, EXP export, EXT exit, and others.",
        columns: "code,roles,name",
        row: |entry| (entry.first("ReferenceNumber"), format!("{},{}", entry.sorted("Role"), entry.office())),
    },
    Kept {
        entity: "UnLocode",
        path: "lists/unlocodes.csv",
        title: "Places of trade and transport (UN/LOCODE).",
        columns: "code,name",
        row: |entry| {
            (
                format!("{}{}", entry.first("CountryCode"), entry.first("UnLocodeId")),
                entry.first("UnLocodeName"),
            )
        },
    },
];

/// Imports the countries, customs offices and places of an export.
pub fn import(archive: &[u8], origin: Origin<'_>) -> Result<Vec<File>, ReferenceError> {
    let text = unpack(archive)?;
    let mut rows: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    entries(&text.content, &mut |entity, entry| {
        if let Some(kept) = KEPT.iter().find(|kept| kept.entity == entity) {
            let (code, rest) = (kept.row)(entry);
            rows.entry(kept.path).or_default().insert(code, rest);
        }
    })?;
    let file = |kept: &Kept| {
        let rows = rows.get(kept.path).ok_or(ReferenceError::Missing(kept.entity))?;
        Ok(File { path: kept.path.to_owned(), text: list(kept, rows, &text, origin) })
    };
    KEPT.iter().map(file).collect()
}

fn list(kept: &Kept, rows: &BTreeMap<String, String>, text: &Text, origin: Origin<'_>) -> String {
    let Text { name, date, hash, .. } = text;
    let mut list = format!(
        "# {}\n# source: European Commission, reference data CS/RD2, {} in {name} (sha256 {hash}); {}\n\
         # edition: {date}\n# checked: {}\n{}\n",
        kept.title, kept.entity, origin.source, origin.checked, kept.columns
    );
    for (code, rest) in rows {
        let _ = writeln!(list, "{code},{rest}");
    }
    list
}

struct Text {
    name: String,
    /// The day of the text in the archive.
    date: String,
    /// SHA-256 of its bytes.
    hash: String,
    content: String,
}

/// The export of November 2024 has 55 MB.
const LARGEST: u64 = 512 << 20;

fn unpack(archive: &[u8]) -> Result<Text, ReferenceError> {
    let mut archive = ZipArchive::new(Cursor::new(archive))?;
    for index in 0..archive.len() {
        let mut member = archive.by_index(index)?;
        let name = member.name()?.into_owned();
        if !name.to_ascii_lowercase().ends_with(".xml") {
            continue;
        }
        let date = member.last_modified();
        let date = date.map(|at| format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day()));
        let mut content = String::new();
        member.by_ref().take(LARGEST).read_to_string(&mut content)?;
        let hash = Sha256::digest(&content).iter().fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        return Ok(Text { name, date: date.unwrap_or_default(), hash, content });
    }
    Err(ReferenceError::NoText)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const ORIGIN: Origin<'_> = Origin { source: "made up", checked: "2026-11-30" };

    fn archive(name: &str, text: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap().into_inner()
    }

    const EXPORT: &str = r#"<l:RDEntityList xmlns:l="l"><l:RDEntity name="CountryCodesFullList"><l:RDEntry>
        <l:dataItem name="CountryCode">AD</l:dataItem><l:dataItem name="CountryRegimeCode">TOC</l:dataItem>
        <l:LsdList><l:description lang="de">Andorra?</l:description><l:description lang="en">Andorra &amp; all</l:description></l:LsdList>
        </l:RDEntry></l:RDEntity><l:RDEntity name="Role"><l:RDEntry/></l:RDEntity><l:RDEntity name="CustomsOffices"><l:RDEntry>
        <l:dataItem name="ReferenceNumber">AD000002</l:dataItem><l:dataItem name="LanguageCode">ES</l:dataItem>
        <l:dataItem name="CustomsOfficeUsualName">Aduana</l:dataItem><l:dataItem name="Role">TRA</l:dataItem>
        <l:dataItem name="LanguageCode">EN</l:dataItem><l:dataItem name="CustomsOfficeUsualName">Office,
          the second</l:dataItem><l:dataItem name="Role">DEP</l:dataItem><l:dataItem name="Role">TRA</l:dataItem>
        </l:RDEntry><l:RDEntry><l:dataItem name="ReferenceNumber">AD000001</l:dataItem></l:RDEntry></l:RDEntity>
        <l:RDEntity name="UnLocode"><l:RDEntry><l:dataItem name="CountryCode">AD</l:dataItem>
        <l:dataItem name="UnLocodeId">ALV</l:dataItem><l:dataItem name="UnLocodeName">Andorra la Vella</l:dataItem>
        </l:RDEntry></l:RDEntity></l:RDEntityList>"#;

    #[test]
    fn an_export_becomes_lists() {
        let files = import(&archive("a/export.XML", EXPORT), ORIGIN).unwrap();
        let rows = |file: &File| {
            file.text.lines().skip_while(|line| line.starts_with('#')).map(str::to_owned).collect()
        };
        let rows: Vec<Vec<String>> = files.iter().map(rows).collect();
        assert_eq!(rows[0], ["code,regime,name", "AD,TOC,Andorra & all"]);
        assert_eq!(rows[1], ["code,roles,name", "AD000001,,", "AD000002,DEP TRA,Office, the second"]);
        assert_eq!(rows[2], ["code,name", "ADALV,Andorra la Vella"]);
        for file in &files {
            assert!(
                file.text.contains("; made up\n# edition: ")
                    && file.text.contains("\n# checked: 2026-11-30\n")
            );
        }
    }

    #[test]
    fn what_is_no_export_is_refused() {
        let said = |bytes: &[u8]| import(bytes, ORIGIN).unwrap_err().to_string();
        assert!(said(b"no archive").starts_with("the archive cannot be unpacked"));
        assert_eq!(said(&archive("a.txt", EXPORT)), "the archive has no XML text");
        assert_eq!(said(&archive("a.xml", "<a/>")), "the text has no entity `CountryCodesFullList`");
        assert!(said(&archive("a.xml", "<a><b></a>")).starts_with("the text is no XML"));
        assert!(said(&archive("a.xml", "<a>&nothing;</a>")).starts_with("the text is no XML"));
    }
}
