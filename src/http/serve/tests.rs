//! The accept loop, spoken to over raw sockets.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::config::{Config, Sources};

fn limits() -> Limits {
    let mut limits = Config::load(&Sources::default()).unwrap().limits;
    limits.header_seconds = 1;
    limits.idle_seconds = 2;
    limits.body_seconds = 2;
    limits.connections_per_address = 4;
    limits.shutdown_seconds = 5;
    limits
}

fn app() -> Router {
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(1_500)).await;
                "done"
            }),
        )
        .route("/echo", post(|body: String| async move { body }))
        .route("/large", get(|| async { Body::from(vec![b'x'; 64 * 1024 * 1024]) }))
}

async fn start(limits: Limits) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    (
        address,
        stop.clone(),
        tokio::spawn(serve(listener, app(), limits, Vec::new(), stop)),
    )
}

async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer))
        .await
        .expect("the connection stays open");
    drop(read);
    String::from_utf8_lossy(&answer).into_owned()
}

/// How long the server leaves the connection open.
async fn lives(mut stream: TcpStream) -> Duration {
    let started = Instant::now();
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest))
        .await
        .expect("the connection stays open");
    drop(read);
    started.elapsed()
}

#[tokio::test]
async fn s54_silent_connections_and_slow_heads_are_closed() {
    let (address, _stop, _server) = start(limits()).await;
    let silent = TcpStream::connect(address).await.unwrap();
    let mut slow = TcpStream::connect(address).await.unwrap();
    let drip = tokio::spawn(async move {
        for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa".iter() {
            if slow.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        slow
    });
    assert!(lives(silent).await < Duration::from_secs(4));
    let started = Instant::now();
    drop(drip.await.unwrap());
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn s54_idle_connections_are_closed_and_busy_ones_are_not() {
    let (address, _stop, _server) = start(limits()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut buffer = [0; 1024];
    let read = stream.read(&mut buffer).await.unwrap();
    assert!(buffer[..read].starts_with(b"HTTP/1.1 200 OK"));
    let life = lives(stream).await;
    assert!(life > Duration::from_secs(1) && life < Duration::from_secs(5), "{life:?}");
}

#[tokio::test]
async fn s54_a_client_that_reads_nothing_is_let_go() {
    let (address, _stop, server) = start(limits()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(4_500)).await;
    let mut all = Vec::new();
    let read = stream.read_to_end(&mut all).await;
    assert!(read.is_err() || all.len() < 64 * 1024 * 1024);
    server.abort();
}

#[tokio::test]
async fn s54_one_address_has_so_many_connections() {
    let (address, _stop, _server) = start(limits()).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(TcpStream::connect(address).await.unwrap());
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let one_more = TcpStream::connect(address).await.unwrap();
    assert!(lives(one_more).await < Duration::from_millis(500));
}

#[tokio::test]
async fn s54_a_large_head_is_refused() {
    let (address, _stop, _server) = start(limits()).await;
    let answer = exchange(
        address,
        format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "a".repeat(20_000)).as_bytes(),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn s58_ambiguous_framing_is_refused_or_ends_the_connection() {
    let (address, _stop, _server) = start(limits()).await;
    let smuggled = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for head in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: -1\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "X: a\r\n b\r\n",
        "X : a\r\n",
        " X: a\r\n",
        "X: a\0b\r\n",
    ] {
        let answer = exchange(
            address,
            format!("POST /echo HTTP/1.1\r\nHost: localhost\r\n{head}\r\nhello{smuggled}").as_bytes(),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{head:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{head:?}: {answer}");
    }
    // Both framings: the RFC's reading, and nothing after it on this connection (RFC 9112 section 6.1).
    for head in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    ] {
        let answer = exchange(
            address,
            format!("POST /echo HTTP/1.1\r\nHost: localhost\r\n{head}\r\n0\r\n\r\n{smuggled}").as_bytes(),
        )
        .await;
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{head:?}: {answer}");
        assert!(!answer.contains("hello"), "{head:?}: {answer}");
    }
}

#[tokio::test]
async fn r07_what_was_begun_is_finished() {
    let (address, stop, server) = start(limits()).await;
    let begun = tokio::spawn(async move { exchange(address, b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await });
    let fresh = TcpStream::connect(address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let started = Instant::now();
    stop.cancel();
    let answer = begun.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("done"), "{answer}");
    server.await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert!(TcpStream::connect(address).await.is_err());
    drop(fresh);
}

#[tokio::test]
async fn r07_the_end_does_not_wait_for_ever() {
    let mut limits = limits();
    limits.shutdown_seconds = 1;
    let (address, stop, server) = start(limits).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(3), server).await.unwrap().unwrap();
}
