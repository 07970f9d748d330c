//! Where the master key comes from, and what is refused.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};

use crate::clock::Entropy;

/// The key that everything else is derived from, and its earlier editions, the latest first.
pub struct Master {
    current: Edition,
    earlier: Vec<Edition>,
}

/// One edition of the key: 32 bytes, wiped from memory when dropped.
pub struct Edition {
    version: u16,
    bytes: SecretBox<[u8; 32]>,
}

impl Edition {
    fn new(version: u16, bytes: [u8; 32]) -> Self {
        Self { version, bytes: SecretBox::new(Box::new(bytes)) }
    }

    pub(super) fn version(&self) -> u16 {
        self.version
    }

    /// The key for one purpose. `context` is used for nothing else, ever.
    pub(super) fn derive(&self, context: &str) -> [u8; 32] {
        blake3::derive_key(context, self.bytes.expose_secret())
    }
}

/// Why there is no usable key. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "COUNTERSIGN_SECRET_KEY is too short: give 32 bytes as base64 or hex (`openssl rand \
         -base64 32`), or a passphrase of at least 32 characters"
    )]
    Weak,
    #[error("{0} can be read by other users: run `chmod 600 {0}`")]
    Readable(PathBuf),
    #[error(
        "{0} holds no key: it should be one line, 32 bytes as base64, or after a rotation one line \
         an edition, such as `2:` and the new key, then `1:` and the old one"
    )]
    Malformed(PathBuf),
    #[error("{path} cannot be read or made: {cause}")]
    File { path: PathBuf, cause: std::io::Error },
}

impl Master {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self { current: Edition::new(1, bytes), earlier: Vec::new() }
    }

    pub(super) fn current(&self) -> &Edition {
        &self.current
    }

    pub(super) fn earlier(&self) -> impl Iterator<Item = &Edition> {
        self.earlier.iter()
    }

    /// The edition that the installation was made with, as far as it is still there.
    pub(super) fn first(&self) -> &Edition {
        self.earlier.last().unwrap_or(&self.current)
    }

    /// `2:KEY` and `1:KEY`, with commas or lines between, in any order.
    fn from_list(text: &str) -> Option<Self> {
        let mut editions = text
            .split([',', '\n'])
            .map(|entry| {
                let (version, key) = entry.trim().split_once(':')?;
                let version = version.parse().ok().filter(|version| *version > 0)?;
                Some(Edition::new(version, hex(key).or_else(|| base64(key))?))
            })
            .collect::<Option<Vec<_>>>()?;
        editions.sort_by_key(|edition| std::cmp::Reverse(edition.version));
        let doubled = editions.windows(2).any(|pair| pair[0].version == pair[1].version);
        let mut editions = editions.into_iter();
        let current = editions.next().filter(|_| !doubled)?;
        Some(Self { current, earlier: editions.collect() })
    }

    /// From the environment's value, or else from `secret.key` in the data folder, which is made
    /// where it is absent.
    pub fn load(
        given: Option<&SecretString>,
        data_dir: &Path,
        entropy: &dyn Entropy,
    ) -> Result<Self, KeyError> {
        match given {
            Some(text) => Self::from_text(text.expose_secret()),
            None => Self::from_file(&data_dir.join("secret.key"), entropy),
        }
    }

    /// Base64 or hex of 32 bytes, or a passphrase of at least 32 characters, or a list of editions.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if let Some(master) = Self::from_list(text) {
            return Ok(master);
        }
        if let Some(bytes) = hex(text).or_else(|| base64(text)) {
            return Ok(Self::from_bytes(bytes));
        }
        if text.chars().count() < 32 {
            return Err(KeyError::Weak);
        }
        let context = "countersign 2025-11 v1 master key from a passphrase";
        Ok(Self::from_bytes(blake3::derive_key(context, text.as_bytes())))
    }

    fn from_file(path: &Path, entropy: &dyn Entropy) -> Result<Self, KeyError> {
        match make(path, entropy) {
            Ok(()) => sync_folder(path)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(cause) => return Err(KeyError::File { path: path.to_owned(), cause }),
        }
        read(path)
    }
}

/// Makes the file, and fails where it exists: two processes that start together end up with the
/// same key.
fn make(path: &Path, entropy: &dyn Entropy) -> std::io::Result<()> {
    if path.exists() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    // Written whole beside its place and linked into it, so that nobody reads half a key.
    let mut tag = [0; 8];
    entropy.fill(&mut tag);
    let draft = path.with_extension(format!("{:016x}", u64::from_le_bytes(tag)));
    let written = create(&draft)
        .and_then(|mut file| {
            writeln!(file, "{}", STANDARD.encode(bytes))?;
            file.sync_all()
        })
        .and_then(|()| std::fs::hard_link(&draft, path));
    let removed = std::fs::remove_file(&draft);
    written.and(removed)
}

fn create(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A key that a power cut forgets makes every row it sealed unreadable.
fn sync_folder(path: &Path) -> Result<(), KeyError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    std::fs::File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(|cause| KeyError::File { path: path.to_owned(), cause })
}

fn read(path: &Path) -> Result<Master, KeyError> {
    let failed = |cause| KeyError::File { path: path.to_owned(), cause };
    let mut file = std::fs::File::open(path).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::Readable(path.to_owned()));
        }
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    let text = text.trim();
    let bytes = base64(text).or_else(|| hex(text));
    let master = bytes.map(Master::from_bytes).or_else(|| Master::from_list(text));
    master.ok_or_else(|| KeyError::Malformed(path.to_owned()))
}

fn hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

fn base64(text: &str) -> Option<[u8; 32]> {
    [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
        .iter()
        .find_map(|alphabet| alphabet.decode(text).ok()?.try_into().ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::clock::SystemEntropy;

    fn derived(master: &Master) -> [u8; 32] {
        master.current().derive("test")
    }

    #[test]
    fn hex_base64_and_passphrase_are_taken_and_short_ones_refused() {
        let hex = Master::from_text(&"ab".repeat(32)).unwrap();
        let base64 = Master::from_text(&STANDARD.encode([0xab; 32])).unwrap();
        assert_eq!(derived(&hex), derived(&base64));
        assert!(Master::from_text("four and twenty blackbirds baked in a pie").is_ok());
        assert!(matches!(Master::from_text("too short"), Err(KeyError::Weak)));
    }

    #[test]
    fn a_list_of_editions_is_taken_in_any_order_and_a_doubtful_one_refused() {
        let (one, two) = (STANDARD.encode([1; 32]), "02".repeat(32));
        for list in [format!("2:{two},1:{one}"), format!("1:{one}\n 2:{two}")] {
            let master = Master::from_text(&list).unwrap();
            let versions: Vec<_> = master.earlier().map(Edition::version).collect();
            assert_eq!((master.current().version(), versions), (2, vec![1]));
            assert_eq!(derived(&master), derived(&Master::from_bytes([2; 32])));
        }
        assert!(Master::from_list(&format!("1:{one},1:{two}")).is_none());
        assert!(Master::from_list(&format!("0:{one}")).is_none());
        assert!(Master::from_list(&format!("{one},2:{two}")).is_none());
    }

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/secret.key");
        let first = Master::from_file(&path, &SystemEntropy).unwrap();
        let second = Master::from_file(&path, &SystemEntropy).unwrap();
        assert_eq!(derived(&first), derived(&second));
        assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        Master::from_file(&path, &SystemEntropy).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let refused = Master::from_file(&path, &SystemEntropy);
        assert!(matches!(refused, Err(KeyError::Readable(_))));
    }

    #[test]
    fn a_damaged_key_file_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let mut file = create(&path).unwrap();
        file.write_all(b"not a key\n").unwrap();
        assert!(matches!(Master::from_file(&path, &SystemEntropy), Err(KeyError::Malformed(_))));
    }
}
