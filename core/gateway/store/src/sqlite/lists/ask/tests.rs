use super::*;

/// The tables.
fn lists() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(super::super::schema::TABLES).unwrap();
    db
}

/// How `SQLite` goes about it.
fn plan(db: &Connection, query: &str) -> String {
    let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
    let (mut steps, mut all) = (plan.raw_query(), Vec::new());
    while let Some(step) = steps.next().unwrap() {
        all.push(step.get::<_, String>(3).unwrap());
    }
    all.join("; ")
}

/// Of each sort the first are read along the index, however many there are.
#[test]
fn a_list_walks_along_an_index() {
    let db = lists();
    for (query, place) in [(NEWEST, "changed<?"), (OLDEST, "changed>?"), (WAITING, "sort=?")] {
        let plan = plan(&db, query);
        assert!(plan.starts_with("SEARCH line USING COVERING INDEX"), "{plan}");
        assert!(plan.contains(place) && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

/// What is found by a word is looked up, never looked for.
#[test]
fn a_word_leads_to_its_streams() {
    let db = lists();
    let text = |text: Option<&str>| text.map(str::to_owned);
    for (word, cause) in [(Some("dg"), None), (None, Some("hs")), (Some("dg"), Some("hs"))] {
        let query = Query { text: text(word), cause: text(cause), ..Query::default() };
        let plan = plan(&db, &naming(&query));
        assert!(plan.contains("SEARCH line USING INTEGER PRIMARY KEY"), "{plan}");
        assert!(!plan.contains("SCAN line") && !plan.contains("SCAN word"), "{plan}");
    }
}
