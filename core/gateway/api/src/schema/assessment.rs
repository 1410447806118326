//! The assessment of an order: [`dragoman_declare::assess::Assessment`].

use utoipa::ToSchema;

/// What the rules of a day say of one order.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference; what is written is the assessment itself")]
pub struct Assessment {
    /// The order's number.
    order: String,
    /// The day whose rules and rates count.
    #[schema(format = Date)]
    on: String,
    /// The country that it comes from.
    #[schema(nullable = false)]
    from: Option<String>,
    /// The country that it goes to.
    to: String,
    /// The price of its goods without transport and included taxes.
    value: Vec<Sum>,
    /// What each pack says that is for parcels between these countries.
    packs: Vec<PackAnswer>,
}

/// What a pack says of a parcel.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct PackAnswer {
    /// The pack's name.
    pack: String,
    /// What it is about.
    title: String,
    /// How the parcel can be declared; of several the first is the usual one.
    regimes: Vec<OpenRegime>,
    /// What is due whatever the regime.
    charges: Vec<Due>,
    /// What is missing, forbidden or worth knowing whatever the regime.
    remarks: Vec<Said>,
    /// What changes within the next sixty days for this parcel.
    upcoming: Vec<Upcoming>,
    /// Rates of exchange that conditions took.
    rates: Vec<RateUsed>,
    /// The rules that were applied, each with its source.
    rules: Vec<RuleUsed>,
}

/// A way to declare a parcel.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct OpenRegime {
    /// Its id within the pack.
    regime: String,
    /// What it is called.
    name: String,
    /// The declaration that it needs.
    declaration: String,
    /// Who files it: an adapter here, or somebody else.
    filed_by: String,
    /// The rule that opens it.
    rule: String,
    /// What is due under it.
    charges: Vec<Due>,
    /// What is missing, forbidden or worth knowing under it.
    remarks: Vec<Said>,
}

/// A tax or duty that is due, or not.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct Due {
    /// `tax` or `duty`.
    kind: String,
    /// What it is called.
    name: String,
    /// The scheme that it is collected in.
    #[schema(nullable = false)]
    scheme: Option<String>,
    /// Who collects it: platform, seller, carrier, importer, or nobody.
    collector: String,
    /// What it is taken on.
    base: String,
    /// How much that is, in words.
    rate: String,
    /// The amount, where what it is taken on is known.
    #[schema(nullable = false)]
    amount: Option<Sum>,
    /// The rule that says so.
    rule: String,
}

/// Something said of the parcel or of a line of it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct Said {
    /// `missing`, `forbidden`, `note`, `undecided` or `close`.
    kind: String,
    /// In words.
    text: String,
    /// What to do about it.
    #[schema(nullable = false)]
    hint: Option<String>,
    /// `error`, `warning` or `info`.
    severity: String,
    /// The order line that it is about.
    #[schema(nullable = false)]
    line: Option<String>,
    /// The rule that says so.
    rule: String,
}

/// A rule that begins or ends soon.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct Upcoming {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// True where it begins on that day, false where it ends.
    begins: bool,
    /// What it says.
    title: String,
    /// Its id.
    rule: String,
}

/// A rate of exchange that a rule took.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct RateUsed {
    /// From which currency.
    from: String,
    /// To which.
    to: String,
    /// Of which day.
    date: String,
    /// For which purpose.
    purpose: String,
    /// The rule.
    rule: String,
}

/// A rule that was applied.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct RuleUsed {
    /// Its id.
    rule: String,
    /// What it says.
    title: String,
    /// The law or the page that says so.
    source: String,
    /// When somebody last looked.
    #[schema(format = Date)]
    checked: String,
    /// Enacted, announced or proposed.
    status: String,
    /// Why nobody should rely on it yet.
    #[schema(nullable = false)]
    unverified: Option<String>,
    /// Since which day.
    #[schema(format = Date)]
    valid_from: String,
    /// The first day on which it does not hold any more.
    #[schema(format = Date, nullable = false)]
    valid_to: Option<String>,
}

/// An amount.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a shape for the reference")]
struct Sum {
    /// The number.
    amount: String,
    /// The currency.
    currency: String,
}
