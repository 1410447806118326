//! `dragoman validate`: is a message what its format says, and does it mean something?

mod base;
mod together;

use std::collections::BTreeMap;

use dragoman_adapters::{Message, Ruled};
use dragoman_tree::Finding;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::Context;
use crate::arguments::{Format, Validate};
use crate::failure::{Failure, Outcome};
use crate::findings::html::Html;
use crate::findings::json::Json;
use crate::findings::sarif::Sarif;
use crate::findings::text::Text;
use crate::findings::{Output, Tally};
use crate::inputs::{Input, inputs};
use crate::reading::{Reading, Wanted};
use crate::source::Source;
use base::Answers;
use together::together;

/// Validates all inputs. A bad one is reported, and the next one is read.
pub fn run(context: &Context, arguments: &Validate) -> Result<Outcome, Failure> {
    let wanted = Wanted::new(&context.catalogue, &arguments.name)?;
    let inputs = inputs(&arguments.inputs)?;
    let several = inputs.len() > 1 || arguments.inputs.iter().any(|input| input.is_dir());
    let mut output: Box<dyn Output + '_> = match arguments.format {
        Format::Text => Box::new(Text::new(&context.terminal)),
        Format::Json => Box::new(Json::new(several)),
        Format::Sarif => Box::new(Sarif::default()),
        Format::Html => Box::new(Html::default()),
    };
    let beside = Beside {
        answers: Answers::open(context, arguments.base.as_deref())?,
        differing: if arguments.together { together(context, &inputs, &wanted)? } else { BTreeMap::new() },
    };
    let mut outcome = Outcome::Clean;
    for (number, input) in (1..).zip(&inputs) {
        if inputs.len() > 1 {
            context.terminal.progress(&format!("{number} of {}: {}", inputs.len(), input.name()));
        }
        let checked = file(context, (number - 1, input), &wanted, &beside, output.as_mut());
        match checked {
            Ok(tally) if tally.errors > 0 => outcome = outcome.max(Outcome::Findings),
            Ok(_) => {}
            Err(failure) => {
                crate::tell(&failure, &context.terminal);
                outcome = Outcome::Unopened;
            }
        }
    }
    context.terminal.end_progress();
    output.finish();
    Ok(outcome)
}

/// What is said of an input beside its own content.
struct Beside<'c> {
    answers: Answers<'c>,
    /// What does not agree with other inputs, by the number of the input.
    differing: BTreeMap<usize, Vec<Finding>>,
}

/// Validates one input, and gives the number of its findings.
fn file(
    context: &Context,
    (number, input): (usize, &Input),
    wanted: &Wanted,
    beside: &Beside<'_>,
    output: &mut dyn Output,
) -> Result<Tally, Failure> {
    let reading = Reading::open(&context.catalogue, input, wanted)?.telling(&context.terminal);
    let mut tally = Tally::default();
    let message = reading.message.as_ref().ok().cloned();
    output.begin(reading.source(), message.as_ref().map(Message::name));
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let rules = message.map(|message| Ruled::of(&context.catalogue, &message, today)).transpose()?.flatten();
    let mut failed = None;
    let mut differing = beside.differing.get(&number).cloned().unwrap_or_default();
    let done = reading.documents(&mut |source, received| {
        let mut told = |finding: &Finding, source: &Source| {
            tally.count(finding);
            output.finding(finding, source);
        };
        if let Err(failure) = beside.answers.rejections(received.got.as_ref(), &mut told) {
            failed.get_or_insert(failure);
        }
        let mut said = received.said();
        said.extend(rules.as_ref().map(|rules| rules.broken(&received)).unwrap_or_default());
        said.append(&mut differing);
        said.sort_by_key(|finding| finding.span.as_ref().map_or(0, |span| span.start));
        for finding in said {
            told(&finding, source);
        }
    });
    if let Some(failure) = failed {
        return Err(failure);
    }
    output.end(&Source::named(input.name()));
    done.map(|()| tally)
}
