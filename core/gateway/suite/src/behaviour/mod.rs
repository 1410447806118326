//! The behaviours, by name: what each is about, and what an adapter has to declare for it.

mod reading;
mod shipping;
mod telling;

use std::sync::Arc;

use dragoman_simulators::Change;

use crate::ground::Ground;
use crate::subject::{PAGE, Subject};
use crate::trouble::Trouble;

/// One thing that every order platform is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Orders are read page by page, to the last page.
    Pages,
    /// A process dies in the middle of a page, and another one goes on.
    Crash,
    /// The access token ends between two pages.
    TokenEnds,
    /// Too much is asked: the platform says how long to wait.
    Throttle,
    /// Too much is asked, and the platform says nothing of waiting.
    ThrottleMute,
    /// A failure comes with HTTP 200.
    FailureInside200,
    /// The line is cut, or the platform fails.
    Failure,
    /// Every page has the same token.
    Endless,
    /// Tokens of pages are forgotten.
    Forgotten,
    /// Bodies are empty, or break off.
    Bodies,
    /// The clocks differ.
    Clocks,
    /// An order is changed, and its time of change is not.
    Quiet,
    /// An order is edited, and partly cancelled.
    Edited,
    /// An order is not paid for yet.
    Pending,
    /// Persons are left out.
    Withheld,
    /// Webhooks come twice, and in any order.
    Webhooks,
    /// A webhook is not the platform's.
    Forged,
    /// Messages of a queue come twice, late, and in any order.
    Queue,
    /// A process dies between the writing down of a message and its deletion.
    CrashQueue,
    /// A message of a queue is no event.
    Unreadable,
    /// A parcel is handed in twice.
    Twice,
    /// A parcel was taken, and the answer never came.
    Unanswered,
    /// A parcel was not taken at first.
    Postponed,
    /// A process dies while it tells of a parcel.
    CrashShipping,
}

impl Behaviour {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 24] = [
        Self::Pages,
        Self::Crash,
        Self::TokenEnds,
        Self::Throttle,
        Self::ThrottleMute,
        Self::FailureInside200,
        Self::Failure,
        Self::Endless,
        Self::Forgotten,
        Self::Bodies,
        Self::Clocks,
        Self::Quiet,
        Self::Edited,
        Self::Pending,
        Self::Withheld,
        Self::Webhooks,
        Self::Forged,
        Self::Queue,
        Self::CrashQueue,
        Self::Unreadable,
        Self::Twice,
        Self::Unanswered,
        Self::Postponed,
        Self::CrashShipping,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pages => "orders are read page by page",
            Self::Crash => "a crash in the middle of a page loses nothing",
            Self::TokenEnds => "a token may end in the middle",
            Self::Throttle => "what is asked too often waits as it is told",
            Self::ThrottleMute => "what is asked too often waits, also where nobody says how long",
            Self::FailureInside200 => "a failure inside HTTP 200 is one",
            Self::Failure => "a line that is cut and a server that fails lose nothing",
            Self::Endless => "a list with the same token for ever is left",
            Self::Forgotten => "a list whose token is forgotten begins anew",
            Self::Bodies => "empty and broken bodies are no orders",
            Self::Clocks => "clocks that differ lose nothing",
            Self::Quiet => "a change without a new time is found",
            Self::Edited => "an order that is edited and partly cancelled is as it was shown last",
            Self::Pending => "an order that is not settled waits until it is",
            Self::Withheld => "persons that are withheld come later",
            Self::Webhooks => "webhooks may come twice, late and in any order",
            Self::Forged => "a forged webhook is not believed",
            Self::Queue => "messages of a queue may come twice, late and in any order",
            Self::CrashQueue => "a crash before a message of a queue is deleted loses nothing",
            Self::Unreadable => "a message of a queue that says nothing is put aside, once",
            Self::Twice => "a parcel that is handed in twice is told of once",
            Self::Unanswered => "a parcel that was taken without an answer is not told of again",
            Self::Postponed => "a parcel that was not taken is told of later",
            Self::CrashShipping => "a crash while a parcel is told of tells nobody twice",
        }
    }

    /// Why it is not for a platform; none where it is.
    pub fn lacks(self, subject: &Subject) -> Option<String> {
        let acts = subject.script.shop.as_ref().map(|shop| &shop.acts);
        let plays =
            |what: &str| (!subject.plays(what)).then(|| format!("its simulator does not play `{what}`"));
        let lacking = |lacks: bool, why: &str| lacks.then(|| why.to_owned());
        let has_ship = subject.ship().is_some();
        let has_settled = subject
            .stream()
            .is_some_and(|stream| stream.detail.as_ref().is_some_and(|detail| detail.settled.is_some()));
        let cannot = |empty: Option<bool>, why: &str| lacking(empty != Some(false), why);
        match self {
            Self::Pages | Self::Crash => lacking(!subject.has_pages(), "it has no pages"),
            Self::TokenEnds => plays("expire"),
            Self::Throttle => plays("throttle"),
            Self::ThrottleMute => plays("throttle mute"),
            Self::FailureInside200 => {
                lacking(subject.fails_inside_200().is_none(), "its failures have statuses of their own")
            }
            Self::Endless => plays("endless"),
            Self::Forgotten => plays("forget"),
            Self::Failure | Self::Bodies | Self::Clocks => None,
            Self::Quiet => {
                let has_sweep = subject.stream().is_some_and(|stream| stream.sweep.is_some());
                lacking(!has_sweep, "it has no sweep")
                    .or_else(|| cannot(acts.map(|acts| acts.edit.is_empty()), "its orders are not edited"))
            }
            Self::Edited => cannot(acts.map(|acts| acts.edit.is_empty()), "its orders are not edited"),
            Self::Pending => lacking(!has_settled, "it lists what is settled alone")
                .or_else(|| cannot(acts.map(|acts| acts.pend.is_empty()), "its orders are settled at once")),
            Self::Withheld => plays("withhold"),
            Self::Webhooks | Self::Forged => lacking(subject.webhook().is_none(), "it has no webhooks"),
            Self::Queue | Self::CrashQueue | Self::Unreadable => {
                lacking(!subject.has_queue(), "it has no queue")
            }
            Self::Twice | Self::Unanswered | Self::Postponed | Self::CrashShipping => {
                lacking(!has_ship, "it is not told of parcels")
            }
        }
    }

    /// Tries it. `Err` says what is wrong.
    pub async fn try_on(self, subject: &Arc<Subject>) -> Result<(), Trouble> {
        let ahead = if self == Self::Clocks { 900 } else { 0 };
        let ground = Ground::new(subject, 7, ahead).await?;
        ground.tell(Change { page: Some(PAGE), ..Change::default() })?;
        match self {
            Self::Pages => reading::pages(ground).await,
            Self::Crash => reading::crash(subject).await,
            Self::TokenEnds => reading::in_the_middle(ground, &["expire"]).await,
            Self::Throttle => reading::in_the_middle(ground, &["throttle"]).await,
            Self::ThrottleMute => reading::in_the_middle(ground, &["throttle mute"]).await,
            Self::FailureInside200 => {
                let failure = subject.fails_inside_200().unwrap_or_default().to_owned();
                reading::in_the_middle(ground, &[&failure]).await
            }
            Self::Failure => reading::in_the_middle(ground, &["hang up", "fail before"]).await,
            Self::Bodies => reading::bodies(ground).await,
            Self::Endless => reading::endless(ground).await,
            Self::Forgotten => reading::in_the_middle(ground, &["forget"]).await,
            Self::Clocks => reading::clocks(ground).await,
            Self::Quiet => reading::quiet(ground).await,
            Self::Edited => reading::edited(ground).await,
            Self::Pending => reading::pending(ground).await,
            Self::Withheld => reading::in_the_middle(ground, &["withhold"]).await,
            Self::Webhooks => telling::webhooks(ground).await,
            Self::Forged => telling::forged(ground).await,
            Self::Queue => telling::queue(ground).await,
            Self::CrashQueue => telling::crash(subject).await,
            Self::Unreadable => telling::unreadable(ground).await,
            Self::Twice => shipping::twice(ground).await,
            Self::Unanswered => shipping::unanswered(subject).await,
            Self::Postponed => shipping::postponed(ground).await,
            Self::CrashShipping => shipping::crash(subject).await,
        }
    }
}
