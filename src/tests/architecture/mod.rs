//! The rules of the house, read from the sources: who may use whom, and what every server function opens with.

mod modules;
mod server_fns;
mod store;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;
use walkdir::WalkDir;

fn sources(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
    let files: Vec<PathBuf> = WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    assert!(!files.is_empty(), "no sources in src/{folder}");
    files
}

/// Whether a file is one of these tests, which spell out what they forbid.
fn is_own(path: &Path) -> bool {
    path.to_string_lossy().contains("/src/tests/architecture/")
}

fn parsed(path: &Path) -> syn::File {
    syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn quoted(tokens: &impl syn::__private::ToTokens) -> String {
    // The `extra-traits` form would do as well; tokens read better in a failure.
    tokens.to_token_stream().to_string()
}

/// Where it is decided who may do what, and what an operation means.
const DECIDING: &[&str] = &[
    "domain/permission.rs",
    "domain/role.rs",
    "service/mod.rs",
    "scim/auth.rs",
    "scim/routes/mod.rs",
    "scim/protocol/patch/mod.rs",
    "scim/protocol/group_patch/mod.rs",
    "server_fns/context/mod.rs",
    "server_fns/table.rs",
    "http/middleware/mod.rs",
];

#[test]
fn s10_no_wildcard_over_variants_where_it_is_decided() {
    for path in DECIDING {
        let file = parsed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path));
        let denies = file
            .attrs
            .iter()
            .any(|attribute| quoted(attribute) == "# ! [deny (clippy :: wildcard_enum_match_arm)]");
        assert!(denies, "src/{path}");
    }
    // Whoever allows it again says why.
    for path in sources("") {
        let text = fs::read_to_string(&path).unwrap();
        let allows =
            text.contains("allow(clippy::wildcard_enum_match_arm") || text.contains("expect(clippy::wildcard_enum_match_arm)");
        assert!(is_own(&path) || !allows, "{}", path.display());
    }
}

#[test]
fn s17_no_raw_html_and_no_text_area_children() {
    for path in sources("ui") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("inner_html"), "{}", path.display());
        assert!(
            !text.contains(" style=\"") && !text.contains(" style="),
            "{}: a style attribute is blocked by the policy",
            path.display()
        );
    }
}

#[test]
fn s57_unsafe_code_is_forbidden_everywhere() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    for path in sources("") {
        if !is_own(&path) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(
                !text.contains("unsafe {") && !text.contains("allow(unsafe_code"),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn s50_certificate_checks_are_never_switched_off() {
    for path in sources("") {
        if is_own(&path) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for switch in [
            "danger_accept_invalid",
            "dangerous()",
            "accept_invalid_certs",
            "accept_invalid_hostnames",
            "sslmode=disable",
        ] {
            assert!(!text.contains(switch), "{}: {switch}", path.display());
        }
    }
}
