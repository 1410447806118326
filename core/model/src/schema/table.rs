//! Reading `fields.csv`: rows, and the members that they define, shape by shape and document by document.

use super::{Identifiers, SchemaError, Type, Words};

const COLUMNS: &str = "document,path,type,min,max,key,wco,tded,de,eucdm,sad,ceb,x12,personal,meaning";

/// What one row says about a member, and the rows below it.
#[derive(Debug, Default)]
pub(crate) struct Member {
    pub line: usize,
    pub name: &'static str,
    /// None for a row that only refines.
    pub ty: Option<Type>,
    pub list: bool,
    pub lang: bool,
    pub min: Option<u32>,
    pub max: Option<u32>,
    pub key: &'static str,
    pub ids: Identifiers,
    pub personal: bool,
    pub meaning: &'static str,
    pub members: Vec<Member>,
}

impl Member {
    /// The line of its row, or of the first below it where it has none.
    pub fn line(&self) -> usize {
        if self.line > 0 { self.line } else { self.members.first().map_or(0, Self::line) }
    }

    /// A member that no row states: siblings such as `…_lang`, and what every entry and document has.
    pub fn implied(name: &'static str, ty: Type, meaning: &'static str) -> Self {
        Self { name, ty: Some(ty), meaning, ..Self::default() }
    }
}

/// A shape or document with its members.
#[derive(Debug)]
pub(crate) struct Definition {
    pub name: &'static str,
    pub members: Vec<Member>,
}

pub(super) fn parse(text: &'static str) -> Result<Vec<Definition>, SchemaError> {
    let mut definitions: Vec<Definition> = Vec::new();
    let mut lines = text.lines().enumerate();
    if lines.next().is_none_or(|(_, head)| head != COLUMNS) {
        return Err(error(1, format!("the columns must be {COLUMNS}")));
    }
    for (index, row) in lines.filter(|(_, row)| !row.is_empty()) {
        let line = index + 1;
        let cells = cells(row).ok_or_else(|| error(line, "a quote that is not closed, or is doubled"))?;
        let cells: [&str; 15] =
            cells.try_into().map_err(|cells: Vec<_>| error(line, format!("{} cells", cells.len())))?;
        let [document, path, ..] = cells;
        let known = definitions.iter().position(|definition| definition.name == document);
        let at = known.unwrap_or_else(|| {
            definitions.push(Definition { name: document, members: Vec::new() });
            definitions.len() - 1
        });
        if let Some(definition) = definitions.get_mut(at) {
            insert(&mut definition.members, path, member(line, &cells)?)?;
        }
    }
    Ok(definitions)
}

/// The cells of one line. A cell in quotes may hold commas, but no quotes, so that all cells stay slices.
fn cells(row: &'static str) -> Option<Vec<&'static str>> {
    let mut cells = Vec::new();
    let mut rest = Some(row);
    while let Some(row) = rest {
        if let Some(quoted) = row.strip_prefix('"') {
            let (cell, after) = quoted.split_once('"')?;
            cells.push(cell);
            rest = if after.is_empty() { None } else { Some(after.strip_prefix(',')?) };
        } else {
            let (cell, after) = row.split_once(',').map_or((row, None), |(cell, after)| (cell, Some(after)));
            cells.push(cell);
            rest = after;
        }
    }
    Some(cells)
}

fn member(line: usize, cells: &[&'static str; 15]) -> Result<Member, SchemaError> {
    let [_, path, ty, min, max, key, wco, tded, de, eucdm, sad, ceb, x12, personal, meaning] = *cells;
    let last = path.rsplit('.').next().unwrap_or(path);
    let (ty, lang) = ty.strip_suffix("+lang").map_or((ty, false), |plain| (plain, true));
    let bound = |cell: &str| match cell {
        "" => Ok(None),
        "*" => Ok(Some(u32::MAX)),
        digits => digits.parse().map(Some).map_err(|_| error(line, format!("{digits} is no cardinality"))),
    };
    if !matches!(personal, "" | "yes") {
        return Err(error(line, format!("personal is yes or empty, not {personal}")));
    }
    Ok(Member {
        line,
        name: last.strip_suffix("[]").unwrap_or(last),
        ty: (!ty.is_empty()).then(|| Type::of(ty)),
        list: last.ends_with("[]"),
        lang,
        min: bound(min)?,
        max: bound(max)?,
        key,
        ids: Identifiers {
            wco: Words(wco),
            tded: Words(tded),
            de: Words(de),
            eucdm: Words(eucdm),
            sad: Words(sad),
            ceb: Words(ceb),
            x12: Words(x12),
        },
        personal: personal == "yes",
        meaning,
        members: Vec::new(),
    })
}

/// Puts a member under the rows that its path names, making steps on the way that refine nothing by
/// themselves.
fn insert(members: &mut Vec<Member>, path: &'static str, member: Member) -> Result<(), SchemaError> {
    let Some((step, rest)) = path.split_once('.') else {
        if members.iter().any(|own| own.name == member.name && own.line != 0) {
            return Err(error(member.line, format!("{} is stated twice", member.name)));
        }
        members.push(member);
        return Ok(());
    };
    let name = step.strip_suffix("[]").unwrap_or(step);
    let known = members.iter().position(|own| own.name == name);
    let at = known.unwrap_or_else(|| {
        members.push(Member { name, list: step.ends_with("[]"), ..Member::default() });
        members.len() - 1
    });
    match members.get_mut(at) {
        Some(parent) if parent.list != step.ends_with("[]") => {
            Err(error(member.line, format!("{name} is a list in one row and none in another")))
        }
        Some(parent) => insert(&mut parent.members, rest, member),
        None => Ok(()),
    }
}

pub(super) fn error(line: usize, message: impl Into<String>) -> SchemaError {
    SchemaError { line, message: message.into() }
}
