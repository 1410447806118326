//! The tree for a terminal.

use std::fmt::Write;

use dragoman_tree::{Finding, Severity};

use super::Shown;
use super::entries::Entry;

/// The colours of a line; empty where there are none.
struct Colors {
    name: &'static str,
    value: &'static str,
    faint: &'static str,
    end: &'static str,
    severity: [&'static str; 3],
}

const PLAIN: Colors = Colors { name: "", value: "", faint: "", end: "", severity: [""; 3] };
const COLORED: Colors = Colors {
    name: "\x1b[1;34m",
    value: "\x1b[32m",
    faint: "\x1b[2m",
    end: "\x1b[0m",
    severity: ["\x1b[36m", "\x1b[1;33m", "\x1b[1;31m"],
};

/// All messages of a file, one under the other.
pub fn tree(file: &str, shown: &[Shown], color: bool) -> String {
    let colors = if color { &COLORED } else { &PLAIN };
    let mut out = String::new();
    for message in shown {
        let (name, end) = (colors.name, colors.end);
        let _ = writeln!(out, "{name}{}{end}  {}", message.title, plain(file));
        for finding in &message.others {
            note(&mut out, 1, finding, colors);
        }
        for entry in message.entries.iter().skip(1) {
            line(&mut out, entry, colors);
        }
        out.push('\n');
    }
    out
}

fn line(out: &mut String, entry: &Entry, colors: &Colors) {
    let Colors { name, value, faint, end, .. } = colors;
    for _ in 1..entry.depth {
        let _ = write!(out, "{faint}│{end} ");
    }
    let _ = write!(out, "{name}{}{end}", plain(&entry.name));
    if let Some(title) = &entry.title {
        let _ = write!(out, " {faint}{title}{end}");
    }
    if let Some(text) = &entry.value {
        let _ = write!(out, "  {value}{}{end}", plain(text));
    }
    if let Some(meaning) = &entry.meaning {
        let _ = write!(out, " ({meaning})");
    }
    if !entry.known {
        let _ = write!(out, " {faint}[not in the grammar]{end}");
    }
    out.push('\n');
    for finding in &entry.findings {
        note(out, entry.depth, finding, colors);
    }
}

/// A text without characters that a terminal would obey.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter }).collect()
}

fn note(out: &mut String, depth: usize, finding: &Finding, colors: &Colors) {
    for _ in 1..depth {
        let _ = write!(out, "{}│{} ", colors.faint, colors.end);
    }
    let [info, warning, error] = colors.severity;
    let color = match finding.severity {
        Severity::Info => info,
        Severity::Warning => warning,
        Severity::Error => error,
    };
    let (severity, code, end) = (finding.severity.word(), &finding.code, colors.end);
    let _ = writeln!(out, "{color}^ {severity}[{code}]{end}: {}", plain(&finding.message));
}
