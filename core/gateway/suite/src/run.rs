//! A run in which everything goes wrong that a seed draws, while orders are placed, paid, edited, cancelled and shipped.

use std::sync::Arc;

use dragoman_sim::shop::Draw;
use dragoman_simulators::{Change, Does, Told};

use crate::ground::Ground;
use crate::mortal::Dies;
use crate::subject::{PAGE, Subject};
use crate::trouble::Trouble;

/// So many things happen in a run.
const STEPS: usize = 24;

/// What is not played: it takes its time.
const NEVER: &str = "slow";

/// Plays the run of a seed. `Err` says what is wrong in the end.
pub async fn run(subject: &Arc<Subject>, seed: u64) -> Result<(), Trouble> {
    let mut draw = Draw::new(seed, 0);
    // Clocks differ by up to twenty minutes.
    let ahead = i64::try_from(draw.below(2400)).unwrap_or_default() - 1200;
    let ground = Ground::new(subject, seed, ahead).await?;
    ground.tell(Change { page: Some(PAGE), ..Change::default() })?;
    ground.place(3, false)?;
    let mut run = Run { ground, draw, heard: Vec::new() };
    for step in 0..STEPS {
        run.step().await.map_err(|trouble| trouble.when(&format!("step {step}")))?;
    }
    run.ground.ends_well().await
}

struct Run {
    ground: Ground,
    draw: Draw,
    /// What was told before: it may come again.
    heard: Vec<Told>,
}

impl Run {
    async fn step(&mut self) -> Result<(), Trouble> {
        match self.draw.below(16) {
            0 => {
                let pending = self.one_of(3);
                let make = 1 + self.count(2);
                self.ground.place(make, pending)?;
            }
            1 => self.act(Does::Settle)?,
            2 | 3 => self.act(Does::Edit)?,
            4 => self.act(Does::Cancel)?,
            5..=7 => self.fault()?,
            8 if self.ground.subject.has_queue() => self.ground.ask_queue().await?,
            8 | 9 => self.hear().await?,
            10 => {
                let (commit, dies) = (self.count(12), self.side());
                self.ground.die(commit, dies).await?;
            }
            11 => self.ship().await?,
            12 => self.ground.send().await?,
            _ => self.ground.read().await?,
        }
        let longest = if self.one_of(5) { 7200 } else { 300 };
        let seconds = self.draw.below(longest);
        self.ground.pass(i64::try_from(seconds).unwrap_or_default());
        Ok(())
    }

    fn one_of(&mut self, bound: usize) -> bool {
        self.draw.below(bound) == 0
    }

    fn count(&mut self, bound: usize) -> u32 {
        u32::try_from(self.draw.below(bound)).unwrap_or_default()
    }

    fn side(&mut self) -> Dies {
        if self.one_of(2) { Dies::Before } else { Dies::After }
    }

    /// Somebody does something to one of the orders that are so far.
    fn act(&mut self, does: Does) -> Result<(), Trouble> {
        let orders = self.ground.simulator.orders();
        let fitting: Vec<_> = orders.iter().filter(|sold| sold.pending || does != Does::Settle).collect();
        let Some(sold) = fitting.get(self.draw.below(fitting.len())) else { return Ok(()) };
        let text = format!("{} Changed Street", 1 + self.draw.below(900));
        let quiet = self.one_of(3);
        self.ground.act(&sold.id, does, &text, quiet).map(|_| ())
    }

    /// Something goes wrong the next few times.
    fn fault(&mut self) -> Result<(), Trouble> {
        let names = self.ground.simulator.behaviours().map(|one| one.name.to_string());
        let names: Vec<_> = names.filter(|name| name != NEVER).collect();
        let times = 1 + self.count(4);
        match names.get(self.draw.below(names.len())) {
            Some(name) => self.ground.play(name, times),
            None => Ok(()),
        }
    }

    /// What the platform told arrives: in any order, perhaps not at all, and perhaps what arrived before once more; and
    /// somebody who is not the platform tells something as well.
    async fn hear(&mut self) -> Result<(), Trouble> {
        let mut told = self.ground.simulator.told();
        while !told.is_empty() {
            let one = told.swap_remove(self.draw.below(told.len()));
            if self.one_of(5) {
                continue;
            }
            self.ground.hear(&one).await?;
            self.heard.push(one);
        }
        let again = self.heard.get(self.draw.below(self.heard.len())).cloned();
        let Some(mut again) = again else { return Ok(()) };
        self.ground.hear(&again).await?;
        again.body.push(b' ');
        if self.ground.hear(&again).await? {
            return Err(Trouble::new("a webhook is believed that the platform did not send"));
        }
        Ok(())
    }

    /// A parcel of one of the orders that the gateway has is handed in, and mostly sent at once.
    async fn ship(&mut self) -> Result<(), Trouble> {
        self.ground.revive().await?;
        let orders = self.ground.orders().await?;
        let Some(kept) = orders.get(self.draw.below(orders.len())).cloned() else { return Ok(()) };
        self.ground.ship(&kept).await?;
        if self.one_of(4) { Ok(()) } else { self.ground.send().await }
    }
}
