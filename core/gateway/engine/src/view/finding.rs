//! Findings as JSON shows them: [`dragoman_tree::FindingRecord`].

use utoipa::ToSchema;

/// One thing worth saying about a message. Absent members are left out.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference; what is written is the record itself")]
pub struct Finding {
    /// The kind, which stays: `DG-E…`, or the authority's own code where it is theirs.
    #[schema(example = "DG-E0104")]
    code: String,
    /// How bad it is.
    severity: Severity,
    /// What is wrong, in one line.
    message: String,
    /// What to do about it.
    #[schema(nullable = false)]
    hint: Option<String>,
    /// The file it is about.
    #[schema(nullable = false)]
    file: Option<String>,
    /// The bytes at fault.
    #[schema(nullable = false)]
    span: Option<Bytes>,
    /// The place in the message.
    #[schema(nullable = false, example = "/MetaData[1]/Declaration[1]/ID[1]")]
    wire_path: Option<String>,
    /// The place in the canonical document.
    #[schema(nullable = false, example = "goods_items[0].consignee.address.city")]
    path: Option<String>,
    /// The order line that caused it.
    #[schema(nullable = false)]
    order_line: Option<OrderLine>,
    /// What the authority said.
    #[schema(nullable = false)]
    authority: Option<Authority>,
}

/// How bad a finding is.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "a shape for the reference")]
enum Severity {
    Info,
    Warning,
    Error,
}

/// Bytes of a file, and where they begin for people.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
pub struct Bytes {
    /// First byte.
    start: u64,
    /// One past the last byte.
    end: u64,
    /// Line of the first byte, from 1.
    #[schema(nullable = false)]
    line: Option<u32>,
    /// Its column in characters, from 1.
    #[schema(nullable = false)]
    column: Option<u32>,
}

/// The order line behind a finding.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct OrderLine {
    /// The platform's order number.
    order: String,
    /// The platform's id of the line.
    line: String,
    /// The field of the line.
    #[schema(nullable = false)]
    field: Option<String>,
}

/// An authority's own spelling of an error.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct Authority {
    /// Whose numbering: an adapter's name.
    scheme: String,
    /// The number or code.
    number: String,
    /// The place as the authority writes it.
    #[schema(nullable = false)]
    location: Option<String>,
}

#[cfg(test)]
mod tests {
    use dragoman_tree::{Code, FindingRecord, Position};
    use serde_json::{Value, json};
    use utoipa::PartialSchema;

    use super::*;

    static CODE: Code = Code { id: "DG-E0000", title: "", help: "" };

    fn names(value: &Value) -> Vec<&str> {
        value.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }

    /// The schema has the members that a finding with everything in it is written with, no more and no less.
    #[test]
    fn the_shape_is_that_of_the_record() {
        let full = dragoman_tree::Finding {
            hint: Some(String::new()),
            span: Some(1..2),
            wire_path: Some(String::new()),
            path: Some(String::new()),
            order_line: Some(dragoman_tree::OrderLine {
                order: String::new(),
                line: String::new(),
                field: Some(String::new()),
            }),
            authority: Some(dragoman_tree::Authority {
                scheme: String::new(),
                number: String::new(),
                location: Some(String::new()),
            }),
            ..dragoman_tree::Finding::error(&CODE, "")
        };
        let place = |_| Some(Position { line: 1, column: 1 });
        let record = serde_json::to_value(FindingRecord::new(&full, Some(""), place)).unwrap();
        let schema = |of: utoipa::openapi::RefOr<utoipa::openapi::Schema>| serde_json::to_value(of).unwrap();
        assert_eq!(names(&schema(Finding::schema())["properties"]), names(&record));
        assert_eq!(names(&schema(Bytes::schema())["properties"]), names(&record["span"]));
        assert_eq!(names(&schema(OrderLine::schema())["properties"]), names(&record["order_line"]));
        assert_eq!(names(&schema(Authority::schema())["properties"]), names(&record["authority"]));
        let bare = dragoman_tree::Finding::error(&CODE, "");
        let bare = serde_json::to_value(FindingRecord::new(&bare, None, |_| None)).unwrap();
        let required = schema(Finding::schema())["required"].as_array().cloned().unwrap();
        let mut required: Vec<_> = required.iter().filter_map(Value::as_str).collect();
        required.sort_unstable();
        assert_eq!(required, names(&bare));
        assert_eq!(schema(Severity::schema())["enum"], json!(["info", "warning", "error"]));
    }
}
