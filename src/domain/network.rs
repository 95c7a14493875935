//! What counts as one address wherever something is counted by address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The network that one customer holds: a single IPv4 address, or a /64 of IPv6.
pub const fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
    }
}

/// The network of an address in text. All that is no address counts as one.
pub fn network_of_text(address: &str) -> IpAddr {
    address
        .parse::<IpAddr>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), network_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s55_an_ipv6_customer_is_one_address() {
        let of = network_of_text;
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of(""), IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    }
}
