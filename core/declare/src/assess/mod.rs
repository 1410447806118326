//! Which rules a parcel meets: from orders, customs master, rates and rule packs to what each parcel needs.
//!
//! A pack ([`Pack`]) holds what a country or a corridor asks, as dated data with sources. [`assess`] goes through the
//! packs that are for a parcel's countries and says which regimes are open, the declaration each needs, who collects
//! which tax on what, what is missing or forbidden, what changes soon, and by which rules. Thresholds take dated rates;
//! where a rate that is a little off would tip one, that is said. [`compare`] sets two days side by side. Pure: the day
//! is passed in, and what is said is said of the parcel as it is: nothing here makes a parcel smaller than it is.

mod answer;
mod apply;
mod case;
mod charge;
mod compare;
mod load;
mod pack;
mod parcel;

use dragoman_rules::{Found, Rules};
use dragoman_tree::Finding;
use jiff::civil::Date;

pub use answer::{Amount, Answer, Assessment, Due, RateUsed, Regime, RuleUsed, Said, Upcoming};
pub use compare::{Change, compare};
pub use pack::{Case, Charge, Need, Pack, PackRule, Per, Rate, RegimeText, Remark, Says, Standing};
pub use parcel::PARCEL_FACTS;

use self::apply::Applying;
use self::parcel::{Parcel, Way};
use crate::delivery::{accepted, deliveries};
use crate::facts::{Delivery, value};
use crate::findings::{File, NO_PACK, NOT_IN_MASTER};
use crate::goods::{Goods, goods};
use crate::orders::Order;
use crate::run::{Inputs, Run};
use crate::settings::{Consignment, Profile};
use crate::tables::{Master, Rates};

/// Orders to assess, and what is known beside them.
#[derive(Clone, Copy, Debug)]
pub struct Parcels<'a> {
    /// The orders; each is a parcel.
    pub orders: &'a [Order<'a>],
    /// The customs master.
    pub master: &'a Master<'a>,
    /// Rates of exchange.
    pub rates: &'a Rates,
    /// The packs.
    pub packs: &'a [Pack],
    /// The country that they go to, where it is another than the order's recipient is in (ISO 3166-1).
    pub to: Option<&'a str>,
    /// The country that they come from.
    pub from: Option<&'a str>,
    /// How they travel: `post`, `express` or `cargo`.
    pub channel: Option<&'a str>,
    /// The day whose rules, rates and master rows count.
    pub on: Date,
}

/// What the rules of the day say of each order, in the order of the input. Orders that are cancelled, or given twice,
/// are left out.
pub fn assess(parcels: &Parcels<'_>) -> Vec<Assessment> {
    let bare = Rules::without_rules("", "", Vec::new(), "en");
    let (profile, consignment) = (Profile::default(), Consignment::default());
    let inputs = parcels.inputs(&bare, &profile, &consignment);
    let mut world = World::of(&inputs);
    let mut all: Vec<(usize, Assessment)> = Vec::new();
    for (index, goods) in &world.goods {
        let Some(order) = parcels.orders.get(*index) else { continue };
        all.push((*index, parcels.beginning(order, goods)));
    }
    for (index, assessment) in &mut all {
        assessment.findings = world.said_of(*index);
    }
    for pack in parcels.packs {
        // Reading the goods anew, for its schedules and language, is most of the work.
        if !all.iter().any(|(_, assessment)| pack.is_for(parcels.from, &assessment.to)) {
            continue;
        }
        let inputs = parcels.inputs(&pack.head, &profile, &consignment);
        let mut world = World::of(&inputs);
        for (index, assessment) in &mut all {
            if !pack.is_for(parcels.from, &assessment.to) {
                continue;
            }
            if let Some(answer) = world.answer(parcels, pack, *index, &assessment.to) {
                assessment.packs.push(answer);
            }
            add(&mut assessment.findings, world.said_of(*index));
        }
    }
    for (index, assessment) in &mut all {
        if assessment.packs.is_empty() {
            let message = format!("no rules for parcels to {} are known", shown(&assessment.to));
            world.run.on_order(*index, Finding::warning(&NO_PACK, message));
            add(&mut assessment.findings, world.said_of(*index));
        }
    }
    all.into_iter().map(|(_, assessment)| assessment).collect()
}

fn shown(country: &str) -> &str {
    if country.is_empty() { "a country that the order does not state" } else { country }
}

/// Adds what has not been said yet: several packs may find the same of a line.
fn add(findings: &mut Vec<Finding>, said: Vec<Finding>) {
    for finding in said {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
}

impl<'a> Parcels<'a> {
    fn inputs<'i>(&self, rules: &'i Rules, profile: &'i Profile, consignment: &'i Consignment) -> Inputs<'i>
    where
        'a: 'i,
    {
        Inputs {
            orders: self.orders,
            master: self.master,
            profile,
            consignment,
            rates: self.rates,
            rules,
            lrns: &[],
            on: self.on,
        }
    }

    /// An assessment in which no pack has been asked yet.
    fn beginning(&self, order: &Order<'_>, goods: &[Goods<'_>]) -> Assessment {
        let country = order.at().text("recipient.address.country").unwrap_or_default();
        let value = value(&goods.iter().collect::<Vec<_>>());
        Assessment {
            order: order.number().to_owned(),
            on: self.on,
            from: self.from.map(str::to_owned),
            to: self.to.unwrap_or(country).to_owned(),
            value: value.into_iter().map(amount).collect(),
            packs: Vec::new(),
            findings: Vec::new(),
        }
    }
}

fn amount(found: Found) -> Amount {
    Amount { amount: found.text, currency: found.currency.unwrap_or_default() }
}

/// The orders with their goods, as one pack's schedules and language have them.
struct World<'a> {
    run: Run<'a>,
    goods: Vec<(usize, Vec<Goods<'a>>)>,
    deliveries: Vec<Delivery>,
}

impl<'a> World<'a> {
    fn of(inputs: &'a Inputs<'a>) -> Self {
        let mut run = Run { inputs, findings: Vec::new() };
        let orders = accepted(&mut run);
        let goods: Vec<_> = orders.iter().map(|index| (*index, goods(&mut run, *index))).collect();
        let deliveries = deliveries(&mut run, &orders, &goods);
        Self { run, goods, deliveries }
    }

    /// What has been said of an order so far, taken. That the customs master lacks an article is not said here: a
    /// pack says what it needs.
    fn said_of(&mut self, order: usize) -> Vec<Finding> {
        let mine = self.run.findings.extract_if(.., |located| located.file == File::Order(order));
        mine.map(|located| located.finding).filter(|finding| finding.code != NOT_IN_MASTER.id).collect()
    }

    fn answer(&mut self, parcels: &Parcels<'a>, pack: &Pack, index: usize, to: &str) -> Option<Answer> {
        let order = self.run.order(index)?;
        let delivery = self.deliveries.iter().find(|delivery| delivery.orders.contains(&index))?;
        let parcel = Parcel {
            order,
            goods: goods_of(&self.goods, index),
            delivery,
            day: same_day(&self.run, &self.goods, delivery, index),
            way: Way { from: parcels.from, to, channel: parcels.channel },
            rates: parcels.rates,
            on: parcels.on,
        };
        let (answer, said) = Applying::new(pack, &parcel).answer()?;
        for (line, finding) in said {
            match line {
                Some(line) => self.run.on_line(&line, "customs", finding),
                None => self.run.on_order(index, finding),
            }
        }
        Some(answer)
    }
}

fn goods_of<'g, 'a>(all: &'g [(usize, Vec<Goods<'a>>)], order: usize) -> &'g [Goods<'a>] {
    all.iter().find(|(index, _)| *index == order).map_or(&[], |(_, goods)| goods)
}

/// The value of what goes to the same recipient and was ordered on the same day, and of how many orders it is.
fn same_day(
    run: &Run<'_>,
    goods: &[(usize, Vec<Goods<'_>>)],
    delivery: &Delivery,
    order: usize,
) -> (Vec<Found>, usize) {
    let day = |order: usize| {
        let at = run.order(order)?.at();
        let time = ["placed_at", "created_at"].into_iter().find_map(|path| at.time(path));
        time.and_then(|time| time.day())
    };
    let is_same = |other: &&usize| **other == order || (day(order).is_some() && day(**other) == day(order));
    let orders: Vec<_> = delivery.orders.iter().filter(is_same).collect();
    let goods: Vec<_> = orders.iter().flat_map(|index| goods_of(goods, **index)).collect();
    (value(&goods), orders.len())
}
