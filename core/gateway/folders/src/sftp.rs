//! Folders on a server, by SFTP (draft-ietf-secsh-filexfer-02, version 3, which OpenSSH speaks).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use russh::Disconnect;
use russh::client::{self, Handle};
use russh::keys::{HashAlg, PrivateKeyWithHashAlg, PublicKeyOrCertificate, decode_secret_key};
use russh_sftp::client::SftpSession;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::protocol::{OpenFlags, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::entry::is_dropped;
use crate::{Entry, FolderError, Part};

/// How long a connection, or one answer, may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much is read or written at once.
const CHUNK: usize = 1 << 16;

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The fingerprint of its key: `SHA256:…`.
    pub host_key: String,
}

/// Who we are at a server.
#[derive(Clone)]
pub enum Login {
    /// A user and its private key, as OpenSSH writes it, with what it is encrypted with.
    Key(String, String, Option<String>),
    /// A user and its password.
    Password(String, String),
}

/// A connection to a server.
pub struct Sftp {
    server: String,
    connection: Handle<Known>,
    session: SftpSession,
}

/// Knows the server by its key, and nobody else.
struct Known {
    fingerprint: String,
}

impl client::Handler for Known {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else { return Ok(false) };
        Ok(key.fingerprint(HashAlg::Sha256).to_string() == self.fingerprint)
    }
}

impl Sftp {
    /// Connects. A server with another key than the one that is known is not talked to.
    pub async fn connect(server: &Server, login: &Login) -> Result<Self, FolderError> {
        let name = format!("sftp://{}:{}", server.host, server.port);
        let failed = |why: String| FolderError::Server { server: name.clone(), why };
        let connected = tokio::time::timeout(PATIENCE, open(server, login)).await;
        let connected = connected.map_err(|_| failed("no answer in 30 seconds".to_owned()))?;
        let (connection, session) = connected.map_err(failed)?;
        session.set_timeout(PATIENCE.as_secs());
        Ok(Self { server: name, connection, session })
    }

    /// The files that were dropped into a folder, the oldest first; no folders and no links.
    pub async fn list(&self, folder: &str) -> Result<Vec<Entry>, FolderError> {
        let listed = self.session.read_dir(folder).await.map_err(|error| self.failed(folder, &error))?;
        let dropped = listed.filter(|file| file.file_type().is_file() && is_dropped(&file.file_name()));
        let mut entries: Vec<_> = dropped
            .map(|file| {
                let metadata = file.metadata();
                let modified = metadata.mtime.unwrap_or_default().into();
                Entry { name: file.file_name(), size: metadata.len(), modified }
            })
            .collect();
        entries.sort_unstable();
        Ok(entries)
    }

    /// Fetches the content of a file.
    pub async fn fetch(&self, folder: &str, name: &str, to: &mut Part) -> Result<(), FolderError> {
        let path = below(folder, name);
        let opened = self.session.open(&*path).await;
        let mut file = opened.map_err(|error| self.failed(&path, &error))?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = file.read(&mut chunk).await.map_err(|error| self.broken(&path, &error))?;
            match chunk.get(..read) {
                None | Some([]) => break,
                Some(bytes) => to.write(bytes).await?,
            }
        }
        file.close().await.map_err(|error| self.broken(&path, &error))
    }

    /// Puts a file: under a hidden name first, so that nobody takes half of it. One of the same name and length was put
    /// before.
    pub async fn put(&self, folder: &str, name: &str, from: &Path) -> Result<(), FolderError> {
        let (path, part) = (below(folder, name), below(folder, &format!(".{name}.part")));
        let failed = |error| FolderError::file(from, "read", error);
        let mut file = tokio::fs::File::open(from).await.map_err(failed)?;
        let length = file.metadata().await.map_err(failed)?.len();
        match self.session.metadata(&*path).await {
            Ok(known) if known.len() == length => return Ok(()),
            Ok(_) => {
                let why = format!("{path} is there already and is another file");
                return Err(FolderError::Server { server: self.server.clone(), why });
            }
            Err(_) => {}
        }
        let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE | OpenFlags::WRITE;
        let opened = self.session.open_with_flags(&*part, flags).await;
        let mut to = opened.map_err(|error| self.failed(&part, &error))?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = file.read(&mut chunk).await.map_err(failed)?;
            match chunk.get(..read) {
                None | Some([]) => break,
                Some(bytes) => to.write_all(bytes).await.map_err(|error| self.broken(&part, &error))?,
            }
        }
        to.flush().await.map_err(|error| self.broken(&part, &error))?;
        // Not all servers can, and closing tells whether it was written.
        let _ = to.sync_all().await;
        to.close().await.map_err(|error| self.broken(&part, &error))?;
        self.session.rename(&*part, &*path).await.map_err(|error| self.failed(&path, &error))
    }

    /// Moves a file into another folder, under another name where its own is taken there. Nothing where it is gone.
    pub async fn give(&self, folder: &str, name: &str, to: &str) -> Result<(), FolderError> {
        let from = below(folder, name);
        for number in 1u32.. {
            let there = if number == 1 { below(to, name) } else { below(to, &format!("{name}.{number}")) };
            // A name that is taken is not written over, by the protocol.
            match self.session.rename(&*from, &*there).await {
                Ok(()) => return Ok(()),
                Err(SftpError::Status(status)) if status.status_code == StatusCode::NoSuchFile => {
                    return Ok(());
                }
                Err(_) if self.session.try_exists(&*there).await.unwrap_or(false) => {}
                Err(error) => return Err(self.failed(&there, &error)),
            }
        }
        Ok(())
    }

    /// Makes a folder where it is not there.
    pub async fn make(&self, folder: &str) -> Result<(), FolderError> {
        if self.session.try_exists(folder).await.unwrap_or(false) {
            return Ok(());
        }
        self.session.create_dir(folder).await.map_err(|error| self.failed(folder, &error))
    }

    /// Ends the connection.
    pub async fn close(self) {
        // It is over either way.
        let _ = self.session.close().await;
        let _ = self.connection.disconnect(Disconnect::ByApplication, "", "en").await;
    }

    fn failed(&self, path: &str, error: &SftpError) -> FolderError {
        FolderError::Server { server: self.server.clone(), why: format!("{path}: {error}") }
    }

    fn broken(&self, path: &str, error: &std::io::Error) -> FolderError {
        FolderError::Server { server: self.server.clone(), why: format!("{path}: {error}") }
    }
}

async fn open(server: &Server, login: &Login) -> Result<(Handle<Known>, SftpSession), String> {
    let config = client::Config { keepalive_interval: Some(PATIENCE), ..client::Config::default() };
    let known = Known { fingerprint: server.host_key.clone() };
    let connected = client::connect(Arc::new(config), (&*server.host, server.port), known).await;
    let mut connection = connected.map_err(|error| match error {
        russh::Error::UnknownKey => "its key is not the one that is configured as `host_key`".to_owned(),
        error => error.to_string(),
    })?;
    let asked = match login {
        Login::Password(user, password) => connection.authenticate_password(user, password).await,
        Login::Key(user, key, passphrase) => {
            let key = decode_secret_key(key, passphrase.as_deref());
            let key = key.map_err(|error| format!("our private key cannot be read: {error}"))?;
            let hash = connection.best_supported_rsa_hash().await.ok().flatten().flatten();
            let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash.or(Some(HashAlg::Sha256)));
            connection.authenticate_publickey(user, key).await
        }
    };
    if !asked.map_err(|error| error.to_string())?.success() {
        return Err("we are not let in: the user, the key or the password is not known there".to_owned());
    }
    let channel = connection.channel_open_session().await.map_err(|error| error.to_string())?;
    channel.request_subsystem(true, "sftp").await.map_err(|error| error.to_string())?;
    let session = SftpSession::new(channel.into_stream()).await.map_err(|error| error.to_string())?;
    Ok((connection, session))
}

/// The path of a file in a folder of a server.
fn below(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
}
