//! Planted faults: a mapping with a line left out, or with the wire paths of two lines swapped. What is asked of every
//! mapping has to find each, unless loading refuses it already.

use crate::mapped::{Mapped, text};

/// A mapping's text with one fault, and what the fault is.
struct Fault {
    text: String,
    says: String,
}

/// The faults that nobody finds.
pub fn unfound(mapping: &str, finds: &dyn Fn(&Mapped) -> bool) -> Vec<String> {
    let text = text(mapping);
    assert!(!finds(&Mapped::with(mapping, &text).unwrap()), "{mapping} is at fault as it is");
    let rules = rules(&text);
    let faults: Vec<Fault> = dropped(&text, &rules).chain(swapped(&text, &rules)).collect();
    assert!(faults.len() > rules.len(), "{} faults in {} rules", faults.len(), rules.len());
    let is_found = |fault: &Fault| Mapped::with(mapping, &fault.text).map_or(true, |mapped| finds(&mapped));
    faults.into_iter().filter(|fault| !is_found(fault)).map(|fault| fault.says).collect()
}

/// The bytes of each rule that binds something and has no block of its own, with the number of its line.
fn rules(text: &str) -> Vec<(usize, usize, usize)> {
    let mut rules = Vec::new();
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let mut start = at;
        for part in line.split_inclusive([';', '{', '}', '\n']) {
            let rule = part.trim_end_matches([';', '}', '\n', '{']);
            let is_rule =
                rule.contains(" <=> ") && !part.ends_with('{') && !line.trim_start().starts_with('#');
            if is_rule {
                let lead = rule.len() - rule.trim_start().len();
                rules.push((start + lead, start + lead + rule.trim().len(), number));
            }
            start += part.len();
        }
        at += line.len();
    }
    rules
}

fn dropped<'t>(text: &'t str, rules: &'t [(usize, usize, usize)]) -> impl Iterator<Item = Fault> + 't {
    rules.iter().map(|(start, end, line)| Fault {
        text: format!("{}{}", &text[..*start], &text[*end..]),
        says: format!("{line}: `{}` is left out", &text[*start..*end]),
    })
}

/// Two rules after each other with each other's wire side.
fn swapped<'t>(text: &'t str, rules: &'t [(usize, usize, usize)]) -> impl Iterator<Item = Fault> + 't {
    let sides = |(start, end, _): (usize, usize, usize)| text[start..end].split_once(" <=> ").unwrap();
    let differ = move |pair: &&[(usize, usize, usize)]| {
        let [one, two] = [sides(pair[0]), sides(pair[1])];
        one.0.trim() != two.0.trim() && one.1 != two.1
    };
    rules.windows(2).filter(|pair| pair[1].2 - pair[0].2 <= 1).filter(differ).map(move |pair| {
        let [one, two] = [sides(pair[0]), sides(pair[1])];
        let (before, between, after) = (&text[..pair[0].0], &text[pair[0].1..pair[1].0], &text[pair[1].1..]);
        Fault {
            text: format!("{before}{} <=> {}{between}{} <=> {}{after}", one.0, two.1, two.0, one.1),
            says: format!("{}: `{}` and `{}` are swapped", pair[0].2, one.1, two.1),
        }
    })
}
