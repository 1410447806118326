//! The published samples of both phases, and the cases of the adapter.

use std::fs;
use std::path::PathBuf;

use dragoman_samples::{files, sample};

use crate::mapped::{Mapped, mapped};

/// The messages, by number.
pub const ALL: [&str; 33] = [
    "CC004C", "CC007C", "CC009C", "CC013C", "CC014C", "CC015C", "CC017C", "CC019C", "CC022C", "CC023C",
    "CC025C", "CC028C", "CC029C", "CC035C", "CC040C", "CC042C", "CC043C", "CC044C", "CC045C", "CC048C",
    "CC051C", "CC055C", "CC056C", "CC057C", "CC060C", "CC170C", "CC182C", "CC190C", "CC191C", "CC228C",
    "CC906C", "CC917C", "CC928C",
];

/// A phase: the folder of its mappings and its samples, and that of its schemas.
pub struct Phase {
    pub mappings: &'static str,
    pub samples: &'static str,
    pub schemas: &'static str,
}

/// Both phases. Many samples of the newer one are still in the shape of the older.
pub const PHASES: [Phase; 2] = [
    Phase { mappings: "ncts/p5", samples: "uk-ncts/samples-v2_1-phase5", schemas: "uk-ncts/xsd-v2_1-phase5" },
    Phase { mappings: "ncts", samples: "uk-ncts/samples", schemas: "uk-ncts/xsd-v3_0-phase6" },
];

/// A message that is published, or is a case of the adapter.
pub struct Sample {
    pub name: String,
    pub message: String,
    pub text: Vec<u8>,
}

impl Phase {
    /// The mapping of a message.
    pub fn mapped(&self, message: &str) -> &'static Mapped {
        mapped(String::leak(format!("{}/{message}", self.mappings)))
    }

    /// The samples; none where they are missing.
    pub fn samples(&self) -> Vec<Sample> {
        let Some(folder) = sample(self.samples) else { return Vec::new() };
        let all: Vec<Sample> = files(&folder, &["xml"]).iter().map(read).collect();
        assert_eq!(all.len(), 25);
        all
    }

    /// The schema of a message.
    pub fn schema(&self, message: &str) -> Option<PathBuf> {
        sample(&format!("{}/{}.xsd", self.schemas, message.to_lowercase()))
    }
}

/// The cases of the adapter: every message of phase 6.
pub fn cases() -> Vec<Sample> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../adapters/eu-ncts/cases");
    let case = |message: &&str| read(&PathBuf::from(format!("{folder}/{message}.in")));
    ALL.iter().map(case).collect()
}

fn read(path: &PathBuf) -> Sample {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let message = name.get(..6).unwrap().to_uppercase();
    Sample { name, message, text: fs::read(path).unwrap() }
}
