//! Turns the message catalogue in `src/locales` into typed text keys, so that a missing or misspelt key fails the build.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_build::options::CodegenOptions;
use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

/// One file for each area of the console in each language.
const NAMESPACES: [&str; 9] = ["common", "account", "home", "users", "groups", "connectors", "organisation", "logs", "roles"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?).join("i18n");
    // The first language is the one that texts fall back to.
    let config = Config::new("en")?.add_locale("de")?.add_namespaces(NAMESPACES)?.locales_path("src/locales")
        .parse_options(ParseOptions::new().interpolate_display(true));
    let infos = TranslationsInfos::parse(config)?;
    infos.emit_diagnostics();
    infos.rerun_if_locales_changed();
    let attributes = "#![allow(missing_docs, non_camel_case_types, dead_code, clippy::all)]".parse()?;
    infos.generate_i18n_module_with_options(out, CodegenOptions::new().top_level_attributes(Some(attributes)).gen_docs(false))?;
    Ok(())
}
