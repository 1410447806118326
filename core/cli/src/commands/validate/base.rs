//! `--base`: answers of customs, resolved against the declaration that they are about.

use std::path::{Path, PathBuf};

use dragoman_adapters::{Adapter, Received};
use dragoman_declare::{Meaning, Sent};
use dragoman_mapping::{Base, Got};
use dragoman_model::CustomsResponseView;
use dragoman_tree::Finding;

use crate::Context;
use crate::customs::meanings;
use crate::failure::Failure;
use crate::inputs::Input;
use crate::reading::{Reading, Wanted};
use crate::source::Source;

/// The declaration that answers are about, where one is named.
pub struct Answers<'c> {
    context: &'c Context,
    base: Option<Input>,
}

impl<'c> Answers<'c> {
    /// Looks whether the declaration can be read.
    pub fn open(context: &'c Context, path: Option<&Path>) -> Result<Self, Failure> {
        let input = |path: &Path| Input { path: Some(path.to_owned()), below: PathBuf::new(), found: false };
        let answers = Self { context, base: path.map(input) };
        if let Some(base) = &answers.base {
            let reading = Reading::open(&context.catalogue, base, &Wanted::Auto)?;
            let is_declaration =
                reading.message.as_ref().ok().and_then(|message| message.mapping()).is_some();
            if !is_declaration {
                let message = format!("{} is no declaration that is known", base.name());
                return Err(Failure::new(message, "`dragoman adapter list` shows what can be read"));
            }
        }
        Ok(answers)
    }

    /// What a response rejects, at the bytes of the declaration.
    pub fn rejections(
        &self,
        response: Option<&Got<'_>>,
        told: &mut dyn FnMut(&Finding, &Source),
    ) -> Result<(), Failure> {
        let view = response.and_then(|got| CustomsResponseView::new(&got.document));
        let (Some(base), Some(view)) = (&self.base, view) else { return Ok(()) };
        let reading = Reading::open(&self.context.catalogue, base, &Wanted::Auto)?;
        let Ok(message) = reading.message.clone() else { return Ok(()) };
        let Some(mapping) = message.mapping() else { return Ok(()) };
        let adapter = self.adapter(message.name());
        let meanings = adapter.map(|adapter| meanings(self.context, adapter)).unwrap_or_default();
        let explain = |code: &str| -> Option<Meaning> { meanings.get(code).cloned() };
        reading.documents(&mut |source, received| {
            let Received { tree, grammar: Some(grammar), got: Some(got), .. } = &received else { return };
            let base = Base { tree, grammar, document: &got.document, carriers: &got.carriers };
            let scheme = adapter.map_or(message.name(), |adapter| &adapter.name);
            let sent = Sent { mapping, base, orders: &[], scheme, explain: &explain };
            for rejection in sent.rejections(&view) {
                let span = rejection.elements.first().filter(|_| !rejection.is_open()).cloned();
                told(&Finding { span, ..rejection.finding }, source);
            }
        })
    }

    fn adapter(&self, message: &str) -> Option<&Adapter> {
        let (name, _) = message.split_once('/')?;
        self.context.catalogue.adapters().iter().find(|adapter| adapter.name == name)
    }
}
