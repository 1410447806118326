//! `--answer`: what customs answered, at the bytes of the files that supplied what it rejects.

use dragoman_adapters::{Customs, Declaration};
use dragoman_declare::NO_DECLARATION;
use dragoman_model::{CustomsResponseView, Document};
use dragoman_tree::{Finding, Span};

use super::sale::Sent;
use crate::Context;
use crate::arguments::Declare;
use crate::consignment::Files;
use crate::failure::Failure;
use crate::findings::text::Printer;
use crate::inputs::inputs;
use crate::reading::{Reading, Wanted};

/// Shows the rejections of all answers; one that rejects nothing has nothing to be shown. Each is found by the declaration's own reference; an answer without one is about the
/// only declaration.
pub fn show(
    context: &Context,
    arguments: &Declare,
    customs: &Customs,
    files: &Files,
    sent: &[Vec<Sent>],
    printer: &mut Printer<'_>,
) -> Result<(), Failure> {
    let declared: Vec<_> = sent.iter().filter_map(|sale| Some(&sale.last()?.declaration)).collect();
    for input in inputs(&arguments.answers)? {
        let reading = Reading::open(&context.catalogue, &input, &Wanted::Auto)?;
        reading.documents(&mut |source, received| {
            printer.serious(&received.findings, source);
            let Some(got) = &received.got else { return };
            printer.serious(&got.findings, source);
            let answers = CustomsResponseView::all(&got.document).into_iter();
            for answer in answers.filter(|answer| !answer.complaints().is_empty()) {
                let Some(declaration) = of(&declared, &answer) else {
                    printer.finding(&stray(&got.document, &answer, received.offset), source);
                    continue;
                };
                for rejection in declaration.rejections(customs, &files.orders(), &answer) {
                    printer.rejection(&rejection, files);
                }
            }
            printer.end_of_file(source);
        })?;
    }
    Ok(())
}

/// The declaration that an answer is about.
fn of<'d>(declared: &[&'d Declaration], answer: &CustomsResponseView<'_>) -> Option<&'d Declaration> {
    match (answer.lrn(), declared) {
        (None, [only]) => Some(only),
        (lrn, several) => several.iter().find(|one| one.lrn() == lrn).copied(),
    }
}

fn stray(document: &Document<'_>, answer: &CustomsResponseView<'_>, offset: u64) -> Finding {
    let which = answer.lrn().or(answer.mrn()).unwrap_or("a declaration without a reference");
    let finding =
        Finding::error(&NO_DECLARATION, format!("this is about {which}, which these files do not make"))
            .hint("give the declarations the references that they were sent with: `--lrn`");
    let Some(at) = answer.at().get("of.lrn") else { return finding };
    let bytes = document.tree().file_span(at.node());
    let place = |byte: u64| usize::try_from(offset + byte).unwrap_or(usize::MAX);
    finding.at(0, Span::of(place(bytes.start), place(bytes.end)))
}
