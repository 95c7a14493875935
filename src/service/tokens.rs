//! Secrets that we issue: SCIM tokens, cookies, one-time links. They are random, shown once and kept as SHA-256.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::ports::Random;

/// What every SCIM token begins with, so that a leaked one is recognised.
pub const SCIM_TOKEN_PREFIX: &str = "lanyard_scim_";

const KEY_ID_CHARS: usize = 16;
const SECRET_CHARS: usize = 64;
const CHECKSUM_CHARS: usize = 8;

/// A new SCIM token and what is kept of it.
pub struct NewScimToken {
    /// The token: prefix, key id, 256 random bits, checksum (security rule S26).
    pub token: SecretString,
    /// The part by which it is found.
    pub key_id: String,
    /// Its hash.
    pub hash: Vec<u8>,
    /// Its last four characters.
    pub last_four: String,
}

/// Issues a SCIM token.
pub fn new_scim_token(random: &dyn Random) -> NewScimToken {
    let key_id = random_hex::<8>(random);
    let token = scim_token_with(random, &key_id);
    let text = token.expose_secret();
    NewScimToken {
        hash: hash(text),
        last_four: text.get(text.len() - 4..).unwrap_or_default().to_owned(),
        key_id: (*key_id).clone(),
        token,
    }
}

/// A well-formed SCIM token with this key id and random bits of its own.
pub(super) fn scim_token_with(random: &dyn Random, key_id: &str) -> SecretString {
    let secret = random_hex::<32>(random);
    let body = Zeroizing::new(format!("{SCIM_TOKEN_PREFIX}{key_id}_{}", *secret));
    SecretString::from(format!("{}{}", *body, checksum(&body)))
}

/// The key id of a well-formed SCIM token; none for a wrong form, length or checksum.
pub fn scim_key_id(token: &str) -> Option<&str> {
    let rest = token.strip_prefix(SCIM_TOKEN_PREFIX)?;
    if !token.is_ascii() || rest.len() != KEY_ID_CHARS + 1 + SECRET_CHARS + CHECKSUM_CHARS {
        return None;
    }
    let (body, sum) = token.split_at(token.len() - CHECKSUM_CHARS);
    (rest.as_bytes().get(KEY_ID_CHARS) == Some(&b'_') && checksum(body) == sum)
        .then(|| rest.get(..KEY_ID_CHARS))
        .flatten()
}

/// What is shown of a SCIM token, so that its owner knows which one it is.
pub fn shown_prefix(key_id: &str) -> String {
    format!("{SCIM_TOKEN_PREFIX}{key_id}_")
}

/// A token for a cookie or a link: 256 random bits.
pub fn new_token(random: &dyn Random) -> SecretString {
    SecretString::from((*random_hex::<32>(random)).clone())
}

/// What is kept of a token.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Whether a token has this hash, told in constant time.
pub fn matches(token: &str, expected: &[u8]) -> bool {
    hash(token).ct_eq(expected).into()
}

fn random_hex<const N: usize>(random: &dyn Random) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0_u8; N]);
    random.fill(bytes.as_mut_slice());
    Zeroizing::new(hex::encode(bytes.as_slice()))
}

fn checksum(body: &str) -> String {
    format!("{:08x}", crc32fast::hash(body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::ports::SystemRandom;
    use super::*;

    #[test]
    fn s26_tokens_carry_key_id_and_checksum() {
        let new = new_scim_token(&SystemRandom);
        let token = new.token.expose_secret();
        assert_eq!(scim_key_id(token), Some(new.key_id.as_str()));
        assert!(matches(token, &new.hash) && token.ends_with(&new.last_four));
        let mut wrong = token.to_owned();
        let flipped = if wrong.ends_with('0') { "1" } else { "0" };
        wrong.replace_range(token.len() - 1.., flipped);
        for bad in [
            wrong.as_str(),
            &token[1..],
            &format!("{token}0"),
            &token.to_uppercase(),
            "",
            "lanyard_scim_",
            "lanyard_scim_é",
        ] {
            assert_eq!(scim_key_id(bad), None, "{bad}");
        }
    }
}
