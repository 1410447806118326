//! `docs/channel.md`: its examples are run, and it names every key and every value.

use std::fmt::Write;
use std::path::PathBuf;

use dragoman_channel::{
    ACCOUNT, Answer, Before, Body, By, Channel, Cursor, Event, Failure, KNOWN, Message, Next, Outcome, Parts,
    Plan, Request, Values,
};
use dragoman_exchange::ErrorClass;

use crate::at;

const NOW: &str = "2026-11-22T12:00:00Z";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/channel.md")
}

fn page() -> String {
    std::fs::read_to_string(path()).unwrap()
}

/// The blocks of a kind.
fn blocks<'p>(page: &'p str, kind: &str) -> Vec<&'p str> {
    let opening = format!("\n```{kind}\n");
    page.split(&*opening).skip(1).map(|rest| rest.split("```\n").next().unwrap()).collect()
}

fn file(page: &str) -> String {
    blocks(page, "toml").join("\n")
}

fn channel(page: &str) -> Channel {
    let text = file(page);
    Channel::load("adapter.toml", &text, &["declaration", "notification", "order"])
        .unwrap_or_else(|errors| panic!("{}", errors[0].render(&text)))
}

#[test]
fn every_example_answers_as_it_says() {
    let page = page();
    let channel = channel(&page);
    let mut again = page.clone();
    let kinds: [(&str, Run); 9] = [
        ("request", ran_request),
        ("sign", ran_sign),
        ("answer", ran_answer),
        ("first", ran_first),
        ("join", ran_join),
        ("stream", ran_stream),
        ("webhook", ran_webhook),
        ("queue", ran_queue),
        ("mistake", ran_mistake),
    ];
    for (kind, run) in kinds {
        let found = blocks(&page, kind);
        assert!(!found.is_empty(), "no {kind}");
        for block in found {
            let (given, expected) = block.split_once("----\n").unwrap_or_else(|| panic!("{block}"));
            let got = run(&channel, given);
            again = again.replace(&format!("{given}----\n{expected}"), &format!("{given}----\n{got}\n"));
        }
    }
    again = again.replace("VALUES\n", &values_table());
    if again != page && std::env::var_os("UPDATE").is_some() {
        std::fs::write(path(), &again).unwrap();
    }
    similar(&page, &again);
}

type Run = fn(&Channel, &str) -> String;

#[track_caller]
fn similar(page: &str, again: &str) {
    for (stands, came) in page.lines().zip(again.lines()) {
        assert_eq!(stands, came, "UPDATE=1 writes what came out");
    }
    assert_eq!(page.lines().count(), again.lines().count());
}

/// An account, an order, and what `name=value` and `list=name:value,name:value` say.
fn values(words: &str) -> Values {
    let mut values = Values::new().with("account.key", "k123").with("order.id", "7");
    let mut lists: Vec<(&str, Vec<Values>)> = Vec::new();
    for word in words.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap();
        if !value.contains(':') {
            values.set(name, value);
            continue;
        }
        let mut entry = Values::new();
        for pair in value.split(',') {
            let (name, value) = pair.split_once(':').unwrap();
            entry.set(name, value);
        }
        match lists.iter_mut().find(|(known, _)| *known == name) {
            Some((_, entries)) => entries.push(entry),
            None => lists.push((name, vec![entry])),
        }
    }
    for (name, entries) in lists {
        values.set_list(name, entries);
    }
    values
}

fn shown(request: &Request) -> String {
    let mut out = format!("{} {}", request.method.word(), request.url);
    for (name, value) in &request.headers {
        let _ = write!(out, "\n{name}: {value}");
    }
    if let Body::Bytes(bytes) = &request.body {
        let _ = write!(out, "\n\n{}", std::str::from_utf8(bytes).unwrap());
    }
    out
}

fn ran_request(channel: &Channel, given: &str) -> String {
    let (words, content) = given.trim_end().split_once(" < ").unwrap_or((given, ""));
    let (operation, words) = words.trim().split_once(' ').unwrap_or((words, ""));
    let operation = channel.operation(operation).unwrap();
    shown(&channel.request(operation, &values(words), Some(content.as_bytes())).unwrap())
}

fn ran_sign(channel: &Channel, given: &str) -> String {
    let operation = channel.operation(given.trim_end()).unwrap();
    let values = values("");
    let mut request = channel.request(operation, &values, None).unwrap();
    let signed = channel.sign(&mut request, &values, at(NOW), "nonce").unwrap().unwrap();
    assert!(request.url.ends_with(&format!("sign={}", signed.code)));
    format!("base: {}\n{}", signed.base, request.url)
}

/// Headers up to an empty line, then a body.
fn message(text: &str) -> (Vec<(String, String)>, String) {
    let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    (head.lines().filter_map(header).collect(), body.trim_end().to_owned())
}

fn ran_answer(channel: &Channel, given: &str) -> String {
    let (name, rest) = given.split_once('\n').unwrap();
    let (status, rest) = rest.strip_prefix("HTTP ").unwrap().split_at(3);
    let (headers, body) = message(rest);
    let answer = Answer { status: status.parse().unwrap(), headers, body: body.into_bytes() };
    let operation = channel.operation(name).unwrap();
    let mut out = match channel.classify(operation, &answer, at(NOW)) {
        Outcome::Done(given) => {
            let given: Vec<_> = given.iter().map(|(name, value)| format!(", {name}={value}")).collect();
            format!("done{}", given.concat())
        }
        Outcome::Failed(failure) => format!("failed: {}", of(&failure)),
        Outcome::Unknown(failure) => format!("unknown: {}", of(&failure)),
    };
    for next in operation.next(&answer) {
        let given: Vec<_> = next.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let field =
            |field: &Values| format!("{}:{}", field.get("name").unwrap(), field.get("value").unwrap());
        let fields: Vec<_> = next.list("form.fields").iter().map(field).collect();
        let then = &*operation.then.as_ref().unwrap().operation;
        let _ = write!(out, "\nthen {then}: {}, form.fields=[{}]", given.join(", "), fields.join(", "));
    }
    out
}

fn of(failure: &Failure) -> String {
    let code = failure.code.as_ref().map(|code| format!(", code {code}")).unwrap_or_default();
    let message = failure.message.as_ref().map(|message| format!(", \"{message}\"")).unwrap_or_default();
    let wait = failure.wait.map(|wait| format!(", wait {}s", wait.as_secs())).unwrap_or_default();
    format!("{}{code}{message}{wait}", failure.class)
}

fn ran_first(channel: &Channel, given: &str) -> String {
    let (head, body) = given.split_once('\n').unwrap();
    let (name, words) = head.split_once(' ').unwrap();
    let operation = channel.operation(name).unwrap();
    let mut values = values(words);
    let answer = Answer { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() };
    match operation.first.as_ref().unwrap().read(&answer, &values) {
        Before::Open(shared) => {
            values.extend(&shared);
            shown(&channel.request(operation, &values, None).unwrap())
        }
        Before::AlreadyDone => "already done".into(),
        Before::Short { line, lacking } => format!("{lacking} piece of {line} more than is open"),
    }
}

fn ran_join(channel: &Channel, given: &str) -> String {
    let lines: Vec<_> = given.lines().collect();
    let [name, first, second] = lines[..] else { panic!("{given}") };
    let join = &channel.operation(name).unwrap().join[0];
    String::from_utf8(join.put(first.as_bytes(), second.as_bytes()).unwrap()).unwrap()
}

fn ran_stream(channel: &Channel, given: &str) -> String {
    let (head, bodies) = given.split_once('\n').unwrap();
    let (name, times) = head.split_once(" had up to ").unwrap();
    let (since, now) = times.split_once(", now ").unwrap();
    let stream = channel.stream(name).unwrap();
    let mut cursor = Cursor { swept_at: Some(at(now)), ..Cursor::new(at(since)) };
    let mut out = Vec::new();
    for body in bodies.lines() {
        let Plan::Read(window) = stream.plan(&cursor, at(now)) else { panic!("it rests") };
        assert_eq!(window.by, By::Updated);
        let mut values = values("");
        stream.fill(&window, &mut values);
        let operation = channel.operation(stream.operation(&window)).unwrap();
        out.push(shown(&channel.request(operation, &values, None).unwrap()));
        let answer = Answer { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() };
        let page = stream.page(&window, &answer).unwrap();
        for item in &page.items {
            let alone = if item.whole { "" } else { ", fetched alone" };
            let kept = if item.shown.settled { "" } else { ", not settled" };
            let later = if item.shown.ended { "" } else { ", fetched again later" };
            out.push(format!("item {}{alone}{kept}{later}", item.id));
        }
        cursor = stream.after(&cursor, &window, &page);
        match page.next {
            Next::More(_) => {}
            Next::End(_) => out.push(format!("had up to {}", cursor.since)),
            Next::Repeated => out.push(format!("the list does not end: had up to {}", cursor.since)),
            Next::Capped => out.push("too many pages".into()),
        }
    }
    out.join("\n")
}

fn ran_queue(channel: &Channel, given: &str) -> String {
    let (name, body) = given.split_once('\n').unwrap();
    let message = Message { id: "m".into(), receipt: "r".into(), body: body.trim_end().into() };
    match channel.queue(name).unwrap().read(&message) {
        Ok(Event { hint, at }) => {
            let (event, at) = (hint.id.unwrap(), at.unwrap());
            let fetch = &**hint.on.unwrap().fetch.as_ref().unwrap();
            format!("{} {event} at {at}: fetch by {fetch}", hint.topic)
        }
        Err(why) => format!("put aside: {why}"),
    }
}

fn ran_webhook(channel: &Channel, given: &str) -> String {
    let (head, rest) = given.split_once('\n').unwrap();
    let (name, words) = head.split_once(' ').unwrap();
    let (headers, body) = message(rest);
    match channel.webhook(name).unwrap().read(&headers, body.as_bytes(), &values(words)) {
        Ok(hint) => {
            let on = hint.on.unwrap();
            let fetch = on.fetch.as_ref().map(|fetch| format!("fetch by {}", &**fetch));
            let sync = on.sync.as_ref().map(|sync| format!("read the stream {}", &**sync));
            let done = fetch.or(sync).or(on.person.clone()).unwrap();
            format!("{} {}: {done}", hint.topic, hint.id.unwrap_or_default())
        }
        Err(rejected) => rejected.to_string(),
    }
}

fn ran_mistake(_: &Channel, given: &str) -> String {
    let mut lines = given.lines();
    let (right, wrong) = (lines.next().unwrap(), lines.next().unwrap());
    let text = file(&page()).replacen(right, wrong, 1);
    let errors = Channel::load("adapter.toml", &text, &["declaration", "notification", "order"]).unwrap_err();
    errors.iter().map(|error| error.render(&text)).collect::<String>().trim_end().to_owned()
}

fn values_table() -> String {
    let mut out = String::from("| value | what it is |\n|---|---|\n");
    for known in ACCOUNT.iter().chain(KNOWN) {
        let _ = writeln!(out, "| `{}` | {} |", known.name, known.meaning);
    }
    out
}

#[test]
fn the_page_names_every_value_every_class_and_every_key() {
    let page = page();
    assert!(page.contains(&values_table()), "the table of values is not current");
    for class in ErrorClass::ALL {
        assert!(page.contains(&format!("| `{class}` |")), "{class}");
    }
    let schema = schemars::schema_for!(Parts).to_value();
    let mut keys = Vec::new();
    collect(&schema, &mut keys);
    assert!(keys.len() > 60, "{}", keys.len());
    for key in keys {
        let named = [format!("`{key}`"), format!("{key} = "), format!("{key}]")];
        assert!(named.iter().any(|named| page.contains(named)), "`{key}` is not on the page");
    }
}

/// The names of all properties of a schema.
fn collect(schema: &serde_json::Value, keys: &mut Vec<String>) {
    let serde_json::Value::Object(object) = schema else {
        schema.as_array().into_iter().flatten().for_each(|one| collect(one, keys));
        return;
    };
    for (name, below) in object {
        if name == "properties" {
            keys.extend(below.as_object().unwrap().keys().cloned());
        }
        collect(below, keys);
    }
}
