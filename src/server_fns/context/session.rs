//! The cookie of the session.

use secrecy::ExposeSecret;

use super::cookies::{self, SameSite};
use super::flash::clear_flash;
use crate::service::Context;
use crate::service::sessions::NewSession;

/// Gives the session to the browser.
pub fn set_session(cx: &Context, session: &NewSession) {
    cookies::give(&session_cookie(cx, session));
}

pub(super) fn session_cookie(cx: &Context, session: &NewSession) -> String {
    let seconds = (session.expires_at - cx.now()).num_seconds().max(0);
    cookies::set(
        &cx.services,
        cookies::SESSION,
        session.token.expose_secret(),
        seconds,
        SameSite::Lax,
    )
}

/// Takes the session from the browser, and whatever is kept for it.
pub fn clear_session(cx: &Context) {
    cookies::give(&cookies::set(&cx.services, cookies::SESSION, "", 0, SameSite::Lax));
    clear_flash(cx);
}
