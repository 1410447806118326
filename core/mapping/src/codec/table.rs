//! `table` and `state`: code tables, CSV files under `mappings/codes/`.
//!
//! ```text
//! # source: …
//! # date: 2026-11-22
//! wire,canonical,way
//! ATVPDKIKX0DER,US,
//! A1,granted,<=
//! ```
//!
//! The last but one column is the canonical value of a `table`, the ones before it its wire codes (one, but for a
//! `state`). `way` is empty where the row counts both ways, `<=` where it is only read, `=>` where it is only
//! written. In a `state` table `*` matches anything, an absent code included, `+` any code that is there, and the
//! first row that fits wins.

use super::{Inputs, NOTHING, Piece, Pieces, Refusal, one};
use rustc_hash::FxHashMap;

/// A code table.
#[derive(Clone, Debug)]
pub struct Table {
    name: Box<str>,
    keys: usize,
    rows: Vec<(Vec<Box<str>>, Box<str>)>,
    read: FxHashMap<Box<str>, Box<str>>,
    write: FxHashMap<Box<str>, Box<str>>,
    reversible: bool,
}

impl Table {
    /// Reads a table. The message of an error names the line.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line.trim_end()));
        let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let (_, head) = lines.next().ok_or_else(|| format!("{name}: the table is empty"))?;
        let columns: Vec<_> = head.split(',').collect();
        if columns.len() < 3 || columns.last() != Some(&"way") {
            return Err(format!("{name}: the columns are wire codes, the canonical value and `way`"));
        }
        let keys = columns.len() - 2;
        let mut table = Self {
            name: name.into(),
            keys,
            rows: Vec::new(),
            read: FxHashMap::default(),
            write: FxHashMap::default(),
            reversible: keys == 1,
        };
        for (number, line) in lines {
            table.row(line).map_err(|message| format!("{name}:{number}: {message}"))?;
        }
        Ok(table)
    }

    fn row(&mut self, line: &str) -> Result<(), String> {
        let cells = cells(line);
        let [codes @ .., value, way] = cells.as_slice() else { return Err("a row has too few cells".into()) };
        if codes.len() != self.keys {
            return Err(format!("expected {} cells", self.keys + 2));
        }
        self.rows.push((codes.iter().map(|code| code.as_str().into()).collect(), value.as_str().into()));
        let Some(code) = codes.first().filter(|_| self.keys == 1) else { return Ok(()) };
        if way != "=>" && self.read.insert(code.as_str().into(), value.as_str().into()).is_some() {
            return Err(format!("`{code}` is read twice"));
        }
        if way != "<=" && self.write.insert(value.as_str().into(), code.as_str().into()).is_some() {
            return Err(format!("`{value}` is written twice; mark the rows that are only read with `<=`"));
        }
        self.reversible &= way.is_empty();
        Ok(())
    }

    /// How many codes make one value.
    pub fn keys(&self) -> usize {
        self.keys
    }

    /// True where every row counts both ways.
    pub fn is_reversible(&self) -> bool {
        self.reversible
    }

    pub(super) fn decode(&self, cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
        self.look_up(&self.read, cells)
    }

    pub(super) fn encode(&self, values: &Inputs<'_>) -> Result<Pieces, Refusal> {
        self.look_up(&self.write, values)
    }

    fn look_up(&self, side: &FxHashMap<Box<str>, Box<str>>, cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
        let Some(code) = cells.first().copied().flatten() else { return Ok(NOTHING) };
        match side.get(code) {
            Some(value) => Ok(one(Piece::Text(value.to_string()))),
            None => Err(Refusal(format!("`{code}` is not in the table {}", self.name))),
        }
    }

    /// The value of the first row that fits all codes.
    pub(super) fn state(&self, cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
        let fits = |codes: &[Box<str>]| {
            codes.iter().enumerate().all(|(at, code)| {
                let cell = cells.get(at).copied().flatten();
                &**code == "*" || cell.is_some_and(|cell| &**code == "+" || *cell == **code)
            })
        };
        let row = self.rows.iter().find(|(codes, _)| fits(codes));
        row.map(|(_, value)| if value.is_empty() { NOTHING } else { one(Piece::Text(value.to_string())) })
            .ok_or_else(|| Refusal(format!("no row of {} fits", self.name)))
    }
}

/// Splits a CSV row; cells in double quotes may hold commas and doubled quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut rest = line.chars().peekable();
    while let Some(next) = rest.next() {
        let Some(cell) = cells.last_mut() else { break };
        match next {
            '"' if quoted && rest.peek() == Some(&'"') => cell.extend(rest.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_run_both_ways_and_states_fall_through() {
        let table =
            Table::parse("t", "# source: made up\nwire,canonical,way\nA,alpha,\n\"B,C\",beta,\n").unwrap();
        assert!(table.is_reversible());
        assert_eq!(table.decode(&[Some("B,C")]), Ok(one(Piece::Text("beta".into()))));
        assert_eq!(table.encode(&[Some("beta")]), Ok(one(Piece::Text("B,C".into()))));
        assert!(table.decode(&[Some("Z")]).is_err());
        let state = Table::parse("s", "code,status,event,way\n11,67,granted,<=\n11,*,decision,<=\n*,*,,<=\n")
            .unwrap();
        assert_eq!(state.state(&[Some("11"), Some("67")]), Ok(one(Piece::Text("granted".into()))));
        assert_eq!(state.state(&[Some("11"), None]), Ok(one(Piece::Text("decision".into()))));
        assert_eq!(state.state(&[Some("99"), None]), Ok(NOTHING));
        assert!(Table::parse("d", "wire,canonical,way\nA,x,\nB,x,\n").is_err());
        let many = Table::parse("m", "wire,canonical,way\nA,x,\nB,x,<=\n").unwrap();
        assert!(!many.is_reversible());
    }
}
