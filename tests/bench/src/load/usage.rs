//! What a part of a run used: processor time, by the threads that spent it, and memory. As far as Linux tells.

use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

use crate::memory;

/// Clock ticks in a second, in which Linux counts processor time for programs (`proc(5)`; the kernel's `USER_HZ`).
const TICKS: f64 = 100.0;

/// What was used up to a moment.
pub struct Usage {
    threads: BTreeMap<String, u64>,
    machine: u64,
    at: Instant,
    begin: u64,
}

impl Usage {
    /// Up to now. The most memory is counted from here on.
    pub fn now() -> Self {
        memory::forget_most();
        Self { threads: threads(), machine: machine(), at: Instant::now(), begin: memory::resident() }
    }

    /// What was used since, for each of so many orders: whose processor time, how many cores that were and how many others
    /// used, and how the memory was.
    pub fn since(&self, orders: u64) -> String {
        let used = threads().into_iter().map(|(name, ticks)| {
            let before = self.threads.get(&name).copied().unwrap_or_default();
            (name, ticks.saturating_sub(before) as f64 / TICKS * 1e6 / orders.max(1) as f64)
        });
        let used: Vec<_> = used.filter(|(_, micros)| *micros >= 1.0).collect();
        let whole: f64 = used.iter().map(|(_, micros)| micros).sum();
        let seconds = self.at.elapsed().as_secs_f64();
        let own = whole * orders as f64 / 1e6 / seconds;
        let all = machine().saturating_sub(self.machine) as f64 / TICKS / seconds;
        let parts: Vec<_> = used.iter().map(|(name, micros)| format!("{name} {micros:.0}")).collect();
        format!(
            "{whole:.0} us of processor time an order ({}), {own:.2} cores, others {:.2}; memory {} MB at the beginning, \
             {} MB at the end, {} MB at most",
            parts.join(", "),
            (all - own).max(0.0),
            self.begin,
            memory::resident(),
            memory::most()
        )
    }
}

/// The ticks of all threads that are alive, by their names; those of threads that have ended count as `ended`.
fn threads() -> BTreeMap<String, u64> {
    let mut threads = BTreeMap::new();
    for task in fs::read_dir("/proc/self/task").into_iter().flatten().filter_map(Result::ok) {
        if let Some((name, ticks)) = stat(&task.path().join("stat")) {
            *threads.entry(name).or_default() += ticks;
        }
    }
    let alive: u64 = threads.values().sum();
    let all = stat("/proc/self/stat".as_ref()).map_or(0, |(_, ticks)| ticks);
    threads.insert("ended".to_owned(), all.saturating_sub(alive));
    threads
}

/// The ticks of all processors that were not idle, whoever had them (`proc_stat(5)`, the fields of `cpu` but `idle` and
/// `iowait`, up to `steal`).
fn machine() -> u64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let fields = text.lines().next().unwrap_or_default().split_whitespace().skip(1).take(8).enumerate();
    fields
        .filter(|(index, _)| !matches!(index, 3 | 4))
        .filter_map(|(_, field)| field.parse::<u64>().ok())
        .sum()
}

/// The name and the ticks, of the program and of the system for it (`proc_pid_stat(5)`, fields 2, 14 and 15).
fn stat(path: &std::path::Path) -> Option<(String, u64)> {
    let text = fs::read_to_string(path).ok()?;
    let (before, after) = text.rsplit_once(')')?;
    let name = before.split_once('(')?.1.to_owned();
    let mut fields = after.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((name, user + system))
}
