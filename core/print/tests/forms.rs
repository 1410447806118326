//! All forms, and what is printed on them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use dragoman_model::Schema;
use dragoman_print::{Form, FormError, NotPrinted, print};
use dragoman_tree::PlaceId;
use serde_json::{Value, json};

fn forms() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings/forms");
    let mut found = Vec::new();
    for folder in fs::read_dir(root).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            found.push((path.clone(), fs::read_to_string(path).unwrap()));
        }
    }
    assert!(found.len() > 1);
    found
}

fn tad() -> Form {
    let (_, text) = forms().into_iter().find(|(path, _)| path.ends_with("eu-ncts/tad.toml")).unwrap();
    Form::load(&text).unwrap()
}

/// The form that the page about printing shows.
#[test]
fn the_form_of_the_page_is_one() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/printing.md")).unwrap();
    let text = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let shipment = json!({
        "type": "shipment", "state": "shipped", "shipment_number": "S-1",
        "consignee": {"name": "ACME"}, "lines": [{"sku": "BAG-22"}],
    });
    let pdf = print(&Form::load(text).unwrap(), &shipment).unwrap().pdf;
    assert_eq!((shown(&pdf, b"ACME"), shown(&pdf, b"BAG-22"), shown(&pdf, b"S-1")), (1, 1, 1));
}

/// A release with so many goods items.
fn release(items: usize) -> Value {
    let item =
        |at: usize| json!({"sequence": at.to_string(), "description": format!("Cotton fabric, lot {at}")});
    json!({
        "type": "customs_response",
        "native": {"code": "CC029C"},
        "of": {"mrn": "26GB000060ABCDEFG1", "lrn": "DG-1"},
        "declaration": {
            "transit_holder": {"name": "Müller & Söhne", "address": {"city": "Basel"}},
            "goods_items": (1..=items).map(item).collect::<Vec<_>>(),
        },
    })
}

/// How often a text is shown.
fn shown(pdf: &[u8], text: &[u8]) -> usize {
    let hexadecimal: String = text.iter().map(|byte| format!("{byte:02X}")).collect();
    let wanted = if text.is_ascii() {
        [b"(", text, b") Tj"].concat()
    } else {
        format!("<{hexadecimal}> Tj").into_bytes()
    };
    pdf.windows(wanted.len()).filter(|window| *window == wanted).count()
}

#[test]
fn every_form_is_of_the_model() {
    for (path, text) in forms() {
        let form = Form::load(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(!form.source.is_empty(), "{}", path.display());
        let wrong = text.replacen("\"{", "\"{no_such_member.", 1);
        assert!(Form::load(&wrong).is_err(), "{}", path.display());
    }
}

/// The numbers in a label are those that declarations have for what is shown, or for what it is part of.
#[test]
fn labels_bear_the_numbers_of_the_model() {
    let schema = Schema::standard();
    let root = schema.document("declaration").unwrap();
    for (path, text) in forms() {
        let form = Form::load(&text).unwrap();
        let boxes = form.boxes.iter().chain(&form.foot).map(|field| (String::new(), field));
        let columns = form.tables.iter().flat_map(|table| {
            let each = format!("{}.", table.each.trim_end_matches("[]"));
            table.columns.iter().map(move |field| (each.clone(), field))
        });
        for (each, field) in boxes.chain(columns) {
            let shown = field.show.iter().flat_map(dragoman_print::Line::paths);
            // A response says what it is about (`of`), and has a declaration in it; an entry says again for itself what
            // is said of the whole.
            let declared = shown.flat_map(|path| {
                let whole = |path: &str| path.replacen("declaration.", "", 1).replacen("of.", "", 1);
                [whole(&format!("{each}{path}")), whole(&path)]
            });
            let places = declared.filter_map(|path| schema.resolve(root, &path));
            let around = places.flat_map(|place| {
                let above =
                    |at: &PlaceId| schema.get(*at).map(|field| field.parent).filter(|above| above != at);
                std::iter::successors(Some(place), above)
            });
            let fields = around.filter_map(|place| schema.get(place));
            let known: BTreeSet<&str> = fields.flat_map(|field| field.ids.eucdm.iter()).collect();
            let numbers = field.label.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
            for number in
                numbers.map_or("", |(numbers, _)| numbers).split(", ").filter(|number| !number.is_empty())
            {
                assert!(known.contains(number), "{}: {}: none of {known:?}", path.display(), field.label);
            }
        }
    }
}

/// A row that no page has room for is begun all the same, and so is a row of empty boxes at the foot of a page.
#[test]
fn printing_comes_to_its_end() {
    let label = "a label that is long ".repeat(600);
    let text = format!(
        "title = 'T'\nsource = 'S'\nkind = 'order'\n[[box]]\nlabel = '{label}'\ncolumns = 12\nshow = ['{{order_number}}']\n"
    );
    let pdf =
        print(&Form::load(&text).unwrap(), &json!({"type": "order", "order_number": "PO-1"})).unwrap().pdf;
    assert_eq!(shown(&pdf, b"PO-1"), 1);
}

#[test]
fn paths_and_widths_are_checked() {
    let form = |show: &str, columns: u8| {
        format!(
            "title = 'T'\nsource = 'S'\nkind = 'order'\n[[box]]\nlabel = 'L'\ncolumns = {columns}\nshow = ['{show}']\n"
        )
    };
    assert!(
        matches!(Form::load(&form("{nothing}", 12)), Err(FormError::Path { path, .. }) if path == "nothing")
    );
    assert!(matches!(Form::load(&form("{order_number}", 7)), Err(FormError::Width(label)) if label == "L"));
    assert!(matches!(Form::load(&form("x", 12).replace("order", "odour")), Err(FormError::Kind(_))));
}

#[test]
fn every_value_is_printed_on_as_many_pages_as_it_takes() {
    let printed = print(&tad(), &release(400)).unwrap();
    assert_eq!(printed.findings, []);
    for at in 1..=400 {
        assert_eq!(shown(&printed.pdf, format!("Cotton fabric, lot {at}").as_bytes()), 1, "{at}");
    }
    assert_eq!(shown(&printed.pdf, b"M\xFCller & S\xF6hne"), 1);
    let pages = printed.pdf.windows(11).filter(|window| window == b"/Type /Page").count() - 1;
    assert!(pages > 5, "{pages}");
    assert_eq!(shown(&printed.pdf, format!("{pages} / {pages}").as_bytes()), 1);
    // The number stands below the bars of every page, and in its box.
    assert_eq!(shown(&printed.pdf, b"26GB000060ABCDEFG1"), pages + 1);
    assert_eq!(printed.pdf, print(&tad(), &release(400)).unwrap().pdf);
}

#[test]
fn a_box_that_is_longer_than_a_page_goes_on() {
    let mut document = release(1);
    let text = |at: usize| json!({"code": at.to_string(), "text": "said"});
    document["declaration"]["additional_information"] = (1..=300).map(text).collect();
    let pdf = print(&tad(), &document).unwrap().pdf;
    assert!((1..=300).all(|at| shown(&pdf, format!("{at} said").as_bytes()) == 1));
}

#[test]
fn an_accompanying_document_is_made_of_the_release_alone() {
    let mut document = release(1);
    document["native"]["code"] = "CC015C".into();
    let refused = print(&tad(), &document).unwrap_err();
    assert!(matches!(&refused, NotPrinted::OtherDocument { found, .. } if found == "CC015C"), "{refused}");
    document = release(1);
    document["of"]["mrn"] = "MRN-Ł".into();
    assert!(matches!(print(&tad(), &document), Err(NotPrinted::NoBarcode { .. })));
}

#[test]
fn what_cannot_be_printed_is_told() {
    let mut document = release(1);
    document["declaration"]["consignee"] = json!({"name": "Łódź (a\\b)"});
    let printed = print(&tad(), &document).unwrap();
    let [finding] = &printed.findings[..] else { panic!("{:?}", printed.findings) };
    assert!(finding.message.contains("`Ł`"), "{}", finding.message);
    assert_eq!(shown(&printed.pdf, b"?\xF3d? (a\\b)"), 1);
}
