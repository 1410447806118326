//! `dragoman inspect` and `dragoman acknowledge`, as people see them.

use crate::run::{dragoman_in, root};

const BROKEN: &str = "\
ISA*00*          *00*          *ZZ*BUYER01        *ZZ*SELLER01       *261129*1005*U*00401*000000042*1*T*>~
GS*PO*BUYER01*SELLER01*20261129*1005*42*X*004010~
ST*850*0001~
BEG*00*SA*PO-1001**20261329~
N1*ST~
PO1*1*12*EA*19.90**VN*BAG-22~
SE*6*0001~
GE*1*42~
IEA*1*000000042~
";

#[test]
fn an_interchange_is_shown_with_names_codes_and_findings() {
    let ran = dragoman_in(root(), &["inspect", "-"], BROKEN.as_bytes());
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    insta::assert_snapshot!(ran.stdout);
}

/// What an adapter's codes mean is looked up in the lists that it names.
#[test]
fn codes_of_a_published_list_have_their_names() {
    let shown = dragoman_in(root(), &["inspect", "adapters/eu-ncts/cases/CC029C.in"], b"").stdout;
    for line in [
        "referenceNumber  GB000060 (Dover/Folkestone Eurotunnel Freight)",
        "UNLocode  GBDVR (Dover)",
        "countryOfDestination  DE (Germany)",
    ] {
        assert!(shown.contains(line), "{line}");
    }
}

#[test]
fn every_syntax_is_shown() {
    let cases = [
        ("adapters/edifact/cases/rejected.in", "ERP error point"),
        ("adapters/gb-cds/cases/notification.in", "WCOTypeName"),
        ("adapters/amazon/cases/complete.in", "orderId"),
        ("adapters/x12/cases/order.in", "BY (buyer)"),
    ];
    for (file, expected) in cases {
        let ran = dragoman_in(root(), &["inspect", file], b"");
        assert!(ran.stdout.contains(expected), "{file}: {}", ran.stdout);
        let page = dragoman_in(root(), &["inspect", "--html", file], b"").stdout;
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<details open>"), "{file}");
        assert_eq!(page.matches("<ul>").count(), page.matches("</ul>").count(), "{file}");
    }
}

#[test]
fn content_never_becomes_markup_or_control() {
    let text = BROKEN.replace("BAG-22", "<script x=1\u{1b}[31m");
    let page = dragoman_in(root(), &["inspect", "--html", "-"], text.as_bytes()).stdout;
    assert!(!page.contains("<script") && page.contains("&lt;script x"));
    let tree = dragoman_in(root(), &["inspect", "-"], text.as_bytes()).stdout;
    assert!(!tree.contains('\u{1b}'));
}

#[test]
fn an_interchange_is_acknowledged() {
    let ran = dragoman_in(root(), &["acknowledge", "--number", "7", "-"], BROKEN.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plain: Vec<_> =
        ran.stdout.lines().filter(|line| !line.starts_with("ISA") && !line.starts_with("GS")).collect();
    insta::assert_snapshot!(plain.join("\n"));
    let again = dragoman_in(root(), &["acknowledge", "-"], ran.stdout.as_bytes());
    assert_eq!((again.code, again.stdout.as_str()), (0, ""));
    let edifact = "UNB+UNOC:3+ME+YOU+261122:1200+R1'UNH+1+CUSRES:D:96B:UN'BGM+961+R'UNT+4+1'UNZ+1+R1'";
    let made = dragoman_in(root(), &["acknowledge", "-"], edifact.as_bytes()).stdout;
    assert!(made.contains("UCI+R1+ME+YOU+7'\r\nUCM+1+CUSRES:D:96B:UN+4+29+UNT'"), "{made}");
    let made = dragoman_in(root(), &["acknowledge", "--form", "aperak", "-"], edifact.as_bytes()).stdout;
    assert!(made.contains("BGM+313+1+27'") && made.contains("ERC+DG-E0310'"), "{made}");
    let wrong = dragoman_in(root(), &["acknowledge", "--form", "999", "-"], edifact.as_bytes());
    assert_eq!(wrong.code, 2);
    let other = dragoman_in(root(), &["acknowledge", "-"], b"{}");
    assert_eq!(other.code, 2);
}
