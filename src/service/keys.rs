//! The master key and what is derived from it: sealing of stored secrets, keyed hashes, the signature over audit heads.
//!
//! Security rules S47 and S53: authenticated encryption (XChaCha20-Poly1305) with a random nonce, the key id beside the
//! ciphertext, and associated data that ties it to its place; a separate key for audit heads.
//!
//! While `rekey` exchanges the master key, the old one still opens what the new one has not sealed yet. One of the keys writes:
//! the one that the database records, see [`Keyring::write_with`].

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::ports::Random;

/// Length of the master key in bytes.
pub const MASTER_KEY_BYTES: usize = 32;

/// A master key.
pub type MasterKey = Zeroizing<[u8; MASTER_KEY_BYTES]>;

/// Looks again where the master keys are kept; the one that is meant to write comes first.
pub type LookAgain = Box<dyn Fn() -> Vec<MasterKey> + Send + Sync>;

/// A sealed text that cannot be opened: another key, another place, or damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value cannot be opened")]
pub struct Unsealable;

/// A master key that is not where the keys are kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("master key {0} is not known here")]
pub struct UnknownKey(pub String);

/// Keys derived from the master keys that are known.
pub struct Keyring {
    known: RwLock<Known>,
    look_again: Option<LookAgain>,
}

/// The key that writes, and others that only open.
struct Known {
    writing: Arc<Derived>,
    others: Vec<Arc<Derived>>,
}

/// Keys derived from one master key.
struct Derived {
    id: String,
    seal: Zeroizing<[u8; 32]>,
    audit: Zeroizing<[u8; 32]>,
    lookup: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("key_id", &self.key_id())
            .finish_non_exhaustive()
    }
}

/// Names a master key without telling it; recorded in the database, so that another key is noticed at start.
pub fn id_of(master: &MasterKey) -> String {
    Derived::from(master).id
}

/// Where a sealed secret stands: its associated data, so that it opens nowhere else.
pub fn place(table: &str, column: &str, row: impl fmt::Display, organisation: impl fmt::Display) -> String {
    format!("{table}/{column}/{row}/{organisation}")
}

impl Derived {
    fn from(master: &[u8; MASTER_KEY_BYTES]) -> Self {
        let derived = Hkdf::<Sha256>::new(Some(b"lanyard"), master);
        let expand = |purpose: &[u8]| {
            let mut key = Zeroizing::new([0_u8; 32]);
            // Fails only for outputs beyond 255 blocks; 32 bytes are one.
            derived.expand(purpose, key.as_mut_slice()).unwrap_or_default();
            key
        };
        let id = expand(b"key id");
        Self {
            id: hex::encode(id.get(..6).unwrap_or_default()),
            seal: expand(b"seal"),
            audit: expand(b"audit heads"),
            lookup: expand(b"look-up hashes"),
        }
    }
}

impl Keyring {
    /// Derives all keys from one master key.
    pub fn new(master: &[u8; MASTER_KEY_BYTES]) -> Self {
        Self {
            known: RwLock::new(Known {
                writing: Arc::new(Derived::from(master)),
                others: Vec::new(),
            }),
            look_again: None,
        }
    }

    /// The same, with a place to look again when a key is asked for that is not known: `rekey` puts a new one there while the
    /// server runs.
    pub fn looking_again(master: &[u8; MASTER_KEY_BYTES], look_again: LookAgain) -> Self {
        let keyring = Self {
            look_again: Some(look_again),
            ..Self::new(master)
        };
        keyring.reread();
        keyring
    }

    /// Id of the master key that writes.
    pub fn key_id(&self) -> String {
        self.writing().id.clone()
    }

    /// From now on the master key of this id writes.
    ///
    /// # Errors
    /// [`UnknownKey`] when it is not among the keys, also after looking again.
    pub fn write_with(&self, id: &str) -> Result<(), UnknownKey> {
        if self.writing().id == id {
            return Ok(());
        }
        let key = self.find(id).ok_or_else(|| UnknownKey(id.to_owned()))?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut known.writing, key);
        known.others.retain(|other| other.id != id && other.id != before.id);
        known.others.push(before);
        Ok(())
    }

    /// Whether the master key of this id is known, if need be after looking again.
    pub fn knows(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// Seals a secret for one [`place`]. Form: `v1:{key id}:{base64 of nonce and ciphertext}`.
    ///
    /// # Errors
    /// [`Unsealable`] when the text is too long for the cipher, which no secret is.
    pub fn seal(&self, random: &dyn Random, place: &str, secret: &[u8]) -> Result<String, Unsealable> {
        let key = self.writing();
        let mut nonce = [0_u8; 24];
        random.fill(&mut nonce);
        let cipher = XChaCha20Poly1305::new(&Key::from(*key.seal));
        let sealed = cipher
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: secret,
                    aad: place.as_bytes(),
                },
            )
            .map_err(|_| Unsealable)?;
        Ok(format!(
            "v1:{}:{}",
            key.id,
            BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())
        ))
    }

    /// Opens what [`seal`](Self::seal) made for the same place, with this or an earlier master key.
    ///
    /// # Errors
    /// [`Unsealable`] for anything else.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let (id, body) = sealed
            .strip_prefix("v1:")
            .and_then(|rest| rest.split_once(':'))
            .ok_or(Unsealable)?;
        let key = self.find(id).ok_or(Unsealable)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(body).map_err(|_| Unsealable)?;
        let (nonce, ciphertext) = bytes.split_first_chunk::<24>().ok_or(Unsealable)?;
        let cipher = XChaCha20Poly1305::new(&Key::from(*key.seal));
        let opened = cipher
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: place.as_bytes(),
                },
            )
            .map_err(|_| Unsealable)?;
        Ok(Zeroizing::new(opened))
    }

    /// Signature over the end of an audit chain (HMAC-SHA-256).
    pub fn sign_audit_head(&self, message: &[u8]) -> Vec<u8> {
        mac(&self.writing().audit, message)
    }

    /// Id of the master key that made a signature over the end of an audit chain; none when it is wrong.
    pub fn signer_of_audit_head(&self, message: &[u8], signature: &[u8]) -> Option<String> {
        let signer = || {
            let is_right = |key: &Arc<Derived>| bool::from(mac(&key.audit, message).ct_eq(signature));
            self.all().into_iter().find(is_right).map(|key| key.id.clone())
        };
        signer().or_else(|| {
            self.reread();
            signer()
        })
    }

    /// Hash under which a name is counted without being kept.
    pub fn lookup_hash(&self, text: &str) -> String {
        hex::encode(mac(&self.writing().lookup, text.as_bytes()))
    }

    fn writing(&self) -> Arc<Derived> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).writing.clone()
    }

    fn all(&self) -> Vec<Arc<Derived>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        std::iter::once(&known.writing).chain(&known.others).cloned().collect()
    }

    fn find(&self, id: &str) -> Option<Arc<Derived>> {
        let find = || self.all().into_iter().find(|key| key.id == id);
        find().or_else(|| {
            self.reread();
            find()
        })
    }

    /// Adds keys that were not known. Those that are gone from where they are kept stay known here: what a browser holds may be
    /// sealed with them.
    fn reread(&self) {
        let Some(look_again) = &self.look_again else { return };
        let found = look_again();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for key in found.iter().map(|master| Derived::from(master)) {
            if known.writing.id != key.id && known.others.iter().all(|other| other.id != key.id) {
                known.others.push(Arc::new(key));
            }
        }
    }
}

fn mac(key: &[u8; 32], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::ports::SystemRandom;
    use super::*;

    #[test]
    fn s47_a_sealed_secret_opens_in_its_own_place_only() {
        let keys = Keyring::new(&[7; 32]);
        let sealed = keys.seal(&SystemRandom, "connectors/client_secret/1/a", b"canary").unwrap();
        assert!(!sealed.contains("canary"));
        assert_eq!(
            keys.open("connectors/client_secret/1/a", &sealed).unwrap().as_slice(),
            b"canary"
        );
        for place in [
            "connectors/client_secret/2/a",
            "connectors/client_secret/1/b",
            "other/client_secret/1/a",
            "",
        ] {
            assert_eq!(keys.open(place, &sealed).unwrap_err(), Unsealable, "{place}");
        }
        assert!(Keyring::new(&[8; 32]).open("connectors/client_secret/1/a", &sealed).is_err());
        let again = keys.seal(&SystemRandom, "connectors/client_secret/1/a", b"canary").unwrap();
        assert_ne!(sealed, again);
    }

    #[test]
    fn s47_damage_is_noticed() {
        let keys = Keyring::new(&[7; 32]);
        let sealed = keys.seal(&SystemRandom, "p", b"secret").unwrap();
        for damaged in [
            sealed.replace("v1", "v2"),
            sealed[..sealed.len() - 2].to_owned(),
            String::new(),
            "v1:".to_owned(),
            format!("{sealed}A"),
        ] {
            assert!(keys.open("p", &damaged).is_err(), "{damaged}");
        }
    }

    #[test]
    fn s47_a_new_key_is_found_where_the_keys_are_kept() {
        let kept = Arc::new(RwLock::new(vec![Zeroizing::new([7; 32])]));
        let look = kept.clone();
        let server = Keyring::looking_again(&[7; 32], Box::new(move || look.read().unwrap().clone()));
        let old = server.seal(&SystemRandom, "p", b"secret").unwrap();
        let new_keys = Keyring::new(&[8; 32]);
        let new = new_keys.seal(&SystemRandom, "p", b"secret").unwrap();
        let signature = new_keys.sign_audit_head(b"end");
        assert!(server.open("p", &new).is_err() && server.signer_of_audit_head(b"end", &signature).is_none());
        assert_eq!(
            server.write_with(&new_keys.key_id()),
            Err(UnknownKey(new_keys.key_id().clone()))
        );
        *kept.write().unwrap() = vec![Zeroizing::new([8; 32]), Zeroizing::new([7; 32])];
        assert_eq!(server.open("p", &new).unwrap().as_slice(), b"secret");
        assert_eq!(
            server.signer_of_audit_head(b"end", &signature).as_deref(),
            Some(new_keys.key_id().as_str())
        );
        // It opens; it writes only when the database says so.
        assert_ne!(server.key_id(), new_keys.key_id());
        server.write_with(&new_keys.key_id()).unwrap();
        assert_eq!(server.key_id(), new_keys.key_id());
        assert_eq!(server.sign_audit_head(b"end"), signature);
        assert_eq!(server.open("p", &old).unwrap().as_slice(), b"secret");
        assert!(server.signer_of_audit_head(b"another end", &signature).is_none());
    }
}
