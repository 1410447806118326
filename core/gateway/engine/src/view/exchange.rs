//! One exchange with everything around it.

use dragoman_exchange::{Event, Kind};
use dragoman_model::At;
use dragoman_store::Row;
use dragoman_tree::{FindingRecord, NodeId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::outcome::OutcomeView;
use super::panes::{self, OrderTree, Panes};
use super::timeline::{Happened, happened};
use crate::draft::{Draft, OrderText, Told};
use crate::error::Answer;
use crate::gateway::{Gateway, allowed};
use crate::inquiry::InquiryView;
use crate::intake::Known;
use crate::notify::{Rejected, rejected};
use crate::people::{Actor, Right};
use crate::persons::mask;
use crate::view::Finding;

/// An order, a declaration, an answer that nobody waits for, or news to a customer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct View {
    /// As lists show it.
    #[serde(flatten)]
    pub row: Row,
    /// Our reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lrn: Option<String>,
    /// The version that the authority counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The data set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_set: Option<String>,
    /// How often the document was written: who corrects says which one was looked at.
    pub revision: u32,
    /// Facts beside the status: `control`, `duty_due` …
    pub flags: Vec<&'static str>,
    /// The orders of a declaration; what a parked answer was matched with.
    pub orders: Vec<Named>,
    /// The declarations of an order.
    pub declarations: Vec<Named>,
    /// What became of the declarations of an order, or of the declaration itself.
    pub outcomes: Vec<OutcomeView>,
    /// Articles that the customs master has to say more about.
    pub gaps: Vec<String>,
    /// What counterparts asked about it; of a question, the question itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inquiries: Vec<InquiryView>,
    /// What was submitted.
    pub submissions: Vec<SubmissionView>,
    /// What happened.
    pub timeline: Vec<Happened>,
    /// What is wrong, under the order lines; first what is wrong with the whole.
    pub lines: Vec<LineFindings>,
    /// Order, canonical document and message side by side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panes: Option<Panes>,
}

/// Another stream, by what people call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    /// The stream.
    pub id: String,
    /// What people call it.
    pub title: String,
}

/// One submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubmissionView {
    /// Its id.
    pub id: String,
    /// What for.
    pub purpose: &'static str,
    /// The account.
    pub account: String,
    /// Our reference for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lrn: Option<String>,
    /// Who gave it.
    pub by: String,
    /// Where it stands.
    pub state: &'static str,
    /// How often it was sent.
    pub attempts: u32,
    /// The last thing that was said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// When it was accepted.
    pub at: Timestamp,
}

/// What is wrong with an order line, or with the whole where no line is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineFindings {
    /// The order's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// The line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// What we found ourselves.
    #[schema(value_type = Vec<Finding>)]
    pub findings: Vec<FindingRecord>,
    /// What customs rejected.
    pub rejections: Vec<Rejected>,
}

impl Gateway {
    /// An exchange of the tenant; none where there is none of that id.
    pub async fn exchange(&self, by: &Actor, id: &str) -> Answer<Option<View>> {
        allowed(by, Right::Read)?;
        let events = self.events(&by.tenant, id).await?;
        if events.is_empty() {
            return Ok(None);
        }
        let told = crate::draft::told(id, events);
        let mut view = plain(&told, self.0.clock.now());
        match told.exchange.kind {
            Kind::Declaration => self.show_declaration(by, &told, &mut view).await?,
            Kind::Order => self.show_order(by, &told, &mut view).await?,
            Kind::Inquiry => Box::pin(self.show_inquiry(by, &told, &mut view)).await?,
            Kind::Parked | Kind::Webhook | Kind::Shipment => {}
        }
        Ok(Some(view))
    }

    async fn show_declaration(&self, by: &Actor, told: &Told, view: &mut View) -> Answer<()> {
        let tenant = by.tenant.as_str();
        view.outcomes.push(Box::pin(self.outcome(tenant, told)).await?);
        let orders: Vec<_> = told.exchange.orders.iter().map(|(stream, _)| stream.clone()).collect();
        view.inquiries = self.inquiries_about(tenant, &orders).await?;
        let Some(draft) = self.draft(tenant, told, None).await? else { return Ok(()) };
        let mut groups = Groups::default();
        for located in &draft.findings {
            groups.finding(FindingRecord::new(&located.finding, None, |_| None));
        }
        for finding in &draft.declaration.findings {
            groups.finding(FindingRecord::new(finding, None, |_| None));
        }
        for rejection in self.rejections(tenant, told).await? {
            groups.rejection(rejection);
        }
        view.lines = groups.0;
        view.panes = Some(self.panes(&draft)?);
        if !self.sees(by, &told.id).await? {
            mask(view, &draft.declaration.document);
        }
        Ok(())
    }

    async fn show_order(&self, by: &Actor, told: &Told, view: &mut View) -> Answer<()> {
        let tenant = by.tenant.as_str();
        view.inquiries = self.inquiries_about(tenant, std::slice::from_ref(&told.id)).await?;
        let Some(text) = self.order_text(tenant, &told.id, None).await? else { return Ok(()) };
        let key = format!("{}/{}", told.exchange.account, text.order.number);
        let known = self.known_order(tenant, &key).await?.map(|(known, _)| known).unwrap_or_default();
        let Known { declarations, .. } = known;
        for id in declarations {
            let told = self.told(tenant, &id).await.ok();
            let title = told.as_ref().map(|told| told.exchange.title.clone()).unwrap_or_default();
            view.declarations.push(Named { id, title });
            if let Some(told) = &told {
                view.outcomes.push(Box::pin(self.outcome(tenant, told)).await?);
            }
        }
        let mut shown = Panes { canonical: panes::canonical(&text.order.document), ..Panes::default() };
        self.with_tree(&text, &mut |order| shown.orders.push(panes::order(order, &text.order.document)))?;
        view.panes = Some(shown);
        if !self.sees(by, &told.id).await? {
            mask(view, &text.order.document);
        }
        Ok(())
    }

    /// What customs rejected of a declaration since it was submitted last.
    pub(crate) async fn rejections(&self, tenant: &str, told: &Told) -> Answer<Vec<Rejected>> {
        let submitted = |event: &Event| {
            matches!(event, Event::Accepted { purpose: dragoman_exchange::Purpose::Declaration, .. })
        };
        let since = told.last(submitted).map_or(0, |stored| stored.seq);
        let mut all = Vec::new();
        for stored in told.events.iter().filter(|stored| stored.seq > since) {
            let Event::Responded { said } = &stored.event.event else { continue };
            if said.errors == 0 {
                continue;
            }
            let Some((_, bytes)) = self.bytes_of(tenant, stored.seq).await? else { continue };
            let Some(draft) = self.draft(tenant, told, Some(stored.seq)).await? else { continue };
            for notice in self.notices(tenant, &told.exchange.account, &bytes)? {
                all.extend(rejected(&draft, &notice));
            }
        }
        Ok(all)
    }

    fn panes(&self, draft: &Draft) -> Answer<Panes> {
        let declaration = &draft.declaration;
        let name = draft.customs.declaration.name();
        let mut shown = Panes {
            orders: Vec::new(),
            canonical: panes::canonical(&declaration.document),
            wire: panes::wire(name, &declaration.put.tree, &declaration.put.sources),
        };
        let covered = declaration.orders();
        for text in draft.orders.iter().filter(|text| covered.contains(&text.order.number.as_str())) {
            self.with_tree(text, &mut |order| shown.orders.push(panes::order(order, &declaration.document)))?;
        }
        Ok(shown)
    }

    /// Does something with the message that an order is.
    fn with_tree(&self, text: &OrderText, show: &mut dyn FnMut(&OrderTree<'_, '_>)) -> Answer<()> {
        let message = self.message(&text.order.message, &text.bytes)?;
        dragoman_adapters::receive(&self.0.catalogue, &message, &text.bytes, &mut |received| {
            let number = received.got.as_ref().and_then(|got| At::root(&got.document).text("order_number"));
            let node = if received.tree.is_empty() { NodeId::ROOT } else { received.node };
            show(&OrderTree { number: number.unwrap_or_default(), tree: received.tree, node });
        });
        Ok(())
    }
}

/// What the events themselves tell.
fn plain(told: &Told, now: Timestamp) -> View {
    let exchange = &told.exchange;
    let named = |(id, title): &(String, String)| Named { id: id.clone(), title: title.clone() };
    let submission = |one: &dragoman_exchange::Submission| SubmissionView {
        id: one.id.clone(),
        purpose: one.purpose.word(),
        account: one.account.clone(),
        lrn: one.lrn.clone(),
        by: one.by.clone(),
        state: one.state.word(),
        attempts: one.attempts,
        said: one.said.clone(),
        at: one.at,
    };
    View {
        row: Row::of(&told.id, exchange, now),
        lrn: exchange.lrn.clone(),
        version: exchange.version.clone(),
        data_set: exchange.data_set.clone(),
        revision: exchange.revision,
        flags: exchange.status.flags().map(dragoman_model::Flag::word).collect(),
        orders: exchange.orders.iter().map(named).collect(),
        declarations: Vec::new(),
        outcomes: Vec::new(),
        gaps: exchange.gaps.clone(),
        inquiries: Vec::new(),
        submissions: exchange.submissions.iter().map(submission).collect(),
        timeline: told.events.iter().map(happened).collect(),
        lines: Vec::new(),
        panes: None,
    }
}

/// Findings under the order lines; those about the whole come first.
#[derive(Default)]
struct Groups(Vec<LineFindings>);

impl Groups {
    fn group(&mut self, order: Option<&str>, line: Option<&str>) -> Option<&mut LineFindings> {
        let is_it = |group: &LineFindings| group.order.as_deref() == order && group.line.as_deref() == line;
        let at = self.0.iter().position(is_it).unwrap_or_else(|| {
            let at = if order.is_none() { 0 } else { self.0.len() };
            let (order, line) = (order.map(str::to_owned), line.map(str::to_owned));
            self.0.insert(at, LineFindings { order, line, ..LineFindings::default() });
            at
        });
        self.0.get_mut(at)
    }

    fn finding(&mut self, finding: FindingRecord) {
        let of = finding.order_line.clone();
        let group =
            self.group(of.as_ref().map(|of| of.order.as_str()), of.as_ref().map(|of| of.line.as_str()));
        if let Some(group) = group {
            group.findings.push(finding);
        }
    }

    fn rejection(&mut self, rejection: Rejected) {
        let of = rejection.lines.first().cloned();
        let group =
            self.group(of.as_ref().map(|of| of.order.as_str()), of.as_ref().map(|of| of.line.as_str()));
        if let Some(group) = group {
            group.rejections.push(rejection);
        }
    }
}
