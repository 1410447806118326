//! Badges: where something stands, as a sign and a word. The colour only repeats them.

use maud::{Markup, html};

use crate::texts::{Texts, said};

/// How good it is.
#[derive(Clone, Copy)]
enum Tone {
    Good,
    Warn,
    Bad,
    Calm,
}

impl Tone {
    const fn of(word: &str) -> Self {
        match word.as_bytes() {
            b"accepted" | b"released" | b"cleared" | b"exited" | b"delivered" | b"matched" | b"declared" => {
                Self::Good
            }
            b"held" | b"deferred" | b"incomplete" | b"parked" | b"registered" | b"not_exited"
            | b"returned" => Self::Warn,
            b"rejected" | b"refused" | b"dead" | b"unknown" | b"undeliverable" | b"disputed" => Self::Bad,
            _ => Self::Calm,
        }
    }

    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Good => ("badge good", "✓"),
            Self::Warn => ("badge warn", "!"),
            Self::Bad => ("badge bad", "✕"),
            Self::Calm => ("badge calm", "·"),
        }
    }
}

/// Where a declaration, a submission or an order stands.
pub fn state(texts: &Texts, word: &str) -> Markup {
    badge(Tone::of(word), said(texts.states, word))
}

/// What a person has to do.
pub fn needs(texts: &Texts, word: &str) -> Markup {
    badge(Tone::Warn, said(texts.needs, word))
}

fn badge(tone: Tone, text: &str) -> Markup {
    let (class, sign) = tone.parts();
    html! { span class=(class) { i aria-hidden="true" { (sign) } (text) } }
}
