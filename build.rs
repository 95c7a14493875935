//! Turns the message catalogue in `src/locales` into typed text keys, so that a missing or misspelt key fails the build.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

/// One file for each area of the console in each language.
const NAMESPACES: [&str; 9] = [
    "common",
    "account",
    "home",
    "users",
    "groups",
    "connectors",
    "organisation",
    "logs",
    "roles",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?).join("i18n");
    // The first language is the one that texts fall back to.
    let config = Config::new("en")?
        .add_locale("de")?
        .add_namespaces(NAMESPACES)?
        .locales_path("src/locales")
        .parse_options(ParseOptions::new().interpolate_display(true));
    let parsed = parse_locales(None, config)?;
    for path in parsed.tracked_files.iter().flatten() {
        println!("cargo::rerun-if-changed={path}");
    }
    for warning in parsed.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    for error in parsed.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    let attributes: proc_macro2::TokenStream =
        "#![allow(missing_docs, non_camel_case_types, dead_code, clippy::all, clippy::expect_used)]".parse()?;
    let code = gen_code(&parsed, None, false, Some(&attributes), false)?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("mod.rs"), code.to_string())?;
    Ok(())
}
