//! People who come back from where they authorised us, or signed in (RFC 6749, section 4.1.2).

use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use utoipa::IntoParams;

/// What people are sent back with.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Back {
    /// What is exchanged for a token.
    pub code: Option<String>,
    /// What the person left with.
    pub state: Option<String>,
    /// Why nothing is given.
    pub error: Option<String>,
}

impl Back {
    /// Why nothing is given, where that is so: as much of it as is worth saying.
    pub fn refusal(&self) -> Option<String> {
        self.error.as_ref().map(|error| error.chars().take(100).collect())
    }
}

/// A page of ours that goes on by itself. A redirect would not do: the browser still counts it as the other site's, and
/// keeps the strict cookie of the session back.
pub fn go_on(title: &str, to: &str) -> Markup {
    html! {
        (DOCTYPE)
        title { (title) }
        meta http-equiv="refresh" content=(format!("0;url={to}"));
        p { a href=(to) { "Go on" } }
    }
}
