//! The container, written, and the file it lies in.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use ring::digest::{Context, SHA256};

use super::error::file;
use super::format::{LAYOUT, WHAT, row_line, trailer};
use super::{BackupError, Head, Piece, Result};

/// Writes through, and digests what passes.
struct Digested<W> {
    out: W,
    digest: Context,
}

impl<W: Write> Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.digest.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// A backup on its way into a file.
pub(super) struct Writer<W: Write> {
    gzip: GzEncoder<Digested<W>>,
}

impl<W: Write> Writer<W> {
    /// Writes the two lines in clear.
    pub(super) fn begin(out: W, head: &Head) -> Result<Self> {
        let mut out = Digested {
            out,
            digest: Context::new(&SHA256),
        };
        let head =
            serde_json::to_string(head).map_err(|error| BackupError::Damaged(error.to_string()))?;
        write!(out, "{WHAT}{LAYOUT}\n{head}\n").map_err(file("writing the backup"))?;
        Ok(Self {
            // The quickest level: rows of text shrink to a fifth, and the next tenth costs twice the time.
            gzip: GzEncoder::new(out, Compression::fast()),
        })
    }

    /// Writes a piece.
    pub(super) fn piece(&mut self, piece: &Piece) -> Result<()> {
        let unfit = |error: serde_json::Error| BackupError::Damaged(error.to_string());
        let lines = match piece {
            Piece::Table(table) => vec![serde_json::to_vec(&table.name).map_err(unfit)?],
            Piece::Rows(rows) => rows
                .iter()
                .map(|row| row_line(row))
                .collect::<Result<_>>()?,
            Piece::Sums(sums) => vec![serde_json::to_vec(sums).map_err(unfit)?],
        };
        for mut line in lines {
            line.push(b'\n');
            self.gzip
                .write_all(&line)
                .map_err(file("writing the backup"))?;
        }
        Ok(())
    }

    /// Writes the digest.
    pub(super) fn finish(self) -> Result<()> {
        let mut out = self.gzip.finish().map_err(file("writing the backup"))?;
        let last = trailer(out.digest.clone().finish().as_ref());
        out.out
            .write_all(last.as_bytes())
            .and_then(|()| out.out.flush())
            .map_err(file("writing the backup"))
    }
}

/// A private file that takes its place only when it is whole.
pub struct NewFile {
    target: PathBuf,
    growing: PathBuf,
    file: File,
    kept: bool,
}

impl NewFile {
    /// Begins beside the target, so that the last step is a rename.
    ///
    /// # Errors
    /// [`BackupError::InTheWay`] when something that is no backup lies there.
    pub fn begin(target: &Path) -> Result<Self> {
        if target.exists() && !is_backup(target) {
            return Err(BackupError::InTheWay(target.to_owned()));
        }
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let growing = target.with_file_name(name);
        let failed = || file(growing.display().to_string());
        let opened = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&growing)
            .map_err(failed())?;
        // One that was killed leaves its beginning behind, without the lock.
        match opened.try_lock() {
            Ok(()) => opened.set_len(0).map_err(failed())?,
            Err(std::fs::TryLockError::WouldBlock) => {
                let taken = std::io::Error::other("another backup is being written there");
                return Err(failed()(taken));
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(failed()(error)),
        }
        Ok(Self {
            target: target.to_owned(),
            growing,
            file: opened,
            kept: false,
        })
    }

    /// Makes it durable and gives it its name; a backup that had the name before is gone then.
    ///
    /// # Errors
    /// When the disk fails; the file is removed.
    pub fn keep(mut self) -> Result<()> {
        let place = || file(self.target.display().to_string());
        self.file.sync_all().map_err(place())?;
        std::fs::rename(&self.growing, &self.target).map_err(place())?;
        let folder = self.target.parent().filter(|path| *path != Path::new(""));
        File::open(folder.unwrap_or(Path::new(".")))
            .and_then(|folder| folder.sync_all())
            .map_err(place())?;
        self.kept = true;
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            // Fails only when it is gone already.
            let _ = std::fs::remove_file(&self.growing);
        }
    }
}

fn is_backup(path: &Path) -> bool {
    let mut first = [0; WHAT.len()];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut first))
        .is_ok_and(|()| first == WHAT.as_bytes())
}
