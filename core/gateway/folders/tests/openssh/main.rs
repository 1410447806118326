//! Folders on OpenSSH's own server, where it is installed.
#![cfg(all(feature = "sftp", unix))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod sshd;

use std::fs;

use dragoman_folders::{Folder, FolderError, Login, Server, Sftp};

use sshd::{PASSPHRASE, Sshd, key};

fn server(sshd: &Sshd) -> Server {
    Server { host: "127.0.0.1".into(), port: sshd.port, host_key: sshd.host_key.clone() }
}

fn login(sshd: &Sshd) -> Login {
    Login::Key(sshd.user.clone(), sshd.key.clone(), Some(PASSPHRASE.into()))
}

#[tokio::test]
async fn files_are_fetched_and_put_and_seen_as_a_whole() {
    let Some(sshd) = Sshd::start() else { return };
    let sftp = Sftp::connect(&server(&sshd), &login(&sshd)).await.unwrap();
    // More than one packet, with every byte.
    let content: Vec<u8> = (0..1_000_000u32).map(|at| (at % 251) as u8).collect();
    fs::write(sshd.at("in/a.edi"), &content).unwrap();
    fs::write(sshd.at("in/.hidden"), "").unwrap();
    fs::write(sshd.at("in/b.edi.filepart"), "").unwrap();
    fs::create_dir(sshd.at("in/below")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", sshd.at("in/link.edi")).unwrap();
    let listed = sftp.list(&sshd.at("in")).await.unwrap();
    let names: Vec<_> = listed.iter().map(|entry| (entry.name.as_str(), entry.size)).collect();
    assert_eq!(names, [("a.edi", 1_000_000)]);

    let here = Folder::open(sshd.files.path().join("here")).await.unwrap();
    let mut part = here.begin("a.edi").await.unwrap();
    sftp.fetch(&sshd.at("in"), "a.edi", &mut part).await.unwrap();
    part.finish("a.edi").await.unwrap();
    assert!(fs::read(here.at("a.edi")).unwrap() == content);

    sftp.give(&sshd.at("in"), "a.edi", &sshd.at("done")).await.unwrap();
    fs::write(sshd.at("in/a.edi"), "another").unwrap();
    sftp.give(&sshd.at("in"), "a.edi", &sshd.at("done")).await.unwrap();
    assert!(fs::read(sshd.at("done/a.edi")).unwrap() == content, "nothing is written over");
    assert_eq!(fs::read(sshd.at("done/a.edi.2")).unwrap(), b"another");
    sftp.give(&sshd.at("in"), "gone.edi", &sshd.at("done")).await.unwrap();

    let out = sshd.at("out");
    sftp.put(&out, "a.edi", &here.at("a.edi")).await.unwrap();
    sftp.put(&out, "a.edi", &here.at("a.edi")).await.unwrap();
    let names: Vec<_> = fs::read_dir(&out).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["a.edi"], "half a file was never there by its name");
    assert!(fs::read(sshd.at("out/a.edi")).unwrap() == content);
    here.put("other.edi", b"other").await.unwrap();
    let other = sftp.put(&out, "a.edi", &here.at("other.edi")).await;
    assert!(matches!(other, Err(FolderError::Server { .. })), "another file is not written over");
    sftp.close().await;
}

#[tokio::test]
async fn another_server_and_another_key_are_refused() {
    let Some(sshd) = Sshd::start() else { return };
    let why = |refused: Result<Sftp, FolderError>| refused.err().unwrap().to_string();
    let other = Server { host_key: "SHA256:AAAA".into(), ..server(&sshd) };
    let said = why(Sftp::connect(&other, &login(&sshd)).await);
    assert!(said.contains("host_key"), "{said}");
    let stranger = key(&sshd.files.path().join("stranger"), "");
    let said = why(Sftp::connect(&server(&sshd), &Login::Key(sshd.user.clone(), stranger, None)).await);
    assert!(said.contains("not let in"), "{said}");
    let said = why(Sftp::connect(&server(&sshd), &Login::Password(sshd.user.clone(), "x".into())).await);
    assert!(said.contains("not let in"), "{said}");
    let wrong = Login::Key(sshd.user.clone(), sshd.key.clone(), Some("wrong".into()));
    assert!(why(Sftp::connect(&server(&sshd), &wrong).await).contains("private key"));
}
