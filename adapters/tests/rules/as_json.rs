//! Messages of transit as JSON: the published samples are read as the messages that they are, what is named invalid has an
//! error, and what is read comes back in either form.

use std::fs;

use dragoman_adapters::{Catalogue, Data, Layout, Message, receive_each, recognise, send};
use dragoman_mapping::canonical;
use dragoman_samples::{files, sample};
use dragoman_syntax::json;
use dragoman_tree::Severity;

/// What is said about a message, and its document.
fn read(catalogue: &Catalogue, bytes: &[u8]) -> (usize, Option<String>) {
    let (mut errors, mut text) = (0, None);
    receive_each(catalogue, bytes, &mut |received| {
        errors += received.said().iter().filter(|finding| finding.severity == Severity::Error).count();
        text = text
            .take()
            .or_else(|| Some(canonical::write(&received.got.as_ref()?.document, json::Style::Compact)));
    })
    .unwrap();
    (errors, text)
}

/// The document of a message, written as another and read again.
fn again(catalogue: &Catalogue, bytes: &[u8], message: &Message) -> Option<String> {
    let mut written = Vec::new();
    receive_each(catalogue, bytes, &mut |received| {
        let Some(got) = &received.got else { return };
        let put = message.put(&got.document).unwrap();
        let sent =
            send(message.syntax(), &[&put.tree], message.written().map(|grammar| &**grammar), Layout::Pretty);
        written = sent.bytes;
    })
    .unwrap();
    read(catalogue, &written).1
}

/// Samples that are called invalid for what only the office knows, or that are so no more: `cc015c-invalid-lrn` for a
/// reference that was used.
const NOT_BY_FORM: [&str; 0] = [];

#[test]
fn the_published_samples_are_read_and_come_back() {
    let Some(folder) = sample("uk-ncts/samples") else { return };
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for file in files(&folder, &["json"]) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&file).unwrap();
        let message = recognise(&catalogue, &bytes).unwrap().unwrap_or_else(|| panic!("{name}"));
        let is = message.name().to_owned();
        assert_eq!(is, format!("eu-ncts/{}+json", name[..6].to_uppercase()), "{name}");
        let (errors, document) = read(&catalogue, &bytes);
        let is_named_wrong = !name.contains("-valid");
        if is_named_wrong && errors == 0 {
            wrong.push(name.clone());
        }
        // Some are of the older phase, and come back as such.
        for form in ["", "+json"] {
            let comes_back = |edition: &&str| {
                let as_what = catalogue.message(&format!("{}{edition}{form}", message.plain_name())).unwrap();
                again(&catalogue, &bytes, &as_what) == document
            };
            assert!(["@6", "@5"].iter().any(comes_back), "{name}{form}");
        }
        count += 1;
    }
    assert_eq!((wrong, count), (NOT_BY_FORM.map(str::to_owned).to_vec(), 28));
}
