//! The outbox: jobs, and who holds them.

use std::collections::VecDeque;

use dragoman_exchange::Event;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use crate::sqlite::{keys, read};
use crate::{Batch, Claimed, Job, JobChange, MasterKey, NewEvent, StoreError};

/// The end of a job's lease; none where nobody holds it, or there is no such job.
pub fn lease(db: &Transaction<'_>, submission: &str) -> rusqlite::Result<Option<i64>> {
    let query = "SELECT lease FROM job WHERE submission = ?1";
    Ok(db.prepare_cached(query)?.query_row([submission], |row| row.get(0)).optional()?.flatten())
}

/// Why the jobs of a batch cannot be as it wants them.
pub fn refused(db: &Transaction<'_>, batch: &Batch) -> rusqlite::Result<Option<StoreError>> {
    let mut put: Vec<&str> = Vec::new();
    for change in &batch.jobs {
        let JobChange::Put(job) = change else { continue };
        let query = "SELECT 1 FROM job WHERE submission = ?1";
        let is_there =
            db.prepare_cached(query)?.query_row([&job.submission], |_| Ok(())).optional()?.is_some();
        if is_there || put.contains(&job.submission.as_str()) {
            return Ok(Some(StoreError::Queued { submission: job.submission.clone() }));
        }
        put.push(&job.submission);
    }
    for event in batch.events.iter().filter(|event| matches!(event.event, Event::Erased { .. })) {
        if let Some(submission) = unsent(db, batch, event)? {
            return Ok(Some(StoreError::Unsent { submission }));
        }
    }
    Ok(None)
}

/// A job of the stream that has not come to its end, and does not in this batch.
fn unsent(db: &Transaction<'_>, batch: &Batch, event: &NewEvent) -> rusqlite::Result<Option<String>> {
    let mut query = db.prepare_cached("SELECT submission FROM job WHERE tenant = ?1 AND stream = ?2")?;
    let jobs = query.query_map(params![event.tenant, event.stream], |row| row.get::<_, String>(0))?;
    let jobs: Vec<String> = jobs.collect::<rusqlite::Result<_>>()?;
    let ends = |job: &String| batch.jobs.contains(&JobChange::Done(job.clone()));
    Ok(jobs.into_iter().find(|job| !ends(job)))
}

/// Changes a job. One whose body is the payload of its submission's event in the same batch refers to that.
pub fn change(
    db: &Transaction<'_>,
    master: &MasterKey,
    change: &JobChange,
    batch: &Batch,
    places: &[u64],
) -> Result<(), StoreError> {
    match change {
        JobChange::Put(job) => {
            let Job { submission, tenant, stream, lane, due, attempts, body, about } = job;
            let is_body = |event: &NewEvent| {
                event.submission.as_ref() == Some(submission)
                    && event.payload.as_ref().is_some_and(|payload| payload.bytes == *body)
            };
            let payload =
                batch.events.iter().zip(places).find(|(event, _)| is_body(event)).map(|(_, seq)| *seq);
            let sealed = payload.is_none().then(|| keys::seal(db, master, (tenant, stream), body));
            let (key_id, body) = sealed.transpose()?.unzip();
            db.prepare_cached("INSERT INTO job VALUES (?1,?2,?3,?4,?5,NULL,?6,?7,?8,?9,?10)")?.execute(
                params![
                    submission,
                    tenant,
                    stream,
                    lane,
                    due.as_microsecond(),
                    attempts,
                    payload,
                    body,
                    about,
                    key_id,
                ],
            )?;
        }
        JobChange::Hold(submission) => {
            db.prepare_cached("UPDATE job SET due = NULL, lease = NULL WHERE submission = ?1")?
                .execute([submission])?;
        }
        JobChange::Due(submission, due, attempts) => {
            db.prepare_cached("UPDATE job SET due = ?2, lease = NULL, attempts = ?3 WHERE submission = ?1")?
                .execute(params![submission, due.as_microsecond(), attempts])?;
        }
        JobChange::Done(submission) => {
            db.prepare_cached("DELETE FROM job WHERE submission = ?1")?.execute([submission])?;
        }
    }
    Ok(())
}

/// Takes jobs that are due, the lanes in turn.
pub fn claim(
    db: &Transaction<'_>,
    master: &MasterKey,
    now: Timestamp,
    until: Timestamp,
    limit: usize,
    except: &[String],
) -> Result<Vec<Claimed>, StoreError> {
    let mut lanes = Vec::new();
    for lane in lanes_with_jobs(db)?.into_iter().filter(|lane| !except.contains(lane)) {
        let due = "SELECT submission FROM job WHERE lane = ?1 AND due <= ?2 ORDER BY due LIMIT ?3";
        let mut due = db.prepare_cached(due)?;
        let due = due.query_map(params![lane, now.as_microsecond(), limit], |row| row.get(0))?;
        lanes.push(due.collect::<rusqlite::Result<VecDeque<String>>>()?);
    }
    let mut claimed = Vec::new();
    while claimed.len() < limit && lanes.iter().any(|lane| !lane.is_empty()) {
        for lane in &mut lanes {
            if let Some(submission) = lane.pop_front().filter(|_| claimed.len() < limit) {
                claimed.push(take(db, master, &submission, until)?);
            }
        }
    }
    Ok(claimed)
}

/// The lanes that have jobs, by stepping from one to the next in the index.
fn lanes_with_jobs(db: &Transaction<'_>) -> rusqlite::Result<Vec<String>> {
    let mut next = db.prepare_cached("SELECT min(lane) FROM job WHERE lane > ?1 AND due IS NOT NULL")?;
    let (mut lanes, mut last) = (Vec::new(), String::new());
    while let Some(lane) = next.query_row([&last], |row| row.get::<_, Option<String>>(0))? {
        lanes.push(lane.clone());
        last = lane;
    }
    Ok(lanes)
}

fn take(
    db: &Transaction<'_>,
    master: &MasterKey,
    submission: &str,
    until: Timestamp,
) -> Result<Claimed, StoreError> {
    let query = format!("SELECT {}, lease FROM {} WHERE job.submission = ?1", read::JOB, read::JOBS);
    let (sealed, lease) = db
        .prepare_cached(&query)?
        .query_row([submission], |row| Ok((read::job_of(row)?, row.get::<_, Option<i64>>("lease")?)))?;
    let job = read::opened_job(db, master, sealed)?;
    let claimed = Claimed { job, abandoned: lease.is_some(), until };
    db.prepare_cached("UPDATE job SET due = ?2, lease = ?2 WHERE submission = ?1")?
        .execute(params![submission, until.as_microsecond()])?;
    Ok(claimed)
}
