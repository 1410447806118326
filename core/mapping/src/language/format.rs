//! The one layout of a `.map` file: `dragoman map fmt`.
//!
//! Four blanks a block, one blank around what stands in a line, arrows of neighbouring lines in one column, no
//! blanks at line ends, at most one empty line. Comments stay where they are. Laying out again changes nothing,
//! and what the file says stays the same.

/// Lays out the text of a mapping that [`super::parse`] accepts.
pub fn format(text: &str) -> String {
    let mut lines: Vec<Line> = Vec::new();
    let mut depth: usize = 0;
    for raw in text.lines() {
        let trimmed = raw.trim();
        let (opened, closed, leading) = braces(trimmed);
        let own = depth.saturating_sub(leading);
        lines.push(Line::new(trimmed, own));
        depth = (depth + opened).saturating_sub(closed);
    }
    align(&mut lines);
    assemble(&lines)
}

/// What the lines of a run have in one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pivot {
    /// The arrow of a line.
    Arrow,
    /// The `=` of a constant or an arm.
    Equals,
    /// The brace of a part on one line.
    Brace,
}

/// A line on its way to its layout.
struct Line {
    depth: usize,
    /// What stands before the pivot, and from it on.
    left: String,
    right: Option<(Pivot, String)>,
    /// A comment at its end.
    comment: String,
    width: usize,
}

impl Line {
    fn new(text: &str, depth: usize) -> Self {
        let (code, comment) = split_comment(text);
        let code = single_blanks(code.trim_end());
        let (left, right) = match pivot(&code) {
            Some((at, pivot)) => {
                let (left, right) = code.split_at(at);
                (left.trim_end().to_owned(), Some((pivot, right.to_owned())))
            }
            None => (code, None),
        };
        Self { depth, left, right, comment: comment.to_owned(), width: 0 }
    }

    /// The pivot, for a line that is aligned with its neighbours.
    fn aligns(&self) -> Option<Pivot> {
        let short = self.left != "." && self.left.chars().count() <= 44;
        self.right.as_ref().filter(|_| short).map(|(pivot, _)| *pivot)
    }
}

/// Gives runs of neighbouring lines of one depth one column for their arrows.
fn align(lines: &mut [Line]) {
    let same = |one: &Line, two: &Line| {
        one.depth == two.depth && one.aligns().is_some() && one.aligns() == two.aligns()
    };
    for run in lines.chunk_by_mut(same) {
        let aligned = run.iter().all(|line| line.aligns().is_some());
        let width = run.iter().map(|line| line.left.chars().count()).max().unwrap_or(0);
        for line in run.iter_mut().filter(|_| aligned) {
            line.width = width;
        }
    }
}

fn assemble(lines: &[Line]) -> String {
    let mut out = String::new();
    let mut blank = true;
    for line in lines {
        let empty = line.left.is_empty() && line.right.is_none() && line.comment.is_empty();
        if empty {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() {
            out.push('\n');
        }
        blank = false;
        let mut text = "    ".repeat(line.depth) + &line.left;
        if let Some((_, right)) = &line.right {
            let pad = line.width.saturating_sub(line.left.chars().count());
            text += &" ".repeat(pad + 1);
            text += right;
        }
        if !line.comment.is_empty() {
            text += if text.trim().is_empty() { "" } else { "    " };
            text += &line.comment;
        }
        out += text.trim_end();
        out.push('\n');
    }
    out
}

/// The characters of a line that stand outside literals, quoted names and regular expressions.
fn outside(line: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    let mut before = ' ';
    line.char_indices().filter(move |(_, c)| {
        let c = *c;
        let was = quote;
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(end) if c == end => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            // A slash begins a regular expression after a blank; between names it is a step.
            None if c == '/' && before == ' ' => quote = Some('/'),
            _ => {}
        }
        before = c;
        was.is_none() && quote.is_none()
    })
}

/// Braces opened and closed in a line outside `{role}` and `${x}`, and how many close before anything else.
fn braces(line: &str) -> (usize, usize, usize) {
    let (code, _) = split_comment(line);
    let (mut opened, mut closed, mut leading) = (0, 0, 0);
    let mut role = false;
    let mut before = ' ';
    for (at, c) in outside(code) {
        let next = code.get(at + 1..).and_then(|rest| rest.chars().next());
        match c {
            '{' if before == '$' || next.is_some_and(char::is_alphanumeric) => role = true,
            '}' if role => role = false,
            '{' => opened += 1,
            '}' => {
                closed += 1;
                leading += usize::from(
                    opened == 0
                        && code.get(..at).is_some_and(|before| before.trim_matches(['}', ' ']).is_empty()),
                );
            }
            _ => {}
        }
        before = c;
    }
    (opened, closed, leading)
}

fn split_comment(line: &str) -> (&str, &str) {
    let begins = outside(line).find(|(at, c)| {
        let before = line.get(..*at).unwrap_or_default();
        let after = line.get(at + 1..).unwrap_or_default();
        *c == '#'
            && (before.is_empty() || before.ends_with([' ', '\t']))
            && (after.is_empty() || after.starts_with(' '))
    });
    begins.map_or((line, ""), |(at, _)| line.split_at(at))
}

/// Runs of blanks outside literals become one.
fn single_blanks(code: &str) -> String {
    let doubled: Vec<usize> = outside(code)
        .filter(|(at, c)| *c == ' ' && code.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')))
        .map(|(at, _)| at)
        .collect();
    let kept = code.char_indices().filter(|(at, _)| doubled.binary_search(at).is_err());
    kept.map(|(_, c)| c).collect()
}

/// Where a line is aligned.
fn pivot(code: &str) -> Option<(usize, Pivot)> {
    let find = |wanted: &[&str]| {
        let starts =
            |at: usize| wanted.iter().any(|text| code.get(at..).unwrap_or_default().starts_with(text));
        outside(code).map(|(at, _)| at).find(|at| starts(*at))
    };
    let head = code.split_once(' ').map_or(code, |(head, _)| head);
    match head {
        "choose" | "wire" | "mapping" | "recognise" | "require" | "root" | "absent" | "check" => None,
        "part" => find(&["{ "]).map(|at| (at, Pivot::Brace)),
        "const" | "fixed" | "alias" => find(&["= "]).map(|at| (at, Pivot::Equals)),
        _ => match (find(&["<=>", "<= ", "=> "]), find(&["= "])) {
            (Some(arrow), equals) if equals.is_none_or(|equals| arrow <= equals + 2) => {
                Some((arrow, Pivot::Arrow))
            }
            (_, Some(equals)) => Some((equals, Pivot::Equals)),
            _ => None,
        },
    }
}
