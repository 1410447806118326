//! A process that is killed at any moment: what it was answered is there. The process is this test itself, run again with
//! the folder in its environment.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{env, fs};

use dragoman_store::{Sqlite, Store};

use crate::made::*;

/// Where the child is told which folder it has.
const FOLDER: &str = "DRAGOMAN_CRASH_FOLDER";
/// So many times it is killed; more where somebody says so.
const TIMES: &str = "DRAGOMAN_CRASH_TIMES";
const SEED: &str = "DRAGOMAN_CRASH_SEED";

/// What the child does: it accepts submissions from many callers, and says which were answered.
#[test]
fn child_accepts_until_it_is_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let store = Arc::new(Sqlite::open(folder.as_ref()).unwrap());
        let begun = store.journal(0, 1_000_000).await.unwrap().len();
        let tasks: Vec<_> = (0..16)
            .map(|caller| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    for number in (begun + caller..).step_by(16) {
                        let number = number + (begun << 20);
                        if let Err(error) = store.commit(accepted(number)).await {
                            return writeln!(std::io::stdout(), "failed {error}").unwrap();
                        }
                        writeln!(std::io::stdout(), "answered {number}").unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// Runs the child in a folder; where `limit` is set, no file may grow beyond so many blocks.
pub fn child(folder: &Path, limit: Option<u32>) -> Command {
    let test = "crash::child_accepts_until_it_is_killed";
    let program = env::current_exe().unwrap();
    let mut command = match limit {
        None => Command::new(&program),
        Some(limit) => {
            let mut shell = Command::new("sh");
            let run = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
            shell.arg("-c").arg(run).arg(&program);
            shell
        }
    };
    command.args(["--exact", test, "--nocapture", "--test-threads", "1"]).env(FOLDER, folder);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// The submissions that a line says were answered.
pub fn answered(line: &str) -> Option<usize> {
    // The first line may begin with what the test harness writes.
    line.split_once("answered ")?.1.trim().parse().ok()
}

/// Everything that was answered is there whole, and what else is there is whole too.
pub async fn is_whole(folder: &Path, answered: &[usize]) {
    let store = Sqlite::open(folder).unwrap();
    let verified = store.verify().await.unwrap();
    assert_eq!(verified.broken, []);
    let events = store.journal(0, 1_000_000).await.unwrap();
    let there: std::collections::HashSet<_> =
        events.iter().map(|stored| stored.event.stream.as_str()).collect();
    for number in answered {
        assert!(there.contains(stream(*number).as_str()), "{number} was answered and is lost");
    }
    for stored in &events {
        let submission = stored.event.submission.as_deref().unwrap();
        assert!(store.job(TENANT, submission).await.unwrap().is_some(), "{submission} has no job");
        assert!(store.payload(TENANT, stored.seq).await.unwrap().is_some());
        let number = stored.event.stream.strip_prefix("stream-").unwrap();
        assert!(store.mark(TENANT, "lrn", &format!("DG-{number}")).await.unwrap().is_some());
    }
    derived(&store).await;
    let ledger = store.ledger(None).await.unwrap();
    assert_eq!((ledger.accepted, ledger.balances()), (events.len() as u64, true));
}

#[tokio::test]
async fn nothing_answered_is_lost_when_it_is_killed() {
    let times: u64 = env::var(TIMES).ok().and_then(|times| times.parse().ok()).unwrap_or(6);
    let clock = u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos());
    let seed = env::var(SEED).ok().and_then(|seed| seed.parse().ok()).unwrap_or(clock);
    println!("{SEED}={seed} {TIMES}={times}");
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for time in 0..times {
        let mut running = child(folder.path(), None).spawn().unwrap();
        // Anywhere between opening the store and some groups later.
        let pause = seed.wrapping_add(time).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        std::thread::sleep(Duration::from_millis(20 + pause % 300));
        running.kill().unwrap();
        let said = BufReader::new(running.stdout.take().unwrap());
        // The last line may be cut off.
        all.extend(said.lines().map_while(Result::ok).filter_map(|line| answered(&line)));
        running.wait().unwrap();
        is_whole(folder.path(), &all).await;
    }
    assert!(!all.is_empty(), "it was killed before it did anything");
    assert!(fs::metadata(folder.path().join("dragoman.sqlite")).unwrap().len() > 0);
}
