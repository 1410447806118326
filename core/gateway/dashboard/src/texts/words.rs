//! The gateway's own words, as people read them.

use super::Words;

pub(super) const STATES: Words = &[
    ("draft", "Draft"),
    ("incomplete", "Incomplete"),
    ("sent", "Pending"),
    ("undeliverable", "Not delivered"),
    ("received", "Received"),
    ("registered", "Registered"),
    ("rejected", "Rejected"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("released", "Released"),
    ("cleared", "Cleared"),
    ("not_exited", "Not exited"),
    ("exited", "Exited"),
    ("invalidated", "Invalidated"),
    ("returned", "Returned"),
    ("disputed", "Disputed"),
    ("held", "Held for approval"),
    ("queued", "Queued"),
    ("attempting", "Being sent"),
    ("deferred", "Tried, waiting"),
    ("unknown", "Outcome unknown"),
    ("delivered", "Delivered"),
    ("dead", "Given up"),
    ("unanswered", "Not answered"),
    ("parked", "Parked"),
    ("matched", "Matched"),
    ("declared", "Declared"),
    ("open", "Open"),
];

pub(super) const EVENTS: Words = &[
    ("order_received", "Order came in"),
    ("payment_received", "Its payment was handed in"),
    ("inquired", "A counterpart asks for something"),
    ("unanswerable", "It cannot be answered as things stand"),
    ("answerable", "It can be answered"),
    ("overdue", "It was not answered in time"),
    ("shipment_received", "Shipment came in"),
    ("drafted", "Declaration was drafted"),
    ("corrected", "Values were corrected"),
    ("accepted", "Accepted for sending"),
    ("approved", "Approved"),
    ("attempted", "Sending began"),
    ("deferred", "Not taken; it will be tried again"),
    ("outcome_unknown", "Nobody knows whether it arrived"),
    ("asked", "The counterpart was asked for it"),
    ("delivered", "The counterpart has it"),
    ("refused", "The counterpart refused it"),
    ("dead", "Given up"),
    ("decided", "A person decided"),
    ("replayed", "Sent off again"),
    ("responded", "The authority answered"),
    ("parked", "An answer came that nobody waits for"),
    ("matched", "The answer found its declaration"),
];

pub(super) const NEEDS: Words = &[
    ("decide", "Decide what became of it"),
    ("approve", "Approve it"),
    ("replay", "Send it off again, or leave it"),
    ("correct", "Correct and resubmit"),
    ("answer", "Answer what is asked"),
    ("master", "Fill the customs master"),
    ("match", "Find the declaration it belongs to"),
    ("send", "Send it off"),
];

pub(super) const FLAGS: Words = &[
    ("control", "under control"),
    ("documents_wanted", "documents wanted"),
    ("query", "the authority asks"),
    ("duty_due", "duty due"),
    ("guarantee_bad", "guarantee does not do"),
    ("detained", "goods held"),
    ("suspended", "suspended"),
    ("amend_pending", "amendment undecided"),
    ("cancel_pending", "cancellation undecided"),
    ("amend_wanted", "amendment wanted"),
    ("discrepancy", "arrived otherwise than declared"),
    ("recovery", "debt being recovered"),
    ("incident", "incident on the way"),
    ("security_delay", "waits for a security check"),
    ("manual", "an officer works on it"),
];

pub(super) const KINDS: Words = &[
    ("order", "Orders"),
    ("declaration", "Declarations"),
    ("parked", "Answers"),
    ("shipment", "Shipments"),
    ("webhook", "News to your addresses"),
    ("inquiry", "Questions of counterparts"),
];

pub(super) const PURPOSES: Words = &[
    ("declaration", "Declaration"),
    ("amendment", "Amendment"),
    ("cancellation", "Cancellation"),
    ("arrival", "Arrival"),
    ("upload", "Documents"),
    ("fulfilment", "Tracking to the platform"),
    ("webhook", "News to your address"),
    ("disclosure", "Answer to a question"),
];

pub(super) const SUPPLIERS: Words = &[
    ("order", "order"),
    ("master", "customs master"),
    ("profile", "profile"),
    ("consignment", "consignment"),
    ("rate", "rate of exchange"),
    ("rule", "rule"),
];

pub(super) const DONE: Words = &[
    ("resubmitted", "It is on its way again."),
    ("approved", "Approved: it is on its way."),
    ("decided", "Your decision is in the journal."),
    ("given_up", "It was given up, and is not sent."),
    ("duplicated", "This is the new draft."),
    ("amended", "The amendment is on its way."),
    ("cancelled", "The wish to cancel is on its way."),
    ("arrived", "The arrival is on its way."),
    ("saved", "Saved."),
    ("matched", "Matched."),
    ("answered", "It was answered, or it says what is lacking."),
    ("shipped", "The platform is being told."),
    ("reading", "Orders are being read."),
];
