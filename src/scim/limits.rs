//! Limits on requests (security rule S55): per connector, and per address for credentials that are refused.
//!
//! Counters live in this process: behind several replicas a client gets at most that many times as much.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::domain::ids::ConnectorId;
use crate::domain::network::network_of_text;

/// How many requests each connector may make, and how many wrong secrets each address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests per second over a longer time; 0 for no limit.
    pub per_second: u32,
    /// Requests at once after a pause.
    pub burst: u32,
    /// Refused credentials that one address may present per minute; at least one.
    pub failures_per_minute: u32,
}

/// So often the counters of addresses that have gone quiet are forgotten.
const SWEEP_EVERY: u32 = 1_024;

/// The counters.
pub(super) struct Limiters {
    requests: Option<DefaultKeyedRateLimiter<ConnectorId>>,
    notices: DefaultKeyedRateLimiter<ConnectorId>,
    failures: DefaultKeyedRateLimiter<IpAddr>,
    since_sweep: AtomicU32,
    clock: DefaultClock,
}

impl Limiters {
    pub(super) fn new(limits: Limits) -> Self {
        let quota = NonZeroU32::new(limits.per_second)
            .map(|rate| Quota::per_second(rate).allow_burst(NonZeroU32::new(limits.burst).unwrap_or(rate)));
        Self {
            requests: quota.map(RateLimiter::keyed),
            notices: RateLimiter::keyed(Quota::per_second(NonZeroU32::MIN)),
            failures: RateLimiter::keyed(Quota::per_minute(
                NonZeroU32::new(limits.failures_per_minute).unwrap_or(NonZeroU32::MIN),
            )),
            since_sweep: AtomicU32::new(0),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request of a connector. The error says how long to wait.
    pub(super) fn request(&self, connector: ConnectorId) -> Result<(), Duration> {
        let Some(requests) = &self.requests else { return Ok(()) };
        requests
            .check_key(&connector)
            .map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Whether a request over the limit is to be noted in the provisioning log: once a second, or the log would be flooded by
    /// what the limit keeps out.
    pub(super) fn is_notice_due(&self, connector: ConnectorId) -> bool {
        self.notices.check_key(&connector).is_ok()
    }

    /// Counts refused credentials. The error says how long to wait.
    pub(super) fn failure(&self, address: &str) -> Result<(), Duration> {
        if self.since_sweep.fetch_add(1, Ordering::Relaxed) >= SWEEP_EVERY {
            self.since_sweep.store(0, Ordering::Relaxed);
            self.failures.retain_recent();
            self.failures.shrink_to_fit();
        }
        self.failures
            .check_key(&network_of_text(address))
            .map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFF: Limits = Limits {
        per_second: 0,
        burst: 0,
        failures_per_minute: 20,
    };

    #[test]
    fn s55_refused_credentials_are_counted_per_address() {
        for allowed in [20, 3] {
            let limiters = Limiters::new(Limits {
                failures_per_minute: allowed,
                ..OFF
            });
            for _ in 0..allowed {
                assert_eq!(limiters.failure("192.0.2.1"), Ok(()));
            }
            let wait = limiters.failure("192.0.2.1").unwrap_err();
            let most = Duration::from_secs(60) / allowed;
            assert!(wait > Duration::ZERO && wait <= most, "{wait:?}");
            assert!(limiters.failure("::ffff:192.0.2.1").is_err());
            assert_eq!(limiters.failure("192.0.2.2"), Ok(()));
        }
    }

    #[test]
    fn s55_an_ipv6_customer_has_one_allowance() {
        let limiters = Limiters::new(Limits {
            failures_per_minute: 2,
            ..OFF
        });
        assert_eq!(limiters.failure("2001:db8:1:2::1"), Ok(()));
        assert_eq!(limiters.failure("2001:db8:1:2:3::1"), Ok(()));
        assert!(limiters.failure("2001:db8:1:2::2").is_err());
        assert_eq!(limiters.failure("2001:db8:1:3::1"), Ok(()));
    }

    #[test]
    fn s55_each_connector_has_its_own_allowance_and_0_switches_it_off() {
        let [one, other] = [1, 2].map(|n| ConnectorId::from_uuid(uuid::Uuid::from_u128(n)));
        let limiters = Limiters::new(Limits {
            per_second: 1,
            burst: 3,
            ..OFF
        });
        assert!((0..3).all(|_| limiters.request(one).is_ok()));
        assert!(limiters.request(one).is_err() && limiters.request(other).is_ok());
        assert!(limiters.is_notice_due(one) && !limiters.is_notice_due(one));
        let off = Limiters::new(Limits { burst: 3, ..OFF });
        assert!((0..10_000).all(|_| off.request(one).is_ok()));
    }
}
