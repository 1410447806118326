use super::*;

/// The tables, with as many streams of each sort as are said.
fn lists(tally: &[(&str, &str, &str, i64)]) -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(super::super::schema::TABLES).unwrap();
    for (state, status, needs, count) in tally {
        let put = "INSERT INTO tally VALUES ('main', 'declaration', ?1, ?2, ?3, ?4)";
        db.execute(put, params![state, status, needs, count]).unwrap();
    }
    db
}

fn asked(kind: Option<&str>, state: Option<&str>, status: Option<&str>, needs: Option<&str>) -> Query {
    let text = |text: Option<&str>| text.map(str::to_owned);
    Query {
        tenant: "main".into(),
        kind: text(kind),
        state: text(state),
        status: text(status),
        needs: text(needs),
        after: Some((Timestamp::UNIX_EPOCH, String::new())),
        limit: 50,
        ..Query::default()
    }
}

/// How `SQLite` goes about it.
fn plan(db: &Connection, query: &Query) -> String {
    steps(db, &select(db, query).unwrap())
}

fn steps(db: &Connection, query: &str) -> String {
    let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
    let (mut steps, mut all) = (plan.raw_query(), Vec::new());
    while let Some(step) = steps.next().unwrap() {
        all.push(step.get::<_, String>(3).unwrap());
    }
    all.join("; ")
}

/// However lists are narrowed, none is sorted or looked through as a whole.
#[test]
fn every_list_walks_along_an_index() {
    let db = lists(&[]);
    let kind = Some("declaration");
    let (state, status, needs) = (Some("delivered"), Some("rejected"), Some("correct"));
    for query in [
        asked(None, None, None, None),
        asked(kind, None, None, None),
        asked(kind, state, None, None),
        asked(kind, None, status, None),
        asked(kind, state, status, None),
        asked(kind, state, status, needs),
        asked(None, None, None, needs),
        asked(None, state, status, needs),
    ] {
        let plan = plan(&db, &query);
        assert!(plan.starts_with("SEARCH line USING INDEX"), "{query:?}: {plan}");
        assert!(plan.contains("changed<?") && !plan.contains("TEMP B-TREE"), "{query:?}: {plan}");
    }
}

/// Of what waits the first are read, however many there are.
#[test]
fn what_waits_is_read_in_its_order() {
    let db = lists(&[]);
    for query in [WAITING, WAITING_FOR] {
        let plan = steps(&db, query);
        assert!(plan.starts_with("SEARCH line USING INDEX") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

/// What is found by a word is looked up, never looked for.
#[test]
fn a_word_leads_to_its_streams() {
    let db = lists(&[]);
    let text = |text: Option<&str>| text.map(str::to_owned);
    for (word, cause) in [(Some("dg"), None), (None, Some("hs")), (Some("dg"), Some("hs"))] {
        let query =
            Query { text: text(word), cause: text(cause), ..asked(Some("declaration"), None, None, None) };
        let plan = plan(&db, &query);
        assert!(plan.contains("SEARCH line USING INTEGER PRIMARY KEY"), "{plan}");
        assert!(!plan.contains("SCAN line") && !plan.contains("SCAN word"), "{plan}");
    }
}

/// Where several indexes fit, the one along which the fewest streams lie is taken.
#[test]
fn the_shortest_way_is_taken() {
    let db = lists(&[
        ("delivered", "accepted", "", 900_000),
        ("delivered", "rejected", "correct", 70),
        ("refused", "rejected", "correct", 3),
        ("queued", "draft", "", 20),
    ]);
    let kind = Some("declaration");
    let way = |state, status, needs| index(&db, &asked(kind, state, status, needs)).unwrap();
    assert_eq!(way(Some("delivered"), Some("rejected"), None), "line_status");
    assert_eq!(way(Some("refused"), Some("rejected"), Some("correct")), "line_state");
    assert_eq!(way(Some("delivered"), None, Some("correct")), "line_needs");
    assert_eq!(way(Some("queued"), Some("accepted"), None), "line_state");
    assert_eq!(way(None, None, None), "line_kind");
}
