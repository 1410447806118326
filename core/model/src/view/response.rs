//! Reading answers of customs (canonical model, section 8).

use dragoman_tree::Finding;

use super::{At, DeclarationView};
use crate::{Document, State, Status};

/// One thing that an answer complains of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint<'d> {
    /// The authority's code.
    pub code: Option<&'d str>,
    /// Why, in its words.
    pub text: Option<&'d str>,
    /// The places that it points at, as it writes them.
    pub pointers: Vec<&'d str>,
}

/// One answer of customs.
#[derive(Clone, Copy, Debug)]
pub struct CustomsResponseView<'d> {
    at: At<'d>,
}

impl<'d> CustomsResponseView<'d> {
    /// The view of a response; `None` for another document.
    pub fn new(document: &'d Document<'_>) -> Option<Self> {
        (document.kind() == "customs_response").then(|| Self { at: At::root(document) })
    }

    /// All responses of a document: itself, or those of a batch.
    pub fn all(document: &'d Document<'_>) -> Vec<Self> {
        let root = At::root(document);
        match document.kind() {
            "customs_response" => vec![Self { at: root }],
            "customs_response_batch" => root.entries("docs").map(|at| Self { at }).collect(),
            _ => Vec::new(),
        }
    }

    /// The response's node, for values that need no interpretation.
    pub fn at(&self) -> At<'d> {
        self.at
    }

    /// The own reference of what is answered.
    pub fn lrn(&self) -> Option<&'d str> {
        self.at.text("of.lrn")
    }

    /// The number that customs gave what is answered.
    pub fn mrn(&self) -> Option<&'d str> {
        self.at.text("of.mrn")
    }

    /// The authority's own code.
    pub fn native_code(&self) -> Option<&'d str> {
        self.at.text("native.code")
    }

    /// The errors.
    pub fn errors(&self) -> impl Iterator<Item = At<'d>> + use<'d> {
        self.at.entries("errors")
    }

    /// What it complains of: its errors. One that rejects and lists none says in its own words why.
    pub fn complaints(&self) -> Vec<Complaint<'d>> {
        let errors = self.errors().map(|error| Complaint {
            code: error.text("code"),
            text: error.text("text"),
            pointers: error.entries("pointers").filter_map(|pointer| pointer.text("raw")).collect(),
        });
        let mut all: Vec<_> = errors.collect();
        let words = self.at.text("native.text").filter(|text| !text.is_empty());
        if all.is_empty() && words.is_some() && self.status().0.state() == State::Rejected {
            all.push(Complaint { code: self.native_code(), text: words, pointers: Vec::new() });
        }
        all
    }

    /// What customs changed.
    pub fn delta(&self) -> Option<DeclarationView<'d>> {
        DeclarationView::of(self.at.get("delta")?)
    }

    /// What the answer says about the status: the join of the event that its code stands for, at the time of
    /// issue, and of those that it lists, each at its own time. Without any it is Pending. Words that the
    /// model lacks are findings.
    pub fn status(&self) -> (Status, Vec<Finding>) {
        let issued = self.at.time("issued_at").and_then(|at| at.at());
        let own = Status::of_event(self.at.text("event").unwrap_or_default(), issued);
        let listed = self.at.entries("events").map(|entry| {
            let at = entry.time("at").and_then(|at| at.at()).or(issued);
            Status::of_event(entry.text("event").unwrap_or_default(), at)
        });
        let mut findings = Vec::new();
        let mut status = Status::default();
        for (said, finding) in std::iter::once(own).chain(listed) {
            status = status.join(said);
            findings.extend(finding);
        }
        (status, findings)
    }
}
