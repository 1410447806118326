//! How orders are read.

use std::sync::Arc;

use dragoman_simulators::{Change, Does, Play};

use crate::ground::Ground;
use crate::mortal::Dies;
use crate::subject::{PAGE, Subject};
use crate::trouble::Trouble;

/// Orders for several pages.
const ORDERS: u32 = 5;

/// Longer than anything that is new stays hidden.
const SOON: i64 = 900;

/// As many commits as there are while the first pages are read.
const COMMITS: u32 = 8;

/// Several pages are read to the last order in one go.
pub async fn pages(mut ground: Ground) -> Result<(), Trouble> {
    ground.place(ORDERS, false)?;
    ground.pass(SOON);
    ground.read().await?;
    ground.check().await
}

/// Wherever the process dies, on either side of a commit, the next one has everything soon.
pub async fn crash(subject: &Arc<Subject>) -> Result<(), Trouble> {
    for dies in [Dies::Before, Dies::After] {
        for commit in 0..COMMITS {
            let mut ground = Ground::new(subject, 7, 0).await?;
            ground.tell(Change { page: Some(PAGE), ..Change::default() })?;
            // It has its token already: one that is good once does not survive a crash while it is given.
            ground.read().await?;
            ground.place(3, false)?;
            ground.pass(SOON);
            ground.die(commit, dies).await?;
            ground.read().await?;
            ground.restart().await?;
            ground.read().await?;
            let checked = ground.check().await;
            checked.map_err(|trouble| trouble.when(&format!("died {dies:?} commit {commit}")))?;
        }
    }
    Ok(())
}

/// Something goes wrong once and again while pages are read: everything is there in the end.
pub async fn in_the_middle(mut ground: Ground, behaviours: &[&str]) -> Result<(), Trouble> {
    ground.place(ORDERS, false)?;
    ground.pass(SOON);
    for behaviour in behaviours {
        ground.play(behaviour, 3)?;
        for _ in 0..4 {
            ground.read().await?;
            ground.pass(60);
        }
        ground.place(1, false)?;
        ground.pass(SOON);
    }
    ground.ends_well().await
}

/// Bodies that are empty or break off in the middle: nothing of them is taken for an order.
pub async fn bodies(mut ground: Ground) -> Result<(), Trouble> {
    let asked = ground.subject.asked();
    for behaviour in ["empty", "broken"] {
        for on in &asked {
            ground.place(3, false)?;
            ground.pass(SOON);
            let play = Play { on: Some(on.clone()), ..Play::times(behaviour, 2) };
            ground.tell(Change { plays: vec![play], ..Change::default() })?;
            for _ in 0..3 {
                ground.read().await?;
                ground.check_had().await.map_err(|trouble| trouble.when(&format!("{behaviour} {on}")))?;
                ground.pass(60);
            }
        }
    }
    ground.ends_well().await
}

/// A list that does not end is left, and read to its end once it has one.
pub async fn endless(mut ground: Ground) -> Result<(), Trouble> {
    ground.place(ORDERS, false)?;
    ground.pass(SOON);
    ground.play("endless", 50)?;
    ground.read().await?;
    let asked = ground.simulator.requests().len();
    if asked > 50 {
        return Err(Trouble::new(format!("it was asked {asked} times")));
    }
    ground.ends_well().await
}

/// The platform's clock is ahead: orders come from the future, and are there once it is past.
pub async fn clocks(mut ground: Ground) -> Result<(), Trouble> {
    for _ in 0..4 {
        ground.place(1, false)?;
        ground.read().await?;
        ground.pass(400);
    }
    ground.ends_well().await
}

/// A change that leaves the time of the last change where it was is found within a day.
pub async fn quiet(mut ground: Ground) -> Result<(), Trouble> {
    ground.place(ORDERS, false)?;
    ground.pass(SOON);
    ground.read().await?;
    for sold in ground.settled() {
        ground.act(&sold.id, Does::Edit, "2 Quiet Street", true)?;
    }
    ground.ends_well().await
}

/// What people do to an order is there soon.
pub async fn edited(mut ground: Ground) -> Result<(), Trouble> {
    ground.place(ORDERS, false)?;
    ground.pass(SOON);
    ground.read().await?;
    for sold in ground.settled() {
        ground.act(&sold.id, Does::Edit, "3 Edited Street", false)?;
        ground.act(&sold.id, Does::Cancel, "", false)?;
    }
    ground.pass(SOON);
    ground.read().await?;
    ground.check().await
}

/// An order that is not settled is fetched again until it is, also where it is edited meanwhile and its time of change
/// stays.
pub async fn pending(mut ground: Ground) -> Result<(), Trouble> {
    ground.place(1, true)?;
    ground.pass(SOON);
    ground.read().await?;
    waiting(&ground, 1).await?;
    let order = ground.simulator.orders().first().map(|sold| sold.id.clone()).unwrap_or_default();
    ground.act(&order, Does::Edit, "4 Patient Street", true)?;
    ground.pass(SOON);
    ground.read().await?;
    waiting(&ground, 1).await?;
    ground.act(&order, Does::Settle, "", true)?;
    ground.pass(SOON);
    ground.read().await?;
    // A platform may change it unseen until it has ended.
    let stream = ground.subject.stream();
    if stream.is_some_and(|stream| stream.detail.as_ref().is_some_and(|detail| detail.ended.is_none())) {
        waiting(&ground, 0).await?;
    }
    ground.check().await
}

/// So many orders wait until the platform is done with them.
async fn waiting(ground: &Ground, count: usize) -> Result<(), Trouble> {
    let views = ground.gateway.sync_status(&Ground::by()).await.map_err(|error| Trouble::of(&error))?;
    let found: usize = views.iter().map(|view| view.unsettled).sum();
    if found == count { Ok(()) } else { Err(Trouble::new(format!("{found} orders wait, not {count}"))) }
}
