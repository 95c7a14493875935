//! Who the client is, when proxies stand in between.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: that of the connection, unless a listed proxy made the connection. Each proxy adds the address that it
/// saw at the end of the list, so that the list is read from its end: the first address that is no proxy of ours is the client.
/// What stands before it the client has written itself.
pub(super) fn client_address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let is_proxy = |address: &IpAddr| proxies.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    if !is_proxy(&client) {
        return client;
    }
    let lines: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    for entry in lines.iter().flat_map(|line| line.split(',')).rev() {
        let Some(address) = parse(entry.trim()) else { break };
        client = address;
        if !is_proxy(&client) {
            break;
        }
    }
    client
}

/// An address, as proxies write it: plain, in brackets, or with a port.
fn parse(text: &str) -> Option<IpAddr> {
    let plain = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || {
        text.strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .and_then(|inner| inner.parse().ok())
    };
    plain
        .or_else(with_port)
        .or_else(in_brackets)
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, lines: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|network| network.parse().unwrap()).collect();
        client_address(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn s42_forwarded_headers_count_from_listed_proxies_alone() {
        let ours = ["10.0.0.0/8", "::1/128"];
        for (peer, lines, proxies, expected) in [
            ("192.0.2.1", &["203.0.113.9"][..], &ours[..], "192.0.2.1"),
            ("192.0.2.1", &["203.0.113.9"], &[], "192.0.2.1"),
            ("10.0.0.1", &[], &ours, "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.9"], &ours, "203.0.113.9"),
            ("::1", &["203.0.113.9"], &ours, "203.0.113.9"),
            ("::ffff:10.0.0.1", &["203.0.113.9"], &ours, "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1, 203.0.113.9"], &ours, "203.0.113.9"),
            ("10.0.0.1", &["203.0.113.9, 10.0.0.2"], &ours, "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1", "203.0.113.9, 10.1.2.3"], &ours, "203.0.113.9"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], &ours, "10.0.0.3"),
            ("10.0.0.1", &["203.0.113.9, nonsense"], &ours, "10.0.0.1"),
            ("10.0.0.1", &["nonsense, 10.0.0.2"], &ours, "10.0.0.2"),
            ("10.0.0.1", &["203.0.113.9:4711"], &ours, "203.0.113.9"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], &ours, "2001:db8::1"),
            ("10.0.0.1", &["[2001:db8::1]"], &ours, "2001:db8::1"),
            ("10.0.0.1", &["2001:db8::1"], &ours, "2001:db8::1"),
            ("10.0.0.1", &[""], &ours, "10.0.0.1"),
        ] {
            assert_eq!(seen(peer, lines, proxies), expected, "{peer} {lines:?}");
        }
    }
}
