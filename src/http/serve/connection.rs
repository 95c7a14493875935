//! One connection from its first byte to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::activity::{Activity, InFlight, Patience};
use super::answering::Answering;
use super::stream::Watched;
use crate::config::Limits;

/// How often a connection is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A client whose connection was accepted just before the stop may still send its first request.
const FIRST_REQUEST: Duration = Duration::from_millis(500);
/// Streams that a client opens and resets at once: more of them at a time end the connection (CVE-2023-44487).
const RESET_STREAMS: usize = 20;
/// The same for streams that we reset, because the client broke the rules (CVE-2024-2653 and its kin).
const LOCAL_RESET_STREAMS: usize = 100;

/// What every connection is served with.
#[derive(Clone)]
pub(super) struct Server {
    app: Router,
    protocol: Builder<TokioExecutor>,
    patience: Patience,
    response: Duration,
    stop: CancellationToken,
}

impl Server {
    pub fn new(app: Router, limits: Limits, stop: CancellationToken) -> Self {
        let mut protocol = Builder::new(TokioExecutor::new());
        protocol
            .http1()
            .timer(TokioTimer::new())
            // Ours counts from the first byte, hyper's from the end of the request before: idling would count.
            .header_read_timeout(None)
            // A head that does not fit is answered with 431.
            .max_buf_size(limits.header_bytes as usize);
        protocol
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(limits.http2_streams)
            .max_header_list_size(limits.header_bytes)
            .max_pending_accept_reset_streams(RESET_STREAMS)
            .max_local_error_reset_streams(LOCAL_RESET_STREAMS)
            .initial_stream_window_size(64 * 1024)
            .initial_connection_window_size(1024 * 1024)
            .max_send_buf_size(64 * 1024)
            .keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(20));
        let patience = Patience {
            head: Limits::seconds(limits.header_seconds),
            idle: Limits::seconds(limits.idle_seconds),
            stall: Limits::seconds(limits.body_seconds),
        };
        Self {
            app,
            protocol,
            patience,
            response: Limits::seconds(limits.response_seconds),
            stop,
        }
    }

    /// Serves one connection to its end.
    pub async fn run(&self, stream: TcpStream, peer: SocketAddr) {
        // Answers are written whole; waiting for more to send only delays them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "the connection has gone");
            return;
        }
        let activity = Activity::new(Instant::now());
        let (app, patience, requests) = (self.app.clone(), self.response, activity.clone());
        let service =
            service_fn(move |request: Request<Incoming>| answer(app.clone(), request, peer, requests.begin(), patience));
        let io = TokioIo::new(Watched::new(stream, activity.clone()));
        let mut connection = pin!(self.protocol.serve_connection(io, service));
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut is_stopping = false;
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection ended with an error");
                    }
                    return;
                }
                _ = look.tick() => {
                    if let Some(reason) = activity.overdue(Instant::now(), &self.patience) {
                        tracing::debug!(reason, "a connection was closed");
                        return;
                    }
                }
                () = self.stop.cancelled(), if !is_stopping => {
                    is_stopping = true;
                    if activity.is_fresh() {
                        tokio::select! {
                            ended = connection.as_mut() => return drop(ended),
                            () = until_begun(&activity) => {}
                        }
                    }
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

async fn answer(
    mut app: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
    in_flight: InFlight,
    patience: Duration,
) -> Result<Response<Body>, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = app.call(request).await?;
    let until = Instant::now() + patience;
    Ok(response.map(|body| Body::new(Answering::new(body, until, in_flight))))
}

/// Until the first request has begun, or clearly none is on its way.
async fn until_begun(activity: &Activity) {
    let until = Instant::now() + FIRST_REQUEST;
    while activity.is_fresh() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
