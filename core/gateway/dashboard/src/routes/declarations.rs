//! One exchange: a declaration with its correction, an order, a message.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use dragoman_engine::{Correction, EngineError, Request, ShipmentIn, ShipmentLine, View};
use dragoman_exchange::Decision;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use crate::access::{Fields, Posted, Visitor};
use crate::address::segment;
use crate::pages::correction::{self, Edit};
use crate::pages::declaration::{Look, declaration};
use crate::pages::order::order;
use crate::respond::{Answer, Failed, done, page};
use crate::site::Site;

/// How an exchange is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    part: String,
    edit: String,
    done: String,
}

async fn view(site: &Site, visitor: &Visitor, id: &str) -> Result<View, Failed> {
    site.gateway().exchange(&visitor.actor, id).await?.ok_or_else(Failed::not_found)
}

/// What the counterpart of an exchange can be asked for.
async fn operations(site: &Site, visitor: &Visitor, view: &View) -> Result<Vec<String>, Failed> {
    let accounts = site.gateway().accounts(&visitor.actor).await?;
    let own = accounts.into_iter().find(|account| account.name == view.row.account);
    Ok(own.map(|account| account.operations).unwrap_or_default())
}

/// A declaration.
pub async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(looked): Query<Looked>,
) -> Answer {
    let view = view(&site, &visitor, &id).await?;
    if view.row.kind != "declaration" {
        return Err(Failed::not_found());
    }
    let operations = operations(&site, &visitor, &view).await?;
    let look = Look { part: looked.part, edit: !looked.edit.is_empty(), operations };
    page(declaration(&visitor.frame(&looked.done), &view, &look))
}

/// An order, an answer that nobody waited for, news to a customer.
pub async fn other(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(looked): Query<Looked>,
) -> Answer {
    let view = view(&site, &visitor, &id).await?;
    if view.row.kind == "declaration" {
        return Err(Failed::not_found());
    }
    let operations = operations(&site, &visitor, &view).await?;
    page(order(&visitor.frame(&looked.done), &view, &looked.part, &operations))
}

/// The bytes behind an event, as they came or went. Browsers show them as text, whatever they are.
pub async fn message(
    State(site): State<Site>,
    visitor: Visitor,
    Path((id, seq)): Path<(String, u64)>,
) -> Answer {
    let view = view(&site, &visitor, &id).await?;
    if !view.timeline.iter().any(|one| one.seq == seq && one.message.is_some()) {
        return Err(Failed::not_found());
    }
    let payload = site.gateway().message_bytes(&visitor.actor, &id, seq).await?;
    let payload = payload.ok_or_else(Failed::not_found)?;
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{seq}.txt\"")),
    ];
    Ok((headers, payload.bytes).into_response())
}

/// Everything that proves what happened, as a zip.
pub async fn evidence(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let bytes = site.gateway().evidence(&visitor.actor, &id).await?;
    let name = format!("attachment; filename=\"evidence-{}.zip\"", segment(&id));
    Ok(([(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

/// Tells the platform of an order that it was shipped, all of it in one parcel.
pub async fn ship(State(site): State<Site>, Path(id): Path<String>, posted: Posted) -> Answer {
    let view = view(&site, &posted.visitor, &id).await?;
    let some =
        |name: &str| Some(posted.fields.get(name).trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let shipment = ShipmentIn {
        number: some("number").unwrap_or_else(|| "1".to_owned()),
        carrier: some("carrier"),
        tracking_number: some("tracking"),
        shipped_at: Some(site.gateway().clock().now().to_string()),
        lines: lines(&view),
        ..ShipmentIn::default()
    };
    site.gateway().ship(&posted.visitor.actor, &id, &shipment).await?;
    done(&format!("/orders/{}", segment(&id)), "shipped")
}

/// The lines of an order with all their pieces.
fn lines(view: &View) -> Vec<ShipmentLine> {
    let canonical = view.panes.iter().flat_map(|panes| &panes.canonical.lines);
    let mut lines: Vec<ShipmentLine> = Vec::new();
    for line in canonical {
        let (Some(path), Some(value)) = (&line.path, &line.value) else { continue };
        if path.starts_with("lines[") && path.ends_with("].line") {
            lines.push(ShipmentLine { id: value.clone(), quantity: String::new() });
        } else if path.starts_with("lines[")
            && path.ends_with("].quantity.value")
            && let Some(last) = lines.last_mut()
        {
            last.quantity.clone_from(value);
        }
    }
    lines
}

/// The edits of a form: those that change something.
fn edits(fields: &Fields) -> Vec<Edit> {
    let places = fields.all("path").zip(fields.all("was"));
    let mut written = fields.all("new");
    let edit = |(at, (path, was)): (usize, (&str, &str))| {
        // A choice between two values is named by its number.
        let chosen = fields.all(&format!("new{at}")).next().map(str::to_owned);
        let new = chosen.or_else(|| written.next().map(str::to_owned))?;
        (new != was).then(|| Edit { path: path.to_owned(), was: was.to_owned(), new })
    };
    places.enumerate().filter_map(edit).collect()
}

fn corrections(edits: &[Edit]) -> Vec<Correction> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let one = |edit: &Edit| Correction {
        path: edit.path.clone(),
        old: some(&edit.was),
        new: some(&edit.new),
        reason: None,
    };
    edits.iter().map(one).collect()
}

fn revision(fields: &Fields) -> Result<u32, Failed> {
    fields.get("revision").parse().map_err(|_| Failed::refused("revision"))
}

/// The difference that edits would make.
pub async fn correct(State(site): State<Site>, Path(id): Path<String>, posted: Posted) -> Answer {
    let view = view(&site, &posted.visitor, &id).await?;
    let (edits, seen) = (edits(&posted.fields), revision(&posted.fields)?);
    let frame = posted.visitor.frame("");
    if view.revision != seen {
        return Ok(conflict(correction::conflict(&frame, &view, seen, &edits)));
    }
    let difference = site.gateway().difference(&posted.visitor.actor, &id, &corrections(&edits)).await?;
    page(correction::difference(&frame, &view, &edits, &difference))
}

/// Keeps a correction, and sends it where that was asked; asks customs for it where customs has the declaration.
pub async fn corrected(State(site): State<Site>, Path(id): Path<String>, posted: Posted) -> Answer {
    let (by, then) = (&posted.visitor.actor, posted.fields.get("then"));
    let (edits, seen) = (edits(&posted.fields), revision(&posted.fields)?);
    let own = format!("/declarations/{}", segment(&id));
    if then == "amend" {
        site.gateway().amend(by, &id, &corrections(&edits), &request(&posted.fields)).await?;
        return done(&own, "amended");
    }
    match site.gateway().correct(by, &id, seen, &corrections(&edits)).await {
        Ok(difference) if then == "resubmit" => {
            site.gateway().resubmit(by, &id, difference.revision).await?;
            done(&own, "resubmitted")
        }
        Ok(_) => done(&own, "saved"),
        Err(EngineError::Conflict(_)) => {
            let view = view(&site, &posted.visitor, &id).await?;
            Ok(conflict(correction::conflict(&posted.visitor.frame(""), &view, seen, &edits)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Why something is asked of customs.
fn request(fields: &Fields) -> Request {
    let some = |name: &str| Some(fields.get(name).trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    Request { reason: some("reason"), text: some("text"), key: None }
}

/// Something that is done with a declaration by its button.
pub async fn act(
    State(site): State<Site>,
    Path((id, action)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let (gateway, by, fields) = (site.gateway(), &posted.visitor.actor, &posted.fields);
    let own = format!("/declarations/{}", segment(&id));
    let word = match action.as_str() {
        "approve" => gateway.approve(by, &id).await.map(|()| "approved")?,
        "decide" => gateway.decide(by, &id, decision(fields)?).await.map(|()| "decided")?,
        "give-up" => gateway.give_up(by, &id, "given up in its page").await.map(|()| "given_up")?,
        "resubmit" => gateway.resubmit(by, &id, revision(fields)?).await.map(|_| "resubmitted")?,
        "cancel" => gateway.cancel(by, &id, &request(fields)).await.map(|_| "cancelled")?,
        "arrive" => gateway.arrive(by, &id, None).await.map(|_| "arrived")?,
        "duplicate" => {
            let taken = gateway.duplicate(by, &id).await?;
            let draft = taken.declarations.first().map(|one| segment(&one.id));
            return done(&draft.map_or(own, |draft| format!("/declarations/{draft}")), "duplicated");
        }
        _ => return Err(Failed::not_found()),
    };
    done(&own, word)
}

fn decision(fields: &Fields) -> Result<Decision, Failed> {
    match fields.get("decision") {
        "delivered" => Ok(Decision::Delivered),
        "resend" => Ok(Decision::Resend),
        "give_up" => Ok(Decision::GiveUp),
        _ => Err(Failed::refused(crate::texts::ENGLISH.decide)),
    }
}

/// Says which declaration a parked answer belongs to.
pub async fn matched(State(site): State<Site>, Path(id): Path<String>, posted: Posted) -> Answer {
    let declaration = posted.fields.get("declaration").trim();
    site.gateway().match_parked(&posted.visitor.actor, &id, declaration).await?;
    done(&format!("/declarations/{}", segment(declaration)), "matched")
}

/// Answers a question of a counterpart.
pub async fn answered(State(site): State<Site>, Path(id): Path<String>, posted: Posted) -> Answer {
    site.gateway().answer_inquiry(&posted.visitor.actor, &id).await?;
    done(&format!("/messages/{}", segment(&id)), "answered")
}

fn conflict(text: String) -> Response {
    (StatusCode::CONFLICT, Html(text)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(path: &str, was: &str, new: &str) -> Edit {
        Edit { path: path.into(), was: was.into(), new: new.into() }
    }

    #[test]
    fn only_what_changes_is_an_edit() {
        let fields = Fields::read(b"path=a&was=1&new=1&path=b&was=2&new=3&path=c&was=4&new=");
        assert_eq!(edits(&fields), [edit("b", "2", "3"), edit("c", "4", "")]);
        assert_eq!(edits(&Fields::read(b"path=a&was=1")), [], "a field that is missing changes nothing");
    }

    #[test]
    fn a_choice_is_told_by_its_number() {
        let fields = Fields::read(b"path=a&was=9&new0=9&path=b&was=2&new1=5");
        assert_eq!(edits(&fields), [edit("b", "2", "5")]);
    }
}
