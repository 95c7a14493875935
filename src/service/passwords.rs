//! Passwords: what is accepted, and how they are hashed (Argon2id, security rule S23).

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use super::{Error, Result};
use crate::domain::account::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS};
use crate::domain::error::Problem;

/// Hashes and checks passwords, two at a time, so that a burst of sign-ins does not take all memory and cores.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Checked where there is no account, so that the answer takes as long as for one.
    dummy: Arc<String>,
}

impl Passwords {
    /// Prepares hashing.
    ///
    /// # Errors
    /// [`Error::Internal`] when the parameters are refused, which is a fault of this file.
    pub fn new() -> Result<Self> {
        let dummy = hash("a password that nobody has, of ordinary length")?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(2)),
            dummy: Arc::new(dummy),
        })
    }

    /// Hashes a password in PHC form.
    ///
    /// # Errors
    /// [`Error::Internal`] when hashing fails.
    pub async fn hash(&self, password: &SecretString) -> Result<String> {
        let password = password.clone();
        self.run(move || hash(&normal(&password))).await?
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no and takes as long.
    ///
    /// # Errors
    /// [`Error::Internal`] when the stored hash is damaged.
    pub async fn verify(&self, password: &SecretString, stored: Option<&str>) -> Result<bool> {
        let password = password.clone();
        let known = stored.is_some();
        let stored = stored.map_or_else(|| (*self.dummy).clone(), str::to_owned);
        let right = self
            .run(move || -> Result<bool> {
                let parsed =
                    PasswordHash::new(&stored).map_err(|error| Error::internal(format!("stored password hash: {error}")))?;
                Ok(argon2()?.verify_password(normal(&password).as_bytes(), &parsed).is_ok())
            })
            .await??;
        Ok(right && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

/// Whether a new password may be used. `known` are words that an attacker tries first: names, addresses, the organisation.
///
/// # Errors
/// The [`Problem`] with it.
pub fn check(password: &SecretString, known: &[&str]) -> std::result::Result<(), Problem> {
    let text = normal(password);
    let length = text.chars().count();
    if length < MIN_PASSWORD_CHARS as usize {
        return Err(Problem::TooShort { min: MIN_PASSWORD_CHARS });
    }
    if length > MAX_PASSWORD_CHARS as usize {
        return Err(Problem::TooLong { max: MAX_PASSWORD_CHARS });
    }
    // Lists of leaked passwords hold few of 15 characters; what they hold is recognised by zxcvbn as repetition, sequence,
    // keyboard walk or dictionary words. Its score 3 means more than 10^8 guesses.
    if zxcvbn::zxcvbn(&text, known).score() < zxcvbn::Score::Three {
        return Err(Problem::TooGuessable);
    }
    Ok(())
}

/// Typed on another keyboard, the same password may come in another normal form (NIST SP 800-63B section 3.1.1.2).
fn normal(password: &SecretString) -> String {
    password.expose_secret().nfkc().collect()
}

fn argon2() -> Result<Argon2<'static>> {
    // OWASP's first recommendation: 19 MiB, two passes, one lane.
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    Ok(argon2()?
        .hash_password(password.as_bytes())
        .map_err(|error| Error::internal(error.to_string()))?
        .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s23_length_and_guessability() {
        let verdict = |password: &str| check(&SecretString::from(password), &["ada@example.org", "Contoso"]);
        assert_eq!(verdict("short"), Err(Problem::TooShort { min: MIN_PASSWORD_CHARS }));
        assert_eq!(verdict(&"ab".repeat(65)), Err(Problem::TooLong { max: MAX_PASSWORD_CHARS }));
        for guessable in [
            "passwordpassword",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "qwertyuiopasdfgh",
            "contosocontoso1",
        ] {
            assert_eq!(verdict(guessable), Err(Problem::TooGuessable), "{guessable}");
        }
        for good in ["correct horse battery staple", "träge Wolken über Bern 7", "x9#kLm2$pQ7vR!zz"] {
            assert_eq!(verdict(good), Ok(()), "{good}");
        }
    }

    #[tokio::test]
    async fn s23_hashes_are_argon2id_and_salted() {
        let passwords = Passwords::new().unwrap();
        let password = SecretString::from("correct horse battery staple");
        let one = passwords.hash(&password).await.unwrap();
        let other = passwords.hash(&password).await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && one != other);
        assert!(passwords.verify(&password, Some(&one)).await.unwrap());
        assert!(!passwords.verify(&SecretString::from("wrong"), Some(&one)).await.unwrap());
        assert!(!passwords.verify(&password, None).await.unwrap());
    }
}
