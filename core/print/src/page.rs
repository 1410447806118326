//! Pages in a file: PDF 1.7 (ISO 32000-1).

use pdf_writer::{Buf, Finish, Name, Pdf, Rect, Ref, TextStr};

use crate::form::Form;

/// A4, in points.
pub const WIDTH: f32 = 595.0;
/// Its height.
pub const HEIGHT: f32 = 842.0;
/// The font of text.
pub const PLAIN: Name<'static> = Name(b"F1");
/// The font of headings.
pub const BOLD: Name<'static> = Name(b"F2");

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const FONTS: [(Name<'static>, Ref, Name<'static>); 2] =
    [(PLAIN, Ref::new(3), Name(b"Helvetica")), (BOLD, Ref::new(4), Name(b"Helvetica-Bold"))];
const INFO: Ref = Ref::new(5);

/// Writes the file. It says no time: the same pages are the same bytes.
pub fn write(form: &Form, pages: &[Buf]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr("en"));
    catalog.finish();
    pdf.document_info(INFO).title(TextStr(&form.title)).producer(TextStr("Dragoman"));
    // Each page has two numbers, after those above.
    let refs: Vec<(Ref, Ref)> =
        (3..).zip(pages).map(|(at, _)| (Ref::new(2 * at), Ref::new(2 * at + 1))).collect();
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(PAGES).kids(refs.iter().map(|(page, _)| *page)).count(count);
    for ((page, content), bytes) in refs.iter().zip(pages) {
        let mut written = pdf.page(*page);
        written.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(PAGES).contents(*content);
        let mut resources = written.resources();
        let mut fonts = resources.fonts();
        for (name, font, _) in FONTS {
            fonts.pair(name, font);
        }
        fonts.finish();
        resources.finish();
        written.finish();
        pdf.stream(*content, bytes);
    }
    for (_, font, base) in FONTS {
        pdf.type1_font(font).base_font(base).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.finish()
}
