//! Rule packs: what a country or a corridor asks of a parcel, as dated data (`mappings/rules/to-eu.toml`).

use dragoman_model::Decimal;
use dragoman_rules::{Condition, Name, Rules};
use dragoman_tree::Severity;
use jiff::civil::Date;
use serde::Deserialize;

/// The rules of a country or a corridor for parcels.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Countries that the parcels go to (ISO 3166-1); empty for all.
    pub to: Vec<Box<str>>,
    /// Countries that they come from; empty for all but those they go to.
    pub from: Vec<Box<str>>,
    /// When the pack is asked at all.
    pub when: Condition,
    /// How far a converted amount may be from a threshold before that is worth saying: a part of the threshold.
    pub band: Decimal,
    /// The rules, in the order of the file.
    pub list: Vec<PackRule>,
    /// Its name and title, and in which schedules and language it asks the customs master.
    pub(crate) head: Rules,
}

/// A rule of a pack.
#[derive(Clone, Debug)]
pub struct PackRule {
    /// Its id.
    pub id: Box<str>,
    /// What it says, in a line.
    pub title: Box<str>,
    /// The law or the page that says so.
    pub source: Box<str>,
    /// When somebody last looked.
    pub checked: Date,
    /// Why nobody should rely on it yet; `None` where the source itself was read.
    pub unverified: Option<Box<str>>,
    /// Whether it is law already.
    pub status: Standing,
    /// Since which day.
    pub valid_from: Date,
    /// The first day on which it does not hold any more.
    pub valid_to: Option<Date>,
    /// Under which regimes; empty for all.
    pub regimes: Vec<Box<str>>,
    /// When it applies.
    pub when: Condition,
    /// What it then says.
    pub says: Vec<Says>,
    /// Parcels that it applies to, and others.
    pub cases: Vec<Case>,
}

/// How far a rule has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It is law.
    #[default]
    Enacted,
    /// It was decided, or its day is not certain.
    Announced,
    /// Somebody wants it.
    Proposed,
}

/// What a rule says of a parcel.
#[derive(Clone, Debug)]
pub enum Says {
    /// It can be declared so.
    Regime(RegimeText),
    /// This is due, or not due.
    Charge(Charge),
    /// This has to be known.
    Need(Need),
    /// It may not come in, or not so.
    Prohibited(Remark),
    /// Something worth knowing.
    Note(Remark),
}

/// A way to declare a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegimeText {
    /// Its id within the pack: `ioss`.
    pub id: Box<str>,
    /// What it is called.
    pub name: Box<str>,
    /// The declaration that it needs.
    pub declaration: Box<str>,
    /// Who files it where nobody here does; else the adapter's name.
    pub filed_by: Box<str>,
}

/// A tax or a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// True of a tax, false of a duty or fee.
    pub is_tax: bool,
    /// What it is called.
    pub name: Box<str>,
    /// The scheme that it is collected in, as in `tax_collections[].scheme`.
    pub scheme: Option<Box<str>>,
    /// Who collects it.
    pub collector: Box<str>,
    /// What it is taken on, for people.
    pub base: Box<str>,
    /// The amounts that it is taken on, where they are known here.
    pub of: Vec<Name>,
    /// How much it is.
    pub rate: Rate,
}

/// How much a tax or duty is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rate {
    /// That many of a hundred of its base.
    Percent(Decimal),
    /// An amount, for each of something.
    Flat {
        /// How much.
        amount: Decimal,
        /// The currency.
        currency: Box<str>,
        /// For each of what.
        per: Per,
    },
    /// As a tariff or a law says that is not here.
    Words(Box<str>),
}

/// What a flat amount is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// The parcel.
    Parcel,
    /// An order line.
    Line,
    /// Goods of one subheading: six digits.
    Class,
}

/// A datum that has to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Where it may stand; one of these is enough.
    pub any: Vec<Name>,
    /// What it is.
    pub what: Box<str>,
    /// Who could supply it.
    pub ask: Box<str>,
    /// How bad its absence is.
    pub severity: Severity,
}

/// Something to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What.
    pub text: Box<str>,
    /// What to do about it.
    pub hint: Option<Box<str>>,
    /// How bad.
    pub severity: Severity,
}

/// An example that a rule carries: a parcel, and whether the rule applies to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Whether it applies.
    pub applies: bool,
    /// On which day.
    pub on: Date,
    /// From which country; China where none is stated.
    pub from: Box<str>,
    /// By post, express, air or sea cargo.
    pub channel: Option<Box<str>>,
    /// The order as canonical JSON, and others of the same day.
    pub orders: Vec<String>,
    /// Rates of exchange as a table.
    pub rates: String,
}

impl Pack {
    /// Its name, a path under `mappings/` without ending: `rules/to-eu`.
    pub fn name(&self) -> &str {
        &self.head.name
    }

    /// What it is about.
    pub fn title(&self) -> &str {
        &self.head.title
    }

    /// True where it is asked about parcels between these countries.
    pub fn is_for(&self, from: Option<&str>, to: &str) -> bool {
        let goes = self.to.is_empty() || self.to.iter().any(|one| **one == *to);
        let comes = match (from, self.from.is_empty()) {
            (_, true) => !self.to.iter().any(|one| from == Some(one)),
            (Some(from), false) => self.from.iter().any(|one| **one == *from),
            (None, false) => false,
        };
        goes && comes
    }
}

impl PackRule {
    /// True from its first day up to, not including, the one on which it ends.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }

    /// The regime that it opens.
    pub fn regime(&self) -> Option<&RegimeText> {
        self.says.iter().find_map(|says| match says {
            Says::Regime(regime) => Some(regime),
            _ => None,
        })
    }

    /// True where it counts under a regime, or under every one.
    pub fn is_of(&self, regime: &str) -> bool {
        self.regimes.is_empty() || self.regimes.iter().any(|one| **one == *regime)
    }

    /// True where it asks or says something of each order line.
    pub fn is_of_line(&self) -> bool {
        let needs = self.says.iter().any(|says| match says {
            Says::Need(need) => need.any.iter().any(Name::is_of_item),
            _ => false,
        });
        needs || self.when.names().iter().any(|name| name.is_of_item())
    }
}

impl Standing {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enacted => "enacted",
            Self::Announced => "announced",
            Self::Proposed => "proposed",
        }
    }
}

impl Per {
    /// The word for one of it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Parcel => "parcel",
            Self::Line => "order line",
            Self::Class => "subheading (six digits)",
        }
    }
}
