//! Everything that the pages say, in one place: another language is another [`Texts`].

mod words;

use words::{DONE, EVENTS, FLAGS, KINDS, NEEDS, PURPOSES, STATES, SUPPLIERS};

/// Words of the gateway and what people call them.
pub type Words = &'static [(&'static str, &'static str)];

macro_rules! texts {
    ($($name:ident: $english:literal,)*) => {
        /// Everything that the pages say, in one language.
        #[derive(Debug)]
        #[expect(clippy::doc_markdown, reason = "what is documented is the text itself")]
        pub struct Texts {
            /// The language (BCP 47).
            pub lang: &'static str,
            /// Where a declaration, a submission or an order stands.
            pub states: Words,
            /// What happened.
            pub events: Words,
            /// What a person has to do.
            pub needs: Words,
            /// Facts beside the status.
            pub flags: Words,
            /// What a stream is about.
            pub kinds: Words,
            /// What a submission is for.
            pub purposes: Words,
            /// Who supplied a value.
            pub suppliers: Words,
            /// What was done, after an action.
            pub done: Words,
            $(#[doc = $english] pub $name: &'static str,)*
        }

        /// English.
        pub const ENGLISH: Texts = Texts {
            lang: "en",
            states: STATES,
            events: EVENTS,
            needs: NEEDS,
            flags: FLAGS,
            kinds: KINDS,
            purposes: PURPOSES,
            suppliers: SUPPLIERS,
            done: DONE,
            $($name: $english,)*
        };
    };
}

/// The text of a word; the word itself where there is none, so that nothing is hidden.
pub fn said(words: Words, word: &str) -> &str {
    words.iter().find(|(own, _)| *own == word).map_or(word, |(_, text)| text)
}

/// A text with its `{}` filled in, in their order.
pub fn filled(text: &str, values: &[&str]) -> String {
    let mut pieces = text.split("{}");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for (at, piece) in pieces.enumerate() {
        filled.push_str(values.get(at).copied().unwrap_or_default());
        filled.push_str(piece);
    }
    filled
}

texts! {
    // Everywhere.
    brand: "Dragoman",
    skip: "Skip to the content",
    navigation: "Pages",
    today: "Today",
    orders: "Orders",
    shipments: "Shipments",
    declarations: "Declarations",
    messages: "Messages",
    dead_letters: "Dead letters",
    goods: "Goods",
    rules: "Rules",
    adapters: "Adapters",
    evidence: "Evidence",
    signed_in: "Signed in as {}",
    sign_out: "Sign out",
    open_to_all: "Demonstration: open to everybody, simulated counterparts, made-up data",
    no_right: "Your role does not allow this.",
    none: "none",
    keys: "Keys",
    keys_move: "next and previous row",
    keys_open: "open the row",
    keys_search: "search",
    keys_panes: "next value; the same value in the pane beside",
    keys_sheet: "show this sheet",
    keys_leave: "leave a field",
    enter: "Enter",
    arrows: "arrows",
    close: "Close",
    go_to: "go to {}",

    // Lists.
    search: "Search",
    search_in: "Number, reference, MRN, order",
    kind: "Kind",
    state: "State",
    status: "Status",
    any: "any",
    needing: "Needs",
    apply: "Apply",
    clear: "Clear",
    export: "Export as CSV",
    newest: "Newest",
    older: "Older",
    nothing_found: "Nothing matches. Clear the filters to see everything.",
    reference: "Reference",
    mrn: "MRN",
    account: "Account",
    corridor: "Corridor",
    worth: "Value",
    changed: "Last change",
    with_cause: "With the same cause: {}",
    orders_lead: "What the platforms sold. An order that cannot be declared yet says what it lacks.",
    orders_empty: "No orders yet. They come in as soon as an account of a platform is connected.",
    orders_next: "See the adapters",
    shipments_lead: "Orders that were shipped, and whether their platform knows it.",
    shipments_empty: "No shipments yet. Say on an order's page that it was shipped, or over HTTP.",
    ship: "Tell the platform that it was shipped",
    ship_number: "Parcel",
    ship_carrier: "Carrier (the platform's code)",
    ship_tracking: "Tracking number",
    declarations_lead: "What was declared, to whom, and what became of it.",
    declarations_empty: "No declarations yet. They are made from orders, or handed in over HTTP.",
    declarations_next: "See the orders",
    messages_lead: "Answers that nobody waited for, and news to addresses of your own.",
    messages_empty: "No messages. Answers that find their declaration stand in its timeline.",
    dead_lead: "What was given up or refused. Each can be sent off again once its cause is gone.",
    dead_empty: "No dead letters. Nothing was given up.",
    see_today: "See today",

    // Today.
    orders_in: "Orders in",
    declared: "Declarations out",
    cleared: "Cleared",
    needing_you: "Needing you",
    today_so_far: "today; {} a day over the 7 days before",
    rejected_today: "rejected today: {}",
    last_days: "The last 30 days, by corridor",
    counts_above: "declarations",
    as_table: "As a table",
    count: "Declarations",
    no_corridor: "no corridor stated",
    other_corridors: "{} more corridors are in the table",
    needs_person: "What needs a person",
    needs_nobody: "Nothing needs you. What comes in is dealt with by itself.",
    oldest_first: "Oldest deadline first",
    see_all: "See all",

    // A declaration.
    timeline: "What happened",
    its_orders: "Orders",
    its_submissions: "Messages out",
    attempts: "attempts",
    message: "Message",
    facts: "At a glance",
    data_set: "Data set",
    version: "Version",
    revision: "Revision",
    findings: "What is wrong",
    findings_of: "Order {}, line {}",
    findings_elsewhere: "Not about one order line",
    no_findings: "Nothing is wrong with it.",
    authority_said: "The authority said {}",
    authority_at: "The authority said {} at {}",
    sent_as: "sent as {}",
    severity_error: "Error",
    severity_warning: "Warning",
    severity_info: "Note",
    supplied_by: "supplied by {}",
    correct_value: "Correct this value",
    correct_master: "Correct it in the customs master",
    same_cause: "Others with the same cause",
    panes: "The same declaration three times",
    panes_lead: "Point at a value, or move to it with the arrow keys, to see where it came from and what it became.",
    panes_order: "What it says",
    order_waits: "It cannot be declared before the customs master says more about these articles:",
    pane_order: "Order",
    pane_canonical: "Canonical",
    pane_wire: "Wire",
    pane_no_order: "This declaration was handed in: it has no order.",
    part: "Part",
    header: "Header",
    item: "Item {}",
    item_faulty: "Item {}, with findings",
    show: "Show",
    correct: "Correct",
    correct_lead: "Change values in the canonical pane, then look at the difference before anything is sent. An empty field takes the value away.",
    see_difference: "See the difference",
    cancel: "Leave it as it is",
    difference: "The difference",
    difference_lead: "Nothing was sent yet. This is what your correction changes.",
    difference_none: "Your correction changes nothing.",
    in_canonical: "In the declaration",
    on_wire: "On the wire",
    path: "Value",
    before: "Before",
    after: "After",
    nothing: "nothing",
    lines_skipped: "{} equal lines",
    resubmit: "Resubmit",
    approve: "Approve",
    approve_lead: "Somebody other than who filed it has to approve it: {}.",
    decide: "Decide",
    decide_lead: "Nobody knows whether this message arrived. Look it up at the counterpart, then say what happened. Sending again what did arrive makes two declarations.",
    decide_delivered: "It arrived",
    decide_resend: "It did not arrive: send it again",
    decide_give_up: "Give it up",
    reason: "Reason (the authority's code)",
    reason_text: "Reason in words",
    amend: "Ask for this amendment",
    give_up: "Give it up",
    match_lead: "Nobody waited for this answer. If you know the declaration it belongs to, say so.",
    match_with: "Id of the declaration",
    match_do: "It belongs there",
    cancel_declaration: "Ask for cancellation",
    arrive: "Goods have arrived",
    duplicate: "Duplicate as a new draft",
    download_evidence: "Evidence (zip)",
    send: "Send",
    handed_in: "handed in",
    conflict: "Somebody else changed this declaration",
    conflict_lead: "Your changes were made to revision {}; it is at {} now. Choose for each value which one counts, then look at the difference.",
    conflict_was: "You saw",
    conflict_theirs: "It is now",
    conflict_yours: "You wrote",

    // The same cause.
    cause: "One cause, many declarations",
    cause_lead: "These declarations share a cause. Mend it once, see every difference, approve once, refile.",
    cause_none: "No declaration has this cause any more.",
    cause_mend: "Mend it in the customs master",
    cause_elsewhere: "The customs master did not supply the value: correct each declaration, or the profile and consignment that supplied it.",
    cause_see: "See every difference",
    cause_refile: "Approve and refile",
    cause_affected: "Affected: {}",
    cause_by_itself: "It was handed in, not made from orders: correct it by itself.",
    cause_errors: "Errors that it would still have: {}",
    refiled: "Sent off anew: {}. Left as they were: {}.",

    // Goods.
    goods_lead: "The customs master: what each article is. Gaps come first, those that hold up the most orders at the top.",
    gaps: "Gaps",
    gaps_none: "No gaps: every article that was sold can be declared.",
    sku: "Article",
    held_up: "Orders held up",
    lacks: "Lacks",
    lacks_everything: "everything",
    fill: "Fill in",
    all_goods: "All articles",
    goods_empty: "The customs master is empty. Import one below, or fill the gaps.",
    code: "Commodity code",
    schedule: "Schedule",
    origin: "Origin",
    net_mass: "Net mass (g)",
    description: "Description",
    source: "Source",
    language: "Language",
    older_rows: "More",
    valid_from: "Valid from",
    edit: "Edit",
    save: "Save",
    import: "Import a master",
    import_lead: "CSV with a head line: sku, code, schedule, origin, net_mass_g, description, lang, source, valid_from.",
    import_text: "Rows",
    import_file: "Or choose a file",
    import_do: "Import",
    imported: "Rows taken: {}. Rows with findings: {}.",
    line: "Line",
    goods_history: "Where the values come from",

    // Rules.
    rules_lead: "What applies to a corridor on a day, since when, and who says so.",
    from_country: "From",
    to_country: "To",
    on_day: "On",
    rules_show: "Show",
    rules_none: "No rules are known for {}. Known: {}.",
    rules_always: "For every data set",
    since: "Since",
    until: "until {}",
    rule: "Rule",
    says: "What it does",
    rule_chooses: "data set {}",
    rule_supplies: "supplies {}",
    rule_adds: "adds to {}",
    rule_demands: "demands {}",
    rule_forbids: "forbids {}",
    rule_notes: "notes: {}",
    rule_conditional: "where its condition holds",

    // Adapters.
    adapters_lead: "Who you are connected with, and how that goes.",
    adapters_empty: "No account is configured. Each [[account]] of dragoman.toml stands here.",
    environment: "Environment",
    reachable: "answers",
    unreachable: "does not answer: nothing is sent",
    grant: "Authorisation",
    grant_given: "given by {} on ",
    grant_lapses: "lapses ",
    grant_missing: "not given yet: nothing can be sent",
    contingency: "The counterpart is not answering. What is queued stays queued and goes out by itself when it does; what cannot wait has to be filed by the authority's own contingency procedure.",
    operations: "What it can be asked for",
    flows: "Flows",
    sync: "Reading {}",
    sync_until: "everything up to ",
    sync_unsettled: "{} to be fetched again",
    sync_now: "Read now",
    conformance: "Messages",
    conformance_lead: "What each adapter reads and writes.",
    direction: "Direction",
    document: "Document",
    out: "out",
    into: "in",

    // Evidence.
    evidence_lead: "That nothing was lost, and nothing changed afterwards.",
    ledger: "Ledger",
    ledger_balances: "It balances: every message that was accepted is open or at exactly one end.",
    ledger_off: "It does not balance. Keep the data folder as it is and ask for help.",
    ledger_accepted: "Accepted",
    ledger_open: "Open",
    ledger_delivered: "Delivered",
    ledger_refused: "Refused",
    ledger_dead: "Given up",
    chain: "Hash chain",
    chain_lead: "Each event of the journal holds the hash of the one before. Verifying recomputes them all, and the hashes of all payloads.",
    chain_verify: "Verify now",
    chain_whole: "Whole: {} events, the last one {}.",
    chain_broken: "Broken at event {}: {}",
    chain_unasked: "{} events are written.",
    downloads: "Downloads",
    download_ledger: "Ledger (JSON)",
    download_lead: "The evidence of one declaration is on its page; `dragoman verify` checks it offline.",

    // Signing in, and what goes wrong.
    sign_in: "Sign in",
    name: "Name",
    password: "Password",
    sign_in_refused: "Name or password is wrong.",
    sign_in_wait: "Too many attempts. Try again in {} seconds.",
    failed: "That did not work",
    not_found: "There is no such page",
    not_found_lead: "It may never have been there, or it is not yours to see.",
    forbidden: "That is not yours to do",
    foreign: "That did not come from a page of this gateway, or the page was too old. Go back, reload it, and try again.",
    refused: "That cannot be used",
    broken_lead: "The gateway could not answer. The log has the cause under the id {}.",
    back_to_today: "Back to today",
}
