//! Correcting a declaration in its page.

use dragoman_engine::Correction;
use http::StatusCode;

use crate::ask::{get, post};
use crate::setup::{Setup, admin, clerk};

const PLACE: &str = "goods_items[sequence=1].description";

#[tokio::test]
async fn the_difference_is_seen_before_it_is_kept() {
    let setup = Setup::new("").await;
    let taken = setup.order("026-1", |text| text).await;
    let site = setup.site(Some(admin()));
    let own = format!("/declarations/{}", taken.declarations[0].id);
    let page = get(&site, &format!("{own}?edit=1"), "").await;
    let (revision, was) = (page.hidden("revision").to_owned(), "Handbag, outer surface of plastic sheeting");
    assert!(page.text.contains(&format!("name=\"path\" value=\"{PLACE}\"")), "it can be edited");
    let form = [
        ("revision", revision.as_str()),
        ("path", "lrn"),
        ("was", "x"),
        ("new", "x"),
        ("path", PLACE),
        ("was", was),
        ("new", "Handbag of leather"),
    ];
    let page = post(&site, &format!("{own}/correct"), "", &form).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains("<code>Handbag of leather</code>")
            && page.text.contains(&format!("<code>{was}</code>"))
    );
    assert!(
        page.text.contains("class=\"gone\"") && page.text.contains("class=\"come\""),
        "the wire is shown"
    );
    let kept = get(&site, &own, "").await.text;
    assert!(!kept.contains("Handbag of leather"), "nothing happened yet");
    let saved =
        post(&site, &format!("{own}/corrected"), "", &[&form[..], &[("then", "save")]].concat()).await;
    assert_eq!(saved.location(), format!("{own}?done=saved"));
    let kept = get(&site, &own, "").await.text;
    assert!(kept.contains("Handbag of leather") && !kept.contains(was));
}

#[tokio::test]
async fn two_people_who_correct_at_once_see_both_values() {
    let setup = Setup::new("").await;
    let taken = setup.order("026-1", |text| text).await;
    let id = &taken.declarations[0].id;
    let site = setup.site(Some(admin()));
    let own = format!("/declarations/{id}");
    let was = "Handbag, outer surface of plastic sheeting";
    let theirs =
        Correction { path: PLACE.into(), old: Some(was.into()), new: Some("Theirs".into()), reason: None };
    setup.gateway.correct(&clerk(), id, 1, &[theirs]).await.unwrap();
    let form = [("revision", "1"), ("path", PLACE), ("was", was), ("new", "Mine")];
    for action in ["correct", "corrected"] {
        let page = post(&site, &format!("{own}/{action}"), "", &form).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{action}");
        for value in [was, "Theirs", "Mine"] {
            assert!(page.text.contains(&format!("<code>{value}</code>")), "{action}: {value}");
        }
        assert_eq!(page.hidden("revision"), "2");
    }
    assert!(!get(&site, &own, "").await.text.contains("Mine"), "nothing was overwritten");
    let chosen = [("revision", "2"), ("path", PLACE), ("was", "Theirs"), ("new0", "Mine")];
    let page = post(&site, &format!("{own}/correct"), "", &chosen).await;
    assert!(page.status == StatusCode::OK && page.text.contains("<code>Theirs</code>"), "{}", page.text);
}
