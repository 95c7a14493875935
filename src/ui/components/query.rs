//! The state of a list lives in the query string. These helpers read and write it the same way on server and browser.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::params::ParamsMap;

/// Parameters that belong to one moment, not to the state of a page, and are left out of every link.
const MOMENTARY: [&str; 3] = ["__path", "__err", "dialog"];

/// Percent-encodes everything but unreserved characters.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                for half in [byte >> 4, byte & 15] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
                }
            }
        }
    }
    out
}

/// A link to `path` with these parameters; those without a value are left out.
pub fn href_with(path: &str, params: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    for (index, (key, value)) in params.iter().filter(|(_, value)| !value.is_empty()).enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(&encode(key));
        out.push('=');
        out.push_str(&encode(value));
    }
    out
}

/// A link to `path` that keeps the query and changes some parameters of it; an empty value removes one.
pub fn href_changed(path: &str, query: &ParamsMap, changes: &[(&str, &str)]) -> String {
    let mut params: Vec<(String, String)> = Vec::new();
    for (key, value) in query {
        if !MOMENTARY.contains(&key.as_ref()) && !changes.iter().any(|(changed, _)| *changed == key.as_ref()) {
            params.push((key.to_string(), value.to_owned()));
        }
    }
    let mut all: Vec<(&str, &str)> = params.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    all.extend_from_slice(changes);
    href_with(path, &all)
}

/// A link to this page with some parameters changed; follows the address.
pub fn use_href(changes: Vec<(&'static str, String)>) -> Signal<String> {
    let (path, query) = (use_location().pathname, use_query_map());
    Signal::derive(move || {
        let changes: Vec<(&str, &str)> = changes.iter().map(|(key, value)| (*key, value.as_str())).collect();
        query.with(|query| href_changed(&path.get(), query, &changes))
    })
}

/// The value of a query parameter, empty when it is absent.
pub fn use_param(name: &'static str) -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get_str(name).unwrap_or_default().to_owned()))
}

/// The value of a parameter in a query, empty when it is absent.
pub fn param(query: &ParamsMap, name: &str) -> String {
    query.get_str(name).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_state_and_drop_what_is_momentary() {
        let query: ParamsMap = [("search", "ana & co"), ("cursor", "x"), ("__err", "e"), ("dialog", "new")]
            .into_iter()
            .collect();
        assert_eq!(
            href_changed("/users", &query, &[("cursor", ""), ("sort", "name")]),
            "/users?search=ana%20%26%20co&sort=name"
        );
        assert_eq!(href_with("/users", &[]), "/users");
    }
}
