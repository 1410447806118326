//! The steps of reading a stream: plan, page, and what a page or a failure makes of the cursor.

use dragoman_exchange::ErrorClass;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::content::{At, Content};
use crate::http::Answer;
use crate::predicate::Predicate;
use crate::stream::{
    By, Count, Cursor, Item, Next, Page, Paging, Plan, Shown, Stream, Sweep, Window, before, whole,
};

/// A window is not narrowed below this.
const NARROWEST: SignedDuration = SignedDuration::from_secs(60);

/// An end that the platform says is believed so far after the moment: clocks differ.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// The answer is no page of the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is neither JSON nor XML, or broken.
    #[error("the answer cannot be read")]
    Broken,
    /// There is no list in it, not even an empty one.
    #[error("the answer holds no list")]
    NoList,
    /// An item has no id.
    #[error("item {0} has no id")]
    NoId(usize),
}

impl Stream {
    /// What comes next.
    pub fn plan(&self, cursor: &Cursor, now: Timestamp) -> Plan {
        if let Some(window) = &cursor.open
            && !self.is_stale(window, now)
        {
            return Plan::Read(window.clone());
        }
        let open = cursor.open.as_ref().filter(|window| window.by == By::Created);
        if let Some(sweep) = self.sweep.as_ref().filter(|sweep| open.is_some() || sweep.is_due(cursor, now)) {
            return Plan::Read(self.swept(sweep, now));
        }
        let next = cursor.read_at.map(|at| at.saturating_add(self.every.0).unwrap_or(now));
        match next.filter(|next| *next > now && cursor.open.is_none()) {
            Some(next) => Plan::Rest(next),
            None => self.window(cursor, now),
        }
    }

    fn window(&self, cursor: &Cursor, now: Timestamp) -> Plan {
        let had = before(cursor.since, self.overlap.0);
        let oldest = self.oldest.map_or(Timestamp::MIN, |oldest| before(now, oldest.0));
        let since = whole(had.max(oldest));
        let settled = before(now, self.settle.0);
        let longest = self.longest.map(|longest| longest.0);
        let narrowed = cursor.narrowed.map(SignedDuration::from_secs);
        let length = [longest, narrowed].into_iter().flatten().min();
        let end = length.and_then(|length| since.checked_add(length).ok()).map(whole);
        let until = match end.filter(|end| *end < settled) {
            Some(end) => Some(end),
            None if self.echoed.is_some() => None,
            None => Some(whole(settled)),
        };
        if until.unwrap_or(settled) <= since {
            let rest = since.saturating_add(self.settle.0).unwrap_or(now);
            return Plan::Rest(rest.max(now.saturating_add(self.every.0).unwrap_or(now)));
        }
        let cut = since > had && cursor.since < since;
        Plan::Read(Window { since, until, cut, ..empty(By::Updated, now) })
    }

    fn swept(&self, sweep: &Sweep, now: Timestamp) -> Window {
        let oldest = self.oldest.map_or(sweep.back.0, |oldest| oldest.0.min(sweep.back.0));
        let until = whole(before(now, self.settle.0));
        let until = self.echoed.is_none().then_some(until);
        Window { since: whole(before(now, oldest)), until, ..empty(By::Created, now) }
    }

    /// A place to go on from does not hold for ever.
    fn is_stale(&self, window: &Window, now: Timestamp) -> bool {
        let holds = self.page.as_ref().and_then(|page| page.holds);
        window.token.is_some() && holds.is_some_and(|holds| now.duration_since(window.begun) >= holds.0)
    }

    /// Reads a page that a window's operation brought. Only for answers that are a success.
    pub fn page(&self, window: &Window, answer: &Answer) -> Result<Page, Unreadable> {
        let content = Content::read(&answer.body);
        if !content.is_readable() {
            return Err(Unreadable::Broken);
        }
        let is_none = |none: &Predicate| none.holds(answer, &content);
        if !content.root().has(&self.items) && !self.none.as_ref().is_some_and(is_none) {
            return Err(Unreadable::NoList);
        }
        let entries = content.root().all(&self.items).into_iter().enumerate();
        let items = entries.map(|(number, at)| self.item(at).ok_or(Unreadable::NoId(number + 1)));
        let items: Vec<_> = items.collect::<Result<_, _>>()?;
        let echoed = self.echoed.as_ref().and_then(|path| content.root().text(path));
        let latest = window.begun.saturating_add(SKEW).unwrap_or(window.begun);
        let echoed = echoed.and_then(|text| text.parse::<Timestamp>().ok()).filter(|at| *at <= latest);
        let mut window = window.clone();
        // The end that the first page says is the window's: a later one may be of another moment.
        window.echoed = window.echoed.or(echoed);
        let token = self.page.as_ref().and_then(|page| page.token(answer, &content, &window, items.len()));
        Ok(Page { items, next: self.next(window, token) })
    }

    fn item(&self, at: At<'_>) -> Option<Item> {
        let whole = self.detail.as_ref().and_then(|detail| detail.whole.as_ref());
        Some(Item {
            id: at.text(&self.id)?.to_owned(),
            updated: self.updated.as_ref().and_then(|path| at.text(path)).map(str::to_owned),
            placed: self.placed.as_ref().and_then(|path| at.text(path)?.parse().ok()),
            whole: whole.is_none_or(|test| test.holds_of(at)),
            shown: self.shown(at)?,
        })
    }

    /// Reads an item that was fetched alone; none where it is not in the answer.
    pub fn alone(&self, answer: &[u8]) -> Option<Shown> {
        let content = Content::read(answer);
        let item = self.detail.as_ref().and_then(|detail| detail.item.as_ref());
        let at = match item {
            Some(path) => content.root().all(path).into_iter().next()?,
            None => content.root(),
        };
        content.is_readable().then(|| self.shown(at)).flatten()
    }

    fn shown(&self, at: At<'_>) -> Option<Shown> {
        let detail = self.detail.as_ref();
        let holds = |test: &Predicate| test.holds_of(at);
        let settled = detail.and_then(|detail| detail.settled.as_ref()).is_none_or(holds);
        let ended = detail.and_then(|detail| detail.ended.as_ref()).map_or(settled, holds);
        Some(Shown { bytes: at.bytes()?.to_vec(), settled, ended })
    }

    fn next(&self, mut window: Window, token: Option<String>) -> Next {
        let Some(token) = token else {
            let settled = before(window.begun, self.settle.0);
            return Next::End(window.echoed.into_iter().chain(window.until).min().unwrap_or(settled));
        };
        window.pages = window.pages.saturating_add(1);
        let hash = hash(&token);
        if window.seen.contains(&hash) {
            return Next::Repeated;
        }
        // A window that cannot be narrowed further is read to its end, however long that is.
        let can_narrow = window.by == By::Created || self.length(&window) > self.least();
        if can_narrow && self.page.as_ref().is_some_and(|page| window.pages >= page.most) {
            return Next::Capped;
        }
        window.seen.push(hash);
        window.token = Some(token);
        Next::More(window)
    }

    /// The cursor behind a page.
    pub fn after(&self, cursor: &Cursor, window: &Window, page: &Page) -> Cursor {
        let mut after = cursor.clone();
        after.open = match &page.next {
            Next::More(window) => Some(window.clone()),
            Next::End(_) | Next::Repeated | Next::Capped => None,
        };
        match window.by {
            By::Updated => after.read_at = Some(window.begun),
            By::Created => after.swept_at = Some(window.begun),
        }
        match (&page.next, window.by) {
            (Next::End(until), By::Updated) => {
                after.since = cursor.since.max(*until);
                after.narrowed = None;
                // A window that ended before the moment is followed by the next one at once.
                if window.until.is_some_and(|until| until < whole(before(window.begun, self.settle.0))) {
                    after.read_at = None;
                    after.narrowed = cursor.narrowed;
                }
            }
            (Next::Capped, By::Updated) => {
                after.narrowed = Some(self.narrower(cursor, window));
                after.read_at = None;
            }
            _ => {}
        }
        after
    }

    /// The cursor behind a failure; `None` where it stays as it is and the same page is asked for again.
    pub fn failed(&self, cursor: &Cursor, window: &Window, class: ErrorClass) -> Option<Cursor> {
        match class {
            ErrorClass::CursorExpired => Some(Cursor { open: None, read_at: None, ..cursor.clone() }),
            ErrorClass::WindowTooLarge => {
                let narrowed = Some(self.narrower(cursor, window));
                Some(Cursor { open: None, read_at: None, narrowed, ..cursor.clone() })
            }
            // What is refused for good with a place to go on from may be granted from the beginning; a sweep that is
            // refused does not hold up the list.
            class if !class.may_pass() && window.by == By::Created => {
                Some(Cursor { open: None, swept_at: Some(window.begun), ..cursor.clone() })
            }
            class if !class.may_pass() && window.token.is_some() => {
                Some(Cursor { open: None, read_at: Some(window.begun), ..cursor.clone() })
            }
            _ => None,
        }
    }

    /// Half of a window, in seconds.
    fn narrower(&self, cursor: &Cursor, window: &Window) -> i64 {
        let half = self.length(window) / 2;
        let half = cursor.narrowed.map_or(half, |narrowed| half.min(narrowed / 2));
        half.max(self.least())
    }

    /// How many seconds a window has.
    fn length(&self, window: &Window) -> i64 {
        let until = window.until.unwrap_or_else(|| before(window.begun, self.settle.0));
        until.duration_since(window.since).as_secs()
    }

    /// As few seconds as a window may have: below the overlap none would ever get beyond the one before.
    fn least(&self) -> i64 {
        self.overlap.0.as_secs().saturating_mul(2).max(NARROWEST.as_secs())
    }
}

impl Sweep {
    fn is_due(&self, cursor: &Cursor, now: Timestamp) -> bool {
        cursor.swept_at.is_none_or(|at| now.duration_since(at) >= self.every.0)
    }
}

impl Paging {
    fn token(&self, answer: &Answer, content: &Content<'_>, window: &Window, items: usize) -> Option<String> {
        let has_more = self.more.as_ref().is_none_or(|path| content.root().text(path) == Some("true"));
        let next = match (&self.next, self.count) {
            (Some(next), _) => next.text(answer, content).map(str::to_owned),
            (None, Some(count)) => self.counted(count, content, window, items),
            (None, None) => None,
        };
        next.filter(|_| has_more)
    }

    /// The count behind a page. Without items, or behind the last of them, there is no further page.
    fn counted(&self, count: Count, content: &Content<'_>, window: &Window, items: usize) -> Option<String> {
        let had = u64::from(window.pages).saturating_add(1);
        let size = self.size.map_or(u64::try_from(items).unwrap_or(u64::MAX), u64::from);
        let total = self.total.as_ref().and_then(|path| content.root().text(path)?.parse::<u64>().ok());
        let before: u64 = window.token.as_deref().and_then(|token| token.parse().ok()).unwrap_or_default();
        let is_full = u64::try_from(items).is_ok_and(|items| items > 0 && items >= size);
        let (next, reached) = match count {
            Count::Items => (before.saturating_add(items as u64), before.saturating_add(items as u64)),
            Count::Pages => (had.saturating_add(1), had.saturating_mul(size)),
        };
        let is_last = total.map_or(!is_full, |total| items == 0 || reached >= total);
        (!is_last).then(|| next.to_string())
    }
}

fn empty(by: By, begun: Timestamp) -> Window {
    Window { until: None, ..Window::between(by, begun, begun, begun) }
}

fn hash(token: &str) -> u64 {
    Sha256::digest(token).iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
