//! Filters of lists, as the address bar holds them.

use std::fmt::Write as _;

use dragoman_store::Query;
use jiff::Timestamp;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

/// What a list is narrowed to; an empty word is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Filters {
    /// A word in title, number or orders.
    pub q: String,
    /// The kind of stream, where a list has several.
    pub kind: String,
    /// Where the last submission stands.
    pub state: String,
    /// What the authority made of it.
    pub status: String,
    /// What a person has to do.
    pub needs: String,
    /// What is at fault.
    pub cause: String,
    /// Behind which row: `microseconds-id`.
    pub after: String,
    /// What was done before.
    pub done: String,
}

impl Filters {
    /// The question to the store.
    pub fn query(&self, limit: usize) -> Query {
        let some = |word: &str| (!word.is_empty()).then(|| word.to_owned());
        Query {
            state: some(&self.state),
            status: some(&self.status),
            needs: some(&self.needs),
            cause: some(&self.cause),
            text: some(self.q.trim()),
            after: self.place(),
            limit,
            ..Query::default()
        }
    }

    fn place(&self) -> Option<(Timestamp, String)> {
        let (at, id) = self.after.split_once('-')?;
        Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.to_owned()))
    }

    /// The address of a list with these filters, from its first page on.
    pub fn address(&self, path: &str) -> String {
        self.with(path, "")
    }

    /// The address of the page behind a row.
    pub fn next(&self, path: &str, place: &(Timestamp, String)) -> String {
        self.with(path, &format!("{}-{}", place.0.as_microsecond(), place.1))
    }

    fn with(&self, path: &str, after: &str) -> String {
        let pairs = [
            ("q", self.q.trim()),
            ("kind", &self.kind),
            ("state", &self.state),
            ("status", &self.status),
            ("needs", &self.needs),
            ("cause", &self.cause),
            ("after", after),
        ];
        address(path, pairs)
    }

    /// True where nothing is narrowed.
    pub fn is_empty(&self) -> bool {
        self.address("").is_empty()
    }
}

/// A path with a query of the pairs that say something.
pub fn address<'p>(path: &str, pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The page of an article. Its number is the seller's, any text: as a segment, `..` would be a way up.
pub fn article_page(sku: &str) -> String {
    address("/goods/article", [("sku", sku)])
}

/// One segment of a path, of an id or a name of ours: never dots alone.
pub fn segment(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_goes_on_where_the_one_before_ended() {
        let filters = Filters { q: "A&B ü".into(), state: "dead".into(), ..Filters::default() };
        let place = ("2026-11-22T16:24:05.678901Z".parse().unwrap(), "0193-ab".to_owned());
        let next = filters.next("/orders", &place);
        assert_eq!(next, "/orders?q=A%26B+%C3%BC&state=dead&after=1795364645678901-0193-ab");
        let read = url::form_urlencoded::parse(next.split_once('?').unwrap().1.as_bytes());
        let after = read.into_owned().find(|(name, _)| name == "after").unwrap().1;
        assert_eq!(Filters { after, ..filters }.query(50).after, Some(place));
    }

    #[test]
    fn what_is_no_place_begins_at_the_first() {
        for after in ["", "x", "1", "x-y", "99999999999999999999-a", "-"] {
            assert_eq!(Filters { after: after.into(), ..Filters::default() }.query(1).after, None);
        }
    }

    proptest! {
        #[test]
        fn a_segment_is_one(text in ".{0,6}[^.].{0,6}") {
            let address = format!("http://host/orders/{}", segment(&text));
            let read = url::Url::parse(&address).unwrap();
            let segments: Vec<_> = read.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 2, "{}", address);
        }

        #[test]
        fn any_article_has_its_page(sku in prop_oneof![".{1,12}", Just(".".to_owned()), Just("..".to_owned())]) {
            let read = url::Url::parse(&format!("http://host{}", article_page(&sku))).unwrap();
            prop_assert_eq!(read.path(), "/goods/article");
            let pairs: Vec<_> = read.query_pairs().into_owned().collect();
            prop_assert_eq!(pairs, [("sku".to_owned(), sku)]);
        }
    }
}
