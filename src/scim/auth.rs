//! Who asks: the `Authorization` header, and nothing else (security rules S25, S26). Cookies and parameters are not looked at.

// A new variant is decided here, not let through (security rule S10).
#![deny(clippy::wildcard_enum_match_arm)]

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::Door;
use super::error::Failure;
use crate::service::connectors::{self, Authenticated, Presented};
use crate::service::{Error, RequestInfo};

/// The challenge of every 401 (RFC 9110 §11.6.1, RFC 6750 §3, RFC 7617 §2).
pub(super) const CHALLENGE: &str = "Bearer realm=\"Lanyard SCIM\", Basic realm=\"Lanyard SCIM\"";

/// Clients differ in whether they pad.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What the header holds.
enum Credentials {
    Bearer(Zeroizing<String>),
    Basic { user_name: String, password: Zeroizing<String> },
}

/// The connector whose secret the request carries.
///
/// # Errors
/// 401 for everything but a live secret, in the same words for every cause; 429 when too many secrets from this address were
/// refused. Secrets that are good are never counted.
pub(super) async fn authenticate(door: &Door, headers: &HeaderMap, request: RequestInfo) -> Result<Authenticated, Failure> {
    let (id, address) = (request.id.clone(), request.ip.clone());
    let found = match credentials(headers) {
        Some(Credentials::Bearer(token)) => connectors::authenticate(&door.services, request, Presented::Bearer(&token)).await,
        Some(Credentials::Basic { user_name, password }) => {
            connectors::authenticate(
                &door.services,
                request,
                Presented::Basic {
                    user_name: &user_name,
                    password: &password,
                },
            )
            .await
        }
        None => Err(Error::Unauthenticated),
    };
    match found {
        Ok(authenticated) => Ok(authenticated),
        Err(Error::Unauthenticated) => {
            tracing::debug!(request_id = %id, "SCIM credentials refused");
            door.limiters
                .failure(&address)
                .map_err(|wait| Failure::Throttled(wait, "Too many requests with wrong credentials."))?;
            Err(Failure::Unauthenticated)
        }
        // The database is away: whether the secret is good is not known, and 401 would quarantine an Entra job.
        Err(other) => Err(Failure::Service(other)),
    }
}

/// Reads the header. Schemes are case-insensitive (RFC 9110 §11.1); a request with two headers has none that counts.
fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none())?.to_str().ok()?;
    let (scheme, rest) = value.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return (!rest.is_empty()).then(|| Credentials::Bearer(Zeroizing::new(rest.to_owned())));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = Zeroizing::new(BASE64.decode(rest).ok()?);
    // A colon cannot be part of the user name (RFC 7617 §2), a password may hold more of them.
    let (user_name, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some(Credentials::Basic {
        user_name: user_name.to_owned(),
        password: Zeroizing::new(password.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::COOKIE;

    use super::*;

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        credentials(&headers).map(|found| match found {
            Credentials::Bearer(token) => format!("bearer {}", *token),
            Credentials::Basic { user_name, password } => format!("basic {user_name} {}", *password),
        })
    }

    #[test]
    fn s26_both_schemes_in_any_case() {
        for (value, expected) in [
            ("Bearer abc", "bearer abc"),
            ("bearer abc", "bearer abc"),
            ("BEARER   abc ", "bearer abc"),
            ("Basic dXNlcjpwYXNz", "basic user pass"),
            ("bAsIc dXNlcjpwYTpzcw==", "basic user pa:ss"),
            ("Basic dXNlcjpwYTpzcw", "basic user pa:ss"),
            ("Basic Og==", "basic  "),
        ] {
            assert_eq!(read(&[value]).as_deref(), Some(expected), "{value}");
        }
    }

    #[test]
    fn s25_everything_else_is_no_credential() {
        for value in [
            "",
            "Bearer",
            "Bearer ",
            "Digest abc",
            "abc",
            "Basic dXNlcg==",
            "Basic !!!",
            "Basic //79",
            "Bearerabc",
            "Token abc",
        ] {
            assert_eq!(read(&[value]), None, "{value}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["Bearer a", "Bearer b"]), None);
    }

    #[test]
    fn s25_cookies_are_not_looked_at() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("Authorization=Bearer abc; session=abc"));
        assert!(credentials(&headers).is_none());
    }
}
