//! What a seller states: tables as CSV, a profile and a consignment as TOML.

use dragoman_declare::{Consignment, Master, Profile, Rates};

use crate::recipe::{Seeds, files};
use crate::spans;

#[test]
fn tables() {
    const WORDS: &[&str] = &[
        "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from",
        "date,purpose,from,to,rate,source",
        "\"",
        "\"\"",
        ",",
        "\n",
        "\r\n",
        "\r",
        "#",
        "\u{FEFF}",
        "2026-11-01",
        "0.7421",
        "-1",
        "1e9",
        "79228162514264337593543950336",
        "GBP",
        "CN",
        "\u{E4}",
        " ",
    ];
    Seeds::new(files(&["tests/fuzz/cases"], &["csv"]), WORDS, b",\"\n\r").check(3_000, |input| {
        let text = String::from_utf8_lossy(input);
        spans::findings(&Master::read(&text).findings, text.len());
        spans::findings(&Rates::read(&text).findings, text.len());
    });
}

#[test]
fn settings() {
    const WORDS: &[&str] = &[
        "[importer]",
        "[[authorisation]]",
        "[[deferment]]",
        "= ",
        "\"\"",
        "\"\"\"",
        "'",
        "{",
        "}",
        "[[[[",
        "{a={a=",
        "1979-05-27T07:32:00Z",
        "0x1F",
        "1e9",
        "nan",
        "true",
        "\n",
        ".",
        "a.b.c = 1",
        "importer.name = \"x\"",
        "aggregate = []",
        "#",
        "\\u0000",
        "\u{E4}",
        "\r",
    ];
    Seeds::new(files(&["tests/fuzz/cases"], &["toml"]), WORDS, b"=[]\"\n.").check(2_000, |input| {
        let text = String::from_utf8_lossy(input);
        let errors = [Profile::read(&text).err(), Consignment::read(&text).err()];
        for error in errors.into_iter().flatten().flatten() {
            assert!(
                error.at.start <= error.at.end && error.at.end <= text.len(),
                "{error:?} of {}",
                text.len()
            );
            assert!(!error.render(&text).is_empty());
        }
    });
}
