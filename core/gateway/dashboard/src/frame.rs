//! What is around every page: the head, the navigation, notices and the sheet of keys.

use dragoman_engine::people::{Actor, Right};
use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::texts::{Texts, filled, said};

/// Pages that the navigation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// What happens, and what needs a person.
    Today,
    /// Orders.
    Orders,
    /// Shipments.
    Shipments,
    /// Declarations.
    Declarations,
    /// Answers that nobody waited for, and news to customers.
    Messages,
    /// What was given up.
    DeadLetters,
    /// The customs master.
    Goods,
    /// What applies where and when.
    Rules,
    /// Accounts and their counterparts.
    Adapters,
    /// Ledger and hash chain.
    Evidence,
}

impl Area {
    /// All of them, as the navigation has them.
    pub const ALL: [Self; 10] = [
        Self::Today,
        Self::Orders,
        Self::Shipments,
        Self::Declarations,
        Self::Messages,
        Self::DeadLetters,
        Self::Goods,
        Self::Rules,
        Self::Adapters,
        Self::Evidence,
    ];

    /// Its address, and the letter that goes there.
    pub const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Today => ("/", "t"),
            Self::Orders => ("/orders", "o"),
            Self::Shipments => ("/shipments", "s"),
            Self::Declarations => ("/declarations", "d"),
            Self::Messages => ("/messages", "m"),
            Self::DeadLetters => ("/dead-letters", "l"),
            Self::Goods => ("/goods", "p"),
            Self::Rules => ("/rules", "r"),
            Self::Adapters => ("/adapters", "a"),
            Self::Evidence => ("/evidence", "e"),
        }
    }

    /// What it is called.
    pub const fn title(self, texts: &Texts) -> &'static str {
        match self {
            Self::Today => texts.today,
            Self::Orders => texts.orders,
            Self::Shipments => texts.shipments,
            Self::Declarations => texts.declarations,
            Self::Messages => texts.messages,
            Self::DeadLetters => texts.dead_letters,
            Self::Goods => texts.goods,
            Self::Rules => texts.rules,
            Self::Adapters => texts.adapters,
            Self::Evidence => texts.evidence,
        }
    }
}

/// Who looks, and what of the pages depends on that.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'f> {
    /// The language.
    pub texts: &'static Texts,
    /// Who looks.
    pub actor: &'f Actor,
    /// The token of the session; empty where nobody signs in.
    pub token: &'f str,
    /// True where nobody signs in: in the demonstration.
    pub is_open: bool,
    /// The word for what was done before.
    pub done: Option<&'f str>,
}

/// A page.
#[derive(Clone, Copy, Debug)]
pub struct Page<'p> {
    /// Where the navigation stands.
    pub area: Area,
    /// Its title.
    pub title: &'p str,
    /// What it is for, in a sentence; none where that is plain.
    pub lead: Option<&'p str>,
    /// The ids of the parts that are kept up to date while somebody looks.
    pub live: &'p str,
}

impl Frame<'_> {
    /// True where who looks may change things.
    pub fn may_write(&self) -> bool {
        self.actor.may(Right::Write)
    }

    /// True where who looks may release what others filed.
    pub fn may_approve(&self) -> bool {
        self.actor.may(Right::Approve)
    }

    /// True where who looks may authorise us at counterparts.
    pub fn may_administer(&self) -> bool {
        self.actor.may(Right::Administer)
    }

    /// The whole page.
    pub fn page(&self, page: &Page<'_>, content: &Markup) -> String {
        let texts = self.texts;
        let live = (!page.live.is_empty()).then_some(page.live);
        let body = html! {
            body data-live=[live] {
                a.skip href="#content" { (texts.skip) }
                (self.navigation(page.area))
                main id="content" {
                    header {
                        h1 { (page.title) }
                        @if let Some(lead) = page.lead { p.lead { (lead) } }
                    }
                    @if let Some(done) = self.done.filter(|done| texts.done.iter().any(|(word, _)| word == done)) {
                        div.notice.good role="status" { (said(texts.done, done)) }
                    }
                    (content)
                    (sheet(texts))
                }
            }
        };
        document(texts, page.title, &body)
    }

    fn navigation(&self, here: Area) -> Markup {
        let texts = self.texts;
        html! {
            nav aria-label=(texts.navigation) {
                a.brand href="/" { (texts.brand) }
                @for area in Area::ALL {
                    @let (address, letter) = area.parts();
                    a.to href=(address) data-go=(letter) aria-current=[(area == here).then_some("page")] {
                        (area.title(texts))
                    }
                }
                div.who {
                    @if self.is_open {
                        (texts.open_to_all)
                    } @else {
                        (filled(texts.signed_in, &[&self.actor.name]))
                        form method="post" action="/sign-out" {
                            input type="hidden" name="token" value=(self.token);
                            button.plain { (texts.sign_out) }
                        }
                    }
                }
            }
        }
    }
}

/// The document around a body.
fn document(texts: &Texts, title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(texts.lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (texts.brand) }
                link rel="icon" href=(assets::ICON.address());
                link rel="stylesheet" href=(assets::STYLE.address());
                script src=(assets::SCRIPT.address()) defer {}
            }
            (body)
        }
    };
    page.into_string()
}

/// A page of its own, without navigation: for who is not signed in, and for what went wrong.
pub fn alone(texts: &Texts, title: &str, content: &Markup) -> String {
    let body = html! { body.alone { main id="content" { header { h1 { (title) } } (content) } } };
    document(texts, title, &body)
}

/// The keys: at the foot of the page, and as a sheet where scripts run.
fn sheet(texts: &Texts) -> Markup {
    let keys = html! {
        dl {
            dt { kbd { "j" } " " kbd { "k" } } dd { (texts.keys_move) }
            dt { kbd { (texts.enter) } } dd { (texts.keys_open) }
            dt { kbd { "/" } } dd { (texts.keys_search) }
            dt { (texts.arrows) } dd { (texts.keys_panes) }
            dt { kbd { "Esc" } } dd { (texts.keys_leave) }
            dt { kbd { "?" } } dd { (texts.keys_sheet) }
            @for area in Area::ALL {
                dt { kbd { "g" } " " kbd { (area.parts().1) } } dd { (filled(texts.go_to, &[area.title(texts)])) }
            }
        }
    };
    html! {
        details.keys { summary { (texts.keys) } (keys) }
        dialog aria-label=(texts.keys) {
            h2 { (texts.keys) }
            (keys)
            form method="dialog" { button autofocus { (texts.close) } }
        }
    }
}
