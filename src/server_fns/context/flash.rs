//! A secret that is shown once: handed to the browser sealed, in a cookie, for the page that shows it. Nothing of it is kept here.

use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use leptos::prelude::use_context;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::super::error::UiError;
use super::answer::answer;
use super::cookies::{self, SameSite};
use crate::domain::ids::ConnectorId;
use crate::service::{Context, Error};

/// How long a new secret can be seen.
const SECONDS: i64 = 300;

/// Hands a secret that was just made to the browser.
///
/// # Errors
/// When it cannot be sealed: it is lost then, and has to be made anew.
pub fn set_flash(cx: &Context, connector: ConnectorId, secret: &SecretString) -> Result<(), UiError> {
    let place = answer(cx, place(cx, connector))?;
    let until = (cx.now() + chrono::Duration::seconds(SECONDS)).timestamp();
    let text = Zeroizing::new(format!("{until} {}", secret.expose_secret()));
    let sealed = cx.services.keys.seal(cx.services.random.as_ref(), &place, text.as_bytes());
    let sealed = answer(cx, sealed.map_err(Error::internal))?;
    cookies::give(&cookies::set(
        &cx.services,
        cookies::FLASH,
        &sealed,
        SECONDS,
        SameSite::Strict,
    ));
    Ok(())
}

/// The secret that was made a moment ago in this session for this connector. It stays until it is acknowledged or too old; one
/// that does not open here belongs to another session or connector.
pub fn find_flash(cx: &Context, connector: ConnectorId) -> Option<String> {
    let place = place(cx, connector).ok()?;
    let sealed = cookies::find(&use_context::<Parts>()?.headers, &cookies::name(&cx.services, cookies::FLASH))?;
    let opened = cx.services.keys.open(&place, &sealed).ok()?;
    let (until, secret) = std::str::from_utf8(&opened).ok()?.split_once(' ')?;
    let until = DateTime::<Utc>::from_timestamp(until.parse().ok()?, 0)?;
    (cx.now() < until).then(|| secret.to_owned())
}

/// Puts the secret out of sight for good.
pub fn clear_flash(cx: &Context) {
    cookies::give(&cookies::set(&cx.services, cookies::FLASH, "", 0, SameSite::Strict));
}

/// A sealed secret opens for the session that made it and the connector it belongs to alone.
fn place(cx: &Context, connector: ConnectorId) -> crate::service::Result<String> {
    cx.person().map(|person| format!("flash/{connector}/{}", person.session))
}
