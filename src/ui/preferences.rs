//! What the browser's cookies say about looks. The server reads them before it writes the first byte, so that nothing flashes
//! and nothing differs between server and browser.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::i18n::Locale;
use crate::server_fns::preferences::{LANGUAGE_COOKIE, SHORTCUTS_COOKIE, SIDEBAR_COOKIE, THEME_COOKIE};

/// Light, dark, or as the system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

impl Theme {
    /// In the order shown.
    pub const ALL: [Theme; 3] = [Self::Light, Self::Dark, Self::System];

    /// Value of the cookie.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    /// `data-theme` of the document; absent for the system's own.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Light => Some("lanyard-light"),
            Self::Dark => Some("lanyard-dark"),
            Self::System => None,
        }
    }
}

/// Looks, as one request asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Theme.
    pub theme: Theme,
    /// Whether the side menu shows icons alone.
    pub is_sidebar_narrow: bool,
    /// Whether single keys work as shortcuts (WCAG 2.1.4 wants a way to switch them off).
    pub has_shortcuts: bool,
    /// Whether the language is German; else English.
    is_german: bool,
}

impl Preferences {
    /// The language.
    pub fn locale(self) -> Locale {
        if self.is_german { Locale::de } else { Locale::en }
    }

    /// Reads the cookies of the request on the server, and of the document in the browser.
    pub fn read() -> Self {
        let (cookies, languages) = sources();
        let cookie = |name: &str| {
            let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
            pairs
                .filter(|(key, _)| *key == name)
                .map(|(_, value)| value.to_owned())
                .next()
                .unwrap_or_default()
        };
        let theme = cookie(THEME_COOKIE);
        let is_german = match cookie(LANGUAGE_COOKIE).as_str() {
            "de" => true,
            "en" => false,
            // The first language that the browser asks for and that the catalogue has.
            _ => languages
                .split(',')
                .map(str::trim)
                .find_map(|tag| {
                    if tag.starts_with("de") {
                        Some(true)
                    } else {
                        tag.starts_with("en").then_some(false)
                    }
                })
                .unwrap_or(false),
        };
        Self {
            theme: Theme::ALL.into_iter().find(|known| known.name() == theme).unwrap_or_default(),
            is_sidebar_narrow: cookie(SIDEBAR_COOKIE) == "narrow",
            has_shortcuts: cookie(SHORTCUTS_COOKIE) != "off",
            is_german,
        }
    }
}

/// The preferences of this page.
pub fn use_preferences() -> Preferences {
    use_context::<Preferences>().unwrap_or_else(Preferences::read)
}

/// Cookies and wanted languages.
#[cfg(feature = "ssr")]
fn sources() -> (String, String) {
    let header = |name: axum::http::HeaderName| {
        let parts = use_context::<axum::http::request::Parts>();
        let value = parts.and_then(|parts| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok().map(str::to_owned))
        });
        value.unwrap_or_default()
    };
    (
        header(axum::http::header::COOKIE),
        header(axum::http::header::ACCEPT_LANGUAGE),
    )
}

/// Cookies and wanted languages.
#[cfg(not(feature = "ssr"))]
fn sources() -> (String, String) {
    use wasm_bindgen::JsCast;
    let cookies = document()
        .dyn_into::<web_sys::HtmlDocument>()
        .ok()
        .and_then(|document| document.cookie().ok());
    let language = document().document_element().and_then(|root| root.get_attribute("lang"));
    (cookies.unwrap_or_default(), language.unwrap_or_default())
}
