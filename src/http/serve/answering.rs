//! The body of an answer, which keeps its request in flight until it has been handed over, and breaks off when the client takes
//! for ever to read it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::activity::InFlight;

/// The body of an answer.
pub(super) struct Answering {
    body: Body,
    until: Instant,
    request: InFlight,
}

impl Answering {
    pub const fn new(body: Body, until: Instant, request: InFlight) -> Self {
        Self { body, until, request }
    }
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // Asked for more only when there is room for it: a slow reader is noticed at the next piece, one that reads nothing by
        // the stream.
        if Instant::now() >= self.until {
            self.request.give_up();
            return Poll::Ready(Some(Err(axum::Error::new(io::Error::new(
                io::ErrorKind::TimedOut,
                "the client reads too slowly",
            )))));
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
