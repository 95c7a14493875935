//! The rules of the house, read from the sources: who may use whom, and what every server function opens with.

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

fn parsed(path: &Path) -> syn::File {
    syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Collects the first two segments of every path that begins with `crate` or with the name of a foreign crate.
#[derive(Default)]
struct Uses(BTreeSet<String>);

impl Uses {
    fn add(&mut self, segments: &[String]) {
        match segments {
            [first, second, ..] if first == "crate" => self.0.insert(format!("crate::{second}")),
            [first, ..] => self.0.insert(first.clone()),
            [] => false,
        };
    }

    fn tree(&mut self, before: &mut Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(before, &path.tree);
                before.pop();
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(before, item)),
            syn::UseTree::Name(name) => {
                before.push(name.ident.to_string());
                self.add(before);
                before.pop();
            }
            syn::UseTree::Rename(rename) => {
                before.push(rename.ident.to_string());
                self.add(before);
                before.pop();
            }
            syn::UseTree::Glob(_) => self.add(before),
        }
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&mut Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.add(&segments);
        }
        syn::visit::visit_path(self, path);
    }
}

fn uses(path: &Path) -> BTreeSet<String> {
    let mut found = Uses::default();
    found.visit_file(&parsed(path));
    found.0
}

/// Module, and what it must not use.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "crate::service",
            "crate::store",
            "crate::scim",
            "crate::http",
            "crate::ui",
            "crate::server_fns",
            "crate::cli",
            "crate::config",
            "leptos",
            "axum",
            "sea_orm",
        ],
    ),
    (
        "store",
        &[
            "crate::service",
            "crate::scim",
            "crate::http",
            "crate::ui",
            "crate::server_fns",
            "crate::cli",
            "crate::config",
            "leptos",
            "axum",
        ],
    ),
    (
        "service",
        &[
            "crate::scim",
            "crate::http",
            "crate::ui",
            "crate::server_fns",
            "crate::cli",
            "crate::config",
            "axum",
            "leptos",
            "sea_orm",
            "scim_v2",
        ],
    ),
    (
        "scim",
        &[
            "crate::store",
            "crate::ui",
            "crate::server_fns",
            "crate::cli",
            "crate::http",
            "leptos",
            "sea_orm",
        ],
    ),
    (
        "scim/protocol",
        &[
            "crate::service",
            "crate::store",
            "crate::domain",
            "axum",
            "tokio",
            "reqwest",
            "leptos",
            "sea_orm",
        ],
    ),
    ("http", &["crate::store", "crate::cli", "sea_orm"]),
    (
        "config",
        &[
            "crate::service",
            "crate::store",
            "crate::scim",
            "crate::http",
            "crate::ui",
            "crate::server_fns",
            "crate::cli",
            "leptos",
            "axum",
            "sea_orm",
        ],
    ),
    ("server_fns", &["crate::store", "crate::scim", "crate::cli", "sea_orm"]),
    (
        "ui",
        &[
            "crate::service",
            "crate::store",
            "crate::scim",
            "crate::http",
            "crate::cli",
            "crate::config",
            "sea_orm",
        ],
    ),
];

#[test]
fn no_module_uses_what_it_must_not() {
    let mut faults = Vec::new();
    for (module, forbidden) in FORBIDDEN {
        for path in sources(module) {
            let used = uses(&path);
            faults.extend(
                forbidden
                    .iter()
                    .filter(|name| used.contains(**name))
                    .map(|name| format!("{} uses {name}", path.display())),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Commands whose subject is the database itself: they open, migrate, copy or look at it. All others go through `service`.
const DATABASE_COMMANDS: [&str; 6] = [
    "startup.rs",
    "master_key.rs",
    "backup.rs",
    "restore.rs",
    "check.rs",
    "failure.rs",
];

#[test]
fn commands_leave_the_store_to_the_service() {
    for path in sources("cli") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let may = DATABASE_COMMANDS.contains(&name.as_str()) && path.parent().unwrap().ends_with("cli");
        assert!(
            may || !uses(&path).contains("crate::store"),
            "{} uses the store",
            path.display()
        );
    }
}

#[test]
fn the_check_notices_a_forbidden_use() {
    let source = "use crate::{domain::ids, store::users}; fn f() { axum::Router::<()>::new(); }";
    let mut found = Uses::default();
    found.visit_file(&syn::parse_file(source).unwrap());
    assert!(found.0.contains("crate::store") && found.0.contains("crate::domain") && found.0.contains("axum"));
}

#[test]
fn s01_entities_are_seen_by_the_store_alone() {
    for module in ["service", "scim", "http", "cli", "server_fns", "ui", "config"] {
        for path in sources(module) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(
                !text.contains("store::entities") && !text.contains("EntityTrait"),
                "{}",
                path.display()
            );
        }
    }
    // Nobody outside the store can make a scope.
    for path in sources("") {
        if !path.to_string_lossy().contains("/src/store/") && !path.to_string_lossy().contains("/src/tests/") {
            assert!(
                !fs::read_to_string(&path).unwrap().contains("OrgScope::proven"),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn s11_rows_are_not_serialisable() {
    for path in sources("store/entities") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("Serialize"), "{}", path.display());
    }
}

/// Calls each function marked `#[server]`.
fn server_functions() -> Vec<(PathBuf, syn::ItemFn)> {
    let mut found = Vec::new();
    for path in sources("server_fns") {
        for item in parsed(&path).items {
            if let syn::Item::Fn(function) = item
                && function.attrs.iter().any(|attribute| attribute.path().is_ident("server"))
            {
                found.push((path.clone(), function));
            }
        }
    }
    assert!(found.len() > 30, "only {} server functions found", found.len());
    found
}

#[test]
fn s05_every_server_function_opens_with_its_guard() {
    for (path, function) in server_functions() {
        let name = &function.sig.ident;
        let first = function
            .block
            .stmts
            .first()
            .unwrap_or_else(|| panic!("{}: {name} is empty", path.display()));
        let text = quote_text(first);
        let guarded = [
            "context :: require (",
            "context :: operator (",
            "context :: signed_in (",
            "context :: anyone (",
        ]
        .iter()
        .any(|guard| {
            (text.starts_with("let cx = ") || text.starts_with("let _cx = "))
                && text.contains(guard)
                && text.contains(". await ?")
        });
        assert!(guarded, "{}: {name} opens with `{text}`", path.display());
    }
}

fn quote_text(statement: &syn::Stmt) -> String {
    quoted(statement)
}

fn quoted(tokens: &impl syn::__private::ToTokens) -> String {
    // The `extra-traits` form would do as well; tokens read better in a failure.
    tokens.to_token_stream().to_string()
}

#[test]
fn s11_server_functions_take_at_most_one_argument_named_input() {
    for (path, function) in server_functions() {
        let names: Vec<String> = function
            .sig
            .inputs
            .iter()
            .map(|argument| match argument {
                syn::FnArg::Typed(typed) => match typed.pat.as_ref() {
                    syn::Pat::Ident(name) => name.ident.to_string(),
                    _ => "?".to_owned(),
                },
                syn::FnArg::Receiver(_) => "self".to_owned(),
            })
            .collect();
        assert!(
            names.is_empty() || names == ["input"],
            "{}: {} takes {names:?}",
            path.display(),
            function.sig.ident
        );
    }
}

/// Where it is decided who may do what, and what an operation means.
const DECIDING: &[&str] = &[
    "domain/permission.rs",
    "domain/role.rs",
    "service/accounts.rs",
    "service/context.rs",
    "service/provisioning/roles.rs",
    "service/roles.rs",
    "service/sessions.rs",
    "service/tokens.rs",
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
        assert!(path.ends_with("tests/architecture.rs") || !allows, "{}", path.display());
    }
}

#[test]
fn s14_no_server_function_answers_get_or_websocket() {
    for path in sources("server_fns") {
        let text = fs::read_to_string(&path).unwrap();
        for banned in ["GetUrl", "Websocket", "WebSocket", "input = Cbor", "DeleteUrl"] {
            assert!(!text.contains(banned), "{}: {banned}", path.display());
        }
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
        if !path.ends_with("tests/architecture.rs") {
            let text = fs::read_to_string(&path).unwrap();
            assert!(
                !text.contains("unsafe {") && !text.contains("allow(unsafe_code"),
                "{}",
                path.display()
            );
        }
    }
}

/// What is sealed must be sealed again when the master key is exchanged: every column for a secret is known to that.
#[test]
fn s47_every_column_for_a_secret_is_exchanged() {
    let mut found = BTreeSet::new();
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/src");
    for entry in WalkDir::new(migrations) {
        let path = entry.unwrap().into_path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let texts = text
                .split(['(', ')'])
                .filter_map(|part| part.strip_prefix('"')?.strip_suffix('"'));
            found.extend(
                texts
                    .filter(|name| name.ends_with("_secret") || name.starts_with("sealed_"))
                    .map(str::to_owned),
            );
        }
    }
    let known = lanyard::store::sealed::SealedColumn::ALL
        .iter()
        .map(|column| column.column().to_owned());
    assert_eq!(found, known.collect());
}

#[test]
fn s50_certificate_checks_are_never_switched_off() {
    for path in sources("") {
        if path.ends_with("tests/architecture.rs") {
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
