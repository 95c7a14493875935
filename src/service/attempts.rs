//! Tries of passwords: counted by account and by network, so that guessing is slow and the owner is not kept out (security rule
//! S23).

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::audit::{self, Event, Target};
use super::context::Context;
use super::{Error, Result};
use crate::domain::network::network_of_text;
use crate::domain::text::fold;
use crate::store::identities::{self, CredentialRecord, FailureCounts};
use crate::store::users;

/// Failures are counted for so long.
const WINDOW: chrono::Duration = chrono::Duration::minutes(15);
/// From one address an account is tried so often before that address has to wait. Others, the owner among them, do not.
const PER_ACCOUNT_AND_ADDRESS: u64 = 10;
/// From one address all accounts together are tried so often.
const PER_ADDRESS: u64 = 100;
/// After so many failures from anywhere, each further try of an account takes a moment longer.
const SLOW_AFTER: u64 = 30;

/// One try of a password. It counts as failed from its beginning, so that of many at once no more pass than one after the other.
pub(in crate::service) struct Attempt {
    id: uuid::Uuid,
    /// Keyed hash of the login name.
    pub account_hash: String,
    /// The network of the address, in text.
    pub network: String,
}

impl Attempt {
    /// Slows an attacker: the address that fails too often waits, an account under attack from many addresses answers later. The
    /// owner, coming from an address of their own, is never locked out.
    pub async fn begin(cx: &Context, login_name: &str) -> Result<Self> {
        let attempt = Self {
            id: cx.new_uuid(),
            account_hash: cx.services.keys.lookup_hash(&fold(login_name)),
            network: network_of_text(&cx.request.ip).to_string(),
        };
        let now = cx.now();
        let refused = Error::TooManyRequests {
            retry_after: Duration::from_secs(60),
        };
        // Asked before it is counted as well, or an attacker who goes on would write to the database with each try.
        if is_over(&attempt.counts(cx, now).await?, 0) {
            return Err(refused);
        }
        let tx = cx.store().begin().await?;
        identities::add_failure(&tx, attempt.id, &attempt.account_hash, &attempt.network, now, now - WINDOW).await?;
        tx.commit().await?;
        let counts = attempt.counts(cx, now).await?;
        if is_over(&counts, 1) {
            attempt.forget(cx).await?;
            return Err(refused);
        }
        if counts.of_account > SLOW_AFTER {
            tokio::time::sleep(Duration::from_millis(1_500)).await;
        }
        Ok(attempt)
    }

    async fn counts(&self, cx: &Context, now: DateTime<Utc>) -> Result<FailureCounts> {
        Ok(identities::count_failures(cx.store(), &self.account_hash, &self.network, now - WINDOW).await?)
    }

    /// Takes the try out of the count: the password was right, or was never looked at.
    pub async fn forget(&self, cx: &Context) -> Result<()> {
        let tx = cx.store().begin().await?;
        identities::forget_failure(&tx, self.id).await?;
        Ok(tx.commit().await?)
    }

    /// Leaves the try in the count and tells the accounts that it was for.
    pub async fn fail<T>(&self, cx: &Context, credential: Option<&CredentialRecord>) -> Result<T> {
        let accounts = match credential {
            Some(credential) => users::list_of_identity(cx.store(), credential.identity).await?,
            None => Vec::new(),
        };
        let tx = cx.store().begin().await?;
        if accounts.is_empty() {
            audit::record(&tx, cx, None, Event::denied("session.begin", None)).await?;
        }
        for (record, scope) in &accounts {
            let target = Target::new("user", record.id, record.user_name.clone());
            audit::record(&tx, cx, Some(scope), Event::denied("session.begin", Some(target))).await?;
        }
        tx.commit().await?;
        Err(Error::WrongCredentials)
    }
}

/// Whether there are too many failures, of which so many are of the try that asks.
const fn is_over(counts: &FailureCounts, own: u64) -> bool {
    counts.of_account_from_address >= PER_ACCOUNT_AND_ADDRESS + own || counts.from_address >= PER_ADDRESS + own
}
