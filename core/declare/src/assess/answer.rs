//! What assessing a parcel gives.

use dragoman_tree::Finding;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the rules of a day say of one order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assessment {
    /// The order's number.
    pub order: String,
    /// The day whose rules and rates count.
    pub on: Date,
    /// The country that it comes from, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The country that it goes to.
    pub to: String,
    /// The price of its goods without transport and included taxes.
    pub value: Vec<Amount>,
    /// What each pack says that is for parcels between these countries; none where no pack is.
    pub packs: Vec<Answer>,
    /// What is missing, forbidden or worth knowing, at the bytes of the order.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// What a pack says of a parcel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The pack's name: `rules/to-eu`.
    pub pack: String,
    /// What it is about.
    pub title: String,
    /// How the parcel can be declared; of several the first is the usual one.
    pub regimes: Vec<Regime>,
    /// What is due whatever the regime.
    pub charges: Vec<Due>,
    /// What is missing, forbidden or worth knowing whatever the regime.
    pub remarks: Vec<Said>,
    /// What changes within the next sixty days for this parcel.
    pub upcoming: Vec<Upcoming>,
    /// Rates of exchange that conditions took.
    pub rates: Vec<RateUsed>,
    /// The rules that were applied, each with its source.
    pub rules: Vec<RuleUsed>,
}

/// A way to declare a parcel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regime {
    /// Its id within the pack.
    pub regime: String,
    /// What it is called.
    pub name: String,
    /// The declaration that it needs.
    pub declaration: String,
    /// Who files it: an adapter here, or somebody else.
    pub filed_by: String,
    /// The rule that opens it.
    pub rule: String,
    /// What is due under it.
    pub charges: Vec<Due>,
    /// What is missing, forbidden or worth knowing under it.
    pub remarks: Vec<Said>,
}

/// A tax or duty that is due, or not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Due {
    /// `tax` or `duty`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// The scheme that it is collected in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Who collects it: platform, seller, carrier, importer, or nobody.
    pub collector: String,
    /// What it is taken on.
    pub base: String,
    /// How much that is, in words: `3 EUR for each subheading`.
    pub rate: String,
    /// The amount, where what it is taken on is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// The rule that says so.
    pub rule: String,
}

/// Something said of the parcel or of a line of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Said {
    /// `missing`, `forbidden`, `note`, `undecided` or `close`.
    pub kind: &'static str,
    /// In words.
    pub text: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// The order line that it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The rule that says so.
    pub rule: String,
}

/// A rule that begins or ends soon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Upcoming {
    /// The day.
    pub on: Date,
    /// True where it begins on that day, false where it ends.
    pub begins: bool,
    /// What it says.
    pub title: String,
    /// Its id.
    pub rule: String,
}

/// A rate of exchange that a rule took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RateUsed {
    /// From which currency.
    pub from: String,
    /// To which.
    pub to: String,
    /// Of which day.
    pub date: String,
    /// For which purpose the rule takes it.
    pub purpose: String,
    /// The rule.
    pub rule: String,
}

/// A rule that was applied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleUsed {
    /// Its id.
    pub rule: String,
    /// What it says.
    pub title: String,
    /// The law or the page that says so.
    pub source: String,
    /// When somebody last looked.
    pub checked: Date,
    /// Enacted, announced or proposed.
    pub status: &'static str,
    /// Why nobody should rely on it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unverified: Option<String>,
    /// Since which day.
    pub valid_from: Date,
    /// The first day on which it does not hold any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}

/// An amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// The number.
    pub amount: String,
    /// The currency.
    pub currency: String,
}

impl Assessment {
    /// All remarks: of the packs and of their regimes.
    pub fn remarks(&self) -> impl Iterator<Item = &Said> {
        self.packs.iter().flat_map(|pack| {
            let of_regimes = pack.regimes.iter().flat_map(|regime| &regime.remarks);
            pack.remarks.iter().chain(of_regimes)
        })
    }
}
