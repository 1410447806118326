//! `dragoman backup`, `restore` and `migrate`: the store as a file.

use dragoman_store::{Sqlite, StoreError, Verified};
use jiff::Timestamp;

use crate::arguments::{Backup, Place, Restore};
use crate::commands::verify::tell;
use crate::failure::{Failure, Outcome};
use crate::gateway::Configured;
use crate::terminal::{note, print};

/// Copies the store, and verifies the copy.
pub fn backup(arguments: &Backup) -> Result<Outcome, Failure> {
    let configured = Configured::read(&arguments.place, None)?;
    Sqlite::backup_folder(&configured.store()?, &arguments.to)?;
    note(&format!(
        "Messages in it are sealed: it takes {} to read them, which is best kept elsewhere.\n",
        configured.master_key().display()
    ));
    let copy = Sqlite::verify_file(&arguments.to);
    match copy {
        Ok(verified) => Ok(tell(&arguments.to.display().to_string(), &verified)),
        // A copy of an older store is as good as that; it is verified when it is restored.
        Err(StoreError::Older { found, .. }) => {
            let file = arguments.to.display();
            print(format!("{file}: a copy of a store of version {found}\n").as_bytes());
            Ok(Outcome::Clean)
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes a store of a copy.
pub fn restore(arguments: &Restore) -> Result<Outcome, Failure> {
    let configured = Configured::read(&arguments.place, None)?;
    let data = configured.data();
    let restored: Verified = Sqlite::restore(&arguments.from, &data, Timestamp::now())?;
    let outcome = tell(&data.display().to_string(), &restored);
    let key = configured.master_key();
    if !key.exists() {
        note(&format!("The master key that the copy was made with belongs at {}.\n", key.display()));
    }
    print(
        b"What was to be sent when the copy was made is not sent by itself: a person decides in the lists.\n",
    );
    Ok(outcome)
}

/// Brings the store up to date.
pub fn migrate(at: &Place) -> Result<Outcome, Failure> {
    let configured = Configured::read(at, None)?;
    let data = configured.store()?;
    let before = match Sqlite::verify_file(&data) {
        Err(StoreError::Older { found, known }) => Some((found, known)),
        Err(error @ StoreError::Newer { .. }) => return Err(error.into()),
        _ => None,
    };
    configured.open_store()?;
    let folder = data.display();
    print(
        match before {
            Some((found, known)) => {
                format!("{folder}: from version {found} to {known}; the copy beside it is as it was\n")
            }
            None => format!("{folder}: up to date\n"),
        }
        .as_bytes(),
    );
    Ok(Outcome::Clean)
}
