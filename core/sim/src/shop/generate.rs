//! Orders that are made up: synthetic, in the shape of real ones; the same seed makes the same.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Value as Shape;

use crate::shape::{Spoken, shaped};

/// How orders are made up: a document of the model, with values that are drawn.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generator {
    /// The order as canonical JSON, or as the platform writes it. `${lines}` are its lines, `${number}` counts orders,
    /// `${digits}` are seven that are drawn, `${now}` is the moment, and each member of a buyer has its name. As numbers:
    /// `${id}`, and `${cents}`, the total.
    pub order: Shape,
    /// A line of it. `${line}` counts, `${quantity}` is drawn, `${price}` is the article's, `${sum}` that of all
    /// pieces, and each member of an article has its name. As numbers: `${id}`, `${pieces}`, `${cents}`, `${cents_sum}`.
    pub line: Shape,
    /// Whom orders come from.
    pub buyers: Vec<std::collections::BTreeMap<String, String>>,
    /// What is ordered.
    pub articles: Vec<Article>,
    /// True where a line is one piece.
    #[serde(default)]
    pub single: bool,
}

/// Something that is sold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Its number at the seller.
    pub sku: String,
    /// Its name.
    pub title: String,
    /// Its price, in hundredths.
    pub price: u32,
}

/// Numbers that follow from a seed.
#[derive(Clone, Debug)]
pub struct Draw {
    seed: String,
    count: u32,
}

impl Draw {
    /// Those of one order.
    pub fn new(seed: u64, number: u64) -> Self {
        Self { seed: format!("{seed} order {number}"), count: 0 }
    }

    /// The next, below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.count += 1;
        let hash = Sha256::digest(format!("{} {}", self.seed, self.count));
        let number = hash.iter().take(6).fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        number % bound.max(1)
    }
}

impl Generator {
    /// The order of that number, as canonical JSON. `None` where nobody buys, or nothing is sold.
    pub fn order(&self, seed: u64, number: u64, now: &str) -> Option<serde_json::Value> {
        let mut draw = Draw::new(seed, number);
        let buyer = self.buyers.get(draw.below(self.buyers.len()))?;
        let mut spoken = Spoken::default().text("number", number.to_string()).text("now", now);
        for (name, value) in buyer {
            spoken = spoken.text(name, value);
        }
        let mut digits = || format!("{:07}", draw.below(10_000_000));
        spoken = spoken.text("digits", digits()).text("more_digits", digits());
        let count = 1 + draw.below(3).min(self.articles.len().saturating_sub(1));
        let first = draw.below(self.articles.len());
        let articles = self.articles.iter().cycle().skip(first).take(count);
        let mut total = 0;
        let mut lines = Vec::new();
        for (line, article) in (1..).zip(articles) {
            let quantity = 1 + if self.single { 0 } else { draw.below(3) as u32 };
            total += article.price * quantity;
            let spoken = spoken
                .clone()
                .text("line", format!("{number}{line:02}"))
                .text("sku", &*article.sku)
                .text("title", &*article.title)
                .text("quantity", quantity.to_string())
                .text("price", money(article.price))
                .text("sum", money(article.price * quantity))
                .value("id", number * 100 + line)
                .value("pieces", quantity)
                .value("cents", article.price)
                .value("cents_sum", article.price * quantity);
            lines.extend(shaped(&self.line, &spoken));
        }
        let spoken = spoken.value("lines", lines).text("total", money(total));
        shaped(&self.order, &spoken.value("id", 1000 + number).value("cents", total))
    }
}

fn money(hundredths: u32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
