//! A folder of this machine.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use tokio::fs;
use tokio::io::AsyncWriteExt;

use crate::entry::is_dropped;
use crate::{Entry, FolderError};

/// A folder of this machine.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A folder; it is made where it is not there.
    pub async fn open(path: PathBuf) -> Result<Self, FolderError> {
        let made = fs::create_dir_all(&path).await;
        made.map_err(|error| FolderError::file(&path, "made", error))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The path of a file in it.
    pub fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The files that were dropped into it, the oldest first: no folders, no links, nothing hidden or marked as
    /// unfinished.
    pub async fn list(&self) -> Result<Vec<Entry>, FolderError> {
        let failed = |error| FolderError::file(&self.0, "read", error);
        let mut entries = Vec::new();
        let mut files = fs::read_dir(&self.0).await.map_err(failed)?;
        while let Some(file) = files.next_entry().await.map_err(failed)? {
            let Some(name) = file.file_name().into_string().ok().filter(|name| is_dropped(name)) else {
                continue;
            };
            // Of a link this tells about the link itself. A file may be gone by now.
            let Ok(metadata) = file.metadata().await else { continue };
            if metadata.is_file() {
                let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
                let modified = modified.map_or(0, |since| since.as_secs());
                entries.push(Entry { name, size: metadata.len(), modified });
            }
        }
        entries.sort_unstable();
        Ok(entries)
    }

    /// Moves a file into another folder of the same disk, in one step: who moved it has it alone. Gives its name there,
    /// which is another one where that is taken; nothing where somebody else was quicker.
    pub async fn give(&self, name: &str, to: &Self) -> Result<Option<String>, FolderError> {
        let (from, there) = (self.at(name), to.unused(name).await?);
        match fs::rename(&from, to.at(&there)).await {
            Ok(()) => {
                to.sync().await?;
                Ok(Some(there))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FolderError::file(&from, "moved", error)),
        }
    }

    /// Begins a file that nobody sees before it is whole.
    pub async fn begin(&self, name: &str) -> Result<Part, FolderError> {
        let path = self.at(&format!(".{name}.part"));
        let file = fs::File::create(&path).await;
        let file = file.map_err(|error| FolderError::file(&path, "written", error))?;
        Ok(Part { folder: self.clone(), path, file })
    }

    /// Puts a file: it is there as a whole or not at all, and on disk when this answers. Gives its name, which is another
    /// one where there is another file of that name.
    pub async fn put(&self, name: &str, bytes: &[u8]) -> Result<String, FolderError> {
        if fs::read(self.at(name)).await.is_ok_and(|known| known == bytes) {
            return Ok(name.to_owned());
        }
        let mut part = self.begin(name).await?;
        part.write(bytes).await?;
        part.finish(&self.unused(name).await?).await
    }

    /// A name like that which no file has: `orders.2.edi`.
    pub async fn unused(&self, name: &str) -> Result<String, FolderError> {
        let path = Path::new(name);
        for number in 1u64.. {
            let mut unused = OsString::from(path.file_stem().unwrap_or(path.as_os_str()));
            if number > 1 {
                unused.push(format!(".{number}"));
            }
            if let Some(ending) = path.extension() {
                unused.push(".");
                unused.push(ending);
            }
            let unused = unused.to_string_lossy().into_owned();
            let taken = fs::try_exists(self.at(&unused)).await;
            if !taken.map_err(|error| FolderError::file(&self.at(&unused), "read", error))? {
                return Ok(unused);
            }
        }
        Ok(name.to_owned())
    }

    /// Brings the names of its files to the disk.
    async fn sync(&self) -> Result<(), FolderError> {
        // Only where folders can be opened as files.
        if cfg!(unix) {
            let failed = |error| FolderError::file(&self.0, "written", error);
            let folder = fs::File::open(&self.0).await.map_err(failed)?;
            folder.sync_all().await.map_err(failed)?;
        }
        Ok(())
    }
}

/// A file that is being written.
#[derive(Debug)]
pub struct Part {
    folder: Folder,
    path: PathBuf,
    file: fs::File,
}

impl Part {
    /// Where its bytes are. They are all there after [`flush`](Self::flush).
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Brings what was written to where others may read it.
    pub async fn flush(&mut self) -> Result<(), FolderError> {
        let flushed = self.file.flush().await;
        flushed.map_err(|error| FolderError::file(&self.path, "written", error))
    }

    /// Adds bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), FolderError> {
        let written = self.file.write_all(bytes).await;
        written.map_err(|error| FolderError::file(&self.path, "written", error))
    }

    /// Brings it to the disk and gives it its name; another file of that name goes.
    pub async fn finish(self, name: &str) -> Result<String, FolderError> {
        let folder = self.folder.clone();
        self.finish_in(&folder, name).await
    }

    /// The same, in another folder of the same disk.
    pub async fn finish_in(mut self, folder: &Folder, name: &str) -> Result<String, FolderError> {
        let failed = |error| FolderError::file(&self.path, "written", error);
        self.file.flush().await.map_err(failed)?;
        self.file.sync_all().await.map_err(failed)?;
        fs::rename(&self.path, folder.at(name)).await.map_err(failed)?;
        folder.sync().await?;
        Ok(name.to_owned())
    }

    /// Gives it up.
    pub async fn drop(self) -> Result<(), FolderError> {
        let removed = fs::remove_file(&self.path).await;
        removed.map_err(|error| FolderError::file(&self.path, "removed", error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn two() -> (tempfile::TempDir, Folder, Folder) {
        let place = tempfile::tempdir().unwrap();
        let open = |name: &str| Folder::open(place.path().join(name));
        let folders = (open("in").await.unwrap(), open("work").await.unwrap());
        (place, folders.0, folders.1)
    }

    #[tokio::test]
    async fn what_is_listed_was_dropped() {
        let (_place, folder, _) = two().await;
        for name in ["b.edi", "a.edi", ".hidden", "c.edi.part"] {
            std::fs::write(folder.at(name), "1").unwrap();
        }
        std::fs::create_dir(folder.at("below")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/passwd", folder.at("link.edi")).unwrap();
        let mut names: Vec<_> = folder.list().await.unwrap().into_iter().map(|entry| entry.name).collect();
        names.sort();
        assert_eq!(names, ["a.edi", "b.edi"]);
    }

    #[tokio::test]
    async fn one_taker_gets_a_file_and_no_name_is_used_twice() {
        let (_place, folder, work) = two().await;
        std::fs::write(folder.at("a.edi"), "1").unwrap();
        let (first, second) = tokio::join!(folder.give("a.edi", &work), folder.give("a.edi", &work));
        let got: Vec<_> = [first.unwrap(), second.unwrap()].into_iter().flatten().collect();
        assert_eq!(got, ["a.edi"]);
        std::fs::write(folder.at("a.edi"), "2").unwrap();
        assert_eq!(folder.give("a.edi", &work).await.unwrap().as_deref(), Some("a.2.edi"));
        assert_eq!(std::fs::read(work.at("a.edi")).unwrap(), b"1");
    }

    #[tokio::test]
    async fn what_is_put_is_whole_and_there_once() {
        let (_place, folder, _) = two().await;
        assert_eq!(folder.put("a.json", b"1").await.unwrap(), "a.json");
        assert_eq!(folder.put("a.json", b"1").await.unwrap(), "a.json");
        assert_eq!(folder.put("a.json", b"2").await.unwrap(), "a.2.json");
        let mut part = folder.begin("b.json").await.unwrap();
        part.write(b"half").await.unwrap();
        assert_eq!(folder.list().await.unwrap().len(), 2, "half a file is not there");
        part.finish("b.json").await.unwrap();
        assert_eq!(folder.list().await.unwrap().len(), 3);
    }
}
