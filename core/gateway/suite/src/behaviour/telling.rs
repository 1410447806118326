//! What platforms tell: hints, and no more.

use std::sync::Arc;

use dragoman_simulators::{Change, Does};

use crate::ground::Ground;
use crate::mortal::Dies;
use crate::subject::Subject;
use crate::trouble::Trouble;

/// Longer than a message of a queue stays hidden once it was given, and shorter than a list rests.
const HIDDEN: i64 = 65;

/// As many commits as there are while messages of a queue are taken.
const COMMITS: u32 = 4;

/// The list is read once; from then on all that is known comes by webhooks, which come backwards and twice.
pub async fn webhooks(mut ground: Ground) -> Result<(), Trouble> {
    ground.pass(900);
    ground.read().await?;
    ground.place(2, false)?;
    ground.pass(1);
    for sold in ground.settled() {
        ground.act(&sold.id, Does::Edit, "5 Told Street", false)?;
    }
    let mut told = ground.simulator.told();
    if told.is_empty() {
        return Err(Trouble::new("its simulator tells nothing"));
    }
    told.reverse();
    for one in told.iter().chain(&told) {
        if !ground.hear(one).await? {
            return Err(Trouble::new("a webhook is not believed"));
        }
    }
    ground.read().await?;
    ground.check().await
}

/// One whose content is another than what was signed is refused, and changes nothing.
pub async fn forged(mut ground: Ground) -> Result<(), Trouble> {
    ground.place(1, false)?;
    for mut told in ground.simulator.told() {
        told.body.push(b' ');
        if ground.hear(&told).await? {
            return Err(Trouble::new("another body is believed"));
        }
        told.body.pop();
        told.headers.clear();
        if ground.hear(&told).await? {
            return Err(Trouble::new("one without a signature is believed"));
        }
    }
    ground.ends_well().await
}

/// The list is read once; from then on all that is known comes by the queue, which keeps no order, gives some messages late
/// and some twice.
pub async fn queue(mut ground: Ground) -> Result<(), Trouble> {
    ground.pass(900);
    ground.read().await?;
    ground.play("twice", 2)?;
    ground.place(2, false)?;
    ground.play("late", 1)?;
    ground.pass(1);
    for sold in ground.settled() {
        ground.act(&sold.id, Does::Edit, "6 Queued Street", false)?;
    }
    for _ in 0..2 {
        ground.ask_queue().await?;
        ground.read().await?;
        ground.pass(HIDDEN);
    }
    ground.check().await?;
    emptied(&ground)
}

/// Wherever the process dies, on either side of a commit, what it did not delete is given again, and is known then.
pub async fn crash(subject: &Arc<Subject>) -> Result<(), Trouble> {
    for dies in [Dies::Before, Dies::After] {
        for commit in 0..COMMITS {
            let mut ground = Ground::new(subject, 7, 0).await?;
            ground.pass(900);
            ground.read().await?;
            ground.place(3, false)?;
            ground.pass(1);
            ground.die(commit, dies).await?;
            ground.ask_queue().await?;
            let left = ground.simulator.queued();
            ground.pass(HIDDEN);
            ground.ask_queue().await?;
            // The process may die only now.
            ground.read().await?;
            ground.read().await?;
            let checked = match ground.check().await {
                Ok(()) if commit == 0 && left == 0 => Err(Trouble::new("the process did not die in time")),
                Ok(()) => emptied(&ground),
                Err(trouble) => Err(trouble),
            };
            checked.map_err(|trouble| trouble.when(&format!("died {dies:?} commit {commit}")))?;
        }
    }
    Ok(())
}

/// What is no event is put aside, told to people once, and holds up nothing.
pub async fn unreadable(mut ground: Ground) -> Result<(), Trouble> {
    ground.pass(900);
    ground.read().await?;
    let messages = ["neither here nor there", "{\"so\": \"what\"}"].map(str::to_owned);
    ground.tell(Change { messages: messages.to_vec(), ..Change::default() })?;
    ground.place(1, false)?;
    for _ in 0..2 {
        ground.pass(HIDDEN);
        ground.ask_queue().await?;
        ground.read().await?;
    }
    ground.check().await?;
    let views = ground.gateway.sync_status(&Ground::by()).await.map_err(|error| Trouble::of(&error))?;
    let asked: usize = views.iter().map(|view| view.asks.len()).sum();
    if asked != messages.len() {
        return Err(Trouble::new(format!("people are told of {asked} messages")));
    }
    emptied(&ground)
}

fn emptied(ground: &Ground) -> Result<(), Trouble> {
    match ground.simulator.queued() {
        0 => Ok(()),
        left => Err(Trouble::new(format!("{left} messages are still in the queue"))),
    }
}
