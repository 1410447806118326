//! Applying checks to one message.

use std::cell::{Cell, OnceCell};
use std::ops::ControlFlow;

use dragoman_model::{Decimal, decimal};
use dragoman_tree::{NodeId, Tree};
use jiff::civil::Date;
use rustc_hash::FxHashSet;

use super::test::{Amount, Compared, Step, Test, To, Way};
use super::{Check, Checks, Compiled, Plan};

/// A check that does not hold.
#[derive(Clone, Copy, Debug)]
pub struct Broken<'c> {
    /// Which.
    pub check: &'c Check,
    /// Where.
    pub node: NodeId,
    pub(crate) compiled: &'c Compiled,
}

/// How many nodes are looked at for each node of the message, before the checks are given up: repeats that no grammar
/// allows could multiply.
const STEPS: u64 = 400;

impl Plan {
    /// The checks that do not hold on a day for the message at a node, in its order; false where they were given up.
    pub(crate) fn broken<'c>(
        &'c self,
        checks: &'c Checks,
        day: Date,
        tree: &Tree<'_>,
        root: NodeId,
    ) -> (Vec<Broken<'c>>, bool) {
        let run = Run::new(self, tree, root);
        let in_force: Vec<bool> = checks.list.iter().map(|check| check.holds_on(day)).collect();
        let mut broken = Vec::new();
        for node in tree.subtree(root) {
            let Some(here) = self.scopes.get(tree.place(node).index()) else { continue };
            for compiled in here.iter().filter_map(|index| self.compiled.get(*index as usize)) {
                let Some(check) = checks.list.get(compiled.check) else { continue };
                if in_force.get(compiled.check) == Some(&true) && !run.holds(&compiled.test, node) {
                    broken.push(Broken { check, node, compiled });
                }
            }
            if run.is_over() {
                return (broken, false);
            }
        }
        (broken, true)
    }
}

/// What is known of the end of a way from the root.
#[derive(Debug, Default)]
struct Found {
    nodes: OnceCell<Vec<NodeId>>,
    values: OnceCell<FxHashSet<String>>,
    exact: OnceCell<FxHashSet<String>>,
    sum: OnceCell<Option<Decimal>>,
}

struct Run<'r, 'i> {
    plan: &'r Plan,
    tree: &'r Tree<'i>,
    root: NodeId,
    found: Vec<Found>,
    steps: Cell<u64>,
}

impl<'r, 'i> Run<'r, 'i> {
    fn new(plan: &'r Plan, tree: &'r Tree<'i>, root: NodeId) -> Self {
        let found = plan.kept.iter().map(|_| Found::default()).collect();
        Self { plan, tree, root, found, steps: Cell::new(STEPS * (tree.len() as u64 + STEPS)) }
    }

    fn is_over(&self) -> bool {
        self.steps.get() == 0
    }

    fn holds(&self, test: &Test, here: NodeId) -> bool {
        match test {
            Test::All(parts) => parts.iter().all(|part| self.holds(part, here)),
            Test::Any(parts) => parts.iter().any(|part| self.holds(part, here)),
            Test::Not(part) => !self.holds(part, here),
            Test::Present(way) => self.any(way, here, &mut |_| true),
            Test::In { way, literals, exact } => self.any(way, here, &mut |node| {
                let value = self.text(node, *exact);
                literals.iter().any(|literal| **literal == *value)
            }),
            Test::Same { left, right, exact } => self.is_same(left, right, *exact, here),
            Test::Matches(way, pattern) => {
                self.any(way, here, &mut |node| pattern.is_match(self.text(node, false)))
            }
            Test::Begins(way, start) => {
                self.any(way, here, &mut |node| self.text(node, true).starts_with(&**start))
            }
            Test::Alike { way, count, of } => {
                let start = |text: &str| text.chars().take(*count).collect::<String>();
                self.any(way, here, &mut |node| {
                    let own = start(self.text(node, false));
                    self.any(of, here, &mut |other| {
                        let other = start(self.text(other, false));
                        other.chars().count() == *count && other == own
                    })
                })
            }
            Test::Contains(way, part) => {
                self.any(way, here, &mut |node| self.text(node, true).contains(&**part))
            }
            Test::Listed(way, of) => self.any(way, here, &mut |node| of.holds(self.text(node, false))),
            Test::Numbered(way) => {
                let mut next = Decimal::ZERO;
                !self.any(way, here, &mut |node| {
                    next += Decimal::ONE;
                    self.number(node) != Some(next)
                })
            }
            Test::Compare(left, compared, right) => {
                let both = self.amount(left, here).zip(self.amount(right, here));
                both.is_some_and(|(left, right)| match compared {
                    Compared::Equal => left == right,
                    Compared::By(order) => order.holds(left, right),
                })
            }
        }
    }

    fn is_same(&self, left: &Way, right: &Way, exact: bool, here: NodeId) -> bool {
        let known = match right {
            Way::Kept(index) => self.found.get(*index).map(|found| {
                let cell = if exact { &found.exact } else { &found.values };
                cell.get_or_init(|| self.values(right, here, exact))
            }),
            Way::Here(_) => None,
        };
        self.any(left, here, &mut |node| {
            let value = self.text(node, exact);
            match known {
                Some(known) => known.contains(value),
                None => self.any(right, here, &mut |other| self.text(other, exact) == value),
            }
        })
    }

    fn amount(&self, amount: &Amount, here: NodeId) -> Option<Decimal> {
        let count = |number: usize| Some(Decimal::from(number));
        match amount {
            Amount::Literal(number) => Some(*number),
            Amount::Number(way) => {
                let mut first = None;
                self.any(way, here, &mut |node| {
                    first = Some(node);
                    true
                });
                self.number(first?)
            }
            Amount::Count(way @ Way::Kept(_)) => count(self.kept(way).len()),
            Amount::Count(way) => {
                let mut number = 0;
                self.all(way, here, &mut |_| number += 1);
                count(number)
            }
            Amount::Sum(way) => {
                let sum = || {
                    let mut sum = Some(Decimal::ZERO);
                    self.all(way, here, &mut |node| {
                        sum = sum.and_then(|sum| sum.checked_add(self.number(node).unwrap_or_default()));
                    });
                    sum
                };
                match way {
                    Way::Kept(index) => *self.found.get(*index)?.sum.get_or_init(sum),
                    Way::Here(_) => sum(),
                }
            }
            Amount::Distinct { way, exact } => count(self.values(way, here, *exact).len()),
            Amount::Sizes(way) => {
                let mut sizes = FxHashSet::default();
                self.all(way, here, &mut |node| {
                    sizes.insert(self.tree.children(node).count());
                });
                count(sizes.len())
            }
            Amount::Percent(percent, of) => {
                self.amount(of, here)?.checked_mul(*percent)?.checked_div(Decimal::ONE_HUNDRED)
            }
            Amount::Total(parts) => {
                parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(self.amount(part, here)?))
            }
        }
    }

    fn values(&self, way: &Way, here: NodeId, exact: bool) -> FxHashSet<String> {
        let mut values = FxHashSet::default();
        self.all(way, here, &mut |node| {
            values.insert(self.text(node, exact).to_owned());
        });
        values
    }

    fn text(&self, node: NodeId, exact: bool) -> &str {
        let text = self.tree.value(node).unwrap_or_default();
        if exact { text } else { text.trim() }
    }

    fn number(&self, node: NodeId) -> Option<Decimal> {
        decimal(self.text(node, false)).ok()
    }

    /// What stands at the end of a way from the root.
    fn kept(&self, way: &Way) -> &[NodeId] {
        let Way::Kept(index) = way else { return &[] };
        let Some((found, kept)) = self.found.get(*index).zip(self.plan.kept.get(*index)) else { return &[] };
        found.nodes.get_or_init(|| {
            let mut nodes = Vec::new();
            let _ = self.walk(&kept.steps, self.root, &mut |node| {
                nodes.push(node);
                ControlFlow::Continue(())
            });
            nodes
        })
    }

    fn all(&self, way: &Way, here: NodeId, each: &mut dyn FnMut(NodeId)) {
        self.any(way, here, &mut |node| {
            each(node);
            false
        });
    }

    /// True where something at the end of a way fits.
    fn any(&self, way: &Way, here: NodeId, fits: &mut dyn FnMut(NodeId) -> bool) -> bool {
        match way {
            Way::Kept(_) => self.kept(way).iter().any(|node| self.step() && fits(*node)),
            Way::Here(steps) => {
                let mut visit =
                    |node| if fits(node) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
                self.walk(steps, here, &mut visit).is_break()
            }
        }
    }

    fn walk(
        &self,
        steps: &[Step],
        here: NodeId,
        visit: &mut dyn FnMut(NodeId) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some((step, rest)) = steps.split_first() else { return visit(here) };
        let mut enter = |node: NodeId| match &step.only {
            Some(test) if !self.holds(test, node) => ControlFlow::Continue(()),
            _ => self.walk(rest, node, visit),
        };
        match step.to {
            To::Same => enter(here),
            To::Parent if here == self.root => ControlFlow::Continue(()),
            To::Parent => enter(self.tree.node(here).parent),
            To::Child(place) => {
                for child in self.tree.children(here) {
                    if !self.step() {
                        break;
                    }
                    if self.tree.place(child) == place {
                        enter(child)?;
                    }
                }
                ControlFlow::Continue(())
            }
        }
    }

    /// Counts a step; false where there are none left.
    fn step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }
}
