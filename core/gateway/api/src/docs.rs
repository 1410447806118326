//! `/docs`: the reference, rendered once from the description of the interface. It needs no script and nothing from
//! elsewhere.

use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

use crate::problem::Kind;

/// The style sheet of the page.
pub const STYLE: &str = include_str!("assets/docs.css");

/// The methods, in the order in which they are shown.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One operation of the description.
struct Operation<'d> {
    method: &'static str,
    path: &'d str,
    body: &'d Value,
}

impl Operation<'_> {
    fn text(&self, member: &str) -> &str {
        text(self.body, &format!("/{member}"))
    }

    fn tag(&self) -> &str {
        text(self.body, "/tags/0")
    }

    fn id(&self) -> String {
        format!("{}-{}", self.method, self.path.replace(['/', '{', '}'], "-"))
    }
}

/// The page of a description.
pub fn page(description: &Value) -> String {
    let operations = operations(description);
    let mut tags: Vec<&str> = operations.iter().map(Operation::tag).collect();
    tags.sort_unstable();
    tags.dedup();
    let of =
        |tag: &str| operations.iter().filter(move |operation| operation.tag() == tag).collect::<Vec<_>>();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Dragoman: the HTTP interface" }
                link rel="stylesheet" href="/docs.css";
            }
            body {
                nav {
                    strong { "Dragoman " (text(description, "/info/version")) }
                    a href="/openapi.json" { "openapi.json" }
                    @for tag in &tags {
                        h2 { (tag) }
                        @for operation in of(tag) {
                            a href={ "#" (operation.id()) } { span.method { (operation.method) } " " (operation.path) }
                        }
                    }
                    h2 { "Shapes" }
                    @for (name, _) in schemas(description) { a href={ "#" (name) } { (name) } }
                    a href="#problems" { "Problems" }
                }
                main {
                    h1 { "The HTTP interface" }
                    p { (prose(text(description, "/info/description"))) }
                    @for tag in &tags {
                        h2 { (tag) }
                        @for operation in of(tag) { (shown(operation)) }
                    }
                    h2 { "Shapes" }
                    @for (name, schema) in schemas(description) { (shape(name, schema)) }
                    (problems())
                }
            }
        }
    };
    page.into_string()
}

fn operations(description: &Value) -> Vec<Operation<'_>> {
    let mut all = Vec::new();
    for (path, item) in members(description, "/paths") {
        for method in METHODS {
            if let Some(body) = item.get(method) {
                all.push(Operation { method, path, body });
            }
        }
    }
    all
}

fn schemas(description: &Value) -> impl Iterator<Item = (&String, &Value)> {
    members(description, "/components/schemas")
}

fn shown(operation: &Operation<'_>) -> Markup {
    let parameters = list(operation.body, "/parameters");
    let right = text(operation.body, "/security/0/api_key/0");
    html! {
        section id=(operation.id()) {
            h3 { span.method { (operation.method) } " " code { (operation.path) } }
            p { strong { (prose(operation.text("summary"))) } " " (prose(operation.text("description"))) }
            @if !right.is_empty() { p.right { "Needs the right " code { (right) } "." } }
            @if !parameters.is_empty() {
                table {
                    tr { th { "Parameter" } th { "In" } th { "Form" } th { "What it is" } }
                    @for parameter in parameters {
                        tr {
                            td { code { (text(parameter, "/name")) } (required(parameter.get("required") == Some(&Value::Bool(true)))) }
                            td { (text(parameter, "/in")) }
                            td { (form(parameter.get("schema"))) }
                            td { (prose(text(parameter, "/description"))) }
                        }
                    }
                }
            }
            @if let Some(contents) = operation.body.pointer("/requestBody/content") {
                p { "Body: " (media(contents)) }
            }
            table {
                tr { th { "Answer" } th { "When" } th { "Content" } }
                @for (status, answer) in members(operation.body, "/responses").filter(|one| usual(one).is_none()) {
                    tr {
                        td { code { (status) } }
                        td { (prose(text(answer, "/description"))) }
                        td { @if let Some(contents) = answer.get("content") { (media(contents)) } }
                    }
                }
            }
            p.right {
                "As everywhere: "
                @for (number, (status, name)) in members(operation.body, "/responses").filter_map(|one| usual(&one)).enumerate() {
                    @if number > 0 { ", " }
                    a href={ "#problem-" (name) } { (status) }
                }
            }
        }
    }
}

/// The status and name of a problem that an operation says no more about than the kind does.
fn usual<'d>((status, answer): &(&'d String, &Value)) -> Option<(&'d str, &'static str)> {
    let mut kinds = Kind::ALL.iter().map(|kind| kind.parts());
    let found =
        kinds.find(|(code, _, title)| code.as_str() == *status && text(answer, "/description") == *title);
    found.map(|(_, name, _)| (status.as_str(), name))
}

fn media(contents: &Value) -> Markup {
    html! {
        @for (number, (name, content)) in members(contents, "").enumerate() {
            @if number > 0 { ", " }
            code { (name) } " " (form(content.get("schema")))
        }
    }
}

fn shape(name: &str, schema: &Value) -> Markup {
    let required_names = list(schema, "/required");
    html! {
        section id=(name) {
            h3 { code { (name) } }
            p { (prose(text(schema, "/description"))) }
            @if let Some(properties) = schema.get("properties") {
                table {
                    tr { th { "Member" } th { "Form" } th { "What it is" } }
                    @for (member, schema) in members(properties, "") {
                        tr {
                            td { code { (member) } (required(required_names.iter().any(|name| name == member))) }
                            td { (form(Some(schema))) }
                            td { (prose(text(schema, "/description"))) }
                        }
                    }
                }
            } @else { p { (form(Some(schema))) } }
        }
    }
}

fn problems() -> Markup {
    html! {
        h2 id="problems" { "Problems" }
        @for kind in Kind::ALL {
            @let (status, name, title) = kind.parts();
            section id={ "problem-" (name) } { h3 { code { (status.as_u16()) " " (name) } } p { (title) } }
        }
    }
}

fn required(is_required: bool) -> Markup {
    html! { @if is_required { span.required title="required" { " *" } } }
}

/// What a value looks like, in a few words; a shape with a name is a link to it.
fn form(schema: Option<&Value>) -> Markup {
    let Some(schema) = schema else { return html! { "any" } };
    if let Some((_, name)) = text(schema, "/$ref").rsplit_once('/') {
        return html! { a href={ "#" (name) } { code { (name) } } };
    }
    let values = list(schema, "/enum").iter().filter_map(Value::as_str);
    let values: Vec<_> = values.map(|value| html! { code { (value) } }).collect();
    let choices = list(schema, "/oneOf").iter().chain(list(schema, "/allOf")).map(|one| form(Some(one)));
    if values.len() > 12 {
        return html! { "one of " (values.len()) " names, see " code { "openapi.json" } };
    }
    let choices: Vec<_> = values.into_iter().chain(choices).collect();
    if !choices.is_empty() {
        return html! { @for (number, one) in choices.iter().enumerate() { @if number > 0 { " | " } (one) } };
    }
    match (text(schema, "/type"), text(schema, "/format")) {
        ("array", _) => html! { "list of " (form(schema.get("items"))) },
        ("", _) => html! { "any" },
        (kind, "") => html! { (kind) },
        (kind, format) => html! { (kind) " (" (format) ")" },
    }
}

/// Text in which `backticks` mark code.
fn prose(text: &str) -> Markup {
    html! {
        @for (number, part) in text.split('`').enumerate() {
            @if number % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// The text at a place of the description (RFC 6901); empty where there is none.
fn text<'d>(value: &'d Value, pointer: &str) -> &'d str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The entries of the list at a place.
fn list<'d>(value: &'d Value, pointer: &str) -> &'d [Value] {
    value.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The members of the object at a place.
fn members<'d>(value: &'d Value, pointer: &str) -> impl Iterator<Item = (&'d String, &'d Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}
