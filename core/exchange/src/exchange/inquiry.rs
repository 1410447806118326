//! Questions of a counterpart: what is known of one, and whether a person has to see to it.

use super::{Exchange, Kind};
use crate::event::Event;
use crate::submission::State;

impl Exchange {
    /// What happens to a question, but for the sending of its answer.
    pub(super) fn inquired(&mut self, event: &Event) {
        match event {
            Event::Inquired { account, number, until, .. } => {
                (self.kind, self.title, self.account) = (Kind::Inquiry, number.clone(), account.clone());
                self.unclaimed.limit = Some(*until);
            }
            Event::Unanswerable { order, why } => {
                self.is_about(order.as_ref());
                self.lacking.clone_from(why);
            }
            Event::Answerable { order } => {
                self.is_about(order.as_ref());
                self.lacking.clear();
            }
            Event::Overdue => self.overdue = true,
            _ => {}
        }
    }

    /// The order that a question is about.
    fn is_about(&mut self, order: Option<&String>) {
        self.orders = order.map(|order| (order.clone(), self.title.clone())).into_iter().collect();
    }

    /// True where a person has to see to it that a question is answered: nothing can be, what went out was not taken, or the
    /// time is over.
    pub(super) fn wants_answer(&self) -> bool {
        let last = self.submissions.last().map(|one| one.state);
        let is_lost = matches!(last, Some(State::Refused | State::Dead));
        !self.lacking.is_empty() || is_lost || (self.overdue && last != Some(State::Delivered))
    }
}
