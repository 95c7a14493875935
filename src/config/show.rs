//! The settings in force, for people.

use serde::Serialize;

use super::Config;
use super::layers::Layered;

/// One setting in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Its value; struck out when it is secret, empty when it is not set.
    pub value: String,
    /// Where it was set; none for the compiled-in value.
    pub origin: Option<String>,
}

/// Whether the value is never shown.
pub(super) fn is_secret(name: &str) -> bool {
    matches!(name, "master_key")
}

pub(super) fn all(layered: &Layered) -> Vec<Shown> {
    layered
        .values
        .iter()
        .map(|(name, value)| {
            let value = match name.as_str() {
                name if is_secret(name) && !value.is_empty() => "(set)".to_owned(),
                "database.url" => without_password(value),
                _ => value.clone(),
            };
            let origin = layered
                .origins
                .iter()
                .find(|(of, _)| of == name)
                .map(|(_, origin)| origin.clone());
            Shown {
                name: name.clone(),
                value,
                origin,
            }
        })
        .collect()
}

/// The address without the password in it, wherever it stands.
pub(super) fn without_password(address: &str) -> String {
    if !address.starts_with("postgres") {
        return address.to_owned();
    }
    let Ok(mut url) = url::Url::parse(address) else {
        return "(not an address)".to_owned();
    };
    if url.password().is_some() && url.set_password(Some("…")).is_err() {
        return "(not shown)".to_owned();
    }
    let has_password = |name: &str| name.to_ascii_lowercase().contains("password");
    if url.query_pairs().any(|(name, _)| has_password(&name)) {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !has_password(name))
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    url.to_string().replace("%E2%80%A6", "…")
}

impl Config {
    /// All settings, top level first and then by section, secrets struck out.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }
}
