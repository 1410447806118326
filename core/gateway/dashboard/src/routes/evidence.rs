//! Ledger and hash chain.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use dragoman_engine::EngineError;
use dragoman_engine::people::Right;
use http::header::CONTENT_DISPOSITION;

use crate::access::{Posted, Visitor};
use crate::pages::evidence::{Evidence, evidence};
use crate::respond::{Answer, Failed, page};
use crate::site::Site;

async fn found(site: &Site, visitor: &Visitor) -> Result<Evidence, Failed> {
    let ledger = site.gateway().ledger(&visitor.actor).await?;
    let events = *site.gateway().store().written().borrow();
    Ok(Evidence { ledger, events, verified: None })
}

/// The page.
pub async fn show(State(site): State<Site>, visitor: Visitor) -> Answer {
    page(evidence(&visitor.frame(""), &found(&site, &visitor).await?))
}

/// The page, with the chain recomputed. It is read from end to end: only who keeps the gateway may ask.
pub async fn verify(State(site): State<Site>, posted: Posted) -> Answer {
    let visitor = &posted.visitor;
    if !visitor.actor.may(Right::Administer) {
        return Err(EngineError::Forbidden(Right::Administer).into());
    }
    let verified = site.gateway().store().verify().await.map_err(Failed::broken)?;
    let found = Evidence { verified: Some(verified), ..found(&site, visitor).await? };
    page(evidence(&visitor.frame(""), &found))
}

/// The ledger as JSON.
pub async fn ledger(State(site): State<Site>, visitor: Visitor) -> Answer {
    let ledger = site.gateway().ledger(&visitor.actor).await?;
    Ok(([(CONTENT_DISPOSITION, "attachment; filename=\"ledger.json\"")], Json(ledger)).into_response())
}
