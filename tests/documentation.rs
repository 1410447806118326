//! Documentation that runs: what stands in a `console` block is executed where the page is, and has to answer as it says.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{dragoman_in, root};

/// Pages whose examples are run: those of the adapters, and what stands in `docs/` and at the root.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    for folder in fs::read_dir(root().join("adapters")).unwrap() {
        pages.push(folder.unwrap().path().join("README.md"));
    }
    if let Ok(docs) = fs::read_dir(root().join("docs")) {
        pages.extend(
            docs.map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|end| end == "md")),
        );
    }
    pages.retain(|page| page.is_file());
    pages.sort();
    pages
}

#[test]
fn examples_answer_as_they_say() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let again = executed(&text, page.parent().unwrap());
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&page, &again).unwrap();
        } else {
            assert!(again == text, "{}: an example answers otherwise; UPDATE=1 shows how", page.display());
        }
    }
}

/// The page with the answers that its examples give now.
fn executed(page: &str, folder: &Path) -> String {
    let mut again = String::new();
    let mut inside = false;
    for line in page.split_inclusive('\n') {
        match line.trim_end() {
            "```console" => inside = true,
            "```" if inside => inside = false,
            _ => {}
        }
        let command = line.strip_prefix("$ ").filter(|_| inside);
        if command.is_some() || !inside || line.starts_with("```") {
            again.push_str(line);
        }
        if let Some(command) = command {
            again.push_str(&answer(command.trim_end(), folder));
        }
    }
    again
}

/// What a command prints: results, then findings. `| head -N` is understood.
fn answer(command: &str, folder: &Path) -> String {
    let (command, lines) = match command.split_once(" | head -") {
        Some((command, lines)) => (command, lines.parse().unwrap()),
        None => (command, usize::MAX),
    };
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("dragoman"), "{command}: only dragoman is run");
    let ran = dragoman_in(folder, &words.collect::<Vec<_>>(), b"");
    let text = ran.stdout + &ran.stderr;
    text.split_inclusive('\n').take(lines).collect()
}
