//! The configuration of a gateway, found and read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dragoman_adapters::{CatalogueError, Fault, Refused};
use dragoman_engine::{Config, FlowError, OpenError};
use dragoman_store::{Sqlite, Store, StoreError};

use crate::arguments::Place;
use crate::config::{Layers, Loaded, folder, load, place};
use crate::failure::{Failure, reason};

/// The file that is read where none is named.
const FILE: &str = "dragoman.toml";

/// A configuration, and the file that it stands in.
#[derive(Debug)]
pub struct Configured {
    /// What holds, with where each value came from.
    pub loaded: Loaded<Config>,
    /// The file; none where there is none.
    file: Option<(PathBuf, String)>,
}

impl Configured {
    /// Reads the file, the environment and the command line; `listen` is its option of this name.
    pub fn read(at: &Place, listen: Option<&str>) -> Result<Self, Failure> {
        let named = at.config.clone().or_else(|| Some(PathBuf::from(FILE)).filter(|file| file.is_file()));
        let text = |path: PathBuf| match fs::read_to_string(&path) {
            Ok(text) => Ok((path, text)),
            Err(error) => Err(Failure::file(&path, "read", &error)),
        };
        let file = named.map(text).transpose()?;
        let mut command_line = Vec::new();
        if let Some(data) = &at.data {
            // Paths of the command line begin where it is given, those of the file where that is.
            let data = std::path::absolute(data).map_err(|error| Failure::file(data, "used", &error))?;
            command_line.push(("gateway.data", data.display().to_string(), "--data"));
        }
        command_line.extend(listen.map(|listen| ("gateway.listen", listen.to_owned(), "--listen")));
        let text = |variable: (std::ffi::OsString, std::ffi::OsString)| {
            Some((variable.0.into_string().ok()?, variable.1.into_string().ok()?))
        };
        let layers = Layers {
            file: file.as_ref().map(|(path, text)| (path.as_path(), text.as_str())),
            environment: std::env::vars_os().filter_map(text).collect(),
            command_line,
        };
        Ok(Self { loaded: load(&layers)?, file })
    }

    /// What holds.
    pub fn config(&self) -> &Config {
        &self.loaded.config
    }

    /// The file; none where defaults alone hold.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_ref().map(|(path, _)| path.as_path())
    }

    /// The folder of the store.
    pub fn data(&self) -> PathBuf {
        folder(self.file()).join(&self.config().gateway.data)
    }

    /// Opens the store, as its folder and the master key are configured.
    pub fn open_store(&self) -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(Sqlite::open_with(&self.data(), &self.master_key())?))
    }

    /// The file of the master key.
    pub fn master_key(&self) -> PathBuf {
        match &self.config().gateway.master_key {
            Some(key) => folder(self.file()).join(key),
            None => Sqlite::own_key(&self.data()),
        }
    }

    /// What the gateway is opened with: folders of partners lie where the file is.
    pub fn placed(&self) -> Config {
        let mut config = self.config().clone();
        for partner in &mut config.partner {
            partner.folder = folder(self.file()).join(&partner.folder).display().to_string();
        }
        config
    }

    /// The folder of a store that is there.
    pub fn store(&self) -> Result<PathBuf, Failure> {
        let data = self.data();
        if data.is_dir() {
            return Ok(data);
        }
        let message = format!("there is no store in {}", data.display());
        Err(Failure::new(message, "name its folder with --data, or the configuration with --config"))
    }

    /// Reads a file that the configuration names.
    pub fn read_file(&self, name: &str) -> io::Result<String> {
        fs::read_to_string(folder(self.file()).join(name))
            .map_err(|error| io::Error::new(error.kind(), reason(&error)))
    }

    /// Why no gateway can be opened, at its place in the file where that is at fault.
    pub fn refused(&self, error: OpenError) -> Failure {
        let (key, messages) = match error {
            OpenError::Store(error) => return error.into(),
            OpenError::Account { name, faults } => (self.entry("account", &name), faults),
            OpenError::Flow { error: FlowError::Text(refused), .. } => return Failure::Content(refused),
            OpenError::Flow { name, error } => (self.entry("flow", &name), vec![error.to_string()]),
            OpenError::Partner { name, reason } => (self.entry("partner", &name), vec![reason]),
            OpenError::Joins { name, reason } => (self.entry("flow", &name), vec![reason]),
            OpenError::Retention { index, reason } => {
                (Some(format!("retention[{index}].years")), vec![reason])
            }
            OpenError::Network(_) => (Some("gateway.allow_private".to_owned()), vec![error.to_string()]),
            OpenError::Data(CatalogueError::Refused(refused)) => return Failure::Data(refused),
            OpenError::Data(_) | OpenError::Engine(_) | OpenError::Transport(_) => {
                return Failure::failed(&error);
            }
        };
        let known = self.file.as_ref().and_then(|(path, text)| Some((path, text, place(text, &key?)?)));
        let Some((path, text, at)) = known else {
            return Failure::new(messages.join("; "), "`dragoman check` shows where each value came from");
        };
        let fault = |message| {
            let path = path.display().to_string();
            Fault { path, text: text.as_str().into(), at: at.clone(), message, hint: None }
        };
        Failure::Content(Refused(messages.into_iter().map(fault).collect()))
    }

    /// The key of the name of an entry of a list.
    fn entry(&self, list: &str, name: &str) -> Option<String> {
        let config = self.config();
        let index = match list {
            "account" => config.account.iter().position(|account| account.name == name),
            "partner" => config.partner.iter().position(|partner| partner.name == name),
            _ => config.flow.iter().position(|flow| flow.name == name),
        };
        index.map(|index| format!("{list}[{index}].name"))
    }
}
