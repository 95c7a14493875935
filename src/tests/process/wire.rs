//! Requests over raw sockets, where it matters what exactly happens to a connection.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::Server;

/// What became of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered with this status.
    Answered(u16),
    /// Nobody listened.
    Refused,
    /// The connection broke before an answer came.
    Broken(String),
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.origin.trim_start_matches("http://").parse().unwrap()
    }

    /// The host that it answers for.
    pub fn host(&self) -> &str {
        self.origin.trim_start_matches("http://")
    }
}

/// A source address in 127.0.0.0/24.
pub const fn source(n: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, n)
}

/// A connection from one of many addresses. `receive` bounds what the system takes of an answer that nobody reads.
pub async fn connect_from(source: Ipv4Addr, to: SocketAddr, receive: Option<u32>) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let Some(bytes) = receive {
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.bind(SocketAddr::new(IpAddr::V4(source), 0))?;
    socket.connect(to).await
}

/// A request that creates something, as one text.
pub fn post_json(host: &str, path: &str, token: &str, body: &str, keep: bool) -> String {
    let connection = if keep { "keep-alive" } else { "close" };
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\nConnection: {connection}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends a request over a connection and reads one answer.
pub async fn exchange(stream: &mut TcpStream, request: &str) -> Outcome {
    if let Err(error) = stream.write_all(request.as_bytes()).await {
        return Outcome::Broken(error.to_string());
    }
    read_answer(stream).await
}

/// Reads one answer with its body.
pub async fn read_answer(stream: &mut TcpStream) -> Outcome {
    let mut read = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) => return Outcome::Broken(format!("end after {} bytes", read.len())),
            Ok(n) => read.extend_from_slice(&buffer[..n]),
            Err(error) => return Outcome::Broken(format!("{error} after {} bytes", read.len())),
        }
        let text = String::from_utf8_lossy(&read);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length: usize = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok())
            .unwrap_or(0);
        if body.len() >= length {
            return Outcome::Answered(head.split(' ').nth(1).unwrap().parse().unwrap());
        }
    }
}

/// One request over a connection of its own.
pub async fn once(to: SocketAddr, request: &str) -> Outcome {
    match TcpStream::connect(to).await {
        Ok(mut stream) => exchange(&mut stream, request).await,
        // Reset: the server stopped listening while the connection was being made. Nothing was sent in either case.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset
            ) =>
        {
            Outcome::Refused
        }
        Err(error) => Outcome::Broken(format!("connect: {error}")),
    }
}
