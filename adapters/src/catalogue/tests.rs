use super::*;

fn catalogue(files: &[(&str, &str)]) -> Catalogue {
    let mut data = Data::embedded();
    for (path, text) in files {
        data.lay((*path).into(), (*text).into(), (*path).into());
    }
    Catalogue::new(data).unwrap()
}

#[test]
fn every_grammar_and_mapping_of_the_program_loads() {
    let catalogue = catalogue(&[]);
    let faults = |error: CatalogueError| match error {
        CatalogueError::Refused(Refused(faults)) => format!("{faults:#?}"),
        unknown => unknown.to_string(),
    };
    for name in catalogue.grammar_names() {
        catalogue.grammar(name).map_err(faults).unwrap();
    }
    for name in catalogue.mapping_names() {
        catalogue.mapping(name).map_err(faults).unwrap();
    }
    for name in catalogue.message_names() {
        assert_eq!(catalogue.message(&name).map_err(faults).unwrap().name(), name);
        catalogue.checks_of(&name).map_err(faults).unwrap();
    }
}

#[test]
fn a_misspelt_name_has_a_nearest_one() {
    let nearest = |name: &str| match catalogue(&[]).message(name).unwrap_err() {
        CatalogueError::Unknown { nearest, .. } => nearest,
        _ => None,
    };
    assert_eq!(nearest("gb-cds/declaratoin").as_deref(), Some("gb-cds/declaration"));
    assert_eq!(nearest("canonnical").as_deref(), Some("canonical"));
    assert_eq!(nearest("quite another thing"), None);
}

#[test]
fn things_are_loaded_once() {
    let catalogue = catalogue(&[]);
    let (one, two) =
        (catalogue.mapping("wco/declaration").unwrap(), catalogue.mapping("wco/declaration").unwrap());
    assert!(Arc::ptr_eq(&one, &two));
    let grammar = catalogue.grammar("wco/dms-3.6").unwrap();
    assert!(one.grammars().any(|own| Arc::ptr_eq(own, &grammar)));
}

#[test]
fn a_broken_file_is_refused_with_its_place() {
    let broken = "mapping 1 wco/declaration\nmodel Declaration\nwire xml MetaData grammar wco/dms-3.6\nlrn <=> Nonsense\n";
    let refused =
        |path: &str, text: &str| match catalogue(&[(path, text)]).mapping("wco/declaration").unwrap_err() {
            CatalogueError::Refused(Refused(faults)) => faults,
            unknown => panic!("{unknown}"),
        };
    let faults = refused("mappings/wco/declaration.map", broken);
    assert_eq!(faults[0].path, "mappings/wco/declaration.map");
    assert!(broken[faults[0].at.clone()].contains("Nonsense"), "{:?}", faults[0]);
    let faults = refused("mappings/wco/dms-3.6.gram", "grammar 1 wco/dms-3.6\nsyntax xml\nA *  nonsense\n");
    assert_eq!((faults.len(), faults[0].path.as_str()), (1, "mappings/wco/dms-3.6.gram"));
}

#[test]
fn a_broken_adapter_is_refused_at_once() {
    let mut data = Data::embedded();
    data.lay("adapters/xx/adapter.toml".into(), "title = 1\n".into(), "xx/adapter.toml".into());
    let Refused(faults) = Catalogue::new(data).unwrap_err();
    assert_eq!((faults.len(), faults[0].path.as_str(), faults[0].at.clone()), (1, "xx/adapter.toml", 8..9));
}

#[test]
fn an_unknown_directory_falls_back_to_the_nearest() {
    let catalogue = catalogue(&[]);
    let found = |name: &str, version: &str, release: &str| {
        let [name, version, release, agency] = [name, version, release, "UN"].map(str::to_owned);
        let kind = MessageType { name, version, release, agency, association: String::new() };
        catalogue.edifact_grammar(&kind).map(|grammar| grammar.header.name.clone())
    };
    let expect = [
        ("CUSDEC", "D", "96B", Some("edifact/d96b/cusdec")),
        ("CUSDEC", "D", "98A", Some("edifact/d96b/cusdec")),
        ("CUSDEC", "D", "00B", Some("edifact/d99b/cusdec")),
        ("CUSDEC", "D", "24A", Some("edifact/d21a/cusdec")),
        ("ORDERS", "D", "93A", Some("edifact/d96a/orders")),
        ("ORDERS", "1", "921", Some("edifact/d96a/orders")),
        ("GOVCBR", "D", "09B", Some("edifact/d13b/govcbr")),
        ("CONTRL", "4", "1", Some("edifact/contrl/4")),
        ("FOODEC", "D", "96B", None),
    ];
    for (name, version, release, expected) in expect {
        assert_eq!(found(name, version, release).as_deref(), expected, "{name} {version}.{release}");
    }
}
