//! What is asked of lists.

use std::cmp::Reverse;

use jiff::Timestamp;
use rusqlite::{Connection, ToSql, params};

use crate::{Count, Figure, Ledger, Query, Row, StoreError};

/// So many streams at most are found by how a word begins.
const FOUND: usize = 2000;

/// The sorts of streams that a list is of, where there are any of them.
const SORTS: &str = "SELECT sort FROM sort WHERE tenant = :tenant AND count > 0 AND kind = coalesce(:kind, kind)
    AND state = coalesce(:state, state) AND status = coalesce(:status, status) AND needs = coalesce(:needs, needs)";
/// Those that need that of a person, or anything at all.
const WAITING_SORTS: &str =
    "SELECT sort FROM sort WHERE tenant = ?1 AND count > 0 AND needs <> '' AND needs = coalesce(?2, needs)";
/// Those that nothing more is sent of, of all tenants.
const SETTLED_SORTS: &str = "SELECT sort FROM sort WHERE settled = 1 AND count > 0";

/// Those of a sort behind a moment and number, newest change first.
const NEWEST: &str =
    "SELECT changed, n FROM line INDEXED BY line_sort WHERE sort = ?1 AND (changed, n) < (?2, ?3)
    ORDER BY changed DESC, n DESC LIMIT ?4";
/// Those of a sort behind a moment and number, oldest change first.
const OLDEST: &str =
    "SELECT changed, n FROM line INDEXED BY line_sort WHERE sort = ?1 AND (changed, n) > (?2, ?3)
    ORDER BY changed, n LIMIT ?4";
/// Those of a sort that wait, the nearest deadline first.
const WAITING: &str = "SELECT deadline, began, n FROM line INDEXED BY line_waiting
    WHERE sort = ?1 AND deadline IS NOT NULL ORDER BY deadline, began, n LIMIT ?2";

/// Streams, newest change first. Each sort is asked along the index, so that a page costs the same however many streams
/// there are.
pub fn list(db: &Connection, query: &Query) -> Result<Vec<Row>, StoreError> {
    // One moment: what moves from one sort to another meanwhile is listed once.
    let moment = db.unchecked_transaction()?;
    let after = match &query.after {
        Some((changed, id)) => (changed.as_microsecond(), number(&moment, Some(&query.tenant), id)?),
        None => (i64::MAX, 0),
    };
    let mut found: Vec<(i64, i64)> = Vec::new();
    if query.text.is_some() || query.cause.is_some() {
        found = named(&moment, query, after)?;
    } else {
        let mut newest = moment.prepare_cached(NEWEST)?;
        for sort in sorts(&moment, query)? {
            let of = newest.query_map(params![sort, after.0, after.1, query.limit], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            found.extend(of.collect::<rusqlite::Result<Vec<_>>>()?);
        }
    }
    found.sort_unstable_by_key(|place| Reverse(*place));
    found.iter().take(query.limit).map(|(_, n)| row(&moment, *n).map(|(_, row)| row)).collect()
}

/// The sorts that a list is of.
fn sorts(db: &Connection, query: &Query) -> Result<Vec<i64>, StoreError> {
    let mut select = db.prepare_cached(SORTS)?;
    bind(&mut select, query, &[])?;
    let (mut rows, mut sorts) = (select.raw_query(), Vec::new());
    while let Some(row) = rows.next()? {
        sorts.push(row.get(0)?);
    }
    Ok(sorts)
}

/// Streams that words lead to: when they changed, and their numbers.
fn named(db: &Connection, query: &Query, after: (i64, i64)) -> Result<Vec<(i64, i64)>, StoreError> {
    let word = query.text.as_ref().map(|text| text.trim().to_lowercase());
    let beyond = word.as_ref().map(|word| format!("{word}\u{10FFFF}"));
    let cause = query.cause.as_ref().map(|cause| format!("cause:{cause}"));
    let mut select = db.prepare_cached(&naming(query))?;
    let more: [(&str, &dyn ToSql); 5] = [
        (":word", &word),
        (":beyond", &beyond),
        (":cause", &cause),
        (":changed", &after.0),
        (":n", &after.1),
    ];
    bind(&mut select, query, &more)?;
    let (mut rows, mut found) = (select.raw_query(), Vec::new());
    while let Some(row) = rows.next()? {
        found.push((row.get(0)?, row.get(1)?));
    }
    Ok(found)
}

/// How words are followed to their streams.
fn naming(query: &Query) -> String {
    let found = format!(
        "(SELECT DISTINCT n FROM word WHERE tenant = :tenant AND word >= :word AND word < :beyond LIMIT {FOUND})"
    );
    let same = "(SELECT n FROM word WHERE tenant = :tenant AND word = :cause)";
    let (from, and) = match (&query.text, &query.cause) {
        (Some(_), Some(_)) => (found.as_str(), format!(" AND n IN {same}")),
        (Some(_), None) => (found.as_str(), String::new()),
        (None, _) => (same, String::new()),
    };
    format!(
        "SELECT changed, n FROM {from} CROSS JOIN line USING (n)
         WHERE sort IN ({SORTS}) AND (changed, n) < (:changed, :n){and} ORDER BY changed DESC, n DESC LIMIT :limit"
    )
}

/// Gives a statement what it names of a query, and of more.
fn bind(
    select: &mut rusqlite::Statement<'_>,
    query: &Query,
    more: &[(&str, &dyn ToSql)],
) -> rusqlite::Result<()> {
    let own: [(&str, &dyn ToSql); 6] = [
        (":tenant", &query.tenant),
        (":kind", &query.kind),
        (":state", &query.state),
        (":status", &query.status),
        (":needs", &query.needs),
        (":limit", &query.limit),
    ];
    for (name, value) in own.iter().chain(more) {
        if let Some(index) = select.parameter_index(name)? {
            select.raw_bind_parameter(index, value)?;
        }
    }
    Ok(())
}

/// A stream, and whose it is.
fn row(db: &Connection, n: i64) -> Result<(String, Row), StoreError> {
    let select = "SELECT tenant, row FROM line JOIN sort USING (sort) WHERE n = ?1";
    let (tenant, text): (String, String) =
        db.prepare_cached(select)?.query_row([n], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((tenant, row_of(&text)?))
}

fn row_of(text: &str) -> Result<Row, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The number of a stream, which is the place of its first event; what is not there comes behind all others.
fn number(db: &Connection, tenant: Option<&str>, id: &str) -> Result<i64, StoreError> {
    let first = "SELECT min(seq) FROM event WHERE stream = ?1 AND tenant = ?2";
    let mut first = db.prepare_cached(first)?;
    let tenants = match tenant {
        Some(tenant) => vec![tenant.to_owned()],
        None => {
            let mut all = db.prepare_cached("SELECT DISTINCT tenant FROM sort")?;
            all.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
        }
    };
    for tenant in tenants {
        if let Some(n) = first.query_row([id, &tenant], |row| row.get::<_, Option<i64>>(0))? {
            return Ok(n);
        }
    }
    Ok(0)
}

/// How many streams are alike.
pub fn counts(db: &Connection, tenant: &str) -> Result<Vec<Count>, StoreError> {
    let query = "SELECT kind, state, status, nullif(needs, ''), sum(count) FROM sort WHERE tenant = ?1
                 GROUP BY kind, state, status, needs HAVING sum(count) > 0";
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

/// What needs a person: the nearest deadline first, then what began first.
pub fn waiting(
    db: &Connection,
    tenant: &str,
    need: Option<&str>,
    limit: usize,
) -> Result<Vec<Row>, StoreError> {
    let moment = db.unchecked_transaction()?;
    let mut found: Vec<(i64, i64, i64)> = Vec::new();
    let (mut sorts, mut nearest) = (moment.prepare_cached(WAITING_SORTS)?, moment.prepare_cached(WAITING)?);
    for sort in sorts.query_map(params![tenant, need], |row| row.get::<_, i64>(0))? {
        let of =
            nearest.query_map(params![sort?, limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        found.extend(of.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    found.sort_unstable();
    found.iter().take(limit).map(|(.., n)| row(&moment, *n).map(|(_, row)| row)).collect()
}

/// Streams that nothing more is sent of and whose payloads are kept, the longest unchanged first.
pub fn settled(
    db: &Connection,
    after: Option<(Timestamp, String)>,
    limit: usize,
) -> Result<Vec<(String, Row)>, StoreError> {
    let moment = db.unchecked_transaction()?;
    let (changed, n) = match after {
        Some((changed, id)) => (changed.as_microsecond(), number(&moment, None, &id)?),
        None => (i64::MIN, 0),
    };
    let mut found: Vec<(i64, i64)> = Vec::new();
    let (mut sorts, mut oldest) = (moment.prepare_cached(SETTLED_SORTS)?, moment.prepare_cached(OLDEST)?);
    for sort in sorts.query_map([], |row| row.get::<_, i64>(0))? {
        let of = oldest.query_map(params![sort?, changed, n, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        found.extend(of.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    found.sort_unstable();
    found.iter().take(limit).map(|(_, n)| row(&moment, *n)).collect()
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
    let states = "SELECT count(*), count(*) FILTER (WHERE state = 'delivered'),
                  count(*) FILTER (WHERE state = 'refused'), count(*) FILTER (WHERE state = 'dead')
                  FROM submission WHERE ?1 IS NULL OR tenant = ?1";
    let [all, delivered, refused, dead]: [u64; 4] =
        moment.query_row(states, [tenant], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    Ok(Ledger { accepted, open: all - delivered - refused - dead, delivered, refused, dead })
}

#[cfg(test)]
mod tests;
