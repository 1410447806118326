//! Reading an input to documents: recognised where nobody says what it is, EDIFACT and X12 message by message,
//! everything else as a whole.

use std::time::{Duration, Instant};

use dragoman_adapters::{
    Catalogue, Interchange, Kind, Message, Messages, Received, Visit, receive, recognise, unknown,
};
use dragoman_syntax::edifact::MessageType;
use dragoman_syntax::x12::SetType;
use dragoman_tree::{Finding, Severity};

use crate::failure::Failure;
use crate::inputs::{Input, Opened};
use crate::source::Source;
use crate::terminal::Terminal;

/// How often is told how far a file is read.
const TOLD: Duration = Duration::from_millis(500);

/// What an input should be.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// What its content says.
    Auto,
    /// That message.
    Named(Message),
}

impl Wanted {
    /// What a name on the command line stands for.
    pub fn new(catalogue: &Catalogue, name: &str) -> Result<Self, Failure> {
        if name == "auto" { Ok(Self::Auto) } else { Ok(Self::Named(catalogue.message(name)?)) }
    }
}

/// An input that is about to be read.
pub struct Reading<'c> {
    catalogue: &'c Catalogue,
    opened: Opened,
    kind: Kind,
    /// Nobody named it: each message of the interchange is read as what it is.
    is_each: bool,
    /// How bad it is that nobody knows a message.
    severity: Severity,
    /// Where is told how far it is read.
    told: Option<&'c Terminal>,
    /// What it is read as, an interchange by its first message; a finding where that is not known.
    pub message: Result<Message, Box<Finding>>,
}

impl<'c> Reading<'c> {
    /// Opens an input, and finds out what it is.
    pub fn open(catalogue: &'c Catalogue, input: &Input, wanted: &Wanted) -> Result<Self, Failure> {
        Self::begin(catalogue, input.open()?, input.found, wanted)
    }

    /// Begins an input that is at hand as a whole, and finds out what it is.
    pub fn of(catalogue: &'c Catalogue, source: Source) -> Result<Self, Failure> {
        Self::begin(catalogue, Opened::whole(source), false, &Wanted::Auto)
    }

    /// `found`: nobody said that it is a message.
    fn begin(
        catalogue: &'c Catalogue,
        mut opened: Opened,
        found: bool,
        wanted: &Wanted,
    ) -> Result<Self, Failure> {
        let kind = Kind::of(opened.source.bytes());
        if !matches!(kind, Kind::Edifact(_) | Kind::X12(_)) {
            opened.gather()?;
        }
        let severity = if found && kind != Kind::Empty { Severity::Warning } else { Severity::Error };
        let message = match wanted {
            Wanted::Named(message) => Ok(message.clone()),
            Wanted::Auto => {
                let bytes = opened.source.bytes();
                recognise(catalogue, bytes)?.ok_or_else(|| Box::new(Finding { severity, ..unknown(bytes) }))
            }
        };
        let is_known = matches!(&kind, Kind::Edifact(first) | Kind::X12(first) if !first.is_empty());
        let is_each = is_known && matches!(wanted, Wanted::Auto);
        Ok(Self { catalogue, opened, kind, is_each, severity, told: None, message })
    }

    /// Tells on a terminal how far it is read, where it is long.
    pub fn telling(self, terminal: &'c Terminal) -> Self {
        Self { told: Some(terminal), ..self }
    }

    /// The input's name and the bytes at hand.
    pub fn source(&self) -> &Source {
        &self.opened.source
    }

    /// Reads all documents.
    pub fn documents(mut self, each: &mut dyn FnMut(&Source, Received<'_, '_>)) -> Result<(), Failure> {
        let catalogue = self.catalogue;
        if self.is_each {
            let messages = Messages::each(catalogue, self.severity);
            return self.stream(messages, each);
        }
        let message = match &self.message {
            Ok(message) => message.clone(),
            Err(finding) => {
                let received = Received::findings(vec![(**finding).clone()]);
                each(&self.opened.source, received);
                return Ok(());
            }
        };
        if matches!(self.kind, Kind::Edifact(_) | Kind::X12(_)) {
            if self.kind.syntax() == Some(message.syntax()) {
                return self.stream(Messages::named(message), each);
            }
            self.opened.gather()?;
        }
        let source = &self.opened.source;
        let converted = matches!(self.kind, Kind::Xml(_)).then(|| source.converted()).flatten();
        let shown = converted.as_ref().unwrap_or(source);
        receive(catalogue, &message, source.bytes(), &mut |received| each(shown, received));
        Ok(())
    }

    /// Reads the messages of an interchange as they come.
    fn stream(
        &mut self,
        messages: Messages<'_>,
        each: &mut dyn FnMut(&Source, Received<'_, '_>),
    ) -> Result<(), Failure> {
        let catalogue = self.catalogue;
        let edifact = |kind: &MessageType| catalogue.edifact_grammar(kind);
        let x12 = |kind: &SetType| catalogue.x12_grammar(kind);
        let interchange = match self.kind {
            Kind::X12(_) => Interchange::x12(messages, &x12),
            _ => Interchange::new(messages, &edifact),
        };
        stream(&mut self.opened, interchange, self.told, each)
    }
}

/// Reads an interchange chunk by chunk. What lies before the last message is forgotten.
fn stream(
    opened: &mut Opened,
    mut interchange: Interchange<'_>,
    terminal: Option<&Terminal>,
    each: &mut dyn FnMut(&Source, Received<'_, '_>),
) -> Result<(), Failure> {
    let mut chunk = opened.source.bytes().to_vec();
    let mut told = Instant::now();
    while !chunk.is_empty() {
        let mut last = 0;
        let mut visit = |received: Received<'_, '_>| {
            last = received.tree.base();
            each(&opened.source, received);
        };
        interchange.push(&chunk, &mut visit as Visit<'_>);
        opened.source.forget(last);
        chunk = opened.next_chunk()?;
        opened.source.push(&chunk);
        if let Some(terminal) = terminal.filter(|_| told.elapsed() > TOLD) {
            terminal.progress(&opened.progress());
            told = Instant::now();
        }
    }
    interchange.finish(&mut |received| each(&opened.source, received));
    Ok(())
}
