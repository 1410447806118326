//! Signing in.

use maud::html;

use crate::frame;
use crate::texts::Texts;

/// The page; `wrong` is what went wrong before, `elsewhere` says that there is a provider.
pub fn sign_in(texts: &Texts, name: &str, wrong: Option<&str>, elsewhere: bool) -> String {
    frame::alone(
        texts,
        texts.sign_in,
        &html! {
            section {
                @if let Some(wrong) = wrong { div.notice.bad role="alert" { (wrong) } }
                form method="post" action="/sign-in" {
                    p { label { span { (texts.name) } input name="name" value=(name) autocomplete="username" required autofocus; } }
                    p { label { span { (texts.password) } input type="password" name="password" autocomplete="current-password" required; } }
                    button.main { (texts.sign_in) }
                }
                @if elsewhere { p { a.button href="/v1/session/oidc" { (texts.sign_in_elsewhere) } } }
            }
        },
    )
}
