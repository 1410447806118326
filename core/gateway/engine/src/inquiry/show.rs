//! Questions as they are shown: what was answered, beside what it is; and those about an order.

use dragoman_adapters::{NO_ANSWER, NO_ORDER, NO_PAYMENT, OVERDUE, receive};
use dragoman_exchange::{Event, Lack};
use dragoman_model::Document;
use dragoman_tree::{Code, Finding, FindingRecord};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{ABOUT, AT_ONCE, Asked};
use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::people::Actor;
use crate::view::{LineFindings, Panes, View, panes};

/// What a counterpart asked about an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InquiryView {
    /// Its stream.
    pub id: String,
    /// The account that was asked.
    pub account: String,
    /// What is asked for.
    pub asks: String,
    /// When.
    pub at: Timestamp,
    /// Until when it has to be answered.
    pub until: Timestamp,
    /// Where the answer stands: `unanswered`, or as a submission does.
    pub state: String,
    /// True where the time was over before the counterpart had the answer.
    pub overdue: bool,
}

impl Gateway {
    /// The questions about orders, in the order in which they came.
    pub(crate) async fn inquiries_about(&self, tenant: &str, orders: &[String]) -> Answer<Vec<InquiryView>> {
        let mut found = Vec::new();
        for order in orders {
            let prefix = format!("{order}/");
            let records = self.0.store.records(tenant, ABOUT, &prefix, AT_ONCE).await?;
            for record in records.iter().take_while(|record| record.key.starts_with(&prefix)) {
                let told = self.told(tenant, &record.body).await?;
                found.extend(self.inquiry_view(&told));
            }
        }
        Ok(found)
    }

    fn inquiry_view(&self, told: &Told) -> Option<InquiryView> {
        let asked = Asked::of(told)?;
        let account = self.0.accounts.get(&asked.account);
        let channel = account.and_then(|account| account.channel.as_ref());
        let inquiry = channel.and_then(|channel| channel.inquiry(&asked.inquiry));
        Some(InquiryView {
            id: told.id.clone(),
            asks: inquiry.map_or(asked.inquiry, |inquiry| inquiry.meaning.clone()),
            account: asked.account,
            at: told.exchange.began?,
            until: asked.until,
            state: told.exchange.state().to_owned(),
            overdue: told.exchange.overdue,
        })
    }

    /// Shows a question: what it lacks, and to whom may see persons also what was answered.
    pub(crate) async fn show_inquiry(&self, by: &Actor, told: &Told, view: &mut View) -> Answer<()> {
        view.inquiries.extend(self.inquiry_view(told));
        view.lines = findings(told);
        // The whole answer is about somebody's payment.
        if !self.sees(by, &told.id).await? {
            return Ok(());
        }
        let Some((name, document)) = self.disclosed(&by.tenant, told).await? else { return Ok(()) };
        let message = self.message(&name, &[])?;
        let canonical = panes::canonical(&document);
        let wire = dragoman_adapters::write(document.clone(), &message, dragoman_adapters::Layout::Line);
        let wire = wire.map(|sent| panes::wire(message.name(), &sent.put.tree, &sent.put.sources));
        view.panes = Some(Panes { canonical, wire: wire.unwrap_or_default(), ..Panes::default() });
        Ok(())
    }

    /// What was answered last: the message and its document; none where nothing was, or it is erased.
    pub(crate) async fn disclosed(
        &self,
        tenant: &str,
        told: &Told,
    ) -> Answer<Option<(String, Document<'static>)>> {
        let Some(asked) = Asked::of(told) else { return Ok(None) };
        let Ok(account) = self.account(tenant, &asked.account) else { return Ok(None) };
        let inquiry = account.channel.as_ref().and_then(|channel| channel.inquiry(&asked.inquiry));
        let stored = told.last(|event| matches!(event, Event::Accepted { .. }));
        let Some((inquiry, stored)) = inquiry.zip(stored) else { return Ok(None) };
        let Some((_, bytes)) = self.bytes_of(tenant, stored.seq).await? else { return Ok(None) };
        let name = account.named(&inquiry.message, None);
        let message = self.0.catalogue.message(&name).map_err(EngineError::damaged)?;
        let mut found = None;
        receive(&self.0.catalogue, &message, &bytes, &mut |received| {
            found = received.got.map(|got| got.document.detach());
        });
        Ok(found.map(|document| (name, document)))
    }
}

/// What is wrong with a question as it stands.
fn findings(told: &Told) -> Vec<LineFindings> {
    let codes: [&'static Code; 3] = [&NO_ORDER, &NO_PAYMENT, &NO_ANSWER];
    let one = |lack: &Lack| {
        let code = codes.into_iter().find(|code| code.id == lack.code).unwrap_or(&NO_ANSWER);
        Finding::error(code, lack.text.clone())
    };
    let mut findings: Vec<_> = told.exchange.lacking.iter().map(one).collect();
    if told.exchange.overdue {
        let until = told.exchange.limit.map(|until| until.to_string()).unwrap_or_default();
        findings.push(Finding::error(&OVERDUE, format!("there was no answer by {until}")));
    }
    if findings.is_empty() {
        return Vec::new();
    }
    let findings = findings.iter().map(|finding| FindingRecord::new(finding, None, |_| None)).collect();
    vec![LineFindings { findings, ..LineFindings::default() }]
}
