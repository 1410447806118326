//! The code list UNCL: numbers of elements, code values and their names.

use std::collections::BTreeMap;

use super::archive::Text;
use super::text::{Line, blocks};

/// The columns of code and name, counted from 0.
#[derive(Clone, Copy, Debug)]
struct Columns {
    code: usize,
    name: usize,
}

/// Up to D.96B, with element numbers in column 2.
const OLD: Columns = Columns { code: 3, name: 10 };
/// Since D.97A, with element numbers in column 5.
const NEW: Columns = Columns { code: 5, name: 11 };

/// Reads the codes of each element with their names. Descriptions are left out.
pub(super) fn read(text: &Text) -> BTreeMap<String, Vec<(String, String)>> {
    let all = blocks(&text.content).into_iter().filter_map(|block| {
        let first = block.first()?.1;
        let number = |at: usize| {
            let number = first.get(at..at + 4)?;
            let digits = number.bytes().all(|byte| byte.is_ascii_digit());
            (digits && first.get(at + 4..)?.starts_with(' ')).then_some(number)
        };
        let (number, columns) = match number(2) {
            Some(number) => (number, OLD),
            None => (number(5)?, NEW),
        };
        Some((number.to_owned(), codes(&block, columns)))
    });
    all.filter(|(_, codes)| !codes.is_empty()).collect()
}

fn codes(block: &[Line<'_>], columns: Columns) -> Vec<(String, String)> {
    let mut codes: Vec<(String, String)> = Vec::new();
    let body = block.iter().skip_while(|(_, line)| !line.trim_start().starts_with("Repr:")).skip(1);
    for (_, line) in body {
        let from = |at: usize| line.char_indices().nth(at).and_then(|(at, _)| line.get(at..));
        let (Some(field), Some(name)) = (from(columns.code), from(columns.name)) else { continue };
        let code = field.strip_suffix(name).unwrap_or_default();
        match codes.last_mut() {
            _ if name.starts_with(' ') => {}
            Some((_, begun)) if code.trim().is_empty() => {
                begun.push(' ');
                begun.push_str(name);
            }
            _ if is_code(code) => codes.push((code.trim().to_owned(), name.to_owned())),
            _ => {}
        }
    }
    codes
}

/// True for a field that holds a code: capitals and digits, with a blank before the name.
fn is_code(field: &str) -> bool {
    let code = field.trim();
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    !code.is_empty() && field.ends_with(' ') && code.bytes().all(capital)
}
