//! An independent peer: `mock-edi` of `PyPI` accepts the CONTRL that we make, and we understand the one it makes.
//! `DRAGOMAN_MOCK_EDI` names a Python that has it; without one the test is skipped.

use std::process::Command;

use dragoman_syntax::edifact::{Action, Form};

use crate::control::{acknowledge, answered};

/// Says what mock-edi thinks of a CONTRL, then the CONTRL that it makes for an ORDERS whose BGM is too long.
const PEER: &str = r#"
import sys
from mockedi import edifact, validate, ack
given, order = sys.argv[1:3]
print(validate.validate(edifact.parse(given)).clean)
read = edifact.parse(order)
report = validate.validate(read)
body = ack.syntax_report(read, report, report.messages)
control = edifact.message("CONTRL", "1", body, "D:3:UN")
print(edifact.render(edifact.wrap([control], "YOU", "ME", "9")))
"#;

#[test]
fn an_independent_peer_agrees() {
    let python = std::env::var("DRAGOMAN_MOCK_EDI").unwrap_or_else(|_| "python3".into());
    let found = Command::new(&python).args(["-c", "import mockedi"]).output();
    if !found.is_ok_and(|found| found.status.success()) {
        eprintln!("skipped: {python} has no mock-edi (pip install mock-edi==0.9.0; DRAGOMAN_MOCK_EDI)");
        return;
    }
    let order = "UNB+UNOC:3+ME+YOU+261122:1200+R1'UNH+1+ORDERS:D:96A:UN'BGM+220+PO1+9999'DTM+137:20261122:102'\
        NAD+BY+ME::91'NAD+SE+YOU::91'LIN+1++ITEM:BP'QTY+21:5'PRI+AAA:2'UNS+S'UNT+10+1'UNZ+1+R1'";
    let made = acknowledge(order.as_bytes(), Form::Control);
    let said = Command::new(&python).args(["-c", PEER, &made[0], order]).output().unwrap();
    let (text, errors) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    let (verdict, control) = text.split_once('\n').unwrap_or_else(|| panic!("{text}{errors}"));
    assert_eq!(verdict, "True", "{}", made[0]);
    let answer = answered(control.trim());
    assert_eq!((&*answer.reference, answer.of("", "1")), ("R1", Action::Acknowledged), "{control}");
    // 9999 as the function of BGM, its third data element: too long.
    let found = answer.messages[0].errors.iter().find(|error| error.code == "39" && error.segment == 2);
    assert_eq!(found.map(|error| (error.element, error.component)), Some((4, 0)), "{control}");
}
