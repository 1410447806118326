//! A look at a partner's folders: what is whole is taken in, what is to go out is put, the oldest first.

use dragoman_folders::{Entry, Folder, FolderError, Settling, is_whole};
use jiff::SignedDuration;

use super::Partner;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;

/// What a look at a partner's folders came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visited {
    /// Files that were taken in.
    pub taken: usize,
    /// Documents' files that were made messages for the partner.
    pub sent: usize,
}

/// The folders of a partner.
pub(super) struct Folders {
    pub incoming: Folder,
    pub work: Folder,
    pub done: Folder,
    pub error: Folder,
    pub canonical: Folder,
    pub out: Folder,
    #[cfg(feature = "sftp")]
    pub delivered: Folder,
    pub send: Folder,
    pub sending: Folder,
    pub sent: Folder,
    pub unsent: Folder,
}

impl Folders {
    async fn open(partner: &Partner) -> Answer<Self> {
        let place = std::path::PathBuf::from(&partner.settings.folder);
        let open = |name: &str| Folder::open(place.join(name));
        Ok(Self {
            incoming: open("in").await?,
            work: open("work").await?,
            done: open("done").await?,
            error: open("error").await?,
            canonical: open("canonical").await?,
            out: open("out").await?,
            #[cfg(feature = "sftp")]
            delivered: open("out/done").await?,
            send: open("send").await?,
            sending: open("send/work").await?,
            sent: open("send/done").await?,
            unsent: open("send/error").await?,
        })
    }
}

impl Gateway {
    /// Looks at a partner's folders once.
    pub async fn visit_partner(&self, partner: &str) -> Answer<Visited> {
        let known = self.0.partners.get(partner);
        let partner = known.ok_or_else(|| EngineError::unknown("partner", partner))?;
        let folders = Folders::open(partner).await?;
        let mut visited = Visited::default();
        // One look at a time: what another one began, it ends.
        let mut watched = partner.watched.lock().await;
        // What is here is taken even where the server cannot be reached.
        #[cfg(feature = "sftp")]
        let fetched = self.fetch_and_deliver(partner, &folders, &mut watched.server).await;
        // A file that cannot be taken now keeps no other one waiting; it is tried again.
        let mut failed = None;
        for name in self.claimed(partner, &folders.incoming, &folders.work, &mut watched.incoming).await? {
            match self.take_file(partner, &folders, &name).await {
                Ok(()) => visited.taken += 1,
                Err(error) => failed = Some(error),
            }
        }
        for name in self.claimed(partner, &folders.send, &folders.sending, &mut watched.send).await? {
            match self.send_file(partner, &folders, &name).await {
                Ok(()) => visited.sent += 1,
                Err(error) => failed = Some(error),
            }
        }
        #[cfg(feature = "sftp")]
        fetched?;
        failed.map_or(Ok(visited), Err)
    }

    /// What is to be worked on: what was begun before, and what is whole now.
    async fn claimed(
        &self,
        partner: &Partner,
        from: &Folder,
        work: &Folder,
        settling: &mut Settling,
    ) -> Answer<Vec<String>> {
        let mut names: Vec<_> = work.list().await?.into_iter().map(|entry| entry.name).collect();
        let entries = from.list().await?;
        let seen: Vec<_> = settling.look(&entries, self.0.clock.now()).collect();
        for (entry, age) in seen {
            if is_ready(partner, from, entry, age).await? {
                names.extend(from.give(&entry.name, work).await?);
            }
        }
        Ok(names)
    }
}

/// True where a file was left alone long enough: longer where its content seems to lack its end.
async fn is_ready(
    partner: &Partner,
    folder: &Folder,
    entry: &Entry,
    age: SignedDuration,
) -> Result<bool, FolderError> {
    let least = SignedDuration::from_secs(partner.settings.quiet.into());
    let most = SignedDuration::from_secs(partner.settings.patience.into());
    if age < least {
        return Ok(false);
    }
    if age >= most {
        return Ok(true);
    }
    // One that is gone by now is given to nobody.
    Ok(is_whole(&folder.at(&entry.name)).await? != Some(false))
}
