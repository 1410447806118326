//! The files that a consignment is declared from, as they were read.

use std::path::{Path, PathBuf};

use dragoman_adapters::{Fault, Message, Received, Refused};
use dragoman_declare::{Consignment, File, Located, Master, Order, Profile, Rates};
use dragoman_mapping::language::LoadError;
use dragoman_model::{At, Document};
use dragoman_tree::Finding;

use crate::Context;
use crate::arguments::ConsignmentFiles;
use crate::customs::fault;
use crate::failure::Failure;
use crate::inputs::{Input, inputs};
use crate::reading::{Reading, Wanted};
use crate::source::Source;

/// What is given beside the orders, read to their texts.
#[derive(Clone, Debug)]
pub struct Given {
    /// The customs master.
    pub master: Source,
    /// The profile.
    pub profile: Source,
    /// The consignment.
    pub consignment: Source,
    /// The rates; empty where there are none.
    pub rates: Source,
}

/// All files of a consignment.
#[derive(Debug)]
pub struct Files {
    given: Given,
    /// The files that orders are in.
    sources: Vec<Source>,
    orders: Vec<Read>,
    /// What is declared beside the orders.
    beside: Vec<Read>,
    profile: Profile,
    consignment: Consignment,
}

/// An order as it was read.
#[derive(Debug)]
struct Read {
    /// Its file.
    source: usize,
    /// The message it was.
    message: String,
    document: Document<'static>,
    offset: u64,
}

impl Files {
    /// Reads the profile and the consignment. Every mistake is reported.
    pub fn new(given: Given) -> Result<Self, Failure> {
        let (profile, consignment) = (text(&given.profile)?, text(&given.consignment)?);
        let mut faults: Vec<Fault> = Vec::new();
        let profile = read(&mut faults, &given.profile, profile, Profile::read);
        let consignment = read(&mut faults, &given.consignment, consignment, Consignment::read);
        text(&given.master)?;
        text(&given.rates)?;
        if !faults.is_empty() {
            return Err(Failure::Content(Refused(faults)));
        }
        let (orders, beside) = (Vec::new(), Vec::new());
        Ok(Self { given, sources: Vec::new(), orders, beside, profile, consignment })
    }

    /// Reads the orders of files and folders; `told` is given what there is to say about each.
    pub fn add_orders(
        &mut self,
        context: &Context,
        paths: &[PathBuf],
        told: &mut dyn FnMut(&[Finding], &Source),
    ) -> Result<(), Failure> {
        for input in inputs(paths)? {
            self.add(Reading::open(&context.catalogue, &input, &Wanted::Auto)?, told)?;
        }
        Ok(())
    }

    /// Reads an order that is at hand as a text.
    pub fn add_order(
        &mut self,
        context: &Context,
        source: Source,
        told: &mut dyn FnMut(&[Finding], &Source),
    ) -> Result<(), Failure> {
        self.add(Reading::of(&context.catalogue, source)?, told)
    }

    fn add(
        &mut self,
        reading: Reading<'_>,
        told: &mut dyn FnMut(&[Finding], &Source),
    ) -> Result<(), Failure> {
        let source = self.sources.len();
        let mut shown = reading.source().clone();
        let orders = &mut self.orders;
        reading.documents(&mut |at, received| {
            let Received { message, offset, got, findings, .. } = received;
            told(&findings, at);
            if let Some(got) = got {
                told(&got.findings, at);
                let message = message.map_or("", Message::name).to_owned();
                let document = got.document.detach();
                orders.push(Read { source, message, document, offset });
            }
            shown = at.clone();
        })?;
        self.sources.push(shown);
        Ok(())
    }

    /// Takes documents out of the orders that are declared beside them.
    pub fn part(&mut self, is_beside: &dyn Fn(&Document<'_>) -> bool) {
        self.beside.extend(self.orders.extract_if(.., |read| is_beside(&read.document)));
    }

    /// All that was read: the orders and what is declared beside them, each with the offset that its bytes are counted
    /// from and its file.
    pub fn all(&self) -> impl Iterator<Item = (&Document<'static>, u64, &Source)> {
        let all = self.orders.iter().chain(&self.beside);
        all.filter_map(|read| Some((&read.document, read.offset, self.sources.get(read.source)?)))
    }

    /// The orders.
    pub fn orders(&self) -> Vec<Order<'_>> {
        self.orders.iter().map(|read| Order { document: &read.document, offset: read.offset }).collect()
    }

    /// The files that have orders in them, each with the message that it was.
    pub fn order_sources(&self) -> impl Iterator<Item = (&str, &Source)> {
        let with = |(index, source)| {
            let order = self.orders.iter().find(|read| read.source == index)?;
            Some((order.message.as_str(), source))
        };
        self.sources.iter().enumerate().filter_map(with)
    }

    /// An order by its index, and the offset that its bytes are counted from.
    pub fn order(&self, index: usize) -> Option<(&Document<'static>, u64)> {
        self.orders.get(index).map(|read| (&read.document, read.offset))
    }

    /// The customs master.
    pub fn master(&self) -> Master<'_> {
        Master::read(text(&self.given.master).unwrap_or_default())
    }

    /// The rates of exchange.
    pub fn rates(&self) -> Rates {
        match text(&self.given.rates).unwrap_or_default() {
            "" => Rates::default(),
            text => Rates::read(text),
        }
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The consignment.
    pub fn consignment(&self) -> &Consignment {
        &self.consignment
    }

    /// The text that a finding is about.
    pub fn source(&self, file: File) -> &Source {
        let order = |index: usize| self.sources.get(self.orders.get(index)?.source);
        match file {
            File::Order(index) => order(index).unwrap_or(&self.given.consignment),
            File::Master => &self.given.master,
            File::Profile => &self.given.profile,
            File::Consignment => &self.given.consignment,
            File::Rates => &self.given.rates,
        }
    }

    /// The index of the order with that number.
    pub fn order_by(&self, number: &str) -> Option<usize> {
        self.orders.iter().position(|read| At::root(&read.document).text("order_number") == Some(number))
    }

    /// The text that a located finding is about.
    pub fn of<'f>(&'f self, located: &'f Located) -> (&'f Finding, &'f Source) {
        (&located.finding, self.source(located.file))
    }
}

impl Given {
    /// Reads the files that the arguments of a command name.
    pub fn of(named: &ConsignmentFiles) -> Result<Self, Failure> {
        let rates = named.rates.as_deref().map(Self::file).transpose()?;
        Ok(Self {
            master: Self::file(&named.master)?,
            profile: Self::file(&named.profile)?,
            consignment: Self::file(&named.consignment)?,
            rates: rates.unwrap_or_default(),
        })
    }

    /// Reads a file to its text.
    pub fn file(path: &Path) -> Result<Source, Failure> {
        let input = Input { path: Some(path.to_owned()), below: PathBuf::new(), found: false };
        let mut opened = input.open()?;
        opened.gather()?;
        Ok(opened.source)
    }
}

fn read<T: Default>(
    faults: &mut Vec<Fault>,
    source: &Source,
    text: &str,
    read: impl Fn(&str) -> Result<T, Vec<LoadError>>,
) -> T {
    read(text).unwrap_or_else(|errors| {
        faults.extend(errors.into_iter().map(|error| fault(&source.name, text, error)));
        T::default()
    })
}

/// Settings and tables are UTF-8.
fn text(source: &Source) -> Result<&str, Failure> {
    std::str::from_utf8(source.bytes()).map_err(|error| {
        let (path, message) = (source.name.clone(), "this is not UTF-8".to_owned());
        let hint = Some("save the file as UTF-8".to_owned());
        let text = String::from_utf8_lossy(source.bytes()).into();
        let at = error.valid_up_to()..error.valid_up_to() + char::REPLACEMENT_CHARACTER.len_utf8();
        Failure::Content(Refused(vec![Fault { path, text, at, message, hint }]))
    })
}
