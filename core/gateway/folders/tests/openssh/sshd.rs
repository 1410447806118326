//! OpenSSH's own server on a loopback port, where it is installed.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where Debian and others put it; it wants to be started by its whole path.
const SSHD: [&str; 2] = ["/usr/sbin/sshd", "/usr/bin/sshd"];

/// What the private key of the user is encrypted with.
pub const PASSPHRASE: &str = "open sesame";

/// A server, with the files of a temporary folder.
pub struct Sshd {
    child: Child,
    /// Its port.
    pub port: u16,
    /// The fingerprint of its key.
    pub host_key: String,
    /// Who may come in.
    pub user: String,
    /// The private key of that user.
    pub key: String,
    /// Its files.
    pub files: tempfile::TempDir,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes a private key.
pub fn key(path: &Path, passphrase: &str) -> String {
    let mut make = Command::new("ssh-keygen");
    make.args(["-q", "-t", "ed25519", "-N", passphrase, "-f"]).arg(path);
    assert!(make.status().unwrap().success());
    fs::read_to_string(path).unwrap()
}

impl Sshd {
    /// Starts one; none where it is not installed.
    pub fn start() -> Option<Self> {
        let Some(program) = SSHD.into_iter().find(|path| Path::new(path).exists()) else {
            dragoman_samples::skip("sshd is not installed (Debian: openssh-server)");
            return None;
        };
        let files = tempfile::tempdir().unwrap();
        let at = |name: &str| files.path().join(name);
        key(&at("host"), "");
        let user_key = key(&at("user"), PASSPHRASE);
        fs::copy(at("user.pub"), at("authorized")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let place = files.path().display();
        let config = format!(
            "ListenAddress 127.0.0.1\nPort {port}\nHostKey {place}/host\nPidFile none\nStrictModes no\n\
             AuthorizedKeysFile {place}/authorized\nPasswordAuthentication no\nUsePAM no\nPermitRootLogin yes\n\
             Subsystem sftp internal-sftp\n"
        );
        fs::write(at("config"), config).unwrap();
        // Who starts it as root has to have this folder; others do without it.
        let _ = fs::create_dir_all("/run/sshd");
        let mut start = Command::new(program);
        start.args(["-D", "-e", "-f"]).arg(at("config")).stderr(Stdio::null());
        let child = start.spawn().unwrap();
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "sshd does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        let shown = Command::new("ssh-keygen").arg("-lf").arg(at("host.pub")).output().unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        let host_key = shown.split(' ').nth(1).unwrap().to_owned();
        let user = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
        for folder in ["in", "out", "done"] {
            fs::create_dir(at(folder)).unwrap();
        }
        Some(Self { child, port, host_key, user: user.trim().to_owned(), key: user_key, files })
    }

    /// The path of a file there.
    pub fn at(&self, name: &str) -> String {
        self.files.path().join(name).display().to_string()
    }
}
