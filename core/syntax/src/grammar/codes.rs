//! The tables of codes that EDIFACT directories have, as CSV: `element,code,name`, after lines that begin
//! with `#`.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{CodeList, Grammar};

/// The name of the list of an element's codes: `un/3035`.
pub(super) fn list_name(element: &str) -> String {
    format!("un/{element}")
}

/// The lists of a table, in the order of their first code. The names of codes are for people and left out.
pub(super) fn read(table: &str) -> Vec<CodeList> {
    let mut lists: Vec<CodeList> = Vec::new();
    let mut index: FxHashMap<&str, usize> = FxHashMap::default();
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    for (element, rest) in rows.filter_map(|row| row.split_once(',')) {
        let code = rest.split_once(',').map_or(rest, |(code, _)| code);
        let at = *index.entry(element).or_insert(lists.len());
        if at == lists.len() {
            lists.push(CodeList { name: list_name(element).into(), codes: Vec::new() });
        }
        if let Some(list) = lists.get_mut(at) {
            list.codes.push(code.into());
        }
    }
    for list in &mut lists {
        list.codes.sort_unstable();
    }
    lists
}

/// Adds the lists that places of the grammar refer to. A list that is missing is an error, with its name.
pub(super) fn attach(lists: impl Iterator<Item = CodeList>, grammar: &mut Grammar) -> Result<(), String> {
    let named: FxHashSet<_> = grammar.facets.iter().filter_map(|facets| facets.list.as_deref()).collect();
    grammar.lists.extend(lists.filter(|list| named.contains(&*list.name)));
    let known = |name: &&str| grammar.lists.iter().any(|list| *list.name == **name);
    match named.iter().find(|name| !known(name)) {
        Some(missing) => Err(format!("there is no list `{missing}`; name its table with `codes PATH`")),
        None => Ok(()),
    }
}

/// A code list as it is searched. Nearly all codes have at most eight bytes: they are numbers, side by side.
#[derive(Clone, Debug, Default)]
pub(super) struct Lookup {
    short: Vec<u64>,
    long: Vec<Box<str>>,
}

impl Lookup {
    pub fn of(list: &CodeList) -> Self {
        let mut short: Vec<u64> = list.codes.iter().filter_map(|code| packed(code)).collect();
        short.sort_unstable();
        Self { short, long: list.codes.iter().filter(|code| packed(code).is_none()).cloned().collect() }
    }

    pub fn holds(&self, code: &str) -> bool {
        match packed(code) {
            Some(code) => self.short.binary_search(&code).is_ok(),
            None => self.long.iter().any(|long| **long == *code),
        }
    }
}

/// A text of at most eight bytes as a number, which no other text is.
fn packed(code: &str) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..code.len())?.copy_from_slice(code.as_bytes());
    (!code.contains('\0')).then_some(u64::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use dragoman_tree::PlaceId;

    const TABLE: &str = "# source made up\nelement,code,name\n1153,ABT,Goods declaration\n3035,IM,Importer\n\
        1153,AAA,\"Order, number\"\n";

    #[test]
    fn a_grammar_has_the_lists_that_its_places_name() {
        let segments = "grammar 1 d/segments\nsyntax edifact\ncodes d/codes.csv\n\
            segment RFF C506*{1153* an..3 coded, 1154 an..35}\nsegment NAD 3035* an..3 coded\n";
        let text = "grammar 1 d/m\nsyntax edifact\nuse d/segments\nmessage M D 96B UN\n0010 RFF *\n";
        let resolve = |name: &str| match name {
            "d/segments" => Some(segments),
            "d/codes.csv" => Some(TABLE),
            _ => None,
        };
        let grammar = parse(text, &resolve).unwrap();
        let expected = CodeList { name: "un/1153".into(), codes: vec!["AAA".into(), "ABT".into()] };
        assert_eq!(grammar.lists, [expected]);
        let leaf = (0..grammar.len() as u32).map(PlaceId).find(|at| grammar.name_of(*at) == "1153").unwrap();
        assert_eq!(grammar.facets_of(leaf).unwrap().to_string(), "an..3 in un/1153");
    }

    #[test]
    fn a_list_holds_its_codes_and_nothing_else() {
        let codes = ["", "A", "AB", "12345678", "123456789", "é", "A\0"];
        let list = CodeList { name: "l".into(), codes: codes.map(Into::into).to_vec() };
        let lookup = Lookup::of(&list);
        assert!(codes.iter().all(|code| lookup.holds(code)));
        let others = ["B", "A\0\0", "\0", "1234567", "1234567890", "ABC"];
        assert!(!others.iter().any(|other| lookup.holds(other)));
    }

    #[test]
    fn a_list_that_is_nowhere_is_refused() {
        let text =
            "grammar 1 d/m\nsyntax edifact\nmessage M D 96B UN\nsegment NAD 3035* an..3 coded\n0010 NAD *\n";
        assert!(parse(text, &|_| None).unwrap_err().message.contains("un/3035"));
    }
}
