//! Cookies of sessions, of secrets that are shown once (security rule S21), and of looks.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::service::Services;

/// The session.
pub(super) const SESSION: &str = "lanyard";
/// A secret on its way to the page that shows it.
pub(super) const FLASH: &str = "lanyard-secret";

/// When other sites' pages make the browser send a cookie.
pub(super) enum SameSite {
    /// When they lead here.
    Lax,
    /// Never.
    Strict,
}

/// The cookie's name. With `__Host-` browsers take it from this host alone, by TLS alone (RFC 6265bis section 4.1.3.2), so that
/// no neighbouring host can plant one. On loopback without TLS they would refuse it.
pub(super) fn name(services: &Services, name: &str) -> String {
    if is_https(services) {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// The header that gives a cookie to the browser; with no seconds left it takes it away.
pub(super) fn set(services: &Services, cookie: &str, value: &str, seconds: i64, same_site: SameSite) -> String {
    let name = name(services, cookie);
    let same_site = match same_site {
        SameSite::Lax => "Lax",
        SameSite::Strict => "Strict",
    };
    let secure = if is_https(services) { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}")
}

/// Adds such a header to the answer.
pub(super) fn give(header: &str) {
    let Some(response) = use_context::<ResponseOptions>() else {
        tracing::error!("there is no answer that could carry a cookie");
        return;
    };
    match HeaderValue::from_str(header) {
        Ok(mut value) => {
            value.set_sensitive(true);
            response.append_header(SET_COOKIE, value);
        }
        Err(_) => tracing::error!("a cookie holds what no header can carry"),
    }
}

/// Keeps how the console looks for a year, where scripts of this site may read it. It holds nothing personal.
pub fn set_preference(name: &str, value: &str) {
    give(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"));
}

/// The value of a cookie. Of two with one name neither counts: which of them is ours cannot be told.
pub(super) fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(found, _)| *found == name).map(|(_, value)| value);
    let value = values.next().filter(|_| values.next().is_none())?;
    (!value.is_empty()).then(|| value.to_owned())
}

fn is_https(services: &Services) -> bool {
    services.settings.public_url.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn s21_a_cookie_is_found_by_its_exact_name() {
        let found = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(COOKIE, HeaderValue::from_static(line));
            }
            find(&headers, "lanyard")
        };
        assert_eq!(found(&["lanyard=a"]).as_deref(), Some("a"));
        assert_eq!(found(&["x=1; lanyard=a; y=2"]).as_deref(), Some("a"));
        assert_eq!(found(&["x=1", "lanyard=a"]).as_deref(), Some("a"));
        for none in [
            &["lanyard="][..],
            &["Lanyard=a"],
            &["__Host-lanyard=a"],
            &["xlanyard=a"],
            &["lanyard"],
            &[],
            &["lanyard=a; lanyard=b"],
            &["lanyard=a", "lanyard=b"],
        ] {
            assert_eq!(found(none), None, "{none:?}");
        }
    }
}
