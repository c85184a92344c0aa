//! The key ring: seals each portal's credentials before they are stored (design §3 Secrets).

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, Generate as _, Key, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::PortalId;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use store::SealedSecret;

const NONCE_BYTES: usize = 24;

/// Named keys. New secrets are sealed with the newest, the first in the file; older ones still open what they sealed.
#[derive(Clone)]
pub struct KeyRing {
    newest: String,
    ciphers: BTreeMap<String, XChaCha20Poly1305>,
}

/// Why a key ring or a secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// The file cannot be read or written.
    #[error("the key ring {path} cannot be used: {message}")]
    File {
        /// Which file.
        path: String,
        /// What is wrong with it; never a key.
        message: String,
    },
    /// A secret that no key of the ring opens: another ring sealed it, or it was moved between portals.
    #[error(
        "a stored secret cannot be opened with this key ring; save the credentials again or restore the ring that sealed them"
    )]
    Sealed,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct RingFile {
    pub(crate) keys: Vec<NamedKey>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct NamedKey {
    id: String,
    /// 32 bytes in base64.
    key: String,
}

impl KeyRing {
    /// A ring with one new random key; for tests and the demo.
    #[must_use]
    pub fn random() -> Self {
        let file = RingFile::random();
        Self::parse(&file).expect("a fresh key is well formed")
    }

    /// The ring in a file, which is made (readable by its owner only) if it is not there.
    ///
    /// # Errors
    /// If the file cannot be read, written or understood.
    pub fn open_or_create(path: &Path) -> Result<Self, KeyRingError> {
        let fault = |message: String| KeyRingError::File { path: path.display().to_string(), message };
        let file: RingFile = match std::fs::read(path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|e| {
                    // The parser's own words may quote a key.
                    fault(format!("it is not the JSON of a key ring (line {}, column {})", e.line(), e.column()))
                })?
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let file = RingFile::random();
                write_private(path, &file).map_err(|e| fault(e.to_string()))?;
                file
            }
            Err(e) => return Err(fault(e.to_string())),
        };
        Self::parse(&file).map_err(fault)
    }

    pub(crate) fn parse(file: &RingFile) -> Result<Self, String> {
        let newest = file.keys.first().ok_or("it has no key")?.id.clone();
        let mut ciphers = BTreeMap::new();
        for NamedKey { id, key } in &file.keys {
            let bytes = STANDARD.decode(key).map_err(|_| format!("the key {id} is not base64"))?;
            let cipher =
                XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| format!("the key {id} has not 32 bytes"))?;
            ciphers.insert(id.clone(), cipher);
        }
        Ok(Self { newest, ciphers })
    }

    /// Seals a secret for one portal and one name; it opens for no other.
    ///
    /// # Panics
    /// Never: the cipher takes any text that fits into memory.
    #[must_use]
    pub fn seal(&self, portal: PortalId, name: &str, secret: &SecretString) -> SealedSecret {
        let nonce = XNonce::generate();
        let context = context(portal, name);
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: context.as_bytes() };
        let sealed = self.ciphers[&self.newest].encrypt(&nonce, payload).expect("a secret is short");
        SealedSecret(format!("{}.{}", self.newest, STANDARD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Opens what [`KeyRing::seal`] sealed for the same portal and name.
    ///
    /// # Errors
    /// If it was sealed by another ring, for another portal or name, or was changed.
    pub fn open(&self, portal: PortalId, name: &str, sealed: &SealedSecret) -> Result<SecretString, KeyRingError> {
        let open = || {
            let (id, text) = sealed.0.split_once('.')?;
            let bytes = STANDARD.decode(text).ok()?;
            let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
            let context = context(portal, name);
            let payload = Payload { msg: sealed, aad: context.as_bytes() };
            let nonce = XNonce::try_from(nonce).ok()?;
            let plain = self.ciphers.get(id)?.decrypt(&nonce, payload).ok()?;
            String::from_utf8(plain).ok()
        };
        open().map(SecretString::from).ok_or(KeyRingError::Sealed)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} keys)", self.ciphers.len())
    }
}

impl RingFile {
    fn random() -> Self {
        let key = Key::<XChaCha20Poly1305>::generate();
        Self { keys: vec![NamedKey { id: "1".to_owned(), key: STANDARD.encode(key) }] }
    }
}

fn context(portal: PortalId, name: &str) -> String {
    format!("{portal}/{name}")
}

/// Written whole under another name first: a process killed in between leaves no half a ring, which would be the loss of
/// every secret sealed later.
fn write_private(path: &Path, file: &RingFile) -> std::io::Result<()> {
    use std::io::Write as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut handle = options.open(&draft)?;
    handle.write_all(&serde_json::to_vec_pretty(file)?)?;
    handle.sync_all()?;
    std::fs::rename(draft, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_portal_and_name_only() {
        let ring = KeyRing::random();
        let sealed = ring.seal(PortalId(4242), "kleer_key", &"s3cret".into());
        assert!(!sealed.0.contains("s3cret"));
        assert_eq!(ring.open(PortalId(4242), "kleer_key", &sealed).unwrap().expose_secret(), "s3cret");
        for (portal, name) in [(PortalId(4243), "kleer_key"), (PortalId(4242), "other")] {
            assert!(ring.open(portal, name, &sealed).is_err());
        }
        assert!(KeyRing::random().open(PortalId(4242), "kleer_key", &sealed).is_err());
        for broken in ["", "1", "1.", "1.AAAA", "2.AAAA"] {
            assert!(ring.open(PortalId(4242), "kleer_key", &SealedSecret(broken.into())).is_err());
        }
    }
}
