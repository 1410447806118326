//! Names: which are legal, and which namespace the name of a node stands for (Namespaces in XML 1.0).

use dragoman_tree::{NodeId, Tree};

use crate::grammar::Grammar;

/// The namespace of `xsi:type` and its like.
pub(super) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The namespace of `xml:lang` and its like, which needs no declaration.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The namespace of declarations themselves.
pub(super) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The element that stands in the place of a text where there is none, as ASYCUDA World writes it.
pub(super) const NULL: &str = "null";

/// True for a name without colon (Namespaces in XML, production 4).
pub(super) fn is_ncname(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_character)
}

/// True for the first character of a name (XML 1.0, production 4), colons aside.
pub(super) const fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// True for any character of a name (XML 1.0, production 4a), colons aside.
pub(super) const fn is_name_character(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Splits a name as trees hold it: `{namespace}local`, or `local` alone, which says nothing of its namespace.
pub fn split(name: &str) -> (Option<&str>, &str) {
    match name.strip_prefix('{').and_then(|rest| rest.rsplit_once('}')) {
        Some((namespace, local)) => (Some(namespace), local),
        None => (None, name),
    }
}

/// The namespace and local name of an element: the grammar's where it has a place, else what its name says,
/// else its parent's.
pub(super) fn expanded<'t>(
    tree: &'t Tree<'_>,
    node: NodeId,
    grammar: Option<&'t Grammar>,
    parent: &'t str,
) -> (&'t str, &'t str) {
    let name = tree.name(node);
    let place = grammar.and_then(|grammar| Some((grammar, grammar.get(tree.place(node))?)));
    if let Some((grammar, place)) = place {
        let namespace = grammar.namespaces.get(usize::from(place.namespace));
        return (namespace.map_or("", |namespace| &namespace.uri), name);
    }
    let (namespace, local) = split(name);
    (namespace.unwrap_or(parent), local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_and_checked() {
        assert_eq!(split("{urn:a}b"), (Some("urn:a"), "b"));
        assert_eq!(split("{}b"), (Some(""), "b"));
        assert_eq!(split("b"), (None, "b"));
        assert!(is_ncname("Überweisung_1.2-x") && is_ncname("名"));
        for bad in ["", "1a", "a b", "a:b", "<", "-a"] {
            assert!(!is_ncname(bad), "{bad}");
        }
    }
}
