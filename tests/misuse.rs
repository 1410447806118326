//! What people do wrong, and what they are told: the exit code is 2, the answer names a way out.

use insta::assert_snapshot;

use crate::run::{Folder, Ran, dragoman};

fn told(arguments: &[&str]) -> String {
    let Ran { code, stdout, stderr } = dragoman(arguments);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    stderr
}

#[test]
fn a_name_that_is_none() {
    assert_snapshot!(told(&[
        "translate",
        "--from",
        "gb-cds/declaratoin",
        "--to",
        "canonical",
        "declaration.in"
    ]));
    assert_snapshot!(told(&["validate", "--as", "nonsense", "declaration.in"]));
    assert_snapshot!(told(&["map", "check", "wco/declaratoin"]));
    assert_snapshot!(told(&["grammar", "show", "wco/dms-3.5"]));
    assert_snapshot!(told(&["model", "country_of_orgin"]));
    assert_snapshot!(told(&["frobnicate"]));
}

#[test]
fn what_cannot_be() {
    assert_snapshot!(told(&["translate", "--from", "auto", "--to", "auto", "declaration.in"]));
    assert_snapshot!(told(&["map", "show", "canonical"]));
    assert_snapshot!(told(&["map", "cover", "gb-cds/declaration", "declaration.in"]));
    assert_snapshot!(told(&["translate", "--from", "auto", "--to", "gb-cds/declaration", ".", "."]));
    let over = ["translate", "--from", "auto", "--to", "gb-cds/declaration", "--over", "notification.in"];
    assert_snapshot!(told(&[&over[..], &["declaration.in"]].concat()));
}

#[test]
fn files_that_cannot_be_opened() {
    assert_snapshot!(told(&["translate", "--from", "auto", "--to", "canonical", "missing.xml"]));
    assert_snapshot!(told(&["validate", "--mappings", "missing", "declaration.in"]));
    let folder = Folder::new();
    folder.write("empty/.hidden", "");
    let ran = folder.run(&["validate", "empty"]);
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.stderr);
}

#[test]
fn a_bad_file_does_not_stop_the_others() {
    let ran = dragoman(&["validate", "missing.xml", "declaration.in"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, "declaration.in: gb-cds/declaration: no findings\n"));
    let ran =
        dragoman(&["translate", "--from", "auto", "--to", "canonical", "missing.xml", "declaration.in"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (2, 1));
}

#[test]
fn data_of_ones_own_that_is_broken() {
    let folder = Folder::new();
    let text = "mapping 1 wco/declaration\nmodel Declaration\nwire xml MetaData grammar wco/dms-3.6\nlrn <=> Nonsense\n";
    folder.write("mappings/wco/declaration.map", text);
    folder.write("adapters/gb-cds/adapter.toml", "title = \"X\"\ncustom = \"GB\"\n");
    let ran = folder.run(&["--mappings", "mappings", "map", "check", "wco/declaration"]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stderr);
    let ran = folder.run(&["--adapters", "adapters", "adapter", "list"]);
    assert_eq!(ran.code, 2);
    assert_snapshot!(ran.stderr);
}

#[test]
fn without_a_command_there_is_help() {
    let Ran { code, stderr, .. } = dragoman(&[]);
    assert_eq!(code, 2);
    assert!(stderr.contains("Usage: dragoman"), "{stderr}");
    for command in ["translate", "validate", "explain", "map", "grammar", "model", "adapter", "completions"] {
        assert!(stderr.contains(&format!("\n  {command}")), "{command}");
        assert_eq!(dragoman(&[command, "--help"]).code, 0);
    }
}
