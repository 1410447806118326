//! The grammars under `mappings/` are what the published schemas say.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

use std::fs;
use std::path::{Path, PathBuf};

use dragoman_samples::sample;
use dragoman_syntax::grammar::{self, Grammar, layout};
use dragoman_syntax::import::xsd::{self, ImportError, Options, Wildcard};
use dragoman_tree::{Kind, PlaceId};

const META: &str = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2";
const DEC: &str = "urn:wco:datamodel:WCO:DEC-DMS:2";
const DEC_DS: &str = "urn:wco:datamodel:WCO:Declaration_DS:DMS:2";
const RES: &str = "urn:wco:datamodel:WCO:RES-DMS:2";
const RES_DS: &str = "urn:wco:datamodel:WCO:Response_DS:DMS:2";

/// Lists whose entries customs identifies by their sequence number.
const KEYS: [(&str, &str); 6] = [
    ("ConsignmentItem", "SequenceNumeric"),
    ("GovernmentAgencyGoodsItem", "SequenceNumeric"),
    ("Itinerary", "SequenceNumeric"),
    ("Packaging", "SequenceNumeric"),
    ("Seal", "SequenceNumeric"),
    ("TransportEquipment", "SequenceNumeric"),
];

fn import(folder: &Path, entry: &str, options: &Options<'_>) -> Result<Grammar, ImportError> {
    xsd::import(entry, &|path| fs::read_to_string(folder.join(path)).ok(), options)
}

fn declaration(folder: &Path) -> Grammar {
    let options = Options {
        name: "wco/dms-3.6",
        root: "MetaData",
        namespaces: &[("md", META), ("", DEC), ("ds", DEC_DS)],
        wildcards: &[
            Wildcard {
                namespace: DEC,
                element: Some(("xsd/wco/declaration/WCO_DEC_2_DMS.xsd", "Declaration")),
                max: None,
            },
            Wildcard { namespace: RES, element: None, max: None },
        ],
        keys: &KEYS,
        opaque: &[],
    };
    import(folder, "xsd/customs/wrapper_submit.xsd", &options).unwrap()
}

fn response(folder: &Path) -> Grammar {
    let options = Options {
        name: "wco/res-dms-2",
        root: "MetaData",
        namespaces: &[("md", META), ("", RES), ("ds", RES_DS), ("od", DEC), ("od-ds", DEC_DS)],
        wildcards: &[
            Wildcard { namespace: DEC, element: None, max: None },
            Wildcard {
                namespace: RES,
                element: Some(("xsd/wco/notification/WCO_RES_2_DMS.xsd", "Response")),
                max: Some(1),
            },
        ],
        keys: &KEYS,
        opaque: &[],
    };
    import(folder, "xsd/wco/notification/DocumentMetaData_2_DMS.xsd", &options).unwrap()
}

fn mappings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings")
}

/// Compares with the file under `mappings/`, or writes it where `DRAGOMAN_UPDATE=1`.
fn check(grammar: &Grammar) {
    let text = layout(grammar);
    let file = mappings().join(format!("{}.gram", grammar.name()));
    if std::env::var("DRAGOMAN_UPDATE").as_deref() == Ok("1") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &text).unwrap();
    }
    assert!(fs::read_to_string(&file).unwrap() == text, "{} differs; set DRAGOMAN_UPDATE=1", file.display());
    assert_eq!(layout(&grammar::parse(&text, &|_| None).unwrap()), text);
}

#[test]
fn importing_again_gives_the_same_files() {
    let Some(folder) = sample("uk-cds") else { return };
    check(&declaration(&folder));
    check(&response(&folder));
}

/// Cross-border e-commerce: each message type is a root of its own. What stands in signatures is not taken.
#[test]
fn importing_again_gives_the_same_files_of_china() {
    let Some(folder) = sample("china-ceb/2022-05/xsd") else { return };
    let mut all = 0;
    for file in fs::read_dir(mappings().join("ceb")).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        let Some(number) = file.strip_suffix(".gram") else { continue };
        // What is asked of payments has no schema.
        if number == "payment-data" {
            continue;
        }
        let root = format!("CEB{number}Message");
        let schemas = ["海关跨境进口业务节点报文定义202205.xsd", "海关跨境出口业务节点报文定义202205.xsd"];
        let declares = format!("<xs:element name=\"{root}\"");
        let entry = schemas
            .into_iter()
            .find(|schema| fs::read_to_string(folder.join(schema)).unwrap().contains(&declares));
        let options = Options {
            name: &format!("ceb/{number}"),
            root: &root,
            namespaces: &[
                ("ceb", "http://www.chinaport.gov.cn/ceb"),
                ("ds", "http://www.w3.org/2000/09/xmldsig#"),
            ],
            wildcards: &[Wildcard { namespace: "##any", element: None, max: None }],
            keys: &[],
            opaque: &["Signature"],
        };
        check(&import(&folder, entry.unwrap(), &options).unwrap());
        all += 1;
    }
    assert_eq!(all, 42);
}

#[test]
fn the_grammars_load_and_come_back() {
    for name in ["wco/dms-3.6", "wco/res-dms-2"] {
        let text = fs::read_to_string(mappings().join(format!("{name}.gram"))).unwrap();
        assert_eq!(layout(&grammar::parse(&text, &|_| None).unwrap()), text);
    }
}

/// Path, least and largest number, WCO id and TDED number of each line of a dictionary.
fn dictionary(file: &Path) -> Vec<[String; 5]> {
    let text = fs::read_to_string(file).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let fields = fields(line);
        [0, 7, 8, 3, 6].map(|index| fields[index].clone())
    });
    rows.collect()
}

/// The fields of a line of CSV.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().unwrap().push(c),
        }
    }
    fields
}

/// The same of a grammar, from a child of the root down; what lies in a data type or another message is left out.
fn rows(grammar: &Grammar, root: &str, other: &str) -> Vec<[String; 5]> {
    let places = (0..grammar.len() as u32).map(PlaceId);
    let kept = places.filter(|at| {
        let place = grammar.place(*at);
        let mut above = grammar.ancestry(*at).skip(1);
        place.kind == Kind::Element
            && grammar.name_of(*at) != "DateTimeString"
            && grammar.path(*at).starts_with(&format!("/MetaData/{root}"))
            && !above.any(|at| &*grammar.namespaces[usize::from(grammar.place(at).namespace)].prefix == other)
    });
    let row = |at: PlaceId| {
        let place = grammar.place(at);
        let prefix = &grammar.namespaces[usize::from(place.namespace)].prefix;
        let path = grammar.path(at).replacen("/MetaData", "", 1);
        let path =
            if **prefix == *other { path.replacen("/Declaration", "/od:Declaration", 1) } else { path };
        let max = if place.max == u32::MAX { "unbounded".into() } else { place.max.to_string() };
        let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
        [path, place.min.to_string(), max, text(&place.wco), text(&place.tded)]
    };
    kept.map(row).collect()
}

#[test]
fn paths_and_ids_agree_with_the_dictionaries() {
    let Some(folder) = sample("uk-cds/derived") else { return };
    let load = |name: &str| {
        let text = fs::read_to_string(mappings().join(name)).unwrap();
        grammar::parse(&text, &|_| None).unwrap()
    };
    let found = rows(&load("wco/dms-3.6.gram"), "Declaration", "none");
    let expected = dictionary(&folder.join("wco_dec_dictionary.csv"));
    assert_eq!((found.len(), expected.len()), (460, 460));
    assert_eq!(found, expected);
    let found = rows(&load("wco/res-dms-2.gram"), "Response", "od");
    let expected = dictionary(&folder.join("wco_res_dictionary.csv"));
    assert_eq!((found.len(), expected.len()), (74, 74));
    assert_eq!(found, expected);
}

/// Imports a schema whose body is given, with `b.xsd` beside it.
fn small(body: &str) -> Result<String, ImportError> {
    let schema = |namespace: &str, body: &str| {
        format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='urn:a' xmlns:b='urn:b' \
             targetNamespace='{namespace}' elementFormDefault='qualified'>{body}</xs:schema>"
        )
    };
    let other = "<xs:complexType name='Base'><xs:sequence><xs:element name='One' type='xs:int'/></xs:sequence>\
                 <xs:attribute name='x' type='xs:string'/></xs:complexType>\
                 <xs:element name='Global'><xs:simpleType><xs:restriction base='xs:string'><xs:enumeration value='p q'/>\
                 <xs:enumeration value='r'/></xs:restriction></xs:simpleType></xs:element>";
    let import = "<xs:import namespace='urn:b' schemaLocation='b.xsd'/>";
    let files = |path: &str| match path {
        "a.xsd" => Some(schema("urn:a", &format!("{import}{body}"))),
        "b.xsd" => Some(schema("urn:b", other)),
        _ => None,
    };
    let options = Options {
        name: "test/small",
        root: "Root",
        namespaces: &[("", "urn:a"), ("b", "urn:b")],
        wildcards: &[Wildcard { namespace: "urn:b", element: Some(("b.xsd", "Global")), max: None }],
        keys: &[],
        opaque: &[],
    };
    let text = layout(&xsd::import("a.xsd", &files, &options)?);
    let body = text.find("namespace b").map_or("", |at| &text[at..]);
    Ok(body.split_inclusive('\n').skip(1).collect())
}

fn root(content: &str) -> String {
    format!("<xs:element name='Root'><xs:complexType>{content}</xs:complexType></xs:element>")
}

#[test]
fn constructs_of_xml_schema_are_imported() {
    let body = root(
        "<xs:complexContent><xs:extension base='b:Base'><xs:sequence><xs:choice minOccurs='0'>\
         <xs:element name='Two' type='xs:positiveInteger'/><xs:choice><xs:element ref='b:Global' maxOccurs='3'/>\
         <xs:sequence><xs:element name='Bare' type='Short' form='unqualified'/></xs:sequence></xs:choice></xs:choice>\
         <xs:group ref='Several'/><xs:any namespace='urn:b' processContents='strict' minOccurs='0'/></xs:sequence>\
         <xs:attribute name='y' type='Short' use='required'/></xs:extension></xs:complexContent>",
    ) + "<xs:group name='Several'><xs:sequence maxOccurs='unbounded'><xs:element name='Three' maxOccurs='2' fixed='a'>\
         <xs:simpleType><xs:restriction base='Short'><xs:pattern value='a'/><xs:pattern value='b/c'/></xs:restriction>\
         </xs:simpleType></xs:element></xs:sequence></xs:group>\
         <xs:simpleType name='Short'><xs:restriction base='xs:string'><xs:maxLength value='5'/><xs:whiteSpace value='collapse'/>\
         </xs:restriction></xs:simpleType>";
    let expected = "list Global = \"p q\" r\n\
         attributes Base  @x  text  @y *  token..5\n\
         Root *  with Base\n\
         \x20 b:One *  int min -2147483648 max 2147483647\n\
         \x20 Two  int min 1  choice 2\n\
         \x20 b:Global 0..3  text in Global  choice 2\n\
         \x20 none:Bare  token..5  choice 2\n\
         \x20 Three 1..  token..5 /a|b\\/c/  fixed \"a\"\n\
         \x20 b:Global  text in Global\n";
    assert_eq!(small(&body).unwrap(), expected);
}

#[test]
fn what_a_grammar_cannot_say_is_refused_by_name() {
    let element = |name: &str| format!("<xs:element name='{name}' type='xs:string'/>");
    let pair = format!("{}{}", element("A"), element("B"));
    let cases = [
        (root(&format!("<xs:sequence maxOccurs='2'>{pair}</xs:sequence>")), "repeated or optional group"),
        (
            root(&format!("<xs:choice>{}<xs:sequence>{pair}</xs:sequence></xs:choice>", element("C"))),
            "alternative",
        ),
        (root(&format!("<xs:all>{pair}</xs:all>")), "xs:all"),
        (root("<xs:sequence><xs:any namespace='urn:c'/></xs:sequence>"), "xs:any of urn:c"),
        (root("<xs:sequence><xs:element name='A'/></xs:sequence>"), "any type"),
        (root("<xs:sequence><xs:element name='A' type='Missing'/></xs:sequence>"), "`Missing`"),
        (
            root("<xs:sequence><xs:element name='A' type='xs:string' nillable='true'/></xs:sequence>"),
            "nillable",
        ),
        (root("<xs:sequence><xs:element name='A' type='xs:double'/></xs:sequence>"), "xs:double"),
        (root("<xs:sequence><xs:element ref='Root'/></xs:sequence>"), "refers to itself"),
        (root("<xs:anyAttribute/>"), "xs:anyAttribute"),
        ("<xs:element name='Other' type='xs:string'/>".into(), "no global element `Root`"),
        ("<xs:include schemaLocation='c.xsd'/>".into(), "no file `c.xsd`"),
    ];
    for (body, expected) in cases {
        let error = small(&body).unwrap_err();
        assert!(error.to_string().starts_with("a.xsd:1: ") && error.message.contains(expected), "{error}");
    }
}
