//! What can be looked up: the model, the adapters, the version, completions.

use insta::assert_snapshot;

use crate::run::{Folder, Ran, dragoman};

fn shown(arguments: &[&str]) -> String {
    let Ran { code, stdout, stderr } = dragoman(arguments);
    assert_eq!((code, stderr.as_str()), (0, ""));
    stdout
}

#[test]
fn the_model_by_path_and_by_number() {
    assert_snapshot!(shown(&["model", "goods_items[sequence=2].origins[0].country"]));
    assert_eq!(
        shown(&["model", "goods_items.origins.country"]),
        shown(&["model", "declaration.goods_items.origins.country"])
    );
    assert!(
        shown(&["model", "42A.67A.68A.92A.063"]).starts_with("declaration.goods_items[].origins[].country")
    );
    assert!(shown(&["model", "6048"]).contains("mass"));
    assert!(shown(&["model"]).lines().any(|line| line.starts_with("declaration ")));
}

#[test]
fn the_model_as_schema_and_dictionary() {
    let schema: serde_json::Value =
        serde_json::from_str(&shown(&["model", "order", "--format", "json-schema"])).unwrap();
    assert_eq!(schema["properties"]["type"]["const"], "order");
    assert!(shown(&["model", "--format", "markdown"]).contains("\n## declaration\n"));
    let ran = dragoman(&["model", "ordre", "--format", "json-schema"]);
    assert!(ran.code == 2 && ran.stderr.contains("customs_response"), "{}", ran.stderr);
}

#[test]
fn the_adapters_with_their_messages() {
    let list = shown(&["adapter", "list"]);
    assert!(list.contains("  gb-cds/declaration       out  wco/declaration\n"), "{list}");
    assert!(list.contains("  gb-cds/notification      in   wco/notification\n"), "{list}");
}

#[test]
fn codes_by_list_and_by_code() {
    let lists = shown(&["codes", "show"]);
    assert!(lists.contains("customs-offices  4136 of 2024-11-05: Customs offices of the Union"), "{lists}");
    let dover = shown(&["codes", "show", "customs-offices", "GB000060"]);
    assert_eq!(dover, "GB000060 Dover/Folkestone Eurotunnel Freight (DEP DES INC TRA)\n");
    assert_eq!(shown(&["codes", "show", "unlocodes", "GBDVR"]), "GBDVR Dover\n");
    assert!(shown(&["codes", "show", "countries"]).contains("\nXI,EEC,United Kingdom (Northern Ireland)\n"));
    let refused = |arguments: &[&str]| {
        let ran = dragoman(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        ran.stderr
    };
    let said = refused(&["codes", "show", "customs-offices", "GB000061"]);
    assert!(said.contains("near it: GB000060 Dover"), "{said}");
    let said = refused(&["codes", "show", "customs-office"]);
    assert!(
        said.contains("there is no code list `customs-office`") && said.contains("customs-offices"),
        "{said}"
    );
    let folder = Folder::new();
    folder.write(
        "m/lists/countries.csv",
        "# Countries.\n# source: s\n# edition: e\n# checked: c\ncode,name\nB,x\nA,y\n",
    );
    let ran = folder.run(&["--mappings", "m", "codes", "show", "countries"]);
    assert!(ran.code == 2 && ran.stderr.contains("`A` does not come after `B`"), "{}", ran.stderr);
}

#[test]
fn the_version_tells_program_and_data() {
    let version = shown(&["--version"]);
    let hash = version.split("sha256:").nth(1).unwrap().trim_end_matches([')', '\n']);
    assert!(version.starts_with("dragoman 0.") && hash.len() == 64, "{version}");
    assert_eq!(shown(&["-V"]), version);
    let folder = Folder::new();
    folder.write("m/own/own.csv", "a\n");
    assert_ne!(folder.run(&["--mappings", "m", "--version"]).stdout, version);
    folder.write("m/own/own.txt", "not data\n");
    let with_other = folder.run(&["--mappings", "m", "--version"]).stdout;
    folder.write("m/own/own.txt", "changed\n");
    assert_eq!(folder.run(&["--mappings", "m", "--version"]).stdout, with_other);
}

#[test]
fn completions_of_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(shown(&["completions", shell]).contains("translate"), "{shell}");
    }
}
