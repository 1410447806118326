//! Files that are still being written: how long each has not changed, by our own clock alone. Those of other machines may
//! be wrong.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::Entry;

/// The files of a folder as they were seen last, and since when they are as they are.
#[derive(Debug, Default)]
pub struct Settling {
    seen: HashMap<String, (u64, u64, Timestamp)>,
}

impl Settling {
    /// How long each file has been as it is. Files that are gone are forgotten.
    pub fn look<'e>(
        &mut self,
        entries: &'e [Entry],
        now: Timestamp,
    ) -> impl Iterator<Item = (&'e Entry, SignedDuration)> + 'e {
        let before = std::mem::take(&mut self.seen);
        let mut ages = Vec::with_capacity(entries.len());
        for entry in entries {
            let known = before.get(&entry.name);
            let same = known.filter(|(size, modified, _)| (*size, *modified) == (entry.size, entry.modified));
            let since = same.map_or(now, |(.., since)| *since);
            self.seen.insert(entry.name.clone(), (entry.size, entry.modified, since));
            ages.push((entry, now.duration_since(since)));
        }
        ages.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changes_begins_anew() {
        let mut settling = Settling::default();
        let mut age = |size: u64, second: i64| {
            let entries = [Entry { name: "a".into(), size, modified: 0 }];
            let now = Timestamp::from_second(second).unwrap();
            let ages: Vec<_> = settling.look(&entries, now).map(|(_, age)| age.as_secs()).collect();
            ages[0]
        };
        assert_eq!([age(1, 10), age(1, 12), age(2, 13), age(2, 20)], [0, 2, 0, 7]);
    }

    #[test]
    fn a_file_that_was_gone_is_another_one() {
        let mut settling = Settling::default();
        let entries = [Entry { name: "a".into(), size: 1, modified: 0 }];
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(settling.look(&entries, at(1)).count(), 1);
        assert_eq!(settling.look(&[], at(2)).count(), 0);
        assert!(settling.look(&entries, at(9)).all(|(_, age)| age.is_zero()));
    }
}
