//! How platforms are told of parcels.

use std::sync::Arc;

use crate::check::Kept;
use crate::ground::Ground;
use crate::mortal::Dies;
use crate::subject::Subject;
use crate::trouble::Trouble;

/// What happens after a parcel was taken, so that nobody knows.
const UNANSWERED: [&str; 3] = ["hang up after", "fail after", "broken after"];

/// As many commits as there are while a parcel is told of.
const COMMITS: u32 = 4;

/// An order that was read, to be shipped.
async fn ordered(ground: &mut Ground) -> Result<Kept, Trouble> {
    ground.place(1, false)?;
    ground.pass(900);
    ground.read().await?;
    let first = ground.orders().await?.into_iter().next();
    first.ok_or_else(|| Trouble::new("there is no order to be shipped"))
}

/// Hands a parcel in.
async fn handed(ground: &mut Ground, kept: &Kept) -> Result<(), Trouble> {
    if ground.ship(kept).await? { Ok(()) } else { Err(Trouble::new("the order has nothing to be shipped")) }
}

/// The parcel has to have gone out, once.
async fn went_out(mut ground: Ground) -> Result<(), Trouble> {
    ground.ends_well().await?;
    for handed in ground.handed.clone() {
        let state = ground.state(&handed.stream, handed.number).await?;
        if state != "delivered" {
            return Err(Trouble::new(format!("parcel {} is {state}", handed.tracking)));
        }
    }
    Ok(())
}

/// The same parcel, handed in twice.
pub async fn twice(mut ground: Ground) -> Result<(), Trouble> {
    let kept = ordered(&mut ground).await?;
    let at = ground.now().to_string();
    handed(&mut ground, &kept).await?;
    if !ground.ship_again(&kept, &at).await? {
        return Err(Trouble::new("the second is not known as the first"));
    }
    ground.send().await?;
    if !ground.ship_again(&kept, &at).await? {
        return Err(Trouble::new("the third is not known as the first"));
    }
    went_out(ground).await
}

/// The parcel was taken, and the answer is lost, broken or a lie.
pub async fn unanswered(subject: &Arc<Subject>) -> Result<(), Trouble> {
    for behaviour in UNANSWERED.iter().filter(|behaviour| subject.plays(behaviour)) {
        let mut ground = Ground::new(subject, 7, 0).await?;
        let kept = ordered(&mut ground).await?;
        ground.play(behaviour, 1)?;
        handed(&mut ground, &kept).await?;
        ground.send().await?;
        let ended = if subject.ships_safely() { went_out(ground).await } else { ground.ends_well().await };
        ended.map_err(|trouble| trouble.when(behaviour))?;
    }
    Ok(())
}

/// The parcel was not taken: it goes out later, by itself.
pub async fn postponed(mut ground: Ground) -> Result<(), Trouble> {
    let kept = ordered(&mut ground).await?;
    ground.play("throttle", 1)?;
    handed(&mut ground, &kept).await?;
    ground.send().await?;
    went_out(ground).await
}

/// Wherever the process dies, the platform hears of the parcel at most once.
pub async fn crash(subject: &Arc<Subject>) -> Result<(), Trouble> {
    for dies in [Dies::Before, Dies::After] {
        for commit in 0..COMMITS {
            let mut ground = Ground::new(subject, 7, 0).await?;
            let kept = ordered(&mut ground).await?;
            ground.die(commit, dies).await?;
            handed(&mut ground, &kept).await?;
            ground.send().await?;
            let ended = ground.ends_well().await;
            ended.map_err(|trouble| trouble.when(&format!("died {dies:?} commit {commit}")))?;
        }
    }
    Ok(())
}
