//! The directory with the time in our hands.

use std::sync::Arc;

use dragoman_store::Sqlite;
use jiff::{SignedDuration, Timestamp, ToSpan};
use tempfile::TempDir;

use super::cookie::SESSION;
use super::*;

const PASSWORD: &str = "correct horse battery";

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap() + minutes.minutes()
}

fn admin(tenant: &str) -> Actor {
    Actor::person(tenant, "setup", Role::Admin)
}

/// People in a folder that goes with them.
struct Home(People, #[expect(dead_code, reason = "it lives as long")] TempDir);

impl std::ops::Deref for Home {
    type Target = People;

    fn deref(&self) -> &People {
        &self.0
    }
}

async fn people() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let people = People::new(Arc::new(Sqlite::open(folder.path()).unwrap()));
    for (tenant, name) in [("main", "anna"), ("other", "otto")] {
        people.add_user(&admin(tenant), name, Role::Admin, Some(PASSWORD.into()), at(0)).await.unwrap();
    }
    Home(people, folder)
}

async fn session(people: &People, name: &str, minutes: i64) -> Secret {
    match people.sign_in(name, PASSWORD.into(), "192.0.2.1", at(minutes)).await.unwrap() {
        SignIn::Welcome(secret, actor) => {
            assert_eq!(actor.name, name);
            secret
        }
        refused => panic!("{refused:?}"),
    }
}

#[tokio::test]
async fn a_session_lives_while_it_is_used_and_no_longer_than_twelve_hours() {
    let people = people().await;
    let secret = session(&people, "anna", 0).await;
    for minutes in (60..720).step_by(60) {
        assert!(people.person(&secret, at(minutes)).await.unwrap().is_some(), "{minutes}");
    }
    assert!(people.person(&secret, at(720)).await.unwrap().is_none());
    assert!(people.person(&secret, at(719)).await.unwrap().is_none(), "what is over does not begin again");
    let secret = session(&people, "anna", 800).await;
    assert!(people.person(&secret, at(919)).await.unwrap().is_some());
    assert!(people.person(&secret, at(919 + 126)).await.unwrap().is_none(), "nothing happened for two hours");
    assert!(people.person(&Secret::new(SESSION).unwrap(), at(0)).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_over_is_swept() {
    let people = people().await;
    for minutes in [0, 1, 2] {
        session(&people, "anna", minutes).await;
    }
    assert_eq!(people.open_sessions().await.unwrap(), 3);
    session(&people, "anna", 5000).await;
    assert_eq!(people.open_sessions().await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_reaches_into_another_tenant() {
    let people = people().await;
    let change = UserChange { disabled: Some(true), ..UserChange::default() };
    assert!(people.change_user(&admin("other"), "anna", change, at(1)).await.unwrap().is_none());
    let names = async |tenant: &str| {
        let users = people.users(tenant).await.unwrap();
        users.into_iter().map(|user| user.name).collect::<Vec<_>>()
    };
    assert_eq!((names("main").await, names("other").await), (vec!["anna".into()], vec!["otto".to_owned()]));
    let taken = people.add_user(&admin("other"), "anna", Role::Clerk, None, at(1)).await;
    assert!(matches!(taken, Err(PeopleError::Taken(_))), "who signs in is told by the name alone");
    let new = NewKey { name: "shop".into(), scopes: [Right::Read].into(), expires: Some(at(10)) };
    let (id, key) = people.add_key(&admin("main"), new, at(0)).await.unwrap();
    assert!(!people.revoke_key(&admin("other"), &id, at(1)).await.unwrap());
    assert!(people.keys("other").await.unwrap().is_empty());
    assert_eq!(people.program(&key, at(2)).await.unwrap().unwrap().tenant, "main");
    assert!(people.program(&key, at(10)).await.unwrap().is_none(), "expired");
    assert!(people.revoke_key(&admin("main"), &id, at(3)).await.unwrap());
    assert!(people.program(&key, at(4)).await.unwrap().is_none(), "revoked, though it was shown before");
}

#[tokio::test]
async fn nobody_hands_out_what_they_may_not_do() {
    let people = people().await;
    let clerk = Actor::person("main", "carl", Role::Clerk);
    let user = people.add_user(&clerk, "eve", Role::Admin, Some(PASSWORD.into()), at(0)).await;
    assert!(matches!(user, Err(PeopleError::Beyond(Right::Approve))));
    let new = NewKey { name: "eve".into(), scopes: [Right::Administer].into(), expires: None };
    assert!(matches!(people.add_key(&clerk, new, at(0)).await, Err(PeopleError::Beyond(Right::Administer))));
}

#[tokio::test]
async fn those_without_a_password_and_those_disabled_do_not_sign_in() {
    let people = people().await;
    people.add_user(&admin("main"), "bert", Role::Clerk, None, at(0)).await.unwrap();
    let secret = session(&people, "anna", 0).await;
    let disable = UserChange { disabled: Some(true), ..UserChange::default() };
    let last = people.change_user(&admin("main"), "anna", disable.clone(), at(1)).await;
    assert!(matches!(last, Err(PeopleError::Last(_))));
    people.add_user(&admin("main"), "carl", Role::Admin, None, at(0)).await.unwrap();
    people.change_user(&admin("main"), "anna", disable, at(1)).await.unwrap().unwrap();
    assert!(people.person(&secret, at(1)).await.unwrap().is_none());
    for name in ["anna", "bert", "carl", "nobody", "a:b", ""] {
        let refused = people.sign_in(name, PASSWORD.into(), name, at(9)).await.unwrap();
        assert!(matches!(refused, SignIn::Refused), "{name}");
    }
}

#[tokio::test]
async fn a_provider_vouches_for_those_who_are_known() {
    let people = people().await;
    people.add_user(&admin("main"), "b@example.com", Role::Viewer, None, at(0)).await.unwrap();
    let welcome = people.sign_in_by("b@example.com", at(0)).await.unwrap();
    let SignIn::Welcome(secret, _) = welcome else { panic!("not let in") };
    assert!(people.person(&secret, at(1)).await.unwrap().is_some());
    assert!(matches!(people.sign_in_by("c@example.com", at(0)).await.unwrap(), SignIn::Refused));
}

#[tokio::test]
async fn failures_make_wait_where_they_come_from() {
    let people = people().await;
    let attempt = async |name: &str, password: &str, address: &str, minutes| {
        people.sign_in(name, password.into(), address, at(minutes)).await.unwrap()
    };
    for _ in 0..5 {
        assert!(matches!(attempt("anna", "wrong", "192.0.2.9", 0).await, SignIn::Refused));
    }
    let SignIn::Wait(wait) = attempt("anna", PASSWORD, "192.0.2.9", 0).await else { panic!("let in") };
    assert_eq!(wait, SignedDuration::from_mins(1));
    for number in 0..15 {
        let name = format!("nobody{number}");
        assert!(matches!(attempt(&name, "wrong", "192.0.2.9", 0).await, SignIn::Refused));
    }
    assert!(matches!(attempt("otto", PASSWORD, "192.0.2.9", 0).await, SignIn::Wait(_)), "the address waits");
    assert!(matches!(attempt("anna", PASSWORD, "192.0.2.8", 0).await, SignIn::Welcome(..)), "others do not");
    assert!(matches!(attempt("anna", PASSWORD, "192.0.2.9", 1).await, SignIn::Welcome(..)));
}
