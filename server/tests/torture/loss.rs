//! What a power cut leaves of a folder: reads the log of `bench/shim` and undoes whatever was
//! never synced.

use std::collections::HashMap;
use std::io::Result;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::dice::Dice;

/// What a disk writes whole or not at all.
const BLOCK: usize = 4096;

/// Words of the head of a record.
const HEAD: usize = 6;

/// What a power cut found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lost {
    /// Records in the log: writes, names and syncs.
    pub seen: usize,
    /// Writes that were not synced.
    pub writes: usize,
    /// Changes of names that were undone.
    pub names: usize,
}

struct Record {
    what: u8,
    inode: u64,
    offset: usize,
    size: usize,
    first: Vec<u8>,
    second: Vec<u8>,
}

/// What was not on the disk yet.
#[derive(Default)]
struct Pending {
    writes: HashMap<u64, Vec<Record>>,
    names: Vec<Record>,
}

/// Undoes in `folder` what `log` says was not synced. With dice, only some of it.
pub fn strike(folder: &Path, log: &Path, mut dice: Option<&mut Dice>) -> Result<Lost> {
    let records = records(&std::fs::read(log)?);
    let seen = records.len();
    let pending = Pending::after(records);
    let writes = pending.writes.values().map(Vec::len).sum();
    // Names reach the disk in the order in which they changed.
    let kept = match &mut dice {
        Some(dice) => dice.between(0, pending.names.len() as u64 + 1) as usize,
        None => 0,
    };
    for name in pending.names[kept..].iter().rev() {
        name.undo_name()?;
    }
    let mut paths = HashMap::new();
    find(folder, &mut paths)?;
    for (inode, records) in pending.writes {
        if let Some(path) = paths.get(&inode) {
            let now = std::fs::read(path)?;
            let synced = records.iter().rev().fold(now.clone(), |file, it| it.undo_write(file));
            let left = match &mut dice {
                Some(dice) => torn(&synced, &now, dice),
                None => synced,
            };
            // In place: the file keeps its inode and its mode.
            std::fs::write(path, left)?;
        }
    }
    for path in paths.values().filter(|path| path.as_os_str().as_bytes().ends_with(b"-shm")) {
        std::fs::remove_file(path)?;
    }
    std::fs::remove_file(log)?;
    Ok(Lost { seen, writes, names: pending.names.len() - kept })
}

/// The last record may be cut off: what it was to announce did not happen.
fn records(mut log: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    while let Some((head, rest)) = log.split_at_checked(HEAD * 8) {
        let word = |index: usize| {
            u64::from_le_bytes(head[index * 8..index * 8 + 8].try_into().unwrap_or_default())
        };
        let [offset, size, first, second] = [2, 3, 4, 5].map(|index| word(index) as usize);
        let Some((texts, rest)) = rest.split_at_checked(first + second) else { break };
        log = rest;
        records.push(Record {
            what: word(0) as u8,
            inode: word(1),
            offset,
            size,
            first: texts[..first].to_vec(),
            second: texts[first..].to_vec(),
        });
    }
    records
}

impl Pending {
    fn after(records: Vec<Record>) -> Self {
        let mut pending = Self::default();
        for record in records {
            match record.what {
                b'w' => pending.writes.entry(record.inode).or_default().push(record),
                b's' => drop(pending.writes.remove(&record.inode)),
                b'y' => {
                    let folder = record.path();
                    pending.names.retain(|name| name.path().parent() != Some(&folder));
                }
                _ => pending.names.push(record),
            }
        }
        pending
    }
}

impl Record {
    fn path(&self) -> PathBuf {
        PathBuf::from(std::ffi::OsStr::from_bytes(&self.first))
    }

    fn other(&self) -> PathBuf {
        PathBuf::from(std::ffi::OsStr::from_bytes(&self.second))
    }

    fn undo_write(&self, mut file: Vec<u8>) -> Vec<u8> {
        file.resize(self.size, 0);
        file[self.offset.min(self.size)..][..self.first.len()].copy_from_slice(&self.first);
        file
    }

    fn undo_name(&self) -> Result<()> {
        let path = self.path();
        match self.what {
            // It may never have been made.
            b'c' if !path.exists() => Ok(()),
            b'c' if path.is_dir() => std::fs::remove_dir_all(path),
            b'c' => std::fs::remove_file(path),
            b'd' if path.exists() => Ok(()),
            b'd' => std::fs::hard_link(self.other(), path),
            b'r' if self.other().exists() => std::fs::rename(self.other(), path),
            _ => Ok(()),
        }
    }
}

fn find(folder: &Path, paths: &mut HashMap<u64, PathBuf>) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => find(&entry.path(), paths)?,
            false => drop(paths.insert(entry.metadata()?.ino(), entry.path())),
        }
    }
    Ok(())
}

/// Each block is as it was synced or as it was written, and the end may be anywhere between.
fn torn(synced: &[u8], now: &[u8], dice: &mut Dice) -> Vec<u8> {
    let (short, long) = (synced.len().min(now.len()), synced.len().max(now.len()));
    let mut left = Vec::with_capacity(long);
    for start in (0..long).step_by(BLOCK) {
        let end = (start + BLOCK).min(long);
        let source = if dice.coin() { synced } else { now };
        let there = source.get(start..end.min(source.len())).unwrap_or_default();
        left.extend_from_slice(there);
        left.resize(end, 0);
    }
    left.truncate(dice.between(short as u64, long as u64 + 1) as usize);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(inode: u64, offset: usize, old: &[u8], size: usize) -> Record {
        Record { what: b'w', inode, offset, size, first: old.to_vec(), second: Vec::new() }
    }

    fn synced(inode: u64) -> Record {
        Record { what: b's', inode, offset: 0, size: 0, first: Vec::new(), second: Vec::new() }
    }

    #[test]
    fn a_sync_keeps_what_was_written_before_it_and_of_its_file_alone() {
        let records = vec![written(1, 0, b"a", 1), written(2, 0, b"b", 1), synced(1)];
        let pending = Pending::after(records);
        assert_eq!(pending.writes.keys().copied().collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn writes_are_undone_to_what_was_there_and_how_long_it_was() {
        let first = written(1, 2, b"cd", 4);
        let second = written(1, 4, b"", 4);
        let now = b"abXYnew".to_vec();
        let back = [first, second].iter().rev().fold(now, |file, it| it.undo_write(file));
        assert_eq!(back, b"abcd");
    }

    #[test]
    fn a_torn_file_is_made_of_old_and_new_blocks() {
        let (old, new) = (vec![1; BLOCK * 8], vec![2; BLOCK * 12]);
        let left = torn(&old, &new, &mut Dice::of("torn"));
        assert!((old.len()..=new.len()).contains(&left.len()));
        let kinds: std::collections::BTreeSet<u8> = left[..old.len()].iter().copied().collect();
        assert!(kinds.iter().all(|byte| [1, 2].contains(byte)), "{kinds:?}");
        assert!(left.chunks(BLOCK).all(|block| block.iter().all(|byte| *byte == block[0])));
    }
}
