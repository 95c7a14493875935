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

/// The cookies with the values that each can have.
#[cfg(feature = "ssr")]
const SETS: [(&str, &[&str]); 4] = [
    (THEME_COOKIE, &["light", "dark", "system"]),
    (SIDEBAR_COOKIE, &["wide", "narrow"]),
    (LANGUAGE_COOKIE, &["en", "de"]),
    (SHORTCUTS_COOKIE, &["on", "off"]),
];

#[cfg(feature = "ssr")]
impl PreferencesEdit {
    /// What is asked for, of what there is.
    fn known(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let asked = [&self.theme, &self.sidebar, &self.language, &self.shortcuts];
        SETS.iter()
            .zip(asked)
            .filter_map(|((name, set), value)| Some((*name, *set.iter().find(|known| *known == value)?)))
    }
}

/// Keeps preferences in this browser.
#[server(endpoint = "preferences/set")]
pub async fn set_preferences(input: PreferencesEdit) -> Result<(), UiError> {
    let _cx = context::anyone().await?;
    for (name, value) in input.known() {
        context::set_preference(name, value);
    }
    Ok(())
}
