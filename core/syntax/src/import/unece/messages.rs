//! Message directories: the segment table of a message.

use super::ImportError;
use super::archive::Text;
use super::text::{Line, error, lines, unmarked};

/// A row of a segment table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its position, such as 120 for 0120.
    pub position: u16,
    /// The tag; for a group that of its trigger segment.
    pub tag: String,
    /// True where it must occur.
    pub mandatory: bool,
    /// How often it may.
    pub times: u32,
    /// The number of the group, and what it holds.
    pub group: Option<(u16, Vec<Item>)>,
    /// The value of a section control: `D` before the detail section, `S` before the summary.
    pub section: Option<char>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its type, such as `CUSDEC`.
    pub name: String,
    /// Version, release and agency: `D`, `96B`, `UN`.
    pub version: [String; 3],
    /// Its segment table.
    pub items: Vec<Item>,
}

/// An open group while the table is read.
struct Open {
    item: Item,
    items: Vec<Item>,
    /// The column of its line in the frame at the right of the table.
    column: usize,
}

/// Reads the segment table of a message; `None` for an interactive one.
pub(super) fn read(text: &Text) -> Result<Option<Message>, ImportError> {
    let before = |(_, line): &Line<'_>| {
        let mut words = line.split_whitespace();
        !(words.next() == Some("Pos") && words.next() == Some("Tag"))
    };
    let mut table = Table::default();
    let mut begun: Option<(u16, String)> = None;
    let within = |(_, line): &Line<'_>| !line.starts_with(|c: char| c.is_ascii_alphabetic());
    for (number, line) in lines(&text.content).skip_while(before).skip(1).take_while(within) {
        table.section = heading(line).or(table.section);
        let (next, before) = (begin(line), begun.take());
        let first = before.is_none();
        let Some((position, rest)) = next.filter(|_| first).or_else(|| go_on(line, before)) else { continue };
        match cells(position, &rest, line) {
            Some(row) => {
                table.add(row).ok_or_else(|| error(text, number, "the groups of the table are not clear"))?;
            }
            None if first => begun = Some((position, rest)),
            None => return Err(error(text, number, "the row of the table is not clear")),
        }
    }
    if let Some((position, _)) = begun {
        return Err(error(text, 0, format!("the row at {position} does not end")));
    }
    if let Some(open) = table.open.last() {
        return Err(error(text, 0, format!("the group at {} does not end", open.item.position)));
    }
    let batch = table.items.first().is_some_and(|first| first.tag == "UNH");
    let name = text.source.name.split('_').next().unwrap_or_default().to_owned();
    let version = ["D".to_owned(), text.source.release.clone(), "UN".to_owned()];
    Ok(batch.then_some(Message { name, version, items: table.items }))
}

/// A table as far as it is read.
#[derive(Default)]
struct Table {
    items: Vec<Item>,
    open: Vec<Open>,
    section: Option<char>,
}

impl Table {
    fn add(&mut self, row: Row) -> Option<()> {
        let Row { item, corners } = row;
        if item.group.is_some() {
            self.open.push(Open { item, items: Vec::new(), column: *corners.first()? });
            return Some(());
        }
        let section = self.section.filter(|_| item.tag == "UNS");
        self.push(Item { section, ..item });
        // A group ends where its own line in the frame has a corner. (D.99B has corners that are on no line.)
        while self.open.last().is_some_and(|open| corners.contains(&open.column)) {
            let group = close(self.open.pop()?)?;
            self.push(group);
        }
        Some(())
    }

    fn push(&mut self, item: Item) {
        self.open.last_mut().map_or(&mut self.items, |open| &mut open.items).push(item);
    }
}

/// The letter of the section that a heading begins.
fn heading(line: &str) -> Option<char> {
    match line.trim().to_ascii_uppercase().as_str() {
        "DETAIL SECTION" => Some('D'),
        "SUMMARY SECTION" => Some('S'),
        _ => None,
    }
}

/// Gives a group its items and the tag of the first.
fn close(open: Open) -> Option<Item> {
    let Open { item, items, .. } = open;
    let tag = items.first().filter(|first| first.group.is_none())?.tag.clone();
    let number = item.group.map_or(0, |(number, _)| number);
    Some(Item { tag, group: Some((number, items)), ..item })
}

/// A row, and the columns of the corners in the frame after it.
struct Row {
    item: Item,
    corners: Vec<usize>,
}

/// The position and the rest of a line that begins a row: `0130   RFF Reference   M   1   │`, or
/// `0120   ─── Segment group 1 ─── C   99───┐`.
fn begin(line: &str) -> Option<(u16, String)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (position, rest) = line.split_at_checked(digits).filter(|_| matches!(digits, 4 | 5))?;
    let rest = rest.strip_prefix(' ').map(unmarked)?;
    Some((position.parse().ok()?, rest.to_owned()))
}

/// A row that goes on in the next line, because its name is long.
fn go_on(line: &str, begun: Option<(u16, String)>) -> Option<(u16, String)> {
    let (position, rest) = begun?;
    let name = rest.trim_end_matches(['|', '³', ' ']);
    Some((position, format!("{name} {}", line.trim_start())))
}

fn cells(position: u16, rest: &str, line: &str) -> Option<Row> {
    let (name, mandatory, times, frame) = status(rest)?;
    let group = name.trim_start_matches(['Ä', '-', ' ']).strip_prefix("Segment group").map(str::trim_start);
    let (tag, group) = match group {
        Some(number) => {
            let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
            (String::new(), Some((digits.parse().ok()?, Vec::new())))
        }
        None => (name.split_whitespace().next().filter(|tag| tag.len() == 3)?.to_owned(), None),
    };
    let at = line.chars().count() - frame.chars().count();
    let corner = |(_, c): &(usize, char)| matches!(c, '+' | '¿' | 'Ù' | 'Á');
    let corners = (at..).zip(frame.chars()).filter(corner).map(|(column, _)| column).collect();
    Some(Row { item: Item { position, tag, mandatory, times, group, section: None }, corners })
}

/// Splits a row at its status: name, whether mandatory, how often, and the frame after it.
fn status(rest: &str) -> Option<(&str, bool, u32, &str)> {
    let at = rest.rmatch_indices([' ']).map(|(at, _)| at).find(|at| {
        let after = rest.get(at + 1..).unwrap_or_default();
        after.strip_prefix(['M', 'C']).is_some_and(|after| {
            after.starts_with(' ') && after.trim_start().starts_with(|c: char| c.is_ascii_digit())
        })
    })?;
    let (name, after) = rest.split_at_checked(at)?;
    let after = after.trim_start();
    let mandatory = after.starts_with('M');
    let times = after.get(1..)?.trim_start();
    let digits = times.bytes().take_while(u8::is_ascii_digit).count();
    let (times, frame) = times.split_at_checked(digits)?;
    Some((name, mandatory, times.parse().ok()?, frame))
}
