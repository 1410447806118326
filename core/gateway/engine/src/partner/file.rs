//! A file of a partner: each of its messages is taken in and kept as canonical JSON, the whole is acknowledged, and a
//! report says what became of it.
//!
//! Everything that is made is on disk before the file leaves `work`, under names that its content decides: after a crash
//! it is made again as it was, and what was taken in is known by its key.

use dragoman_adapters::ending;
use dragoman_folders::{Folder, FolderError};

use super::Partner;
use super::acknowledge::{acknowledge, stamp};
use super::known::Known;
use super::read::{hash, items};
use super::report::{Report, Reporting};
use super::round::Folders;
use crate::error::Answer;
use crate::gateway::Gateway;

/// After so many messages of a file the log says how far it is.
const TOLD: usize = 100_000;

impl Gateway {
    /// Takes in a file that was claimed.
    pub(super) async fn take_file(&self, partner: &Partner, folders: &Folders, name: &str) -> Answer<()> {
        let path = folders.work.at(name);
        let failed = |error| FolderError::file(&path, "read", error);
        let hash = hash(path.clone()).await.map_err(failed)?;
        let mut report = Report::new(name, &hash, self.0.clock.now());
        let known = self.begin_file(partner, &hash, name).await?;
        let mut messages = Reporting::begin(&folders.work, name).await?;
        if known.done {
            report.duplicate_of = Some(known.name);
            return leave(&folders.work, name, &folders.done, messages, report).await;
        }
        let own = Own { name, hash: &hash, known: &known };
        self.take_messages(partner, folders, own, &mut report, &mut messages).await?;
        let asked = partner.settings.acknowledge;
        let stamp = stamp(self.0.clock.now(), known.number);
        let made = acknowledge(&self.0.catalogue, path.clone(), asked, stamp).await.map_err(failed)?;
        if let Some((form, sent)) = made {
            let (form, ending) = (form.to_string().to_lowercase(), ending(form.syntax()));
            let put = format!("{}.{form}.{ending}", own.made());
            report.made.push(format!("out/{}", folders.out.put(&put, &sent.bytes).await?));
        }
        let to = if messages.is_read() { &folders.done } else { &folders.error };
        tracing::info!(
            partner = partner.settings.name,
            file = name,
            messages = messages.count,
            "a file was taken in"
        );
        self.end_file(partner, &hash, known, &[]).await?;
        leave(&folders.work, name, to, messages, report).await
    }

    async fn take_messages(
        &self,
        partner: &Partner,
        folders: &Folders,
        own: Own<'_>,
        report: &mut Report,
        messages: &mut Reporting,
    ) -> Answer<()> {
        let path = folders.work.at(own.name);
        let mut items = items(&self.0.catalogue, path.clone());
        let mut part = folders.canonical.begin(&own.made()).await?;
        let mut documents = 0;
        while let Some(item) = items.recv().await {
            let item = item.map_err(|error| FolderError::file(&path, "read", error))?;
            if !item.is_message {
                report.findings.extend(item.findings);
                continue;
            }
            if let Some(said) = &item.document {
                part.write(said.canonical.as_bytes()).await?;
                documents += 1;
            }
            let key = format!("file:{}:{}:{}", partner.settings.name, own.hash, messages.count);
            messages.add(&self.take_message(partner, &key, item).await?).await?;
            if messages.count.is_multiple_of(TOLD) {
                let (partner, messages) = (&partner.settings.name, messages.count);
                tracing::info!(partner, file = own.name, messages, "a file is being taken in");
            }
        }
        if documents == 0 {
            part.drop().await?;
        } else {
            let ending = if documents == 1 { "json" } else { "jsonl" };
            let name = part.finish(&format!("{}.{ending}", own.made())).await?;
            report.made.push(format!("canonical/{name}"));
        }
        Ok(())
    }
}

/// A file and what is known of it.
#[derive(Clone, Copy)]
pub(super) struct Own<'o> {
    pub name: &'o str,
    pub hash: &'o str,
    pub known: &'o Known,
}

impl Own<'_> {
    /// What the names of files begin with that are made of it: the name that it came by first, and its content.
    pub fn made(&self) -> String {
        let name = std::path::Path::new(&self.known.name);
        let stem = name.file_stem().unwrap_or(name.as_os_str()).to_string_lossy();
        format!("{stem}.{}", self.hash.get(..8).unwrap_or(self.hash))
    }
}

/// Ends a report, and puts it beside the file.
pub(super) async fn leave(
    work: &Folder,
    name: &str,
    to: &Folder,
    messages: Reporting,
    report: Report,
) -> Answer<()> {
    let report = Report { count: messages.count, ..report };
    let there = work.give(name, to).await?.unwrap_or_else(|| name.to_owned());
    messages.end(&report, to, &format!("{there}.report.json")).await?;
    Ok(())
}
