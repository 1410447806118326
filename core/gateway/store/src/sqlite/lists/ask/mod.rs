//! What is asked of lists.

use std::cmp::Reverse;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use crate::{Count, Figure, Ledger, Query, Row, StoreError};

/// So many streams at most are found by how a word begins.
const FOUND: usize = 2000;
/// The kinds of streams: where none is named, each has its own list.
const KINDS: [&str; 4] = ["declaration", "order", "parked", "webhook"];

/// What needs a person.
const WAITING: &str = "SELECT row FROM line INDEXED BY line_waiting WHERE tenant = ?1 AND needs IS NOT NULL
    ORDER BY deadline, began, n LIMIT ?2";
/// What needs that of a person.
const WAITING_FOR: &str = "SELECT row FROM line INDEXED BY line_waiting_for WHERE tenant = ?1 AND needs = ?3
    ORDER BY deadline, began, n LIMIT ?2";

/// Streams, newest change first.
pub fn list(db: &Connection, query: &Query) -> Result<Vec<Row>, StoreError> {
    let is_by_kind = query.state.is_some() || query.status.is_some();
    if query.kind.is_some() || !is_by_kind || query.needs.is_some() {
        return Ok(one(db, query)?.into_iter().map(|(_, row)| row).collect());
    }
    let mut rows = Vec::new();
    for kind in KINDS {
        rows.extend(one(db, &Query { kind: Some(kind.to_owned()), ..query.clone() })?);
    }
    // What changed at the same moment stands in the order that a next page goes on in.
    rows.sort_by_key(|(n, row)| Reverse((row.changed.as_microsecond(), *n)));
    Ok(rows.into_iter().map(|(_, row)| row).take(query.limit).collect())
}

/// Streams of one list, each with its number.
fn one(db: &Connection, query: &Query) -> Result<Vec<(i64, Row)>, StoreError> {
    // Where there are none, none are looked for among those that have one of two in common.
    if count(db, query)? == 0 {
        return Ok(Vec::new());
    }
    let word = query.text.as_ref().map(|text| text.trim().to_lowercase());
    let beyond = word.as_ref().map(|word| format!("{word}\u{10FFFF}"));
    let cause = query.cause.as_ref().map(|cause| format!("cause:{cause}"));
    let (changed, n) = match &query.after {
        Some((changed, id)) => (Some(changed.as_microsecond()), Some(number(db, id)?)),
        None => (None, None),
    };
    let mut select = db.prepare_cached(&select(db, query)?)?;
    let values: [(&str, &dyn ToSql); 11] = [
        (":tenant", &query.tenant),
        (":kind", &query.kind),
        (":state", &query.state),
        (":status", &query.status),
        (":needs", &query.needs),
        (":word", &word),
        (":beyond", &beyond),
        (":cause", &cause),
        (":changed", &changed),
        (":n", &n),
        (":limit", &query.limit),
    ];
    for (name, value) in values {
        if let Some(index) = select.parameter_index(name)? {
            select.raw_bind_parameter(index, value)?;
        }
    }
    let (mut found, mut rows) = (select.raw_query(), Vec::new());
    while let Some(row) = found.next()? {
        rows.push((row.get(1)?, row_of(&row.get::<_, String>(0)?)?));
    }
    Ok(rows)
}

/// How a list is asked for: along the index that fits best, in the list's own order, so that a page costs the same however
/// many streams there are.
fn select(db: &Connection, query: &Query) -> Result<String, StoreError> {
    let found = format!(
        "(SELECT DISTINCT n FROM word WHERE tenant = :tenant AND word >= :word AND word < :beyond LIMIT {FOUND})"
    );
    let same = "(SELECT n FROM word WHERE tenant = :tenant AND word = :cause)";
    let from = match (&query.text, &query.cause) {
        (Some(_), _) => format!("{found} CROSS JOIN line USING (n)"),
        (None, Some(_)) => format!("{same} CROSS JOIN line USING (n)"),
        (None, None) => format!("line INDEXED BY {}", index(db, query)?),
    };
    let conditions = [
        (true, "line.tenant = :tenant".to_owned()),
        (query.kind.is_some(), "kind = :kind".to_owned()),
        (query.state.is_some(), "state = :state".to_owned()),
        (query.status.is_some(), "status = :status".to_owned()),
        (query.needs.is_some(), "needs = :needs".to_owned()),
        (query.text.is_some() && query.cause.is_some(), format!("n IN {same}")),
        (query.after.is_some(), "(changed, n) < (:changed, :n)".to_owned()),
    ];
    let conditions: Vec<_> =
        conditions.into_iter().filter_map(|(is, condition)| is.then_some(condition)).collect();
    let conditions = conditions.join(" AND ");
    Ok(format!("SELECT row, n FROM {from} WHERE {conditions} ORDER BY changed DESC, n DESC LIMIT :limit"))
}

fn rows(db: &Connection, query: &str, with: impl rusqlite::Params) -> Result<Vec<Row>, StoreError> {
    let mut select = db.prepare_cached(query)?;
    let (mut found, mut rows) = (select.query(with)?, Vec::new());
    while let Some(row) = found.next()? {
        rows.push(row_of(&row.get::<_, String>(0)?)?);
    }
    Ok(rows)
}

fn row_of(text: &str) -> Result<Row, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The number of a stream; what is not there comes behind all others.
fn number(db: &Connection, id: &str) -> Result<i64, StoreError> {
    let found = db.prepare_cached("SELECT n FROM line WHERE id = ?1")?.query_row([id], |row| row.get(0));
    Ok(found.optional()?.unwrap_or(0))
}

/// The index along which the fewest streams are passed by.
fn index(db: &Connection, query: &Query) -> Result<&'static str, StoreError> {
    let Query { tenant, kind, state, status, needs, .. } = query;
    let of = || Query { tenant: tenant.clone(), ..Query::default() };
    let mut fitting = Vec::new();
    if needs.is_some() {
        fitting.push((count(db, &Query { needs: needs.clone(), ..of() })?, "line_needs"));
    }
    if kind.is_some() && state.is_some() {
        let alike = Query { kind: kind.clone(), state: state.clone(), ..of() };
        fitting.push((count(db, &alike)?, "line_state"));
    }
    if kind.is_some() && status.is_some() {
        let alike = Query { kind: kind.clone(), status: status.clone(), ..of() };
        fitting.push((count(db, &alike)?, "line_status"));
    }
    let or = if kind.is_some() { "line_kind" } else { "line_all" };
    Ok(fitting.into_iter().min().map_or(or, |(_, index)| index))
}

/// How many streams have the kind, state, status and need of a query in common, whatever their words.
fn count(db: &Connection, query: &Query) -> Result<i64, StoreError> {
    let Query { tenant, kind, state, status, needs, .. } = query;
    let count = "SELECT coalesce(sum(count), 0) FROM tally WHERE tenant = ?1 AND kind = coalesce(?2, kind)
                 AND state = coalesce(?3, state) AND status = coalesce(?4, status) AND needs = coalesce(?5, needs)";
    let count =
        db.prepare_cached(count)?.query_row(params![tenant, kind, state, status, needs], |row| row.get(0));
    Ok(count?)
}

/// How many streams are alike.
pub fn counts(db: &Connection, tenant: &str) -> Result<Vec<Count>, StoreError> {
    let query =
        "SELECT kind, state, status, nullif(needs, ''), count FROM tally WHERE tenant = ?1 AND count > 0";
    let mut query = db.prepare_cached(query)?;
    let found = query.query_map([tenant], |row| {
        Ok(Count {
            kind: row.get(0)?,
            state: row.get(1)?,
            status: row.get(2)?,
            needs: row.get(3)?,
            count: row.get(4)?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// What needs a person.
pub fn waiting(
    db: &Connection,
    tenant: &str,
    need: Option<&str>,
    limit: usize,
) -> Result<Vec<Row>, StoreError> {
    let Some(need) = need else { return rows(db, WAITING, params![tenant, limit]) };
    rows(db, WAITING_FOR, params![tenant, limit, need])
}

/// Streams that nothing more is sent of and whose payloads are kept.
pub fn settled(
    db: &Connection,
    after: Option<(Timestamp, String)>,
    limit: usize,
) -> Result<Vec<(String, Row)>, StoreError> {
    let (changed, n) = match after {
        Some((changed, id)) => (changed.as_microsecond(), number(db, &id)?),
        None => (i64::MIN, 0),
    };
    let query = "SELECT tenant, row FROM line INDEXED BY line_settled
                 WHERE settled = 1 AND (changed, n) > (?1, ?2) ORDER BY changed, n LIMIT ?3";
    let mut query = db.prepare_cached(query)?;
    let mut found = query.query(params![changed, n, limit])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push((row.get(0)?, row_of(&row.get::<_, String>(1)?)?));
    }
    Ok(rows)
}

/// Counts and values by day.
pub fn figures(db: &Connection, tenant: &str, since: &str) -> Result<Vec<Figure>, StoreError> {
    let query = "SELECT day, what, corridor, currency, count, amount FROM figure
                 WHERE tenant = ?1 AND day >= ?2 ORDER BY day, what, corridor, currency";
    let mut query = db.prepare_cached(query)?;
    let found = query.query_map(params![tenant, since], |row| {
        Ok(Figure {
            day: row.get(0)?,
            what: row.get(1)?,
            corridor: row.get(2)?,
            currency: row.get(3)?,
            count: row.get(4)?,
            amount: row.get(5)?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// What became of all submissions. Those that were accepted are counted in the journal, their states by themselves: a
/// submission that was lost on the way shows.
pub fn ledger(db: &Connection, tenant: Option<&str>) -> Result<Ledger, StoreError> {
    // The lists are looked at first, the journal then: it is never behind them.
    let moment = db.unchecked_transaction()?;
    let derived: u64 = moment.query_row("SELECT seq FROM stand", [], |row| row.get(0))?;
    let accepted = "SELECT count(*) FROM event WHERE substr(body, 1, 19) = '{\"event\":\"accepted\"'
                    AND seq <= ?1 AND (?2 IS NULL OR tenant = ?2)";
    let accepted = moment.query_row(accepted, params![derived, tenant], |row| row.get(0))?;
    let mut ledger = Ledger { accepted, ..Ledger::default() };
    let states = "SELECT state, count(*) FROM submission WHERE ?1 IS NULL OR tenant = ?1 GROUP BY state";
    let mut states = moment.prepare_cached(states)?;
    let mut rows = states.query([tenant])?;
    while let Some(row) = rows.next()? {
        let count: u64 = row.get(1)?;
        let state: String = row.get(0)?;
        match state.as_str() {
            "delivered" => ledger.delivered += count,
            "refused" => ledger.refused += count,
            "dead" => ledger.dead += count,
            _ => ledger.open += count,
        }
    }
    Ok(ledger)
}

#[cfg(test)]
mod tests;
