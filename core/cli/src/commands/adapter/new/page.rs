//! The page that an adapter begins with.

use std::fmt::Write;

use dragoman_adapters::Adapter;

use super::way;

/// So many lines of the example are shown.
const SHOWN: usize = 12;

/// The page: what there is to say, and an example that runs in the adapter's folder.
pub fn page(adapter: &Adapter, example: Option<&(String, String)>) -> String {
    let name = &adapter.name;
    let mut page = format!("# {}\n\n| message | direction | what it is |\n|---|---|---|\n", adapter.title);
    for message in &adapter.messages {
        let _ = writeln!(page, "| `{name}/{}` | {} | |", message.name, way(adapter, &message.name));
    }
    page.push_str("\n## What is read\n");
    if let Some((message, read)) = example {
        let command = format!(
            "dragoman translate --adapters . --from {name}/{message} --to canonical cases/{message}.in"
        );
        let shown: String = read.split_inclusive('\n').take(SHOWN).collect();
        let _ = write!(page, "\n## An example\n\n```console\n$ {command} | head -{SHOWN}\n{shown}```\n");
    }
    page.push_str("\n## Limits\n\nTried against our own tests; not against the counterpart.\n\n## Sources\n");
    page
}
