//! The declarations of a consignment.

use dragoman_adapters::{Customs, Declaration, Layout, Message, write};
use dragoman_declare::{Declared, Inputs, declare};
use jiff::civil::Date;

use crate::consignment::Files;
use crate::failure::Failure;

/// Declares a consignment, and writes the declarations as `message`.
pub fn declarations(
    files: &Files,
    customs: &Customs,
    message: &Message,
    lrns: &[String],
    on: Date,
) -> Result<(Declared, Vec<Declaration>), Failure> {
    let inputs = Inputs {
        orders: &files.orders(),
        master: &files.master(),
        profile: files.profile(),
        consignment: files.consignment(),
        rates: &files.rates(),
        rules: &customs.rules,
        lrns,
        on,
    };
    let mut declared = declare(&inputs);
    let documents = std::mem::take(&mut declared.declarations);
    let is_own = message.name() == customs.declaration.name();
    let write = |document| {
        if is_own {
            customs.write(document, Layout::Pretty)
        } else {
            write(document, message, Layout::Pretty)
        }
    };
    let written: Option<Vec<_>> = documents.into_iter().map(write).collect();
    let nothing = || Failure::Use { message: format!("`{}` cannot be written", message.name()), hint: None };
    Ok((declared, written.ok_or_else(nothing)?))
}
