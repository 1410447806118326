//! Whether the queues that an account names can be asked, and what they give deleted.

use dragoman_channel::{Ask, Channel, Failure, Queue};
use dragoman_exchange::ErrorClass;
use jiff::SignedDuration;

use super::{Examined, Verdict};
use crate::account::Account;
use crate::gateway::Gateway;

/// A receipt that nothing was ever given with: who may delete hears that it is none.
const NO_RECEIPT: &str = "dragoman-doctor";

const STANDING: &str = "look at the access key, its secret, and that it may sqs:ReceiveMessage and sqs:DeleteMessage on the queue";

const ADDRESS: &str = "look at the queue's address and its region";

impl Gateway {
    /// Asks each queue for a message that stays visible to all others, and to delete one that it never gave.
    pub(super) async fn examine_queues(&self, examined: &mut Examined, account: &Account, channel: &Channel) {
        for queue in channel.queues.iter().filter(|queue| queue.is_named(&account.values)) {
            let none = SignedDuration::ZERO;
            let received = self.answers(account, queue, Ask::Receive(1, none, none)).await;
            match received {
                Ok(()) => examined.add("queue", Verdict::Good, "it gives messages", None),
                Err(failure) => {
                    refused(examined, "queue", &failure);
                    examined.unseen(&["queue, deleting"]);
                    continue;
                }
            }
            match self.answers(account, queue, Ask::Delete(NO_RECEIPT)).await {
                // That it is no receipt is said to who may delete.
                Err(failure) if failure.class != ErrorClass::InvalidRequest => {
                    refused(examined, "queue, deleting", &failure);
                }
                _ => examined.add("queue, deleting", Verdict::Good, "messages may be deleted", None),
            }
        }
    }

    async fn answers(&self, account: &Account, queue: &Queue, ask: Ask<'_>) -> Result<(), Failure> {
        let answer = self.ask_of_queue(account, queue, ask).await?;
        Queue::done(&answer).map(|_| ())
    }
}

fn refused(examined: &mut Examined, what: &'static str, failure: &Failure) {
    let advice = match failure.class {
        ErrorClass::AuthExpired | ErrorClass::AuthRevoked => STANDING,
        ErrorClass::NotFound | ErrorClass::InvalidRequest => ADDRESS,
        ErrorClass::RateLimited => "ask again later; something else asks much of this queue",
        _ => "look at the address, at names (DNS), and at what a firewall lets out",
    };
    let said: Vec<_> = failure.code.iter().chain(&failure.message).map(String::as_str).collect();
    examined.add(what, Verdict::Bad, said.join(": "), Some(advice));
}
