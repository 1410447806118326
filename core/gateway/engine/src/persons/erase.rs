//! The wish of a person to be forgotten. What no law keeps goes at once; what one keeps is out of sight until its time is
//! over, and goes then. With the last of it the person's key is destroyed: copies of the store that are read later lack
//! it.

use dragoman_exchange::{Event, Retention};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::draft::Told;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// The space of the records of wishes that are not done with: `tenant/subject`, in no tenant.
const SPACE: &str = "erasure";
/// So many wishes are looked at at once.
const PAGE: usize = 200;
/// What the journal says of the reason.
const WHY: &str = "the wish of a person";

/// What became of a wish to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Erasure {
    /// The id of the person, by which nobody is found who is not known.
    pub subject: String,
    /// When it was asked for.
    pub asked: Timestamp,
    /// Who wrote it down.
    pub by: String,
    /// Exchanges whose messages are gone.
    pub erased: Vec<String>,
    /// Exchanges whose messages are kept for now, out of sight.
    pub kept: Vec<Kept>,
}

/// An exchange that is kept in spite of a wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Kept {
    /// The exchange.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Until when, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why.
    pub why: String,
}

impl Gateway {
    /// Forgets the persons that an exchange is about, as far as no law keeps what is known of them.
    pub async fn forget(&self, by: &Actor, id: &str) -> Answer<Vec<Erasure>> {
        allowed(by, Right::Administer)?;
        let told = self.told(&by.tenant, id).await?;
        let subjects = self.0.store.concerned(&by.tenant, &told.id).await?;
        if subjects.is_empty() {
            return Err(EngineError::Conflict("it is about no person who is known".to_owned()));
        }
        let mut done = Vec::new();
        for subject in subjects {
            let wish = Erasure {
                subject,
                asked: self.0.clock.now(),
                by: by.name.clone(),
                erased: Vec::new(),
                kept: Vec::new(),
            };
            done.push(self.carry_out(&by.tenant, wish).await?);
        }
        Ok(done)
    }

    /// The wishes of a tenant's persons that are not done with.
    pub async fn erasures(&self, by: &Actor) -> Answer<Vec<Erasure>> {
        allowed(by, Right::Administer)?;
        let own = format!("{}/", by.tenant);
        let all = self.wishes().await?.into_iter().filter(|(key, _)| key.starts_with(&own));
        Ok(all.map(|(_, wish)| wish).collect())
    }

    /// Looks at all wishes again: what was kept may go by now.
    pub(crate) async fn forget_later(&self) -> Answer<()> {
        for (key, wish) in self.wishes().await? {
            let Some((tenant, _)) = key.rsplit_once('/') else { continue };
            let is_due = |kept: &Kept| kept.until.is_none_or(|until| until <= self.0.clock.now());
            if wish.kept.iter().any(is_due) {
                self.carry_out(tenant, wish).await?;
            }
        }
        Ok(())
    }

    /// True where somebody sees the persons of an exchange: with the right to, and while none of them asked to be
    /// forgotten; then only who administers does.
    pub(crate) async fn sees(&self, by: &Actor, id: &str) -> Answer<bool> {
        if !by.may(Right::Personal) {
            return Ok(false);
        }
        if by.may(Right::Administer) {
            return Ok(true);
        }
        for subject in self.0.store.concerned(&by.tenant, id).await? {
            let key = format!("{}/{subject}", by.tenant);
            if self.0.store.record("", SPACE, &key).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn wishes(&self) -> Answer<Vec<(String, Erasure)>> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.0.store.records("", SPACE, &after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after.clone_from(&last.key);
            for record in page {
                let wish = serde_json::from_str(&record.body).map_err(EngineError::damaged)?;
                all.push((record.key, wish));
            }
        }
    }

    /// Erases what may go; with the last of it, the key.
    async fn carry_out(&self, tenant: &str, mut wish: Erasure) -> Answer<Erasure> {
        let by = Actor { name: wish.by.clone(), ..Actor::gateway(tenant) };
        let mut writing = Writing::new(self, &by);
        let mut all = Vec::new();
        for id in self.0.store.concerning(tenant, &wish.subject).await? {
            all.push(self.told(tenant, &id).await?);
        }
        wish.kept = all.iter().filter_map(|told| self.keeps(told)).collect();
        // Whoever keeps a declaration keeps what it was made from.
        let of_kept: Vec<Kept> = all.iter().flat_map(|told| made_from(told, &wish.kept)).collect();
        for order in of_kept {
            if all.iter().any(|told| told.id == order.id) && wish.kept.iter().all(|kept| kept.id != order.id)
            {
                wish.kept.push(order);
            }
        }
        for told in &all {
            if told.exchange.erased || wish.kept.iter().any(|kept| kept.id == told.id) {
                continue;
            }
            writing.batch.places.push(told.place(tenant));
            writing.event(&told.id, None, Event::Erased { why: WHY.to_owned() });
            wish.erased.push(told.id.clone());
        }
        let key = format!("{tenant}/{}", wish.subject);
        let revision = self.0.store.record("", SPACE, &key).await?.map_or(0, |record| record.revision);
        let body = if wish.kept.is_empty() {
            writing.batch.forgotten.push((tenant.to_owned(), wish.subject.clone()));
            None
        } else {
            Some(serde_json::to_string(&wish).map_err(EngineError::damaged)?)
        };
        if revision > 0 || body.is_some() {
            writing.wide_record(SPACE, key, revision, body);
        }
        writing.commit().await?;
        Ok(wish)
    }

    /// Why an exchange is kept, where it is.
    fn keeps(&self, told: &Told) -> Option<Kept> {
        let exchange = &told.exchange;
        let kept = |until, why: String| {
            Some(Kept { id: told.id.clone(), title: exchange.title.clone(), until, why })
        };
        if exchange.erased {
            return None;
        }
        if !exchange.is_settled() {
            return kept(None, "something of it is still to be sent or answered".to_owned());
        }
        let corridor = exchange.corridor.as_deref();
        let until = Retention::until(&self.0.config.retention, corridor, exchange.changed?)?;
        if until <= self.0.clock.now() {
            return None;
        }
        kept(Some(until), format!("the retention of {} says so", corridor.unwrap_or("everything else")))
    }
}

/// The orders of a declaration that is kept, which are kept as long.
fn made_from(told: &Told, kept: &[Kept]) -> Vec<Kept> {
    let Some(own) = kept.iter().find(|kept| kept.id == told.id) else { return Vec::new() };
    let order = |(id, number): &(String, String)| Kept {
        id: id.clone(),
        title: number.clone(),
        until: own.until,
        why: format!("{} was made from it", own.title),
    };
    told.exchange.orders.iter().map(order).collect()
}
