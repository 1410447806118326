//! What counterparts ask of us: a document about an order, by a time. The question is stored and acknowledged at once; the
//! answer is made of what is known of the order and its payment, and goes out as everything does. What cannot be answered
//! is said, and looked at again until the time is over.

mod answer;
mod ask;
mod due;
mod known;
mod made;
mod payment;
mod show;

pub use payment::PaymentIn;
pub use show::InquiryView;

pub(crate) use due::EVERY;
pub(crate) use payment::note_payment;

use dragoman_exchange::Event;
use jiff::Timestamp;

use crate::draft::Told;

/// The space of the questions by what their counterparts call them: each is answered once.
const ASKED: &str = "inquiry";

/// The space of the questions that are not answered yet, by stream.
const OPEN: &str = "inquiry-open";

/// The space of the questions by the end of their time: `SECONDS/stream`.
const DUE: &str = "inquiry-due";

/// The space of the questions about an order: `order/stream`.
const ABOUT: &str = "inquiry-about";

/// So many records are looked at in one go.
const AT_ONCE: usize = 100;

/// A question, as the journal has it.
pub(crate) struct Asked {
    /// The account that is asked.
    pub account: String,
    /// Which of the questions that it may be asked.
    pub inquiry: String,
    /// What the counterpart calls it.
    pub id: String,
    /// The number of the order.
    pub number: String,
    /// Until when.
    pub until: Timestamp,
}

impl Asked {
    /// The question that a stream began with.
    pub fn of(told: &Told) -> Option<Self> {
        told.events.iter().find_map(|stored| match stored.event.event.clone() {
            Event::Inquired { account, inquiry, id, number, until } => {
                Some(Self { account, inquiry, id, number, until })
            }
            _ => None,
        })
    }
}

/// The key of a question in the order of time.
fn due_key(until: Timestamp, stream: &str) -> String {
    format!("{:020}/{stream}", until.as_second())
}
