//! What a connection is doing, so that one that does nothing can be told from one that works.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Beginning of the preface of HTTP/2 (RFC 9113 section 3.4).
const HTTP2_PREFACE: &[u8] = b"PRI ";

/// How long the parts of a connection's life may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// First byte and head of a request.
    pub head: Duration,
    /// No request at all.
    pub idle: Duration,
    /// The client takes nothing of an answer.
    pub stall: Duration,
}

/// What a connection is doing. Shared by its stream, its requests and its supervisor.
#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

struct State {
    opened: Instant,
    /// Requests begun so far.
    begun: u64,
    /// Requests that are being answered.
    in_flight: usize,
    /// Since when none is.
    quiet_since: Instant,
    /// When the first bytes of a request that is not complete came. HTTP/1 only: an HTTP/2 client sends frames at any time.
    head_since: Option<Instant>,
    /// Since when the client takes nothing.
    stalled_since: Option<Instant>,
    /// What was not taken of the answer is thrown away.
    is_given_up: bool,
    /// The first bytes, until they tell the version.
    preface: Vec<u8>,
    is_http2: bool,
}

/// A request that is being answered; dropping it ends it.
pub(super) struct InFlight(Activity);

impl Activity {
    pub fn new(now: Instant) -> Self {
        Self(Arc::new(Mutex::new(State {
            opened: now,
            begun: 0,
            in_flight: 0,
            quiet_since: now,
            head_since: None,
            stalled_since: None,
            is_given_up: false,
            preface: Vec::new(),
            is_http2: false,
        })))
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Bytes came.
    pub fn read(&self, bytes: &[u8], now: Instant) {
        self.with(|state| {
            if state.begun == 0 && state.preface.len() < HTTP2_PREFACE.len() {
                state
                    .preface
                    .extend(bytes.iter().take(HTTP2_PREFACE.len() - state.preface.len()));
                state.is_http2 = state.preface == HTTP2_PREFACE;
            }
            if state.in_flight == 0 && !bytes.is_empty() {
                state.head_since.get_or_insert(now);
            }
        });
    }

    /// The client took bytes, or would not.
    pub fn written(&self, is_stalled: bool, now: Instant) {
        self.with(|state| {
            if is_stalled {
                state.stalled_since.get_or_insert(now);
            } else {
                state.stalled_since = None;
            }
        });
    }

    /// The head of a request is complete.
    pub fn begin(&self) -> InFlight {
        self.with(|state| {
            state.begun += 1;
            state.in_flight += 1;
            state.head_since = None;
        });
        InFlight(self.clone())
    }

    /// Whether the client has not yet sent a request.
    pub fn is_fresh(&self) -> bool {
        self.with(|state| state.begun == 0)
    }

    /// Whether the client did not take an answer in time. The system is not to wait either until it does, with what it holds of
    /// the answer.
    pub fn is_given_up(&self) -> bool {
        self.with(|state| state.is_given_up)
    }

    /// Why the connection is to be closed, if it is.
    pub fn overdue(&self, now: Instant, patience: &Patience) -> Option<&'static str> {
        self.with(|state| {
            let over = |since: Instant, limit: Duration| now.saturating_duration_since(since) >= limit;
            if state.stalled_since.is_some_and(|since| over(since, patience.stall)) {
                state.is_given_up = true;
                return Some("the client takes nothing of the answer");
            }
            if state.in_flight > 0 {
                return None;
            }
            if state.begun == 0 {
                return over(state.opened, patience.head).then_some("no request came");
            }
            if !state.is_http2 && state.head_since.is_some_and(|since| over(since, patience.head)) {
                return Some("the head of a request took too long");
            }
            over(state.quiet_since, patience.idle).then_some("idle")
        })
    }
}

impl InFlight {
    /// The client did not take the answer in time.
    pub fn give_up(&self) {
        self.0.with(|state| state.is_given_up = true);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let now = Instant::now();
        self.0.with(|state| {
            state.in_flight = state.in_flight.saturating_sub(1);
            if state.in_flight == 0 {
                state.quiet_since = now;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience = Patience {
        head: Duration::from_secs(10),
        idle: Duration::from_secs(60),
        stall: Duration::from_secs(30),
    };

    #[test]
    fn s54_silence_and_slow_heads_are_noticed() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let activity = Activity::new(start);
        assert_eq!(activity.overdue(after(9), &PATIENCE), None);
        assert_eq!(activity.overdue(after(10), &PATIENCE), Some("no request came"));
        activity.read(b"GET / HTTP/1.1\r\n", after(9));
        assert_eq!(activity.overdue(after(10), &PATIENCE), Some("no request came"));
        let request = activity.begin();
        assert_eq!(activity.overdue(after(1_000), &PATIENCE), None);
        drop(request);
        let quiet = Instant::now();
        assert_eq!(activity.overdue(quiet + Duration::from_secs(59), &PATIENCE), None);
        assert_eq!(activity.overdue(quiet + Duration::from_secs(61), &PATIENCE), Some("idle"));
        activity.read(b"G", quiet + Duration::from_secs(20));
        assert_eq!(activity.overdue(quiet + Duration::from_secs(29), &PATIENCE), None);
        assert_eq!(
            activity.overdue(quiet + Duration::from_secs(30), &PATIENCE),
            Some("the head of a request took too long")
        );
    }

    #[test]
    fn s54_a_client_that_takes_nothing_is_noticed() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let activity = Activity::new(start);
        let _request = activity.begin();
        activity.written(true, after(5));
        activity.written(true, after(30));
        assert_eq!(activity.overdue(after(34), &PATIENCE), None);
        assert!(!activity.is_given_up());
        assert_eq!(
            activity.overdue(after(35), &PATIENCE),
            Some("the client takes nothing of the answer")
        );
        assert!(activity.is_given_up());
        activity.written(false, after(34));
        assert_eq!(activity.overdue(after(35), &PATIENCE), None);
    }

    #[test]
    fn frames_between_http2_requests_are_no_slow_head() {
        let start = Instant::now();
        let activity = Activity::new(start);
        activity.read(b"PRI", start);
        activity.read(b" * HTTP/2.0", start);
        drop(activity.begin());
        let quiet = Instant::now();
        activity.read(b"ping", quiet);
        assert_eq!(activity.overdue(quiet + Duration::from_secs(30), &PATIENCE), None);
    }
}
