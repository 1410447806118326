//! Boxes and tables, from the top of a page to its foot and on over the next.

use pdf_writer::{Buf, Content, Name, Str};
use serde_json::Value;

use crate::barcode::Barcode;
use crate::form::{Field, Form, Table};
use crate::letters;
use crate::line::{Line, at};
use crate::page::{BOLD, HEIGHT, PLAIN, WIDTH};

const MARGIN: f32 = 36.0;
/// Where the last row ends at most: above the line at the foot.
const FOOT: f32 = MARGIN + 14.0;
/// The width of one of the twelve columns.
const COLUMN: f32 = (WIDTH - 2.0 * MARGIN) / 12.0;
/// A table begins where so much is left for it.
const LEAST: f32 = 60.0;
/// Between the edge of a box and what is in it.
const PAD: f32 = 2.5;
const TITLE: f32 = 13.0;
const TEXT: Style = Style { font: PLAIN, size: 8.0, leading: 9.5 };
const LABEL: Style = Style { font: PLAIN, size: 5.5, leading: 6.5 };
const HEADING: Style = Style { font: BOLD, size: 9.0, leading: 16.0 };
/// A bar's height, and how wide the narrowest is: 0.3 mm.
const BARS: f32 = 30.0;
const MODULE: f32 = 0.85;

#[derive(Clone, Copy)]
struct Style {
    font: Name<'static>,
    size: f32,
    leading: f32,
}

/// A box with its lines as they are broken.
struct Cell {
    width: f32,
    label: Vec<String>,
    lines: Vec<String>,
}

/// What no font has: the character, and the text that it is in.
pub type Unprintable = Vec<(char, String)>;

/// The pages of a form while they are filled.
pub struct Sheet<'f> {
    form: &'f Form,
    head: Vec<String>,
    barcode: Option<Barcode>,
    pages: Vec<Content>,
    page: Content,
    /// Where the next row begins.
    y: f32,
    /// Where the first row of the page began.
    top: f32,
    unprintable: Unprintable,
}

impl<'f> Sheet<'f> {
    /// Begins the first page.
    pub fn new(form: &'f Form, document: &Value, barcode: Option<Barcode>) -> Self {
        let mut sheet = Self {
            form,
            head: said(&form.head, document),
            barcode,
            pages: Vec::new(),
            page: Content::new(),
            y: 0.0,
            top: 0.0,
            unprintable: Vec::new(),
        };
        sheet.begin_page();
        sheet
    }

    /// Adds boxes, in rows as wide as the page.
    pub fn boxes(&mut self, fields: &[Field], document: &Value) {
        for row in rows(fields) {
            self.row(row.iter().map(|field| Cell::new(field, document)).collect());
        }
    }

    /// Adds a table, where its list has entries: a row of boxes for each, or several.
    pub fn table(&mut self, table: &Table, document: &Value) {
        let entries = at(document, &table.each).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if entries.is_empty() {
            return;
        }
        if table.own_page || self.y - FOOT < LEAST {
            self.end_page();
        }
        self.y -= HEADING.leading;
        self.text(&table.title, HEADING, MARGIN, self.y + 4.0);
        for entry in entries {
            for row in rows(&table.columns) {
                self.row(row.iter().map(|field| Cell::new(field, entry)).collect());
            }
        }
    }

    /// Adds a row. What has no room goes on over the page.
    fn row(&mut self, mut cells: Vec<Cell>) {
        loop {
            let labels = longest(cells.iter().map(|cell| cell.label.len()));
            let lines = longest(cells.iter().map(|cell| cell.lines.len()));
            let height =
                |lines: usize| points(labels) * LABEL.leading + points(lines) * TEXT.leading + 2.0 * PAD;
            let fit = (0..=lines).rev().find(|lines| self.y - height(*lines) >= FOOT);
            // A few lines alone at the foot are better on the next page, where there is more room.
            let has_room = fit.is_some_and(|fit| fit >= lines.min(3));
            if !has_room && self.y < self.top {
                self.end_page();
                continue;
            }
            let fit = fit.unwrap_or(0).max(lines.min(1));
            self.draw(&cells, height(fit), fit);
            if fit == lines {
                return;
            }
            for cell in &mut cells {
                cell.lines.drain(..fit.min(cell.lines.len()));
            }
        }
    }

    fn draw(&mut self, cells: &[Cell], height: f32, lines: usize) {
        let mut x = MARGIN;
        for cell in cells {
            self.page.rect(x, self.y - height, cell.width, height).stroke();
            let mut y = self.y - PAD;
            for label in &cell.label {
                y -= LABEL.leading;
                self.text(label, LABEL, x + PAD, y + 1.5);
            }
            for line in cell.lines.iter().take(lines) {
                y -= TEXT.leading;
                self.text(line, TEXT, x + PAD, y + 2.0);
            }
            x += cell.width;
        }
        self.y -= height;
    }

    fn text(&mut self, text: &str, style: Style, x: f32, y: f32) {
        let (bytes, strange) = letters::bytes(text);
        if let Some(strange) = strange {
            let found = (strange, text.to_owned());
            if !self.unprintable.contains(&found) {
                self.unprintable.push(found);
            }
        }
        let page = self.page.begin_text();
        page.set_font(style.font, style.size).next_line(x, y).show(Str(&bytes)).end_text();
    }

    /// Begins a page: title, head, and the barcode with what it says.
    fn begin_page(&mut self) {
        self.page.set_line_width(0.5);
        self.y = HEIGHT - MARGIN - TITLE;
        let title = Style { font: BOLD, size: TITLE, leading: TITLE };
        self.text(&self.form.title, title, MARGIN, self.y);
        for line in self.head.clone() {
            self.y -= TEXT.leading;
            self.text(&line, TEXT, MARGIN, self.y - 4.0);
        }
        self.y -= 10.0;
        if let Some(Barcode { value, bars }) = self.barcode.clone() {
            let begin = WIDTH - MARGIN - points(bars.len()) * MODULE;
            let bottom = HEIGHT - MARGIN - BARS;
            for (index, _) in bars.iter().enumerate().filter(|(_, bar)| **bar == 1) {
                self.page.rect(begin + points(index) * MODULE, bottom, MODULE, BARS);
            }
            self.page.fill_nonzero();
            self.text(&value, TEXT, begin, bottom - TEXT.leading);
            self.y = self.y.min(bottom - TEXT.leading - 8.0);
        }
        self.top = self.y;
    }

    fn end_page(&mut self) {
        self.pages.push(std::mem::replace(&mut self.page, Content::new()));
        self.begin_page();
    }

    /// Ends the last page, and gives all with their numbers at the foot.
    pub fn finish(mut self) -> (Vec<Buf>, Unprintable) {
        self.pages.push(std::mem::replace(&mut self.page, Content::new()));
        let pages = std::mem::take(&mut self.pages);
        let count = pages.len();
        let mut all = Vec::with_capacity(count);
        for (number, page) in (1..).zip(pages) {
            self.page = page;
            self.text(&format!("{number} / {count}"), LABEL, MARGIN, MARGIN);
            all.push(std::mem::replace(&mut self.page, Content::new()).finish());
        }
        (all, self.unprintable)
    }
}

impl Cell {
    fn new(field: &Field, value: &Value) -> Self {
        let width = f32::from(field.columns) * COLUMN;
        let inner = width - 2.0 * PAD;
        let lines = said(&field.show, value);
        Self {
            width,
            label: letters::wrap(&field.label, LABEL.size, inner),
            lines: lines.iter().flat_map(|line| letters::wrap(line, TEXT.size, inner)).collect(),
        }
    }
}

/// What lines say of a value.
fn said(lines: &[Line], value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for line in lines {
        line.write(value, &mut all);
    }
    all
}

/// Fields in rows of twelve columns.
fn rows(fields: &[Field]) -> Vec<&[Field]> {
    let mut columns = 0;
    let mut ends = |field: &Field| {
        columns += field.columns;
        let is_end = columns >= 12;
        if is_end {
            columns = 0;
        }
        is_end
    };
    fields.split_inclusive(|field| ends(field)).collect()
}

fn longest(lengths: impl Iterator<Item = usize>) -> usize {
    lengths.max().unwrap_or_default()
}

/// A count as a length.
fn points(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
