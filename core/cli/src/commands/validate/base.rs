//! `--base`: answers of customs, resolved against the declaration that they are about.

use std::collections::HashMap;
use std::path::Path;

use dragoman_adapters::{Message, Received, Words, meanings, meant};
use dragoman_declare::{Meaning, Sent};
use dragoman_mapping::{Base, Got};
use dragoman_model::{CustomsResponseView, DeclarationView, Schema};
use dragoman_tree::Finding;

use crate::Context;
use crate::consignment::Given;
use crate::failure::Failure;
use crate::reading::Reading;
use crate::source::Source;

/// The declaration that answers are about, where one is named.
pub struct Answers<'c> {
    context: &'c Context,
    base: Option<Declared>,
}

/// A declaration as its file holds it, read once.
struct Declared {
    source: Source,
    message: Message,
    /// Whose error codes answers to it have: the adapter's name.
    scheme: String,
    meanings: HashMap<String, Meaning>,
    /// How answers to it name places in words.
    words: Vec<Words>,
}

impl<'c> Answers<'c> {
    /// Reads the declaration.
    pub fn open(context: &'c Context, path: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self { context, base: path.map(|path| Declared::open(context, path)).transpose()? })
    }

    /// What a response rejects, at the bytes of the declaration.
    pub fn rejections(
        &self,
        response: Option<&Got<'_>>,
        told: &mut dyn FnMut(&Finding, &Source),
    ) -> Result<(), Failure> {
        let answers = response.map(|got| CustomsResponseView::all(&got.document)).unwrap_or_default();
        let complaining: Vec<_> = answers.iter().filter(|one| !one.complaints().is_empty()).collect();
        let Some(base) = self.base.as_ref().filter(|_| !complaining.is_empty()) else { return Ok(()) };
        let Some(mapping) = base.message.mapping() else { return Ok(()) };
        let explain = |code: &str| base.meanings.get(code).cloned();
        let words = |text: &str| meant(&base.words, text);
        Reading::of(&self.context.catalogue, base.source.clone())?.documents(&mut |source, received| {
            let Received { tree, grammar: Some(grammar), got: Some(got), .. } = &received else { return };
            let read = Base { tree, grammar, document: &got.document, carriers: &got.carriers };
            let scheme = &base.scheme;
            let sent = Sent { mapping, base: read, orders: &[], scheme, explain: &explain, words: &words };
            // Of several answers, those that name another declaration are not about this one.
            let lrns: Vec<_> =
                DeclarationView::all(&got.document).iter().filter_map(DeclarationView::lrn).collect();
            let is_own = |answer: &&&CustomsResponseView<'_>| {
                answers.len() == 1 || answer.lrn().is_none_or(|lrn| lrns.contains(&lrn))
            };
            for rejection in complaining.iter().filter(is_own).flat_map(|answer| sent.rejections(answer)) {
                let span = rejection.elements.first().filter(|_| !rejection.is_open()).cloned();
                told(&Finding { span, ..rejection.finding }, source);
            }
        })
    }
}

impl Declared {
    fn open(context: &Context, path: &Path) -> Result<Self, Failure> {
        let source = Given::file(path)?;
        let declarations = ["declaration", "declaration_batch"].map(|name| Schema::standard().document(name));
        let holds =
            |message: &Message| declarations.contains(&message.mapping().map(|mapping| mapping.model()));
        let reading = Reading::of(&context.catalogue, source.clone())?;
        let Some(message) = reading.message.ok().filter(holds) else {
            let message = format!("{} is no declaration that is known", source.name);
            return Err(Failure::new(message, "`dragoman adapter list` shows what can be read"));
        };
        let scheme = message.name().split('/').next().unwrap_or_default().to_owned();
        let adapter = context.catalogue.adapters().iter().find(|adapter| adapter.name == scheme);
        let meanings = adapter.map(|adapter| meanings(&context.catalogue, adapter)).unwrap_or_default();
        let words = adapter.map(|adapter| adapter.words.clone()).unwrap_or_default();
        Ok(Self { source, message, scheme, meanings, words })
    }
}
