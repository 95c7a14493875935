//! What the service layer needs from outside: the time, and chance. Given from outside so that tests can fix both.

use chrono::{DateTime, SubsecRound, Utc};
use rand::RngExt;

/// The time of day.
pub trait Clock: Send + Sync {
    /// Now, in UTC, to the microsecond, which is what both databases keep.
    fn now(&self) -> DateTime<Utc>;
}

/// Unguessable bytes.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// The random numbers of the operating system, through a generator that is seeded from them.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "the one place where random numbers are drawn")]
    fn fill(&self, buffer: &mut [u8]) {
        rand::rng().fill(buffer);
    }
}
