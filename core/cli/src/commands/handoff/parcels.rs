//! The parcels of a consignment: each declared by itself, and once more by the rules of a data set that its destination asks
//! for.

use std::collections::BTreeSet;

use dragoman_declare::{Declared, FACTS, File, Inputs, Located, Order, declare};
use dragoman_model::{At, CodeList, Document};
use dragoman_rules::Rules;
use jiff::civil::Date;

use crate::Context;
use crate::consignment::Files;
use crate::customs::refused;
use crate::failure::Failure;

/// What parcels are declared by, whoever files.
const PARCELS: &str = "rules/handoff";

/// The parcels of a consignment.
pub struct Parcels<'f> {
    files: &'f Files,
    on: Date,
    /// Their declarations, each of one parcel.
    pub declarations: Vec<Document<'static>>,
    /// What is worth saying about them.
    pub findings: Vec<Located>,
}

impl<'f> Parcels<'f> {
    /// Declares each recipient's goods by themselves, under references that begin alike.
    pub fn of(context: &Context, files: &'f Files, reference: &str, on: Date) -> Result<Self, Failure> {
        let rules = rules(context, PARCELS)?;
        let orders = files.orders();
        let references: Vec<_> = (1..=orders.len()).map(|number| format!("{reference}-{number}")).collect();
        let Declared { declarations, findings, .. } = declared(files, &rules, &orders, &references, on);
        Ok(Self { files, on, declarations, findings })
    }

    /// The data sets that destinations ask for: each as a canonical declaration, with the reference of its parcel.
    pub fn data_sets(
        &mut self,
        context: &Context,
        destinations: &CodeList,
    ) -> Result<Vec<Document<'static>>, Failure> {
        let asked = |document: &Document<'_>| {
            let to = At::root(document).text("destination.country")?;
            destinations.get(to)?.marks.split_once(' ').map(|(_, name)| name.to_owned())
        };
        let asked: Vec<_> = self.declarations.iter().map(asked).collect();
        let names: BTreeSet<_> = asked.iter().flatten().cloned().collect();
        let mut made = Vec::new();
        for name in names {
            let is_asked = |(_, asked): &(_, &Option<String>)| asked.as_ref() == Some(&name);
            let parcels: Vec<_> =
                self.declarations.iter().zip(&asked).filter(is_asked).map(|(parcel, _)| parcel).collect();
            let Declared { declarations, findings, .. } =
                again(self.files, &rules(context, &format!("rules/{name}"))?, &parcels, self.on);
            made.extend(declarations);
            // What both have to say is said once.
            self.findings
                .extend(findings.into_iter().filter(|new| !self.findings.contains(new)).collect::<Vec<_>>());
        }
        Ok(made)
    }
}

/// Declares the orders of some parcels by other rules, under the references that the parcels have.
fn again(files: &Files, rules: &Rules, parcels: &[&Document<'_>], on: Date) -> Declared {
    let text = |at: At<'_>, path: &str| at.text(path).unwrap_or_default().to_owned();
    let references: Vec<_> = parcels.iter().map(|parcel| text(At::root(parcel), "lrn")).collect();
    let numbers =
        parcels.iter().flat_map(|parcel| At::root(parcel).entries("order_refs").collect::<Vec<_>>());
    let mut indices: Vec<_> = numbers.filter_map(|order| files.order_by(&text(order, "order"))).collect();
    // In the order of the consignment parcels come as they did.
    indices.sort_unstable();
    let all = files.orders();
    let orders: Vec<_> = indices.iter().filter_map(|index| all.get(*index).copied()).collect();
    let mut declared = declared(files, rules, &orders, &references, on);
    for located in &mut declared.findings {
        if let File::Order(index) = &mut located.file {
            *index = indices.get(*index).copied().unwrap_or(*index);
        }
    }
    declared
}

fn declared(files: &Files, rules: &Rules, orders: &[Order<'_>], lrns: &[String], on: Date) -> Declared {
    declare(&Inputs {
        orders,
        master: &files.master(),
        profile: files.profile(),
        consignment: files.consignment(),
        rates: &files.rates(),
        rules,
        lrns,
        on,
    })
}

fn rules(context: &Context, name: &str) -> Result<Rules, Failure> {
    let path = format!("mappings/{name}.toml");
    let text = context.catalogue.data().get(&path).unwrap_or_default();
    dragoman_rules::load(name, text, FACTS).map_err(|errors| refused(context, &path, errors))
}
