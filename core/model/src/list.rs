//! Code lists as authorities publish them: codes, each with its name and what else the list says of it.
//!
//! ```text
//! # Customs offices of the Union and of common transit, and what each of them does.
//! # source: where the list is published
//! # edition: 2024-11-05
//! # checked: 2026-11-30
//! code,roles,name
//! AD000001,AUT DEP DES TRA,CUSTOMS OFFICE SANT JULIÀ DE LÒRIA
//! ```
//!
//! The codes are of one length and sorted. What is said of a code stands in words between code and name, in a column with a
//! name of its own, where the list says anything. The name is the rest of the line, commas and all.

/// A code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeList {
    title: Box<str>,
    edition: Box<str>,
    /// The rows and nothing else.
    rows: Box<str>,
    /// Where each row begins.
    starts: Vec<u32>,
    /// The length of every code, in bytes.
    width: usize,
    has_marks: bool,
}

/// A row of a code list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed<'l> {
    /// The code.
    pub code: &'l str,
    /// What the list says of it, in words: the roles of a customs office.
    pub marks: &'l str,
    /// What it is called.
    pub name: &'l str,
}

impl Listed<'_> {
    /// True where the list says that of the code.
    pub fn has(&self, mark: &str) -> bool {
        self.marks.split(' ').any(|known| known == mark)
    }
}

/// How many codes are named that are near another one.
const NEAR: usize = 3;

impl CodeList {
    /// Reads a list. A mistake is told with its line, from 1.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let head_end = text.find("\ncode,").ok_or_else(|| (1, "there is no line `code,name`".to_owned()))?;
        let (head, rest) = text.split_at(head_end + 1);
        let (columns, rows) = rest.split_once('\n').unwrap_or((rest, ""));
        let said = |word: &str| {
            let found = head.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(word));
            found.ok_or_else(|| (1, format!("the head has no line `# {word}…`")))
        };
        let (title, edition) = (said("")?.trim_end_matches('.'), said("edition: ")?);
        said("source: ").and(said("checked: "))?;
        let first = head.lines().count() + 2;
        let has_marks = columns.split(',').count() == 3;
        if !columns.ends_with(",name") || !(has_marks || columns == "code,name") {
            return Err((first - 1, "the columns are the code, at most one more, and the name".into()));
        }
        let width = rows.find(',').unwrap_or_default();
        let starts = starts(rows, width, has_marks).map_err(|(at, message)| (first + at, message))?;
        Ok(Self { title: title.into(), edition: edition.into(), rows: rows.into(), starts, width, has_marks })
    }

    /// What it is a list of.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The day of the edition that it was made from.
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// How many codes it has.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// True for a list without codes.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The row of a code.
    pub fn get(&self, code: &str) -> Option<Listed<'_>> {
        let found = self.starts.binary_search_by(|start| self.row(*start).code.cmp(code)).ok()?;
        self.starts.get(found).map(|start| self.row(*start))
    }

    /// The row of the code that a longer value begins with.
    pub fn beginning(&self, value: &str) -> Option<Listed<'_>> {
        self.get(value.get(..self.width)?)
    }

    fn row(&self, start: u32) -> Listed<'_> {
        let rest = self.rows.get(start as usize..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let (code, rest) = line.split_once(',').unwrap_or_default();
        let (marks, name) =
            if self.has_marks { rest.split_once(',').unwrap_or_default() } else { ("", rest) };
        Listed { code, marks, name }
    }

    /// Codes that are one slip away, at most three: two characters swapped, or one of them another, the last ones first.
    pub fn near(&self, code: &str) -> Vec<Listed<'_>> {
        let letters: Vec<char> = code.chars().collect();
        let swapped = (1..letters.len()).rev().map(|at| {
            let mut other = letters.clone();
            other.swap(at - 1, at);
            other
        });
        let replaced = (0..letters.len()).rev().flat_map(|at| {
            ('0'..='9').chain('A'..='Z').map({
                let letters = &letters;
                move |letter| {
                    letters
                        .iter()
                        .enumerate()
                        .map(|(own, kept)| if own == at { letter } else { *kept })
                        .collect()
                }
            })
        });
        let mut near = Vec::new();
        for other in swapped.chain(replaced) {
            let found = self.get(&other.into_iter().collect::<String>()).filter(|found| found.code != code);
            near.extend(found.filter(|found| !near.contains(found)));
            if near.len() == NEAR {
                break;
            }
        }
        near
    }
}

/// Where the rows begin. A row that is not as it should be is told with its number, from 0.
fn starts(rows: &str, width: usize, has_marks: bool) -> Result<Vec<u32>, (usize, String)> {
    let (mut starts, mut start, mut before) = (Vec::new(), 0, "");
    for (number, line) in rows.lines().enumerate() {
        let commas = if has_marks { 2 } else { 1 };
        let code = line.get(..width).unwrap_or_default();
        let is_row = line.as_bytes().get(width) == Some(&b',') && !code.contains(',');
        if !is_row || line.matches(',').take(commas).count() < commas {
            return Err((number, "the code is not as long as the first, or a column is missing".into()));
        }
        if code <= before {
            return Err((number, format!("`{code}` does not come after `{before}`")));
        }
        starts.push(start);
        start += line.len() as u32 + 1;
        before = code;
    }
    Ok(starts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "# Offices.\n# source: made up\n# edition: 2026-11-01\n# checked: 2026-11-30\n";

    fn offices() -> CodeList {
        let rows = "GB000060,DEP DES,Dover, the port\nGB000066,TRA,Hull\nGB000600,,Mill\n";
        CodeList::parse(&format!("{HEAD}code,roles,name\n{rows}")).unwrap()
    }

    #[test]
    fn a_code_has_its_name_and_what_is_said_of_it() {
        let list = offices();
        assert_eq!(
            (list.title(), list.edition(), list.len(), list.is_empty()),
            ("Offices", "2026-11-01", 3, false)
        );
        let dover = list.get("GB000060").unwrap();
        assert_eq!(dover, Listed { code: "GB000060", marks: "DEP DES", name: "Dover, the port" });
        assert!(dover.has("DES") && !dover.has("TRA") && !dover.has("DE"));
        assert_eq!(list.get("GB00006"), None);
        assert_eq!(list.beginning("GB000600-A").unwrap().name, "Mill");
        assert_eq!(list.beginning("GB"), None);
    }

    #[test]
    fn near_is_one_slip_away() {
        let near = |code| offices().near(code).iter().map(|found| found.code.to_owned()).collect::<Vec<_>>();
        assert_eq!(near("GB000606"), ["GB000066", "GB000600"]);
        assert_eq!(near("GB000061"), ["GB000060", "GB000066"]);
        assert!(near("FR000060").is_empty() && near("").is_empty());
    }

    #[test]
    fn a_list_that_cannot_be_looked_up_is_refused() {
        for (text, line, why) in [
            ("code,name\nA,x\n", 1, "no line"),
            (&format!("{HEAD}name\n"), 1, "no line"),
            (&format!("{HEAD}code,a,b,name\n"), 5, "columns"),
            (&format!("{HEAD}code,name\nAB,x\nAA,y\n"), 7, "`AA` does not come after `AB`"),
            (&format!("{HEAD}code,name\nAB,x\nABC,y\n"), 7, "not as long"),
            (&format!("{HEAD}code,roles,name\nAB,x\n"), 6, "column is missing"),
            ("# source: s\n# checked: d\ncode,name\nA,x\n", 1, "edition"),
        ] {
            let refused = CodeList::parse(text).unwrap_err();
            assert!(refused.1.contains(why) && refused.0 == line, "{refused:?}");
        }
    }

    proptest! {
        /// Every code of a list is found, and nothing else.
        #[test]
        fn what_is_listed_is_found(codes in proptest::collection::btree_set("[A-C]{3}", 1..20), other in "[A-C]{1,4}") {
            let rows: String = codes.iter().map(|code| format!("{code},the {code}\n")).collect();
            let list = CodeList::parse(&format!("{HEAD}code,name\n{rows}")).unwrap();
            for code in &codes {
                prop_assert_eq!(list.get(code).unwrap().name, format!("the {code}"));
            }
            prop_assert_eq!(list.get(&other).is_some(), codes.contains(&other));
            prop_assert!(list.near(&other).iter().all(|near| codes.contains(near.code) && near.code != other));
        }
    }
}
