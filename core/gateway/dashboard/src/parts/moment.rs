//! Moments: in UTC as they are served, in the reader's zone where scripts run, and in UTC again on hover.

use jiff::Timestamp;
use maud::{Markup, html};

/// A moment.
pub fn moment(at: Timestamp) -> Markup {
    let utc = at.strftime("%-d %b %Y, %H:%M UTC").to_string();
    let exact = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    html! { time datetime=(exact) title=(utc) { (utc) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_for_people_and_for_machines() {
        let at = "2026-11-22T16:24:05.678Z".parse().unwrap();
        assert_eq!(
            moment(at).into_string(),
            "<time datetime=\"2026-11-22T16:24:05Z\" title=\"22 Nov 2026, 16:24 UTC\">22 Nov 2026, 16:24 UTC</time>"
        );
    }
}
