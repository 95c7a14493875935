//! Connections: how many there are, how long they may take, and how they end (security rule S54, reliability rule R7).
//!
//! axum's own server bounds none of this, so that the accept loop is ours, on hyper. HTTP/2 is spoken to proxies that ask for
//! it with prior knowledge (RFC 9113 section 3.3); TLS ends before us.

mod activity;
mod addresses;
mod answering;
mod connection;
mod stream;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Limits;
use addresses::Addresses;

/// How long accepting pauses when the system has no room for another connection.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop`, then finishes what was begun. Returns when all connections have ended, or when the time for that is over.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, trusted_proxies: Vec<IpNet>, stop: CancellationToken) {
    let slots = Arc::new(Semaphore::new(limits.connections as usize));
    let addresses = Addresses::new(limits.connections_per_address as usize, trusted_proxies);
    let connections = TaskTracker::new();
    let server = connection::Server::new(app, limits, stop.clone());

    loop {
        let slot = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            slot = slots.clone().acquire_owned() => slot,
        };
        let Ok(slot) = slot else { break };
        let (stream, peer) = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // The client went away, or there are no more file descriptors: neither is a reason to end.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(EXHAUSTED_PAUSE).await;
                    continue;
                }
            },
        };
        let Some(turn) = addresses.admit(peer.ip()) else { continue };
        let server = server.clone();
        connections.spawn(async move {
            server.run(stream, peer).await;
            drop((slot, turn));
        });
    }

    // Those that the system has accepted for us already would be reset when the listener closes.
    while let Ok(Ok((stream, peer))) = tokio::time::timeout(Duration::from_millis(1), listener.accept()).await {
        let server = server.clone();
        connections.spawn(async move { server.run(stream, peer).await });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(Limits::seconds(limits.shutdown_seconds), connections.wait())
        .await
        .is_err()
    {
        tracing::warn!(connections = connections.len(), "some requests were not finished in time");
    }
}
