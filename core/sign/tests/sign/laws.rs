//! What holds for every message.

use dragoman_sign::{Refused, SealError, check, seal};
use proptest::prelude::*;

use crate::setup::{Pair, methods, now, other, rsa, sealed, sm2};

/// A message as customs gets it: name spaces, a comment, text of any letters.
fn message() -> impl Strategy<Value = String> {
    let text = "[a-zA-Z0-9 äöü手袋]{0,12}";
    (prop::collection::vec((text, text), 1..5), prop::bool::ANY).prop_map(|(pairs, comment)| {
        let comment = if comment { "<!-- checked -->" } else { "" };
        let lines: String =
            pairs.iter().map(|(name, code)| format!("  <g:Line code=\"{code}\">{name}</g:Line>\n")).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{comment}<g:Order guid=\"A1\" xmlns:g=\"urn:goods\" \
             xmlns:xsi=\"urn:unused\">\n{lines}</g:Order>\n"
        )
    })
}

fn pairs() -> [Pair; 2] {
    [rsa(), sm2()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_signed_is_found_signed_and_is_the_message_again(message in message()) {
        for pair in pairs() {
            let sealed = sealed(&message, &pair);
            let begin = sealed.find("<ds:Signature").unwrap();
            let end = sealed.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
            prop_assert_eq!(format!("{}{}", &sealed[..begin], &sealed[end..]), message.clone());
            let checked = check(sealed.as_bytes(), &methods(), std::slice::from_ref(&pair.certificate), now());
            prop_assert_eq!(checked.unwrap().serial, pair.certificate.serial());
        }
    }

    #[test]
    fn a_changed_byte_is_refused_or_says_the_same(message in message(), at in any::<prop::sample::Index>(), to in 0x20_u8..0x7f) {
        for pair in pairs() {
            let trusted = std::slice::from_ref(&pair.certificate);
            let sealed = sealed(&message, &pair).into_bytes();
            let before = check(&sealed, &methods(), trusted, now()).unwrap();
            let mut changed = sealed.clone();
            changed[at.index(sealed.len())] = to;
            // White space in a tag, or a name of a certificate, is no part of what is signed.
            if let Ok(after) = check(&changed, &methods(), trusted, now()) {
                prop_assert_eq!(after.canonical, before.canonical);
            }
        }
    }

    #[test]
    fn nothing_breaks_it(noise in ".{0,200}") {
        let _ = check(noise.as_bytes(), &methods(), &[], now());
        let pair = rsa();
        let _ = seal(noise.as_bytes(), &methods(), &pair.key, &pair.certificate, &[]);
    }
}

const ORDER: &str = "<o:Order xmlns:o=\"urn:o\"><o:Line>1</o:Line><o:Extend/></o:Order>";

fn refused(message: &str, pair: &Pair) -> Refused {
    check(message.as_bytes(), &methods(), std::slice::from_ref(&pair.certificate), now()).unwrap_err()
}

#[test]
fn what_is_signed_cannot_be_moved() {
    for pair in pairs() {
        let sealed = sealed(ORDER, &pair);
        let wrapped = format!("<o:Order xmlns:o=\"urn:o\"><o:Line>9</o:Line>{sealed}</o:Order>");
        assert_eq!(refused(&wrapped, &pair), Refused::Wrapped);
        let begin = sealed.find("<ds:Signature").unwrap();
        let end = sealed.find("</o:Order>").unwrap();
        let signature = &sealed[begin..end];
        assert_eq!(
            refused(&sealed.replace(signature, &format!("{signature}{signature}")), &pair),
            Refused::Wrapped
        );
        let inside = sealed
            .replace(signature, "")
            .replace("<o:Extend/>", &format!("<o:Extend>{signature}</o:Extend>"));
        assert_eq!(refused(&inside, &pair), Refused::Wrapped);
        let more = sealed.replace("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object><o:Line>9</o:Line></ds:Object>");
        assert!(matches!(refused(&more, &pair), Refused::Form(_)));
        assert_eq!(refused(&sealed.replace("<o:Line>1<", "<o:Line>2<"), &pair), Refused::Digest);
        let line = "<o:Line>1</o:Line>";
        assert_eq!(refused(&sealed.replace(line, &format!("{line}{line}")), &pair), Refused::Digest);
    }
}

#[test]
fn there_is_one_reference_and_it_is_to_all() {
    for pair in pairs() {
        let sealed = sealed(ORDER, &pair);
        let begin = sealed.find("<ds:Reference").unwrap();
        let end = sealed.find("</ds:SignedInfo>").unwrap();
        let reference = &sealed[begin..end];
        let twice = sealed.replace(reference, &format!("{reference}{reference}"));
        assert!(matches!(refused(&twice, &pair), Refused::Form(_)));
        let part = sealed.replace("URI=\"\"", "URI=\"#part\"");
        assert!(matches!(refused(&part, &pair), Refused::Form(_)));
        let transform = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"></ds:Transform></ds:Transforms>";
        let transformed = sealed.replace("</ds:Transforms>", transform);
        assert!(matches!(refused(&transformed, &pair), Refused::Form(_)));
        let weaker = sealed.replace("#sha1\"", "#md5\"").replace("xmldsig#sm3\"", "xmldsig#md5\"");
        assert!(matches!(refused(&weaker, &pair), Refused::Method(_)));
    }
}

#[test]
fn a_certificate_has_to_be_trusted_and_to_hold() {
    let pair = rsa();
    let sealed = sealed(ORDER, &pair);
    let checked = |trusted: &[_], at| check(sealed.as_bytes(), &methods(), trusted, at);
    assert_eq!(checked(&[], now()), Err(Refused::Key));
    assert_eq!(checked(&[other(), sm2().certificate], now()), Err(Refused::Key));
    assert!(checked(&[other(), pair.certificate.clone()], now()).is_ok());
    let early = "2020-01-01T00:00:00Z".parse().unwrap();
    let serial = pair.certificate.serial().to_owned();
    assert_eq!(checked(std::slice::from_ref(&pair.certificate), early), Err(Refused::Expired(serial)));
}

#[test]
fn a_document_type_is_refused() {
    let pair = rsa();
    let sealed = sealed(ORDER, &pair);
    let entity = format!("<!DOCTYPE o:Order [<!ENTITY x \"1\">]>{}", sealed.replace(">1<", ">&x;<"));
    assert!(matches!(refused(&entity, &pair), Refused::Unread(_)));
}

#[test]
fn a_signature_goes_where_its_element_has_to_be_and_is_not_made_twice() {
    let pair = rsa();
    let sealed = seal(ORDER.as_bytes(), &methods(), &pair.key, &pair.certificate, &["Extend"]).unwrap();
    let text = String::from_utf8(sealed.clone()).unwrap();
    assert!(text.contains("</o:Line><ds:Signature") && text.contains("</ds:Signature><o:Extend/>"), "{text}");
    assert!(check(&sealed, &methods(), std::slice::from_ref(&pair.certificate), now()).is_ok());
    let again = seal(&sealed, &methods(), &pair.key, &pair.certificate, &[]);
    assert!(matches!(again, Err(SealError::Signed)));
}
