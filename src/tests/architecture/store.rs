//! What the store lets out, and for whom.

use super::*;

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

/// Functions of the store that reach rows without an `OrgScope`, and why that is right (security rule S1).
const UNSCOPED: &[(&str, &str)] = &[
    // Of the whole installation.
    ("audit", "append"),
    ("audit", "find_head"),
    ("audit", "find_head_for_update"),
    ("audit", "list_heads"),
    ("audit", "lock_head"),
    ("audit", "read_chain"),
    ("audit", "replace_signature"),
    ("connect", "copy_sqlite"),
    ("connect", "migrate"),
    ("connect", "migrate_down"),
    ("connect", "open"),
    ("connect", "pending_migrations"),
    ("installation", "create"),
    ("installation", "find"),
    ("installation", "forget"),
    ("installation", "put"),
    ("sealed", "keep_writers_out"),
    ("sealed", "list_of_other_keys"),
    ("sealed", "replace"),
    // Operators make, choose and list organisations.
    ("organisations", "all_ids"),
    ("organisations", "create"),
    ("organisations", "find_as_operator"),
    ("organisations", "list_as_operator"),
    ("users", "list_of_user_name_as_operator"),
    // Where a principal, and with it the scope, is found.
    ("connectors", "authenticate"),
    ("sessions", "authenticate"),
    ("users", "list_of_identity"),
    // People, their credentials, links and sessions are of the installation: a person may be in several organisations.
    ("identities", "*"),
    ("links", "*"),
    ("sessions", "create"),
    ("sessions", "end"),
    ("sessions", "end_of_identity"),
    ("sessions", "is_there"),
    ("sessions", "keep_authentication"),
    ("sessions", "list_of_identity"),
    ("sessions", "renew"),
    ("sessions", "replace_token"),
    ("sessions", "touch"),
    // Written in batches for all connectors at once, about exchanges whose scope was proven.
    ("connectors", "hold_existing"),
    ("connectors", "note_traffic"),
    ("connectors", "touch_credential"),
    ("provisioning", "put"),
    // Housekeeping by age.
    ("provisioning", "forget_before"),
    ("sessions", "forget_expired"),
    ("users", "purge_deleted"),
];

#[test]
fn s01_store_functions_demand_a_scope() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let (mut unscoped, mut scoped) = (BTreeSet::new(), 0);
    for path in sources("store") {
        let module = path.strip_prefix(&root).unwrap().iter().next().unwrap();
        let module = Path::new(module).file_stem().unwrap().to_string_lossy().into_owned();
        for item in parsed(&path).items {
            let syn::Item::Fn(function) = item else { continue };
            if function.sig.asyncness.is_none() || !matches!(function.vis, syn::Visibility::Public(_)) {
                continue;
            }
            let name = function.sig.ident.to_string();
            if quoted(&function.sig.inputs).contains("scope : & OrgScope") {
                scoped += 1;
            } else if !UNSCOPED.contains(&(module.as_str(), "*")) {
                unscoped.insert((module.clone(), name));
            }
        }
    }
    let known: BTreeSet<(String, String)> = UNSCOPED
        .iter()
        .filter(|(_, name)| *name != "*")
        .map(|(module, name)| ((*module).to_owned(), (*name).to_owned()))
        .collect();
    assert_eq!(unscoped, known);
    assert!(scoped > 50, "{scoped}");
}

/// What the service layer hands out is its own or the domain's: a type of the store that went through would be used outside.
#[test]
fn no_module_hands_on_what_is_the_stores() {
    for path in sources("service") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("pub use crate::store"), "{}", path.display());
    }
}
