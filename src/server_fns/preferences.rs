//! How the console looks in this browser: theme, side menu, language, single-key shortcuts. Open to everybody.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::UiError;

#[cfg(feature = "ssr")]
use super::context;

/// Cookie of the theme: `light`, `dark` or `system`.
pub const THEME_COOKIE: &str = "lanyard_theme";
/// Cookie of the side menu: `wide` or `narrow`.
pub const SIDEBAR_COOKIE: &str = "lanyard_sidebar";
/// Cookie of the language: `en` or `de`.
pub const LANGUAGE_COOKIE: &str = "lanyard_language";
/// Cookie of the single-key shortcuts: `on` or `off`.
pub const SHORTCUTS_COOKIE: &str = "lanyard_shortcuts";

/// What to change. An empty value leaves that one as it is; so does any value that is not one of its set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PreferencesEdit {
    /// `light`, `dark` or `system`.
    pub theme: String,
    /// `wide` or `narrow`.
    pub sidebar: String,
    /// `en` or `de`.
    pub language: String,
    /// `on` or `off`.
    pub shortcuts: String,
}

/// Keeps preferences in cookies that last a year and that scripts of this site may read. They hold nothing personal.
#[server(endpoint = "preferences/set")]
pub async fn set_preferences(input: PreferencesEdit) -> Result<(), UiError> {
    let _cx = context::anyone().await?;
    let asked = [
        (THEME_COOKIE, input.theme, ["light", "dark", "system"].as_slice()),
        (SIDEBAR_COOKIE, input.sidebar, ["wide", "narrow"].as_slice()),
        (LANGUAGE_COOKIE, input.language, ["en", "de"].as_slice()),
        (SHORTCUTS_COOKIE, input.shortcuts, ["on", "off"].as_slice()),
    ];
    let response = expect_context::<leptos_axum::ResponseOptions>();
    for (name, value, allowed) in asked {
        if let Some(value) = allowed.iter().find(|allowed| **allowed == value)
            && let Ok(cookie) =
                axum::http::HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"))
        {
            response.append_header(axum::http::header::SET_COOKIE, cookie);
        }
    }
    Ok(())
}
