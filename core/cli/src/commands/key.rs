//! `dragoman key`: who is let in.

use dragoman_engine::people::{Actor, NewKey, People, PeopleError, Role, Secret};
use dragoman_store::StoreError;
use jiff::Timestamp;

use crate::arguments::KeyCreate;
use crate::failure::{Failure, Outcome};
use crate::gateway::{Configured, runtime};
use crate::terminal::{note, print};

/// Makes a key or a person, and prints the secret.
pub fn create(arguments: &KeyCreate) -> Result<Outcome, Failure> {
    let configured = Configured::read(&arguments.place, None)?;
    let secret = runtime()?.block_on(async {
        let people = People::new(configured.open_store().map_err(held)?);
        made(&people, arguments).await.map_err(refused)
    })?;
    let name = &arguments.name;
    note(&match arguments.role {
        Some(role) => format!("{name} signs in as {} with this password:\n", role.word()),
        None => format!("{name} shows this key, as `Authorization: Bearer …`:\n"),
    });
    print(format!("{}\n", secret.text()).as_bytes());
    Ok(Outcome::Clean)
}

async fn made(people: &People, arguments: &KeyCreate) -> Result<Secret, PeopleError> {
    let now = Timestamp::now();
    let by = Actor::person(&arguments.tenant, "command line", Role::Admin);
    let Some(role) = arguments.role else {
        let scopes = arguments.scopes.iter().copied().collect();
        let new = NewKey { name: arguments.name.clone(), scopes, expires: arguments.expires };
        return Ok(people.add_key(&by, new, now).await?.1);
    };
    let password = Secret::new("dgp")?;
    people.add_user(&by, &arguments.name, role, Some(password.text().to_owned()), now).await?;
    Ok(password)
}

/// A store that a running gateway holds.
fn held(failure: StoreError) -> Failure {
    match failure {
        StoreError::InUse(_) => Failure::Failed {
            message: failure.to_string(),
            hint: Some("people who administer make keys over HTTP while it runs: POST /v1/keys".to_owned()),
        },
        other => other.into(),
    }
}

fn refused(error: PeopleError) -> Failure {
    match error {
        PeopleError::Store(error) => error.into(),
        error => Failure::Use { message: error.to_string(), hint: None },
    }
}
