//! What customs rejected, at the order line that caused it, for people and programs.

use dragoman_declare::{Cause, File, Master, Rejection};
use dragoman_mapping::Confidence;
use dragoman_tree::FindingRecord;
use serde::Serialize;
use utoipa::ToSchema;

use super::notice::Notice;
use crate::draft::Draft;
use crate::view::Finding;

/// One thing that customs rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rejected {
    /// What customs said, with the place in the message and in the canonical document, and the order line.
    #[schema(value_type = Finding)]
    pub finding: FindingRecord,
    /// How sure the place is: `exact`, `repeat_unknown`, `missing`, `not_found`; none where customs named none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<&'static str>,
    /// Who supplied the rejected value.
    pub causes: Vec<CauseView>,
    /// The order lines that it is about.
    pub lines: Vec<LineView>,
    /// What declarations that share its cause have in common; none where nothing else can share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// Who supplied a value that was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CauseView {
    /// `order`, `master`, `profile`, `consignment`, `rates`, `rule`.
    pub by: &'static str,
    /// Which: the order's number, the article, the rule's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub which: Option<String>,
    /// The field there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Its bytes there: begin and end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<(u64, u64)>,
}

/// An order line that something is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineView {
    /// The order's stream.
    pub stream: String,
    /// Its number.
    pub order: String,
    /// The line.
    pub line: String,
    /// The article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
}

/// What a response rejects of a declaration as it was sent.
pub(crate) fn rejected(draft: &Draft, notice: &Notice) -> Vec<Rejected> {
    let Some(view) = notice.view() else { return Vec::new() };
    let rejections = draft.declaration.rejections(&draft.customs, &draft.declared(), &view);
    rejections.into_iter().map(|rejection| one(draft, &rejection)).collect()
}

fn one(draft: &Draft, rejection: &Rejection) -> Rejected {
    let line = |line: &dragoman_declare::Line| LineView {
        stream: draft.orders.get(line.index).map(|text| text.order.stream.clone()).unwrap_or_default(),
        order: line.of.order.clone(),
        line: line.of.line.clone(),
        sku: line.sku.clone(),
    };
    let causes: Vec<_> = rejection.causes.iter().map(|cause| supplier(draft, cause)).collect();
    let file = causes.first().filter(|_| rejection.finding.span.is_some()).map(|cause| cause.by);
    Rejected {
        finding: FindingRecord::new(&rejection.finding, file, |_| None),
        confidence: rejection.confidence.map(word),
        cause: if rejection.is_open() { None } else { shared(draft, &causes) },
        lines: rejection.lines.iter().map(line).collect(),
        causes,
    }
}

const fn word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Exact => "exact",
        Confidence::RepeatUnknown => "repeat_unknown",
        Confidence::Missing => "missing",
        Confidence::NotFound => "not_found",
    }
}

fn supplier(draft: &Draft, cause: &Cause) -> CauseView {
    let (file, field, span) = match cause {
        Cause::Rule(id) => {
            return CauseView { by: "rule", which: Some(id.to_string()), field: None, span: None };
        }
        Cause::Bytes { file, field, span } => (*file, field.to_string(), span),
    };
    let (by, which) = match file {
        File::Order(index) => ("order", draft.orders.get(index).map(|text| text.order.number.clone())),
        File::Master => ("master", article(draft, span.start)),
        File::Profile => ("profile", None),
        File::Consignment => ("consignment", None),
        File::Rates => ("rates", None),
    };
    CauseView { by, which, field: Some(field), span: Some((span.start, span.end)) }
}

/// The article whose row of the customs master has some bytes.
fn article(draft: &Draft, at: u64) -> Option<String> {
    let text = &draft.basis.as_ref()?.master;
    let at = usize::try_from(at).ok()?;
    let (before, rest) = text.split_at_checked(at)?;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let row = text.get(start..at + rest.find('\n').map_or(rest.len(), |end| end + 1))?;
    let alone = format!("{}{row}", dragoman_declare::MasterRow::head());
    let (row, _) = Master::read(&alone).rows().next()?;
    Some(row.sku)
}

/// What others can share: an article of the master, a setting of the flow, a rule. An order is nobody else's.
fn shared(draft: &Draft, causes: &[CauseView]) -> Option<String> {
    let cause = causes.first()?;
    let (which, field) = (cause.which.as_deref(), cause.field.as_deref());
    let flow = draft.basis.as_ref().map(|basis| basis.flow.as_str());
    match cause.by {
        "master" => Some(format!("master:{}:{}", which?, field?)),
        "rule" => Some(format!("rule:{}", which?)),
        "profile" | "consignment" | "rates" => Some(format!("{}:{}:{}", cause.by, flow?, field?)),
        _ => None,
    }
}
