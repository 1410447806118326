//! `POST /v1/translate`: one format in, another out.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use dragoman_adapters::Message;
use dragoman_mapping::report::Report;
use dragoman_syntax::grammar::Syntax;
use http::HeaderName;
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::Api;
use crate::input::{Content, Query};
use crate::media;
use crate::problem::{Body, MEDIA_TYPE, Problem};
use crate::reading::{self, Translated};
use crate::schema;

/// How many warnings and notes an answer leaves out.
const FINDINGS: HeaderName = HeaderName::from_static("dragoman-findings");

/// What is to be translated into what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Translate {
    /// The message that the body is; without it, what its content says.
    #[param(example = "auto")]
    from: Option<String>,
    /// The message to write.
    #[param(example = "canonical")]
    to: Option<String>,
    /// True for a report on every leaf, with the output as text in it.
    report: Option<bool>,
}

/// A document that was translated, with its report.
#[derive(Serialize)]
struct Translation {
    output: String,
    report: Report,
}

/// Translate a message.
///
/// The answer is the message in the other form, and only where nothing is wrong with it; `dragoman-findings` counts the
/// warnings and notes. With `report=true` it is a list with one report a document, whatever was found in it.
#[utoipa::path(
    post, path = "/v1/translate", tag = "Translation", params(Translate),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 200, description = "The message, or the reports", content(
            (serde_json::Value = "application/json"),
            (String = "application/x-ndjson"),
            (String = "application/xml"),
            (String = "application/EDIFACT"),
            (String = "application/EDI-X12"),
            (Vec<schema::Translation> = "application/vnd.dragoman.report+json"),
        ), headers(("dragoman-findings" = u32, description = "How many warnings and notes there are"))),
        (status = 422, description = "Something is wrong with the content", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn translate(
    State(api): State<Api>,
    Query(asked): Query<Translate>,
    content: Content,
) -> Result<Response, Problem> {
    let is_report = asked.report.unwrap_or(false);
    let to = reading::named(api.catalogue(), asked.to.as_deref().unwrap_or(Message::CANONICAL))?;
    let syntax = to.syntax();
    let catalogue = api.catalogue().clone();
    let translated = api
        .work(move || {
            let bytes = &content.bytes;
            let from = reading::message_of(&catalogue, asked.from.as_deref(), &content.headers, bytes)?;
            let from = from.map_err(|unknown| Problem::finding(&unknown))?;
            Ok::<_, Problem>(reading::translate(&catalogue, &from, &to, bytes))
        })
        .await??;
    if is_report && !translated.documents.is_empty() {
        Ok(reports(translated))
    } else {
        message(translated, syntax)
    }
}

fn reports(translated: Translated) -> Response {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let documents = translated.documents.into_iter();
    let all: Vec<_> = documents.map(|(bytes, report)| Translation { output: text(bytes), report }).collect();
    ([(CONTENT_TYPE, "application/vnd.dragoman.report+json")], Json(all)).into_response()
}

pub fn message(translated: Translated, syntax: Syntax) -> Result<Response, Problem> {
    if translated.has_errors() || translated.documents.is_empty() {
        let problem = Problem::content("the message cannot be translated as it is", translated.findings);
        let is_partly = !translated.documents.is_empty();
        return Err(if is_partly { problem.hint("`report=true` gives what can be given") } else { problem });
    }
    let several = translated.documents.len() > 1;
    let media_type = match syntax {
        Syntax::Json if several => "application/x-ndjson",
        Syntax::Xml if several => {
            let detail =
                format!("there are {} documents, and one XML document holds one", translated.documents.len());
            return Err(
                Problem::content(detail, translated.findings).hint("`report=true` gives each of them")
            );
        }
        syntax => media::of(syntax),
    };
    let headers = [(CONTENT_TYPE, media_type.to_owned()), (FINDINGS, translated.findings.len().to_string())];
    Ok((headers, translated.whole).into_response())
}
