//! An authority's own judgement: its XSD files, as xmllint applies them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use dragoman_samples::{sample, skip};

/// `DocumentMetaData` takes any known element, so one schema that knows them all judges every message.
const SCHEMAS: [(&str, &str); 3] = [
    ("urn:wco:datamodel:WCO:DocumentMetaData-DMS:2", "declaration/DocumentMetaData_2_DMS.xsd"),
    ("urn:wco:datamodel:WCO:DEC-DMS:2", "declaration/WCO_DEC_2_DMS.xsd"),
    ("urn:wco:datamodel:WCO:RES-DMS:2", "notification/WCO_RES_2_DMS.xsd"),
];

/// A folder in which messages wait for their verdict; it is gone with the judge.
pub struct Xmllint {
    folder: PathBuf,
    schema: PathBuf,
    names: Vec<String>,
}

impl Xmllint {
    /// The judge of WCO messages. `None`, with a line that says so, where the program or the schemas are missing.
    pub fn new() -> Option<Self> {
        let schemas = sample("uk-cds/xsd/wco")?.canonicalize().unwrap();
        let mut judge = Self::by(&schemas)?;
        judge.schema = judge.folder.join("all.xsd");
        fs::write(&judge.schema, wrapper(&schemas)).unwrap();
        Some(judge)
    }

    /// The judge by one schema file.
    pub fn by(schema: &Path) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        if Command::new("xmllint").arg("--version").output().is_err() {
            skip("there is no xmllint (package libxml2-utils)");
            return None;
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("dragoman-xmllint-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Some(Self { folder, schema: schema.canonicalize().unwrap(), names: Vec::new() })
    }

    /// Adds a message; its number.
    pub fn add(&mut self, text: impl AsRef<[u8]>) -> usize {
        let name = format!("{}.xml", self.names.len());
        fs::write(self.folder.join(&name), text).unwrap();
        self.names.push(name);
        self.names.len() - 1
    }

    /// For each message what the schemas find wrong with it; nothing where it is valid.
    pub fn verdicts(&self) -> Vec<Vec<String>> {
        let mut run = Command::new("xmllint");
        let ran =
            run.args(["--noout", "--schema"]).arg(&self.schema).args(&self.names).current_dir(&self.folder);
        let said = String::from_utf8(ran.output().unwrap().stderr).unwrap();
        let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut judged = 0;
        for line in said.lines() {
            let Some((number, rest)) = line.split_once(".xml") else { continue };
            let Ok(number) = number.parse() else { continue };
            match rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()).trim() {
                "validates" | "fails to validate" => judged += 1,
                error => found.entry(number).or_default().push(error.to_owned()),
            }
        }
        assert_eq!(judged, self.names.len(), "{said}");
        (0..self.names.len()).map(|number| found.remove(&number).unwrap_or_default()).collect()
    }
}

impl Drop for Xmllint {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn wrapper(schemas: &Path) -> String {
    let imports = SCHEMAS.map(|(namespace, file)| {
        let location = schemas.join(file).display().to_string();
        format!("<xs:import namespace=\"{namespace}\" schemaLocation=\"{location}\"/>\n")
    });
    format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n{}</xs:schema>\n", imports.concat())
}
