//! What the demonstration is made of: files of the first adapter that has a gateway among them, in `adapters/NAME/demo/`.

use std::collections::BTreeMap;
use std::path::Path;

use dragoman_adapters::Data;
use dragoman_engine::Config;
use dragoman_simulators::Change;

use crate::Context;
use crate::arguments::DemoFiles;
use crate::consignment::Given;
use crate::failure::Failure;
use crate::source::Source;

/// The files.
pub struct Stage<'c> {
    data: &'c Data,
    /// The adapter of the customs service.
    pub customs: &'c str,
    /// `adapters/gb-cds/demo/`
    folder: String,
    given: Given,
}

impl<'c> Stage<'c> {
    /// Finds them, and reads those that replace some.
    pub fn find(context: &'c Context, customs: Option<&str>, files: &DemoFiles) -> Result<Self, Failure> {
        let data = context.catalogue.data();
        let folder = |name: &str| format!("adapters/{name}/demo/");
        let mut adapters = context.catalogue.adapters().iter();
        let gateway = |name: &str| format!("{}dragoman.toml", folder(name));
        let is_meant = |name: &str| customs.is_none_or(|customs| customs == name);
        let found =
            adapters.find(|adapter| is_meant(&adapter.name) && data.get(&gateway(&adapter.name)).is_some());
        let adapter = found.ok_or_else(|| {
            Failure::new(
                format!("{} has no demonstration", customs.unwrap_or("no adapter that there is")),
                "it is a folder `demo` with a `dragoman.toml`, beside `adapter.toml`",
            )
        })?;
        let folder = folder(&adapter.name);
        let one = |path: Option<&Path>, name: &str| match path {
            Some(path) => Given::file(path),
            None => Ok(text(data, &format!("{folder}{name}"))),
        };
        let given = Given {
            master: one(files.master.as_deref(), "master.csv")?,
            profile: one(files.profile.as_deref(), "seller.toml")?,
            consignment: one(files.consignment.as_deref(), "parcel.toml")?,
            rates: one(files.rates.as_deref(), "rates.csv")?,
        };
        Ok(Self { data, customs: &adapter.name, folder, given })
    }

    /// What is declared with.
    pub fn given(&self) -> Given {
        self.given.clone()
    }

    /// The files that the configuration names. [`Files`](crate::consignment::Files) has seen that they are texts.
    pub fn texts(&self) -> BTreeMap<&'static str, String> {
        let Given { master, profile, consignment, rates } = &self.given;
        let files = [
            ("master.csv", master),
            ("seller.toml", profile),
            ("parcel.toml", consignment),
            ("rates.csv", rates),
        ];
        let text = |source: &Source| String::from_utf8_lossy(source.bytes()).into_owned();
        files.into_iter().map(|(name, source)| (name, text(source))).collect()
    }

    /// The orders of the demonstration.
    pub fn orders(&self) -> Vec<Source> {
        let folder = format!("{}orders/", self.folder);
        self.data.paths().filter(|path| path.starts_with(&folder)).map(|path| text(self.data, path)).collect()
    }

    /// The gateway, with addresses in their places.
    pub fn config(&self, addresses: &[(String, String)]) -> Result<Config, Failure> {
        self.read("dragoman.toml", addresses)
    }

    /// What the simulator of an adapter is told at the beginning.
    pub fn script(&self, adapter: &str, addresses: &[(String, String)]) -> Result<Change, Failure> {
        self.read(&format!("sim/{adapter}.toml"), addresses)
    }

    /// A file with addresses in their places; as much as nothing where there is none.
    fn read<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
        addresses: &[(String, String)],
    ) -> Result<T, Failure> {
        let path = format!("{}{name}", self.folder);
        let mut text = self.data.get(&path).unwrap_or_default().to_owned();
        for (name, address) in addresses {
            text = text.replace(&format!("${{{name}}}"), address);
        }
        toml::from_str(&text).map_err(|error| {
            Failure::new(
                format!("{}: {}", self.data.shown(&path), error.message()),
                "it is one of the program's own files",
            )
        })
    }
}

fn text(data: &Data, path: &str) -> Source {
    Source::of(data.shown(path), data.get(path).unwrap_or_default())
}
