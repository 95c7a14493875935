//! Bounds size and time of requests (security rules S16, S54).
//!
//! The bounds hold whatever the body's framing says and whoever reads it: they are in the body itself. Compressed bodies are
//! refused, so that a small one cannot become a large one.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::time::Sleep;

use crate::config::Limits;
use crate::http::refusal::{Door, Refusal};
use crate::http::state::AppState;

/// The layer.
pub(in crate::http) async fn bound(State(state): State<AppState>, request: Request<Body>, next: Next) -> Response {
    let limits = &state.settings.limits;
    let (largest, patience) = match Door::of(request.uri().path()) {
        Door::Scim => (limits.scim_body_bytes, limits.scim_request_seconds),
        Door::Functions | Door::Pages => (limits.body_bytes, limits.request_seconds),
    };
    let refusal = Refusal::of(&request);
    let closes = request.version() < Version::HTTP_2;
    if is_encoded(request.headers()) {
        return closing(
            refusal.answer(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not accepted."),
            closes,
        );
    }
    if declared_length(request.headers()).is_some_and(|length| length > u64::from(largest)) {
        return closing(
            refusal.answer(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."),
            closes,
        );
    }
    let fault = Arc::new(AtomicU8::new(Fault::NONE));
    let request = request.map(|body| {
        Body::new(Bounded {
            inner: body,
            left: u64::from(largest),
            patience: Limits::seconds(limits.body_seconds),
            deadline: None,
            fault: fault.clone(),
        })
    });
    let Ok(response) = tokio::time::timeout(Limits::seconds(patience), next.run(request)).await else {
        return closing(
            refusal.answer(StatusCode::SERVICE_UNAVAILABLE, "The answer took too long and was given up."),
            closes,
        );
    };
    // Whoever read the body cannot tell why it broke off.
    match fault.load(Ordering::Relaxed) {
        Fault::TOO_LARGE => closing(
            refusal.answer(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."),
            closes,
        ),
        Fault::TOO_SLOW => closing(refusal.answer(StatusCode::REQUEST_TIMEOUT, "The body took too long."), closes),
        _ => response,
    }
}

/// What is left of the body is not read any more, so that nothing can follow on this connection.
fn closing(mut response: Response, closes: bool) -> Response {
    if closes {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).iter().any(|value| {
        !value
            .to_str()
            .is_ok_and(|value| value.trim().is_empty() || value.trim().eq_ignore_ascii_case("identity"))
    })
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Why a body broke off.
struct Fault;

impl Fault {
    const NONE: u8 = 0;
    const TOO_LARGE: u8 = 1;
    const TOO_SLOW: u8 = 2;
}

/// A body that breaks off when it is too large, or too slow once somebody reads it.
struct Bounded {
    inner: Body,
    left: u64,
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
    fault: Arc<AtomicU8>,
}

impl Bounded {
    fn break_off(&self, fault: u8, text: &'static str) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.fault.store(fault, Ordering::Relaxed);
        Poll::Ready(Some(Err(axum::Error::new(std::io::Error::other(text)))))
    }
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let patience = self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        if deadline.as_mut().poll(cx).is_ready() {
            return self.break_off(Fault::TOO_SLOW, "the body took too long");
        }
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        let length = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, |data| data.len() as u64),
            Some(Err(_)) | None => 0,
        };
        match self.left.checked_sub(length) {
            Some(left) => {
                self.left = left;
                Poll::Ready(frame)
            }
            None => self.break_off(Fault::TOO_LARGE, "the body is too large"),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    fn bounded(body: Body, left: u64, patience: Duration) -> (Body, Arc<AtomicU8>) {
        let fault = Arc::new(AtomicU8::new(Fault::NONE));
        (
            Body::new(Bounded {
                inner: body,
                left,
                patience,
                deadline: None,
                fault: fault.clone(),
            }),
            fault,
        )
    }

    #[tokio::test]
    async fn s16_a_body_breaks_off_where_it_is_too_large() {
        let chunks = || futures::stream::iter((0..10).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(&[0; 100]))));
        let (body, fault) = bounded(Body::from_stream(chunks()), 1_000, Duration::from_secs(9));
        assert_eq!(to_bytes(body, usize::MAX).await.unwrap().len(), 1_000);
        assert_eq!(fault.load(Ordering::Relaxed), Fault::NONE);
        let (body, fault) = bounded(Body::from_stream(chunks()), 999, Duration::from_secs(9));
        assert!(to_bytes(body, usize::MAX).await.is_err());
        assert_eq!(fault.load(Ordering::Relaxed), Fault::TOO_LARGE);
    }

    #[tokio::test]
    async fn s54_a_body_breaks_off_when_it_is_too_slow() {
        let drops = futures::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
        });
        let (body, fault) = bounded(Body::from_stream(drops), 1_000_000, Duration::from_millis(60));
        assert!(to_bytes(body, usize::MAX).await.is_err());
        assert_eq!(fault.load(Ordering::Relaxed), Fault::TOO_SLOW);
    }

    #[test]
    fn s16_compressed_bodies_are_refused() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(value));
            is_encoded(&headers)
        };
        assert!(!is_encoded(&HeaderMap::new()) && !of("identity") && !of("Identity"));
        for encoded in ["gzip", "br", "deflate", "zstd", "identity, gzip", "gzip, identity", "x"] {
            assert!(of(encoded), "{encoded}");
        }
    }
}
