//! A store made of a copy.

use std::fs::{self, File};
use std::path::Path;

use dragoman_exchange::{Event, Exchange, State};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::folder::{Folder, file_of};
use super::write::append_all;
use super::{read, readers, schema};
use crate::{Batch, JobChange, MasterKey, NewEvent, StoreError, Verified};

/// Who restores.
const ACTOR: &str = "restore";
/// What it says of what may have been sent meanwhile.
const WHY: &str = "restored from a copy: it may have been sent after the copy was made";

/// Makes a store in an empty folder.
pub fn restore(copy: &Path, folder: &Folder, now: Timestamp) -> Result<Verified, StoreError> {
    let file = folder.journal_file();
    if file.exists() {
        return Err(StoreError::Occupied(folder.path().display().to_string()));
    }
    let source = readers::open(&file_of(copy))?;
    schema::version(&source)?;
    let part = file.with_extension("part");
    let _ = fs::remove_file(&part);
    schema::copy_to(&source, &part)?;
    let mut connection = Connection::open(&part)?;
    schema::migrate(&mut connection, &part)?;
    let verified = read::verify(&connection)?;
    if let Some((seq, what)) = verified.broken.first() {
        return Err(StoreError::Damaged(format!("the copy, at event {seq}: {what}")));
    }
    doubt(&mut connection, now)?;
    connection.close().map_err(|(_, error)| error)?;
    File::open(&part)?.sync_all()?;
    fs::rename(&part, &file)?;
    File::open(folder.path())?.sync_all()?;
    Ok(verified)
}

/// Says of everything that was to be sent that nobody knows whether it was.
fn doubt(connection: &mut Connection, now: Timestamp) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    for (submission, tenant, stream) in jobs(connection)? {
        let event = match state(connection, &tenant, &stream, &submission)? {
            // Whoever approved it after the copy was made cannot be asked.
            Some(State::Held) => {
                batch.jobs.push(JobChange::Done(submission.clone()));
                Event::Dead { why: WHY.to_owned() }
            }
            Some(state) if !state.is_end() && state != State::Unknown => {
                Event::OutcomeUnknown { why: WHY.to_owned() }
            }
            _ => continue,
        };
        batch.events.push(NewEvent {
            tenant,
            stream,
            submission: Some(submission),
            at: now,
            actor: ACTOR.to_owned(),
            event,
            payload: None,
            data: None,
        });
    }
    // No message is among them, so nothing is sealed: the key is nobody's.
    append_all(connection, &MasterKey::random()?, batch)?;
    // Who takes such a job finds it abandoned, and the journal says that its outcome is unknown.
    connection.execute("UPDATE job SET due = 0, lease = 0", params![])?;
    Ok(())
}

/// Submissions that have a job, with tenant and stream.
fn jobs(db: &Connection) -> rusqlite::Result<Vec<(String, String, String)>> {
    let mut jobs = db.prepare("SELECT submission, tenant, stream FROM job ORDER BY submission")?;
    jobs.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

/// Where a submission stands.
fn state(db: &Connection, tenant: &str, stream: &str, submission: &str) -> Result<Option<State>, StoreError> {
    let mut exchange = Exchange::default();
    for stored in read::stream(db, tenant, stream)? {
        let event = stored.event;
        let _ = exchange.apply(event.at, &event.actor, event.submission.as_deref(), &event.event);
    }
    Ok(exchange.submissions.iter().find(|one| one.id == submission).map(|one| one.state))
}
