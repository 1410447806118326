//! `dragoman grammar`: importing a published schema again gives the same file.

use std::fs;

use dragoman_samples::sample;

use crate::run::{Folder, dragoman, dragoman_in, root};

#[test]
fn a_grammar_is_shown_by_its_name_and_by_its_message() {
    let shown = dragoman(&["grammar", "show", "wco/dms-3.6"]);
    assert!(shown.stdout.starts_with("grammar 1 wco/dms-3.6\n"));
    assert_eq!(dragoman(&["grammar", "show", "gb-cds/declaration"]).stdout, shown.stdout);
}

#[test]
fn directories_are_compared() {
    let ran = dragoman(&["grammar", "diff", "D96B", "D99B", "cusdec"]);
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert!(lines.len() > 100 && lines.iter().all(|line| line.starts_with(['+', '-', '~'])));
    for line in ["+ SEL/C208 0..1", "- NAD/3229", "~ <CST>  0..9999 -> 0..99999"] {
        assert!(lines.contains(&line), "{line}");
    }
    assert_eq!(dragoman(&["grammar", "diff", "D96B", "D96B", "cusdec"]).stdout, "");
    assert_eq!(dragoman(&["grammar", "diff", "D96B", "D55C", "cusdec"]).code, 2);
}

const NAMESPACES: [&str; 3] = [
    "md=urn:wco:datamodel:WCO:DocumentMetaData-DMS:2",
    "default=urn:wco:datamodel:WCO:DEC-DMS:2",
    "ds=urn:wco:datamodel:WCO:Declaration_DS:DMS:2",
];
const ANY: [&str; 2] = [
    "urn:wco:datamodel:WCO:DEC-DMS:2=xsd/wco/declaration/WCO_DEC_2_DMS.xsd#Declaration",
    "urn:wco:datamodel:WCO:RES-DMS:2=",
];

#[test]
fn the_schema_of_declarations_gives_their_grammar() {
    let Some(folder) = sample("uk-cds") else { return };
    let keys = [
        "ConsignmentItem",
        "GovernmentAgencyGoodsItem",
        "Itinerary",
        "Packaging",
        "Seal",
        "TransportEquipment",
    ];
    let keys: Vec<_> = keys.iter().map(|element| format!("{element}=SequenceNumeric")).collect();
    let mut arguments = vec!["grammar", "import", "xsd", "xsd/customs/wrapper_submit.xsd"];
    arguments.extend(["--name", "wco/dms-3.6", "--root", "MetaData"]);
    arguments.extend(NAMESPACES.iter().flat_map(|namespace| ["--namespace", namespace]));
    arguments.extend(ANY.iter().flat_map(|any| ["--any", any]));
    arguments.extend(keys.iter().flat_map(|key| ["--key", key.as_str()]));
    let ran = dragoman_in(&folder, &arguments, b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let file = fs::read_to_string(root().join("mappings/wco/dms-3.6.gram")).unwrap();
    assert!(ran.stdout == file, "the grammar differs from mappings/wco/dms-3.6.gram");
}

#[test]
fn the_schemas_of_entry_summaries_give_their_grammars() {
    let Some(folder) = sample("uk-ens/xsd") else { return };
    for name in ["CC315A", "CC313A"] {
        let (file, lower) = (format!("{name}-v11-2.xsd"), name.to_lowercase());
        let namespace = format!("ie=http://ics.dgtaxud.ec/{name}");
        let grammar = format!("ens/{lower}-v11-2");
        let mut arguments = vec!["grammar", "import", "xsd", &file, "--name", &grammar, "--root", name];
        arguments.extend(["--namespace", &namespace, "--key", "GOOITEGDS=IteNumGDS7"]);
        let ran = dragoman_in(&folder, &arguments, b"");
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        let file = fs::read_to_string(root().join(format!("mappings/{grammar}.gram"))).unwrap();
        assert!(ran.stdout == file, "the grammar differs from mappings/{grammar}.gram");
    }
}

#[test]
fn the_schemas_of_transit_give_their_grammars() {
    for (phase, schemas) in [("p5", "uk-ncts/xsd-v2_1-phase5"), ("p6", "uk-ncts/xsd-v3_0-phase6")] {
        let Some(folder) = sample(schemas) else { return };
        let own = root().join("mappings/ncts").join(phase);
        let files = fs::read_dir(own).unwrap().map(|entry| entry.unwrap().path());
        let grammars: Vec<_> = files.filter(|path| path.extension().is_some_and(|is| is == "gram")).collect();
        assert_eq!(grammars.len(), 33);
        for path in grammars {
            let message = path.file_stem().unwrap().to_str().unwrap();
            let (name, file) = (format!("ncts/{phase}/{message}"), format!("{}.xsd", message.to_lowercase()));
            let mut arguments = vec!["grammar", "import", "xsd", &file, "--name", &name, "--root", message];
            arguments.extend(["--namespace", "ncts=http://ncts.dgtaxud.ec"]);
            arguments.extend(["--key", "HouseConsignment=sequenceNumber"]);
            arguments.extend(["--key", "ConsignmentItem=declarationGoodsItemNumber"]);
            let ran = dragoman_in(&folder, &arguments, b"");
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
            assert!(ran.stdout == fs::read_to_string(&path).unwrap(), "the grammar differs from {name}");
        }
    }
}

#[test]
fn the_schemas_of_excise_give_their_grammars() {
    for (folder, version) in [("v1", "V3.13"), ("v2", "V3.23")] {
        let Some(schemas) = sample(&format!("uk-emcs/xsd/{folder}")) else { return };
        let own = root().join("mappings/emcs").join(folder);
        let files = fs::read_dir(own).unwrap().map(|entry| entry.unwrap().path());
        let grammars: Vec<_> = files.filter(|path| path.extension().is_some_and(|is| is == "gram")).collect();
        assert_eq!(grammars.len(), 14);
        for path in grammars {
            let message = path.file_stem().unwrap().to_str().unwrap();
            let is_own = message == "IE704";
            let (name, lower) = (format!("emcs/{folder}/{message}"), message.to_lowercase());
            let file = format!("{lower}{}.xsd", if is_own { "uk" } else { "" });
            let union = "urn:publicid:-:EC:DGTAXUD:EMCS:PHASE4";
            let national = "ns=http://www.govtalk.gov.uk/taxation/InternationalTrade/Excise/ie704uk/3";
            let namespace =
                if is_own { national.to_owned() } else { format!("urn={union}:{message}:{version}") };
            let header = format!("tms={union}:TMS:{version}");
            let mut arguments = vec!["grammar", "import", "xsd", &file, "--name", &name, "--root", message];
            arguments.extend(["--namespace", &namespace, "--namespace", &header]);
            let ran = dragoman_in(&schemas, &arguments, b"");
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
            assert!(ran.stdout == fs::read_to_string(&path).unwrap(), "the grammar differs from {name}");
        }
    }
}

/// The published reference data gives the code lists that the program carries.
#[test]
fn the_reference_data_gives_its_lists() {
    let Some(folder) = sample("uk-ncts/codelists") else { return };
    let archive = folder.join("COL-Generic-20241105.zip").display().to_string();
    let out = Folder::new();
    let own = root().join("mappings/lists");
    let text = |name: &str| fs::read_to_string(own.join(name)).unwrap();
    let head = text("countries.csv");
    let said = |word: &str| head.lines().find_map(|line| line.strip_prefix(word)).unwrap().to_owned();
    let (source, checked) = (said("# source: "), said("# checked: "));
    let (_, source) = source.split_once("); ").unwrap();
    let ran =
        out.run(&["codes", "import", &archive, "--source", source, "--checked", &checked, "--out", "."]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for name in ["countries.csv", "customs-offices.csv", "unlocodes.csv"] {
        assert!(out.read(&format!("lists/{name}")) == text(name), "{name} differs");
    }
    let ran = out.run(&[
        "codes",
        "import",
        "lists/countries.csv",
        "--source",
        "s",
        "--checked",
        &checked,
        "--out",
        ".",
    ]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("the archive cannot be unpacked"), "{}", ran.stderr);
}

#[test]
fn a_directory_gives_the_grammars_of_its_messages() {
    let Some(folder) = sample("edi/directories/unece-zips") else { return };
    let archive = folder.join("d96b.zip").display().to_string();
    let out = Folder::new();
    let mut arguments = vec!["grammar", "import", "unece", &archive];
    arguments
        .extend(["APERAK", "CUSCAR", "CUSDEC", "CUSREP", "CUSRES", "DESADV", "IFTMIN", "IFTSTA", "INVOIC"]);
    arguments.extend(["ORDERS", "ORDRSP", "SANCRT", "--out", "."]);
    let ran = out.run(&arguments);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 14), "{}", ran.stderr);
    for name in ["cusdec.gram", "cusres.gram", "segments.gram", "codes.csv"] {
        let file = fs::read_to_string(root().join("mappings/edifact/d96b").join(name)).unwrap();
        assert!(out.read(&format!("edifact/d96b/{name}")) == file, "{name} differs");
    }
}

#[test]
fn a_document_of_an_interface_gives_a_grammar() {
    let Some(folder) = sample("marketplaces/amazon") else { return };
    let mut arguments = vec!["grammar", "import", "openapi", "orders_2026-01-01.json"];
    arguments.extend(["--name", "amazon/order", "--root", "Order"]);
    arguments.extend(["--wrapper", "SearchOrdersResponse", "--wrapper", "GetOrderResponse"]);
    let ran = dragoman_in(&folder, &arguments, b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let body = |text: &str| text[text.find("\nlist").unwrap()..].to_owned();
    let file = fs::read_to_string(root().join("mappings/amazon/order.gram")).unwrap();
    assert!(body(&ran.stdout) == body(&file), "the grammar differs from mappings/amazon/order.gram");
}

#[test]
fn a_schema_that_is_none_is_refused() {
    let folder = Folder::new();
    folder.write("a.json", "{");
    let ran = folder.run(&["grammar", "import", "openapi", "a.json", "--name", "a/b", "--root", "C"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    let ran = folder.run(&["grammar", "import", "xsd", "a.xsd", "--name", "a/b", "--root", "C"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    folder.write("a.zip", "PK");
    let ran = folder.run(&["grammar", "import", "unece", "a.zip", "CUSDEC", "--out", "."]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
}
