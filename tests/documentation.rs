//! Documentation that runs: what stands in a `console` block is executed where the page is, and has to answer as it says; what
//! stands in the `session` blocks of a page, one after the other in a folder that is empty at first, or a copy of the folder of
//! the same name beside the page.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::demo::masked;
use crate::run::{Folder, dragoman_in, root};
use crate::sources::texts_with;

/// All pages of the project, by their paths.
fn pages() -> Vec<(PathBuf, String)> {
    texts_with(&["md"]).into_iter().map(|(path, text)| (root().join(path), text)).collect()
}

#[test]
fn examples_answer_as_they_say() {
    for (page, text) in pages() {
        let again = executed(&text, "```console", page.parent().unwrap());
        let work = Folder::new();
        copy(&page.with_extension(""), work.path());
        let again = executed(&again, "```session", work.path());
        if masked(&again) == masked(&text) {
            continue;
        }
        assert!(
            std::env::var_os("UPDATE").is_some(),
            "{}: an example answers otherwise; UPDATE=1 shows how",
            page.display()
        );
        fs::write(&page, &again).unwrap();
    }
}

/// The folder that the sessions of a page leave behind.
pub fn played(page: &str) -> Folder {
    let page = root().join(page);
    let work = Folder::new();
    copy(&page.with_extension(""), work.path());
    executed(&fs::read_to_string(page).unwrap(), "```session", work.path());
    work
}

/// What stands in a `sh` block is not run, as it works on files of one's own; but its options have to be there.
#[test]
fn commands_for_files_of_ones_own_are_understood() {
    let mut commands = 0;
    for (page, text) in pages() {
        for block in text.split("```sh\n").skip(1) {
            let block = block.split("```").next().unwrap();
            for command in block.lines().filter_map(|line| line.trim().strip_prefix("dragoman ")) {
                let words: Vec<_> = command.split_whitespace().collect();
                let ran = Folder::new().run(&words);
                assert!(!ran.stderr.contains("Usage:"), "{}: {command}\n{}", page.display(), ran.stderr);
                commands += 1;
            }
        }
    }
    assert!(commands > 0);
}

#[test]
fn links_lead_somewhere() {
    for (page, text) in pages() {
        let folder = page.parent().unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap();
            let is_address = target.starts_with("http");
            assert!(is_address || folder.join(file).exists(), "{}: {target}", page.display());
        }
    }
}

/// `docs/cli.md` is what the program says about itself.
#[test]
fn the_page_of_commands_is_current() {
    let mut page = String::from(
        "# Commands\n\nWhat `dragoman … --help` prints. This page is made from the program \
         (`UPDATE=1 cargo test -p dragoman-tests commands`).\n",
    );
    describe(&mut Vec::new(), &mut page);
    let path = root().join("docs/cli.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == page, "docs/cli.md is not current: UPDATE=1");
}

/// Adds the help of a command and of those below it.
fn describe(command: &mut Vec<String>, page: &mut String) {
    let mut words: Vec<&str> = command.iter().map(String::as_str).collect();
    words.push("--help");
    let help = dragoman_in(root(), &words, b"");
    assert_eq!((help.code, help.stderr.as_str()), (0, ""), "{command:?}");
    let lines: Vec<_> = help.stdout.lines().map(str::trim_end).collect();
    let title = [&["dragoman".to_owned()], command.as_slice()].concat().join(" ");
    let _ = write!(page, "\n## {title}\n\n```text\n{}\n```\n", lines.join("\n").trim_end());
    let below = help.stdout.split("\nCommands:\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let names = below.unwrap_or_default().lines().filter_map(|line| {
        let name = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?;
        name.split_whitespace().next()
    });
    for name in names.filter(|name| *name != "help") {
        command.push(name.to_owned());
        describe(command, page);
        command.pop();
    }
}

/// The page with the answers that its examples of a kind give now.
fn executed(page: &str, kind: &str, folder: &Path) -> String {
    let mut again = String::new();
    let mut inside = false;
    let mut lines = page.split_inclusive('\n');
    while let Some(line) = lines.next() {
        match line.trim_end() {
            opening if opening == kind => inside = true,
            "```" if inside => inside = false,
            _ => {}
        }
        let command = line.strip_prefix("$ ").filter(|_| inside);
        if command.is_some() || !inside || line.starts_with("```") {
            again.push_str(line);
        }
        let Some(command) = command else { continue };
        let end = command.trim_end().split_once("<<'").and_then(|(_, end)| end.strip_suffix('\''));
        let Some(end) = end else {
            again.push_str(&answer(command.trim_end(), kind, folder));
            continue;
        };
        let mut written = command.to_owned();
        for line in lines.by_ref() {
            again.push_str(line);
            written.push_str(line);
            if line.trim_end() == end {
                break;
            }
        }
        again.push_str(&edited(&written, folder));
    }
    again
}

/// The files of a folder in another one; none where there is no such folder.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// What the shell prints that changes files, as an editor does for people.
fn edited(command: &str, folder: &Path) -> String {
    let editors = ["cat", "cp", "mkdir", "rm", "sed"];
    assert!(editors.iter().any(|one| command.split(' ').next() == Some(one)), "{command}: {editors:?} edit");
    let ran = Command::new("sh").args(["-c", command]).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

/// What a command prints: results, then findings. `| head -N` is understood, and in a session `> FILE` for the results.
fn answer(command: &str, kind: &str, folder: &Path) -> String {
    if kind == "```session" && !command.starts_with("dragoman ") {
        return edited(command, folder);
    }
    let (command, file) = match command.split_once(" > ").filter(|_| kind == "```session") {
        Some((command, file)) => (command, Some(file)),
        None => (command, None),
    };
    let (command, lines) = match command.split_once(" | head -") {
        Some((command, lines)) => (command, lines.parse().unwrap()),
        None => (command, usize::MAX),
    };
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("dragoman"), "{command}: only dragoman is run");
    let ran = dragoman_in(folder, &words.collect::<Vec<_>>(), b"");
    assert_ne!(ran.code, 2, "{command}: what cannot be done is no example: {}", ran.stderr);
    let text = match file {
        Some(file) => {
            fs::write(folder.join(file), ran.stdout).unwrap();
            ran.stderr
        }
        None => ran.stdout + &ran.stderr,
    };
    text.split_inclusive('\n').take(lines).collect()
}
