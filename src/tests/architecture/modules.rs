//! Who may use whom.

use super::*;

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

/// Whoever calls a function of the service layer reads who may, and what can go wrong.
#[test]
fn service_functions_say_who_may_call_them_and_how_they_fail() {
    let mut found = 0;
    for path in sources("service") {
        // No use case: it repeats one.
        if path.ends_with("service/error.rs") {
            continue;
        }
        for item in parsed(&path).items {
            let syn::Item::Fn(function) = item else { continue };
            if function.sig.asyncness.is_none() || !matches!(function.vis, syn::Visibility::Public(_)) {
                continue;
            }
            let docs: String = function.attrs.iter().map(quoted).collect();
            for part in ["# Errors", "# Permissions"] {
                assert!(docs.contains(part), "{}: {} lacks {part}", path.display(), function.sig.ident);
            }
            found += 1;
        }
    }
    assert!(found > 80, "{found}");
}
