//! The translation report: [`dragoman_mapping::report::Report`].

use utoipa::ToSchema;

use dragoman_engine::{Bytes, Finding};

/// What became of every leaf of a message on its way to another.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference; what is written is the report itself")]
pub struct Report {
    /// The file, where there is one.
    #[schema(nullable = false)]
    file: Option<String>,
    /// The message that was read.
    from: String,
    /// The message that was written.
    to: String,
    /// How many leaves ended in which way.
    counts: BothCounts,
    /// What is worth saying.
    findings: Vec<Finding>,
    /// What was read and is not in the document.
    residue: Vec<Residue>,
    /// What the document has and was not written.
    lost: Vec<Lost>,
    /// Where every leaf went.
    lineage: Vec<Lineage>,
}

/// A document that was translated, with its report.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
pub struct Translation {
    /// The message that was written, as text.
    output: String,
    /// What became of every leaf.
    report: Report,
}

/// The counts of both directions.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct BothCounts {
    /// The leaves of the message that was read.
    read: Counts,
    /// The leaves of the document, on their way to the message that was written.
    written: Counts,
}

/// How many leaves ended in which way; it adds up.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct Counts {
    /// All.
    leaves: u64,
    /// Carried over.
    carried: u64,
    /// Compared with a constant or a derived value.
    checked: u64,
    /// Kept aside.
    residue: u64,
    /// Named in a finding.
    reported: u64,
}

/// A leaf that is not in the document.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct Residue {
    /// Where in the message.
    wire_path: String,
    /// Its text.
    #[schema(nullable = false)]
    value: Option<String>,
}

/// A leaf of the document that was not written.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct Lost {
    /// Where in the document.
    path: String,
    /// Its text.
    #[schema(nullable = false)]
    value: Option<String>,
    /// Why.
    why: String,
}

/// The way of one value.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct Lineage {
    /// Where it was read.
    #[schema(nullable = false)]
    source: Option<SourcePlace>,
    /// Where it is in the document.
    canonical: String,
    /// Where it was written.
    #[schema(nullable = false)]
    target: Option<String>,
}

/// A leaf of the message that was read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct SourcePlace {
    /// Its place in the message.
    path: String,
    /// Its bytes.
    span: Bytes,
}
