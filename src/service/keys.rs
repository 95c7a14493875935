//! The master key and what is derived from it: sealing of stored secrets, keyed hashes, the signature over audit heads.
//!
//! Security rules S47 and S53: authenticated encryption (XChaCha20-Poly1305) with a random nonce, the key id beside the
//! ciphertext, and associated data that ties it to its place; a separate key for audit heads.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::ports::Random;

/// Length of the master key in bytes.
pub const MASTER_KEY_BYTES: usize = 32;

/// A sealed text that cannot be opened: another key, another place, or damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value cannot be opened")]
pub struct Unsealable;

/// Keys derived from the master key.
pub struct Keyring {
    key_id: String,
    seal: Zeroizing<[u8; 32]>,
    audit: Zeroizing<[u8; 32]>,
    lookup: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl Keyring {
    /// Derives all keys from the master key.
    pub fn new(master: &[u8; MASTER_KEY_BYTES]) -> Self {
        let derived = Hkdf::<Sha256>::new(Some(b"lanyard"), master);
        let expand = |purpose: &[u8]| {
            let mut key = Zeroizing::new([0_u8; 32]);
            // Fails only for outputs beyond 255 blocks; 32 bytes are one.
            derived.expand(purpose, key.as_mut_slice()).unwrap_or_default();
            key
        };
        let id = expand(b"key id");
        Self {
            key_id: hex::encode(id.get(..6).unwrap_or_default()),
            seal: expand(b"seal"),
            audit: expand(b"audit heads"),
            lookup: expand(b"look-up hashes"),
        }
    }

    /// Names the master key without telling it; recorded in the database, so that another key is noticed at start.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Seals a secret for one place (`table/column/row/organisation`). Form: `v1:{key id}:{base64 of nonce and ciphertext}`.
    ///
    /// # Errors
    /// [`Unsealable`] when the text is too long for the cipher, which no secret is.
    pub fn seal(&self, random: &dyn Random, place: &str, secret: &[u8]) -> Result<String, Unsealable> {
        let mut nonce = [0_u8; 24];
        random.fill(&mut nonce);
        let cipher = XChaCha20Poly1305::new(&Key::from(*self.seal));
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
            self.key_id,
            BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())
        ))
    }

    /// Opens what [`seal`](Self::seal) made for the same place.
    ///
    /// # Errors
    /// [`Unsealable`] for anything else.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let body = sealed
            .strip_prefix("v1:")
            .and_then(|rest| rest.strip_prefix(&self.key_id))
            .and_then(|rest| rest.strip_prefix(':'))
            .ok_or(Unsealable)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(body).map_err(|_| Unsealable)?;
        let (nonce, ciphertext) = bytes.split_first_chunk::<24>().ok_or(Unsealable)?;
        let cipher = XChaCha20Poly1305::new(&Key::from(*self.seal));
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
        mac(&self.audit, message)
    }

    /// Hash under which a name is counted without being kept.
    pub fn lookup_hash(&self, text: &str) -> String {
        hex::encode(mac(&self.lookup, text.as_bytes()))
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
}
