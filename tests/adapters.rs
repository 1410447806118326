//! Adapters that are folders of data: those of the program lack nothing, and one that is begun works without building.

use crate::run::{Folder, dragoman_in, root};
use dragoman_adapters::{Catalogue, Data};

#[test]
fn no_adapter_of_the_program_lacks_anything() {
    for adapter in Catalogue::new(Data::embedded()).unwrap().adapters() {
        let ran = dragoman_in(&root().join("adapters"), &["adapter", "test", &adapter.name], b"");
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    }
}

/// Whatever it is begun like: its messages are read and written, under its own name.
#[test]
fn every_adapter_can_be_begun_like() {
    for adapter in Catalogue::new(Data::embedded()).unwrap().adapters() {
        let folder = Folder::new();
        let made = folder.run(&["adapter", "new", "acme", "--like", &adapter.name]);
        assert_eq!(made.code, 0, "{}: {}", adapter.name, made.stderr);
        let message = format!("acme/{}", adapter.messages[0].name);
        let listed = folder.run(&["--adapters", "acme", "adapter", "list"]);
        assert!(listed.stdout.contains(&format!("  {message} ")), "{}: {}", adapter.name, listed.stdout);
        let test = folder.run(&["adapter", "test", "acme"]);
        let lost = ["cannot be asked", "adapter.toml: ", "is read otherwise", "`README.md`"];
        let said = lost.iter().find(|said| test.stdout.contains(**said));
        assert!(said.is_none() && test.code <= 1, "{}: {}{}", adapter.name, test.stdout, test.stderr);
        let file = folder.read("acme/adapter.toml");
        assert!(file.starts_with("# Begun like "), "{file}");
    }
}

const SCHEMA: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="Order"><xs:complexType><xs:sequence>
    <xs:element name="OrderNumber" type="xs:string"/>
    <xs:element name="Currency" type="xs:string"/>
    <xs:element name="Recipient"><xs:complexType><xs:sequence>
      <xs:element name="City" type="xs:string"/>
      <xs:element name="Country" type="xs:string"/>
      <xs:element name="Colour" type="xs:string" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="Item" maxOccurs="99"><xs:complexType><xs:sequence>
      <xs:element name="Sku" type="xs:string"/>
      <xs:element name="Title" type="xs:string"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"#;

const OPENAPI: &str = r#"{"openapi": "3.0.0", "info": {"title": "Acme", "version": "1"}, "paths": {}, "components": {"schemas": {
  "Order": {"type": "object", "required": ["order_number", "currency"], "properties": {
    "order_number": {"type": "string"}, "currency": {"type": "string"}, "mood": {"type": "string"},
    "ship_to": {"type": "object", "properties": {"city": {"type": "string"}, "zip": {"type": "string"}}}}}}}}"#;

/// A mapping that is drafted of schemas loads and reads; what it says is a guess, and counted as missing.
#[test]
fn a_mapping_is_drafted_of_published_schemas() {
    let folder = Folder::new();
    folder.write("xsd/order.xsd", SCHEMA);
    folder.write("api/openapi.json", OPENAPI);
    for (from, guesses, open) in [
        (
            "xsd",
            ["order_number <=> OrderNumber", "recipient.address.city <=> Recipient/City", "sku <=> Sku"],
            "Recipient_Colour <=> Recipient/Colour",
        ),
        (
            "api",
            [
                "order_number <=> order_number",
                "ship_to.address.city <=> ship_to.city",
                "postal_code <=> ship_to.zip",
            ],
            "mood <=> mood",
        ),
    ] {
        let name = format!("acme-{from}");
        let made =
            folder.run(&["adapter", "new", &name, "--like", "etsy", "--from", from, "--root", "Order"]);
        assert_eq!(made.code, 0, "{from}: {}", made.stderr);
        let mapping = folder.read(&format!("{name}/mappings/order.map"));
        for guess in guesses {
            let is_guess =
                mapping.lines().any(|line| line.contains(guess) && line.contains("# guess: by name"));
            assert!(is_guess, "{guess}: {mapping}");
        }
        let kept = format!("extensions.{name}.{open} # guess: kept as it came\n");
        assert!(mapping.contains(&kept), "{kept}: {mapping}");
        let test = folder.run(&["adapter", "test", &name]);
        assert!(
            test.code == 1 && test.stdout.contains("lines of its mapping are guesses"),
            "{}{}",
            test.stdout,
            test.stderr
        );
        assert!(test.stdout.contains("cases/order.in comes back over itself"), "{}", test.stdout);
    }
    let lacking =
        folder.run(&["adapter", "new", "acme", "--like", "etsy", "--from", "xsd", "--root", "Invoice"]);
    assert_eq!(lacking.code, 2, "{}", lacking.stderr);
}

#[test]
fn an_adapter_is_begun_once_and_under_a_name_that_is_free() {
    let folder = Folder::new();
    for (name, like) in [("Acme", "etsy"), ("etsy", "etsy"), ("acme", "etsi")] {
        let ran = folder.run(&["adapter", "new", name, "--like", like]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{name} like {like}: {}", ran.stderr);
    }
    assert_eq!(folder.run(&["adapter", "new", "acme", "--like", "etsy"]).code, 0);
    assert_eq!(folder.run(&["adapter", "new", "acme", "--like", "etsy"]).code, 2);
}

/// What is missing is said, one line a thing, and ends the command with 1.
#[test]
fn what_is_missing_is_said() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["adapter", "new", "acme", "--like", "shopee", "--out", "mine"]).code, 0);
    let broken = folder.read("mine/acme/adapter.toml").replace("name = \"ship\"", "name = \"send\"");
    folder.write("mine/acme/adapter.toml", broken);
    folder.write("mine/acme/README.md", "no title\n");
    folder.write("mine/acme/cases/order.json", "{}\n");
    let ran = folder.run(&["adapter", "test", "mine/acme"]);
    assert_eq!(ran.code, 1);
    for wanted in [
        "an operation `ship`",
        "a title in README.md",
        "`acme/order` in README.md",
        "is read otherwise than order.json says",
    ] {
        let said = ran.stdout.lines().any(|line| line.starts_with("  missing ") && line.contains(wanted));
        assert!(said, "{wanted}: {}", ran.stdout);
    }
}
