//! The two things the emulator takes from its surroundings: elapsed time and a fresh seed.
//!
//! Everything else is a pure function of the seed, so a run can be repeated exactly. Keeping both readings in this file
//! makes the exceptions to the rule "clock and randomness are passed in" easy to see.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// Measures how long something took.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Time since the start in milliseconds.
    #[must_use]
    pub fn millis(&self) -> f64 {
        self.elapsed().as_secs_f64() * 1000.0
    }
}

/// Spaces requests evenly, so that `--rate` holds over all parallel workers together.
#[derive(Debug)]
pub struct Pace {
    gap: Option<Duration>,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// At most `per_second` requests a second; zero, negative or not a number means unlimited.
    #[must_use]
    pub fn per_second(per_second: f64) -> Self {
        let gap = (per_second.is_finite() && per_second > 0.0)
            .then(|| Duration::try_from_secs_f64(1.0 / per_second).ok())
            .flatten();
        Self {
            gap,
            next: Mutex::new(None),
        }
    }

    /// Waits for the next free slot.
    pub async fn wait(&self) {
        let Some(gap) = self.gap else { return };
        let slot = {
            let mut next = self.next.lock().await;
            let now = Instant::now();
            let slot = next.map_or(now, |planned| planned.max(now));
            *next = Some(slot + gap);
            slot
        };
        tokio::time::sleep_until(slot).await;
    }
}

/// A seed that no earlier run has used, so that generated names do not meet those of an earlier run.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the emulator runs without the services; a seed is no secret"
)]
pub fn fresh_seed() -> u64 {
    // Version 7 mixes the time with random bits; folding keeps both.
    let (high, low) = uuid::Uuid::now_v7().as_u64_pair();
    high.rotate_left(23) ^ low
}
