//! The public address, and which hosts and origins are ours.

use std::net::IpAddr;

use url::{Host, Url};

/// The address under which browsers and directories reach this installation: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    is_https: bool,
    host: Host<String>,
    port: u16,
}

impl PublicUrl {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it, as the rest of a sentence.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text.trim()).map_err(|_| "must be an address such as https://lanyard.example.org")?;
        let is_https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err("must begin with https:// or http://"),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a user name or password");
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err("must be scheme, host and port alone, without a path");
        }
        let host = url.host().ok_or("must name a host")?.to_owned();
        let port = url.port_or_known_default().ok_or("must have a port")?;
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            is_https,
            host,
            port,
        })
    }

    /// As browsers send it in `Origin`, without a slash at its end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether it is reached through TLS.
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether it names this machine alone.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Whether a request for this `Host` is for us: the public host, or another name of this machine where the public host is
    /// one. The port counts.
    pub fn serves(&self, authority: &str) -> bool {
        let scheme = if self.is_https { "https" } else { "http" };
        // An authority holds neither of these; with them it would be read as something else.
        if authority.is_empty() || authority.contains(['/', '\\', '?', '#', '@']) || authority.contains(char::is_whitespace) {
            return false;
        }
        let Ok(url) = Url::parse(&format!("{scheme}://{authority}/")) else {
            return false;
        };
        let Some(host) = url.host() else { return false };
        let host = host.to_owned();
        url.port_or_known_default() == Some(self.port) && (host == self.host || (self.is_loopback() && is_alias(&host)))
    }

    /// Whether a page of this `Origin` belongs to the host that it asks for. Only names that [`serves`](Self::serves) accepts
    /// are ours, and a page of one name must not act on another.
    pub fn is_own_origin(&self, origin: &str, authority: &str) -> bool {
        let scheme = if self.is_https { "https://" } else { "http://" };
        let Some(of) = origin.strip_prefix(scheme) else { return false };
        self.serves(of) && (origin == self.origin || (of.eq_ignore_ascii_case(authority) && self.is_loopback()))
    }
}

fn is_loopback(host: &Host<String>) -> bool {
    match host {
        // RFC 6761 section 6.3: `localhost` and names below it are this machine.
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => IpAddr::from(*address).to_canonical().is_loopback(),
    }
}

/// Whether this is one of the names under which every machine knows itself. A name below `localhost` may be another program's.
fn is_alias(host: &Host<String>) -> bool {
    is_loopback(host) && !matches!(host, Host::Domain(name) if name != "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s20_only_our_own_host_is_served() {
        let public = PublicUrl::parse("https://id.example.org").unwrap();
        for ours in ["id.example.org", "ID.example.ORG", "id.example.org:443"] {
            assert!(public.serves(ours), "{ours}");
        }
        for foreign in [
            "",
            "example.org",
            "evil.org",
            "id.example.org.evil.org",
            "evil-id.example.org",
            "id.example.org:8443",
            "id.example.org:80",
            "localhost",
            "127.0.0.1",
            "id.example.org@evil.org",
            "evil.org/id.example.org",
            "id.example.org/",
            "id.example.org?x",
            "id.example.org#x",
            "id.example.org\\x",
            " id.example.org",
            "id.example.org, evil.org",
            "id.example.org:443:443",
            "id.example.org:x",
            "[::1]",
        ] {
            assert!(!public.serves(foreign), "{foreign}");
        }
    }

    #[test]
    fn s20_loopback_has_several_names() {
        let public = PublicUrl::parse("http://localhost:3000/").unwrap();
        assert_eq!(public.origin(), "http://localhost:3000");
        for ours in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "LOCALHOST:3000"] {
            assert!(public.serves(ours), "{ours}");
        }
        for foreign in [
            "localhost",
            "localhost:3001",
            "evil.org:3000",
            "localhost.evil.org:3000",
            "192.168.0.1:3000",
            "127.0.0.1.nip.io:3000",
            "app.localhost:3000",
        ] {
            assert!(!public.serves(foreign), "{foreign}");
        }
    }

    #[test]
    fn s14_one_name_of_this_machine_does_not_act_on_another() {
        let public = PublicUrl::parse("http://localhost:3000").unwrap();
        assert!(public.is_own_origin("http://localhost:3000", "localhost:3000"));
        assert!(public.is_own_origin("http://127.0.0.1:3000", "127.0.0.1:3000"));
        for (origin, host) in [
            ("http://127.0.0.1:3000", "localhost:3000"),
            ("http://app.localhost:3000", "localhost:3000"),
            ("http://localhost:3001", "localhost:3000"),
            ("https://localhost:3000", "localhost:3000"),
            ("null", "localhost:3000"),
        ] {
            assert!(!public.is_own_origin(origin, host), "{origin} {host}");
        }
    }

    #[test]
    fn r19_what_is_no_public_address() {
        for bad in [
            "",
            "localhost",
            "ftp://a.org",
            "https://a.org/x",
            "https://a.org?x",
            "https://a.org/#x",
            "https://u@a.org",
            "https://u:p@a.org",
            "https://",
        ] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
