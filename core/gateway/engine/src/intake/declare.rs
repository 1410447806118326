//! Declaring orders: what is made of them becomes declarations of the journal, and what can be sent is queued.

use std::sync::Arc;

use dragoman_adapters::{Beside, Customs};
use dragoman_channel::SUBMIT;
use dragoman_declare::{Consignment, File, Located, NOT_IN_MASTER};
use dragoman_exchange::{Event, Purpose};
use dragoman_model::{At, Decimal, Document, OrderView};
use dragoman_rules::MISSING;
use dragoman_tree::{Finding, FindingRecord, Severity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TakenDeclaration;
use super::submission::NewSubmission;
use crate::account::Account;
use crate::clock::day;
use crate::declaring::{Basis, Flow, Kept, Made, Making, OrderOf, Piece, lrn};
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::master::skus;
use crate::writing::{Writing, id};

/// To whom orders are declared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Goal {
    /// The flow; without one, the flow that declares to the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// The account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What no order knows (TOML), in the place of the flow's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignment: Option<String>,
}

/// An order of a consignment, as it is in the journal.
#[derive(Clone, Debug)]
pub(crate) struct Consigned {
    /// Its stream.
    pub stream: String,
    /// The platform's number.
    pub number: String,
    /// The message that its bytes are.
    pub message: String,
    /// The hash of its bytes.
    pub hash: String,
    /// What they say.
    pub document: Document<'static>,
}

/// Orders that are being declared.
pub(crate) struct Declaring<'d> {
    /// Where they are declared to.
    pub flow: &'d Flow,
    /// The customs service, as it is spoken with that day.
    pub customs: Arc<Customs>,
    /// The orders.
    pub orders: &'d [Consigned],
    /// The rows of the customs master.
    pub master: String,
    /// A reference for each declaration that may come of it.
    pub lrns: Vec<String>,
    /// The moment that is stamped on what was made.
    pub moment: Timestamp,
    /// What was made.
    pub made: Made,
}

impl Gateway {
    /// The flow to a goal; of the orders of an account, where the goal says nothing.
    pub(crate) fn flow_to(&self, tenant: &str, goal: &Goal, from: Option<&str>) -> Answer<Arc<Flow>> {
        let flow = match (&goal.flow, &goal.account) {
            (Some(name), _) => Arc::clone(self.flow(tenant, name)?),
            (None, Some(account)) => {
                self.account(tenant, account)?;
                let to = |flow: &&Arc<Flow>| flow.tenant == tenant && flow.settings.to == *account;
                let mut flows: Vec<_> = self.0.flows.iter().filter(to).collect();
                // The one that is for these orders, else the one that is for orders that come without an account.
                flows.sort_by_key(|flow| match &flow.settings.from {
                    Some(other) if Some(other.as_str()) == from => 0,
                    None => 1,
                    Some(_) => 2,
                });
                let found = flows.first().copied();
                Arc::clone(found.ok_or_else(|| EngineError::unknown("flow to account", account))?)
            }
            (None, None) => {
                let found = from.and_then(|from| self.flow_from(tenant, from));
                Arc::clone(found.ok_or_else(|| EngineError::refused("say to which flow or account"))?)
            }
        };
        let Some(text) = &goal.consignment else { return Ok(flow) };
        let consignment = Kept::new("the consignment", text, Consignment::read).map_err(|refused| {
            let faults: Vec<_> = refused.0.iter().map(|fault| fault.message.clone()).collect();
            EngineError::refused(format!("the consignment cannot be used: {}", faults.join("; ")))
        })?;
        Ok(Arc::new(Flow { consignment, ..Flow::clone(&flow) }))
    }

    /// Makes the declarations of orders, by the customs master as it is now.
    pub(crate) async fn make<'d>(&self, flow: &'d Flow, orders: &'d [Consigned]) -> Answer<Declaring<'d>> {
        let documents: Vec<_> = orders.iter().map(|order| &order.document).collect();
        let master = self.master_of(&flow.tenant, skus(&documents)).await?;
        let lrns: Vec<_> = orders.iter().map(|_| lrn(&flow.settings.lrn, Uuid::now_v7())).collect();
        let (on, moment) = (self.0.clock.today(), self.0.clock.now());
        let customs = self.customs_of(flow, on)?;
        let making = Making {
            customs: &customs,
            orders: &documents,
            master: &master,
            profile: &flow.profile.read,
            consignment: &flow.consignment.read,
            rates: &flow.rates.read,
            lrns: &lrns,
            on,
            moment,
        };
        let nothing = || EngineError::refused(format!("`{}` cannot be written", customs.declaration.name()));
        let made = making.make().ok_or_else(nothing)?;
        Ok(Declaring { flow, customs, orders, master, lrns, moment, made })
    }
}

impl Declaring<'_> {
    /// What is worth saying about an order, by its index.
    pub fn findings(&self, order: usize) -> Vec<FindingRecord> {
        let own = self.made.findings.iter().filter(|located| located.file == File::Order(order));
        own.map(|located| FindingRecord::new(&located.finding, None, |_| None)).collect()
    }

    /// The articles of an order that the customs master has to say more about.
    pub fn gaps(&self, order: usize) -> Vec<String> {
        let Some(view) = self.orders.get(order).and_then(|order| OrderView::new(&order.document)) else {
            return Vec::new();
        };
        let mut gaps = Vec::new();
        let own = self.made.findings.iter().filter(|located| located.file == File::Order(order));
        for Located { finding, .. } in own.filter(|located| is_gap(&located.finding)) {
            let line = finding.order_line.as_ref().and_then(|line| view.line(&line.line));
            let sku = line.and_then(|line| line.sku()).map(str::to_owned);
            gaps.extend(sku.filter(|sku| !gaps.contains(sku)));
        }
        gaps
    }

    /// Adds a declaration to a batch: drafted, and where nothing is wrong with it and the flow says so, submitted.
    pub fn add(
        &self,
        gateway: &Gateway,
        writing: &mut Writing<'_>,
        (index, piece): (usize, &Piece),
    ) -> Answer<TakenDeclaration> {
        let (flow, declaration) = (self.flow, &piece.declaration);
        let stream = id();
        let basis = self.basis(gateway, index);
        let basis = serde_json::to_vec(&basis).map_err(EngineError::damaged)?;
        let findings = self.about(piece);
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let country = gateway.account(&flow.tenant, &flow.settings.to)?.country();
        let mut facts = Facts::of(&declaration.document, country, "lrn");
        // Reduced data sets do not say where the goods come from; the consignment does.
        let dispatch = flow.consignment.read.stated("dispatch.country");
        let corridor = || dispatch.zip(country).map(|(from, to)| format!("{from}-{to}"));
        facts.corridor = facts.corridor.take().or_else(corridor);
        let covered = piece.orders.iter().filter_map(|order| self.orders.get(*order));
        let drafted = Event::Drafted {
            account: flow.settings.to.clone(),
            lrn: facts.lrn.clone(),
            orders: covered.map(|order| (order.stream.clone(), order.number.clone())).collect(),
            data_set: facts.data_set.clone(),
            corridor: facts.corridor.clone(),
            value: facts.value.clone(),
            errors,
        };
        // As the orders name them: what is sent may say less.
        for order in piece.orders.iter().filter_map(|order| self.orders.get(*order)) {
            writing.concerns(&stream, &order.document);
        }
        writing.message(&stream, None, drafted, BASIS, basis);
        let records = findings.iter().map(|finding| FindingRecord::new(finding, None, |_| None)).collect();
        let mut taken = TakenDeclaration {
            id: stream.clone(),
            lrn: facts.lrn.clone(),
            state: if errors > 0 { "incomplete" } else { "draft" }.to_owned(),
            submission: None,
            findings: records,
        };
        if errors == 0 && flow.settings.automatic {
            let account = gateway.account(&flow.tenant, &flow.settings.to)?;
            let operation = account.begins(&self.customs.declaration);
            let submitting = NewSubmission {
                account: &flow.settings.to,
                operation: operation.map_or(SUBMIT, |operation| &operation.name),
                message: &self.customs.declaration,
                purpose: Purpose::Declaration,
                facts: &facts,
                document: Some(&declaration.document),
                media: MEDIA,
                bytes: declaration.bytes.clone(),
            };
            let (submission, held) = submitting.add(gateway, writing, &stream)?;
            taken.submitted(submission, held);
            for beside in &piece.beside {
                add_beside(gateway, writing, (&stream, account), beside)?;
            }
        }
        Ok(taken)
    }

    /// Of the declarations that were added, those that cover an order.
    pub fn covering<'t>(
        &'t self,
        order: usize,
        taken: &'t [TakenDeclaration],
    ) -> impl Iterator<Item = String> + 't {
        let pieces = self.made.pieces.iter().zip(taken);
        pieces.filter(move |(piece, _)| piece.orders.contains(&order)).map(|(_, taken)| taken.id.clone())
    }

    fn basis(&self, gateway: &Gateway, index: usize) -> Basis {
        let flow = self.flow;
        let order = |order: &Consigned| OrderOf {
            stream: order.stream.clone(),
            hash: order.hash.clone(),
            message: order.message.clone(),
        };
        Basis {
            flow: flow.settings.name.clone(),
            message: self.customs.declaration.name().to_owned(),
            orders: self.orders.iter().map(order).collect(),
            index,
            lrns: self.lrns.clone(),
            master: self.master.clone(),
            profile: flow.profile.hash.clone(),
            consignment: flow.consignment.hash.clone(),
            rates: flow.rates.hash.clone(),
            moment: Some(self.moment),
            on: day(self.moment),
            data: gateway.0.data.clone(),
        }
    }

    /// What is worth saying about a declaration: about its orders, about what all share, and about the message.
    fn about(&self, piece: &Piece) -> Vec<Finding> {
        let is_own = |located: &&Located| match located.file {
            File::Order(index) => piece.orders.contains(&index),
            File::Master | File::Profile | File::Consignment | File::Rates => true,
        };
        let located = self.made.findings.iter().filter(is_own).map(|located| located.finding.clone());
        located.chain(piece.declaration.findings.iter().cloned()).collect()
    }
}

/// Adds a document that goes beside a declaration to a batch, where the account's channel sends such.
fn add_beside(
    gateway: &Gateway,
    writing: &mut Writing<'_>,
    (stream, account): (&str, &Account),
    beside: &Beside,
) -> Answer<()> {
    let Some(operation) = account.sends(&beside.message) else { return Ok(()) };
    let document = &beside.written.document;
    let facts = Facts::of(document, account.country(), operation.reference());
    let submitting = NewSubmission {
        account: account.name(),
        operation: &operation.name,
        message: &beside.message,
        purpose: Purpose::Upload,
        facts: &facts,
        document: Some(document),
        media: MEDIA,
        bytes: beside.written.bytes.clone(),
    };
    submitting.add(gateway, writing, stream)?;
    Ok(())
}

/// The media type of what a declaration was declared from.
pub(crate) const BASIS: &str = "application/vnd.dragoman.basis+json";

/// The media type of what is sent.
pub(crate) const MEDIA: &str = "application/xml";

/// True where the customs master could supply what is missing.
fn is_gap(finding: &Finding) -> bool {
    let supplied = ["commodity", "origins", "description", "mass.net"];
    let of_goods = finding.path.as_deref().and_then(|path| path.split_once("].")).map(|(_, field)| field);
    finding.severity == Severity::Error
        && (finding.code == NOT_IN_MASTER.id
            || (finding.code == MISSING.id
                && of_goods.is_some_and(|field| supplied.iter().any(|known| field.starts_with(known)))))
}

/// What lists show of a declaration, read from its document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Our reference.
    pub lrn: Option<String>,
    /// The authority's number, where it is about one that has one.
    pub mrn: Option<String>,
    /// What the counterpart calls the conversation, where it is about a declaration that it has.
    pub conversation: Option<String>,
    /// The data set.
    pub data_set: Option<String>,
    /// From where to where.
    pub corridor: Option<String>,
    /// What the goods are worth.
    pub value: Option<String>,
    /// Until when it may be sent, where the counterpart waits no longer.
    pub until: Option<Timestamp>,
}

impl Facts {
    /// The facts of a document; `country` is where it is declared, `reference` where our reference for it stands.
    pub fn of(document: &Document<'_>, country: Option<&str>, reference: &str) -> Self {
        let root = At::root(document);
        let text = |path: &str| root.text(path).map(str::to_owned);
        let dispatch = root.text("dispatch.country");
        let destination = root.text("destination.country").or(country);
        let corridor = dispatch.zip(destination).map(|(from, to)| format!("{from}-{to}"));
        let (lrn, mrn, data_set) = (text(reference), text("mrn"), text("data_set"));
        Self { lrn, mrn, data_set, corridor, value: value(root), ..Self::default() }
    }
}

/// The prices of all goods, where they are of one currency.
fn value(root: At<'_>) -> Option<String> {
    let mut sum: Option<(Decimal, String)> = None;
    for item in root.entries("goods_items") {
        let price = item.money("price").or_else(|| item.money("valuation.customs_value"))?;
        let (amount, currency) = (price.value?, price.currency?);
        sum = match sum {
            None => Some((amount, currency.to_owned())),
            Some((before, of)) if of == currency => Some((before.checked_add(amount)?, of)),
            Some(_) => return None,
        };
    }
    sum.map(|(amount, currency)| format!("{amount} {currency}"))
}
