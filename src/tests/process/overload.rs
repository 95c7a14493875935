//! Clients that mean harm, hundreds at a time (security rule S54): the server answers others as if nothing were, grows by
//! little, and is rid of them when their time is over.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::wire::{connect_from, source};
use super::{Installation, Server, scaled};

const ATTACKERS: usize = 500;
/// Of one address there may be 64.
const PER_SOURCE: usize = 60;
/// Who is to be answered all the while.
const BYSTANDER: Ipv4Addr = source(250);

/// Seconds that the parts of a connection may take here; those that are compiled in for the long run.
struct Times {
    header: u64,
    body: u64,
    response: u64,
    idle: u64,
}

fn times() -> Times {
    Times {
        header: scaled(2, 10),
        body: scaled(2, 30),
        response: scaled(4, 120),
        idle: scaled(2, 60),
    }
}

async fn server() -> (Installation, Server) {
    let times = times();
    let installation = Installation::on_sqlite()
        .with("LIMITS_HEADER_SECONDS", times.header)
        .with("LIMITS_BODY_SECONDS", times.body)
        .with("LIMITS_RESPONSE_SECONDS", times.response)
        .with("LIMITS_IDLE_SECONDS", times.idle)
        .with("LOG_LEVEL", "warn");
    std::fs::write(installation.folder().join("site/pkg/large.js"), vec![b' '; 12 << 20]).unwrap();
    let server = installation.serve().await;
    (installation, server)
}

/// Resident memory, in KiB.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap()
}

/// Somebody who asks for `/healthz` again and again, each time over a new connection.
struct Bystander {
    stop: Arc<AtomicBool>,
    asking: JoinHandle<Vec<Duration>>,
}

impl Bystander {
    fn watch(server: &Server) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, to) = (stop.clone(), server.address());
        let asking = tokio::spawn(async move {
            let mut times = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let began = Instant::now();
                let mut stream = connect_from(BYSTANDER, to, None).await.unwrap();
                stream
                    .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .await
                    .unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await.unwrap();
                assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
                times.push(began.elapsed());
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            times
        });
        Self { stop, asking }
    }

    /// The time within which 99 of 100 answers came.
    async fn p99(self) -> Duration {
        self.stop.store(true, Ordering::Relaxed);
        let mut times = self.asking.await.unwrap();
        times.sort();
        assert!(times.len() >= 50, "only {} answers", times.len());
        times[times.len() * 99 / 100]
    }
}

/// Opens the attackers' connections, from as many addresses as are needed.
async fn attackers(to: SocketAddr, receive: Option<u32>) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for n in 0..ATTACKERS {
        let from = source(u8::try_from(10 + n / PER_SOURCE).unwrap());
        open.push(connect_from(from, to, receive).await.unwrap());
    }
    open
}

/// Runs an attack: `first` is sent by each attacker, then `drop` again and again until the server has hung up. No attacker may
/// last longer than `limit`, and the server must not suffer.
async fn attack(server: &Server, name: &str, first: &[u8], drip: &[u8], reads: bool, limit: Duration) {
    let before = memory(server);
    let bystander = Bystander::watch(server);
    let streams = attackers(server.address(), (!reads).then_some(4_096)).await;
    let began = Instant::now();
    let fates: Vec<JoinHandle<Duration>> = streams
        .into_iter()
        .map(|mut stream| {
            let (first, drip) = (first.to_vec(), drip.to_vec());
            tokio::spawn(async move {
                if stream.write_all(&first).await.is_err() {
                    return began.elapsed();
                }
                let mut buffer = [0; 4_096];
                loop {
                    if reads {
                        match tokio::time::timeout(Duration::from_millis(250), stream.read(&mut buffer)).await {
                            Ok(Ok(0) | Err(_)) => break,
                            Ok(Ok(_)) => continue,
                            Err(_) => {}
                        }
                    } else {
                        // Who reads nothing learns of the end when the system resets the connection.
                        tokio::time::sleep(Duration::from_millis(250)).await;
                        if is_hung_up(&stream) {
                            break;
                        }
                    }
                    if !drip.is_empty() && stream.write_all(&drip).await.is_err() {
                        break;
                    }
                }
                began.elapsed()
            })
        })
        .collect();
    // All of them are there: none was refused for want of a place.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let gone = fates.iter().filter(|fate| fate.is_finished()).count();
    assert_eq!(gone, 0, "{name}: {gone} were gone at once");
    let mut peak = 0;
    let until = began + limit + Duration::from_secs(5);
    while fates.iter().any(|fate| !fate.is_finished()) && Instant::now() < until {
        peak = peak.max(memory(server));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let left = fates.iter().filter(|fate| !fate.is_finished()).count();
    assert_eq!(left, 0, "{name}: {left} are still there after {:?}", began.elapsed());
    let p99 = bystander.p99().await;
    println!(
        "{name}: p99 {p99:?}, memory +{} KiB, over after {:?}",
        peak.saturating_sub(before),
        began.elapsed()
    );
    assert!(p99 < Duration::from_millis(250), "{name}: p99 is {p99:?}");
    assert!(peak < before + 64 * 1024, "{name}: from {before} to {peak} KiB");
}

/// Whether the other side has closed, also when there is something left to read.
fn is_hung_up(stream: &TcpStream) -> bool {
    stream
        .ready(Interest::READABLE | Interest::ERROR)
        .now_or_never()
        .is_some_and(|ready| ready.is_ok_and(|ready| ready.is_read_closed() || ready.is_error()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s54_slow_and_silent_clients_do_no_harm() {
    let (installation, server) = server().await;
    let seconds = Duration::from_secs;
    let times = times();
    attack(&server, "silent", b"", b"", true, seconds(times.header)).await;
    attack(
        &server,
        "slow heads",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ",
        b"a",
        true,
        seconds(times.header),
    )
    .await;
    attack(
        &server,
        "idle",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        b"",
        true,
        seconds(times.idle),
    )
    .await;
    // The body is read for those alone who may do something with it.
    let sign_in = format!(
        "POST /api/account/sign-in HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n",
        server.host(),
        server.origin
    );
    attack(&server, "slow bodies", sign_in.as_bytes(), b"a", true, seconds(times.body)).await;
    let large = format!("GET /pkg/large.js HTTP/1.1\r\nHost: {}\r\n\r\n", server.host());
    attack(
        &server,
        "slow readers",
        large.as_bytes(),
        b"",
        false,
        seconds(times.body.max(times.response)),
    )
    .await;
    server.has_no_faults().await;
    drop(installation);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s54_one_address_has_64_connections_unless_it_is_a_proxy() {
    let open = async |installation: &Installation| {
        let server = installation.serve().await;
        let mut streams = Vec::new();
        for _ in 0..80 {
            streams.push(connect_from(source(7), server.address(), None).await.unwrap());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let refused = streams.iter().filter(|stream| is_hung_up(stream)).count();
        // Another address is as welcome as before.
        let other = connect_from(source(8), server.address(), None).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!is_hung_up(&other));
        refused
    };
    assert_eq!(open(&Installation::on_sqlite()).await, 16);
    assert_eq!(open(&Installation::on_sqlite().with("TRUSTED_PROXIES", "127.0.0.7")).await, 0);
}

/// Frames of HTTP/2, written by hand (RFC 9113 section 4.1).
mod frames {
    pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
    }

    /// A head: `:method`, `:scheme`, `:path` and `:authority` (RFC 7541 appendix A).
    pub fn head(stream: u32, method: u8, authority: &str, flags: u8) -> Vec<u8> {
        let mut block = vec![method, 0x86, 0x84, 0x41, u8::try_from(authority.len()).unwrap()];
        block.extend_from_slice(authority.as_bytes());
        frame(1, flags, stream, &block)
    }

    pub const GET: u8 = 0x82;
    pub const POST: u8 = 0x83;
    pub const END_HEADERS: u8 = 4;
    pub const END_STREAM: u8 = 1;
}

/// Floods with what `burst` makes for the n-th time, from many connections that are opened anew as soon as the server ends them.
async fn flood(server: &Server, name: &str, burst: impl Fn(u32, &str) -> Vec<u8> + Send + Sync + Clone + 'static) {
    let before = memory(server);
    let bystander = Bystander::watch(server);
    let until = Instant::now() + Duration::from_secs(scaled(5, 60));
    let floods: Vec<JoinHandle<u32>> = (0..20_u8)
        .map(|n| {
            let (to, host, burst) = (server.address(), server.host().to_owned(), burst.clone());
            tokio::spawn(async move {
                let mut ended = 0;
                while Instant::now() < until {
                    let mut stream = connect_from(source(20 + n), to, None).await.unwrap();
                    let hello = [frames::PREFACE, &frames::frame(4, 0, 0, &[])].concat();
                    let mut is_open = stream.write_all(&hello).await.is_ok();
                    let mut sent = 0;
                    let mut buffer = vec![0; 64 * 1024];
                    while is_open && Instant::now() < until {
                        let bytes = burst(sent, &host);
                        sent += 1;
                        is_open = tokio::time::timeout(Duration::from_secs(1), stream.write_all(&bytes))
                            .await
                            .is_ok_and(|written| written.is_ok());
                        // What the server says is read, so that it can go on.
                        while let Ok(n) = stream.try_read(&mut buffer) {
                            if n == 0 {
                                is_open = false;
                                break;
                            }
                        }
                        tokio::task::yield_now().await;
                    }
                    ended += u32::from(!is_open);
                }
                ended
            })
        })
        .collect();
    let mut peak = 0;
    while floods.iter().any(|flood| !flood.is_finished()) {
        peak = peak.max(memory(server));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut ended = 0;
    for flood in floods {
        ended += flood.await.unwrap();
    }
    let p99 = bystander.p99().await;
    println!(
        "{name}: p99 {p99:?}, memory +{} KiB, {ended} connections ended by the server",
        peak.saturating_sub(before)
    );
    assert!(ended > 0, "{name}: the server bears everything");
    assert!(p99 < Duration::from_millis(250), "{name}: p99 is {p99:?}");
    assert!(peak < before + 64 * 1024, "{name}: from {before} to {peak} KiB");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s54_http2_floods_do_no_harm() {
    use frames::{END_HEADERS, END_STREAM, GET, POST, frame, head};
    let (installation, server) = server().await;
    // Streams that are reset as soon as they are opened (CVE-2023-44487).
    flood(&server, "resets", |n, host| {
        (0..50)
            .flat_map(|k| {
                let stream = (n * 50 + k) * 2 + 1;
                [
                    head(stream, GET, host, END_HEADERS | END_STREAM),
                    frame(3, 0, stream, &8_u32.to_be_bytes()),
                ]
                .concat()
            })
            .collect()
    })
    .await;
    // A body without end that holds nothing (CVE-2019-9518).
    flood(&server, "empty data", |n, host| {
        let open = if n == 0 {
            head(1, POST, host, END_HEADERS)
        } else {
            Vec::new()
        };
        [open, frame(0, 0, 1, &[]).repeat(500)].concat()
    })
    .await;
    // A head without end (CVE-2024-27316).
    flood(&server, "continuations", |n, host| {
        let open = if n == 0 { head(1, GET, host, END_STREAM) } else { Vec::new() };
        // A literal field without indexing, named and valued by one letter.
        [open, frame(9, 0, 1, &[0, 1, b'x', 1, b'y']).repeat(500)].concat()
    })
    .await;
    server.has_no_faults().await;
    drop(installation);
}
