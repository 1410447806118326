//! Partners whose files are on a server: what lies there for us comes into `in`, what lies in `out` goes there.

use dragoman_folders::{Entry, FolderError, Login, Server, Settling, Sftp, is_whole};
use jiff::SignedDuration;

use super::Partner;
use super::round::Folders;
use crate::config;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;

/// What is known of a server between two looks.
#[derive(Default)]
pub(crate) struct Visits {
    /// Files that may still be written.
    settling: Settling,
    /// The connection, as long as it holds.
    session: Option<Sftp>,
}

impl Gateway {
    /// Fetches what is whole on the partner's server, and brings what is for it.
    pub(super) async fn fetch_and_deliver(
        &self,
        partner: &Partner,
        folders: &Folders,
        visits: &mut Visits,
    ) -> Answer<()> {
        let Some(server) = &partner.settings.sftp else { return Ok(()) };
        let session = match visits.session.take() {
            Some(session) => session,
            None => connect(server).await?,
        };
        let fetched = self.fetch_files(partner, server, folders, &session, &mut visits.settling).await;
        let done = match fetched {
            Ok(()) => deliver(server, folders, &session).await,
            failed => failed,
        };
        match done {
            Ok(()) => visits.session = Some(session),
            // Whatever it was: the next look begins with a connection of its own.
            Err(_) => session.close().await,
        }
        done.map_err(EngineError::from)
    }

    async fn fetch_files(
        &self,
        partner: &Partner,
        server: &config::Server,
        folders: &Folders,
        session: &Sftp,
        settling: &mut Settling,
    ) -> Result<(), FolderError> {
        let entries = session.list(&server.incoming).await?;
        let seen: Vec<_> = settling.look(&entries, self.0.clock.now()).collect();
        for (entry, age) in seen {
            if age >= SignedDuration::from_secs(partner.settings.quiet.into()) {
                let patient = age < SignedDuration::from_secs(partner.settings.patience.into());
                fetch_one(server, folders, session, entry, patient).await?;
            }
        }
        Ok(())
    }
}

/// Fetches a file; one that seems to lack its end is left there where there is time.
async fn fetch_one(
    server: &config::Server,
    folders: &Folders,
    session: &Sftp,
    entry: &Entry,
    patient: bool,
) -> Result<(), FolderError> {
    let incoming = &folders.incoming;
    let mut part = incoming.begin(&entry.name).await?;
    session.fetch(&server.incoming, &entry.name, &mut part).await?;
    part.flush().await?;
    if patient && is_whole(part.path()).await? == Some(false) {
        return part.drop().await;
    }
    let name = incoming.unused(&entry.name).await?;
    part.finish(&name).await?;
    // It is here, and on disk. Where it is fetched again because this fails, it is known by its content.
    session.make(&server.done).await?;
    session.give(&server.incoming, &entry.name, &server.done).await
}

async fn deliver(server: &config::Server, folders: &Folders, session: &Sftp) -> Result<(), FolderError> {
    for entry in folders.out.list().await? {
        session.put(&server.outgoing, &entry.name, &folders.out.at(&entry.name)).await?;
        folders.out.give(&entry.name, &folders.delivered).await?;
    }
    Ok(())
}

async fn connect(server: &config::Server) -> Result<Sftp, FolderError> {
    let known = Server { host: server.host.clone(), port: server.port, host_key: server.host_key.clone() };
    let user = server.user.clone();
    let login = match (&server.private_key, &server.password) {
        (Some(key), _) => Login::Key(user, key.clone(), server.passphrase.clone()),
        (None, password) => Login::Password(user, password.clone().unwrap_or_default()),
    };
    Sftp::connect(&known, &login).await
}
