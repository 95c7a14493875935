//! What the lock file may hold (security rules S59 and S60).

use std::fs;
use std::path::Path;

fn locked() -> Vec<(String, (u64, u64, u64))> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let lock: toml::Table = text.parse().unwrap();
    lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let version = package["version"].as_str().unwrap();
            let mut parts = version.split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
            let mut next = || parts.next().unwrap_or(0);
            (package["name"].as_str().unwrap().to_owned(), (next(), next(), next()))
        })
        .collect()
}

/// Versions below which a known hole is open. Not all of these are in the advisory database, so the list is checked by itself.
const FLOOR: &[(&str, (u64, u64, u64))] = &[
    ("leptos", (0, 8, 20)),
    ("hydration_context", (0, 3, 1)),
    ("tachys", (0, 2, 18)),
    ("server_fn", (0, 8, 13)),
    ("h2", (0, 4, 16)),
    ("bytes", (1, 11, 1)),
    ("time", (0, 3, 47)),
    ("tracing-subscriber", (0, 3, 20)),
    ("sqlx", (0, 8, 1)),
    ("jsonwebtoken", (10, 3, 0)),
    ("lettre", (0, 11, 22)),
    ("rustls-webpki", (0, 103, 13)),
    ("idna", (1, 0, 3)),
];

#[test]
fn s60_no_locked_version_is_below_its_floor() {
    let locked = locked();
    for (name, floor) in FLOOR {
        for (_, version) in locked.iter().filter(|(locked, _)| locked == name) {
            assert!(version >= floor, "{name} {version:?} is below {floor:?}");
        }
    }
    assert!(locked.iter().any(|(name, _)| name == "leptos") && locked.iter().any(|(name, _)| name == "sqlx"));
}

#[test]
fn s59_banned_crates_are_absent_and_the_core_has_one_version() {
    let locked = locked();
    for banned in ["openssl", "openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys"] {
        assert!(locked.iter().all(|(name, _)| name != banned), "{banned}");
    }
    for single in ["sqlx-core", "axum", "leptos", "reqwest", "rustls", "libsqlite3-sys"] {
        let versions: Vec<_> = locked.iter().filter(|(name, _)| name == single).collect();
        assert!(versions.len() <= 1, "{versions:?}");
    }
}
