//! The document around the application, which the server alone writes: head, headers, and the start of the WASM.

use std::sync::OnceLock;

use axum::http::{HeaderValue, header};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use super::app::App;
use super::preferences::Preferences;
use crate::i18n::{I18nLocaleTrait, Locale};

/// The document around the application; the server renders it for each page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let preferences = Preferences::read();
    set_headers(&options);
    let files = files(&options);
    let nonce = use_nonce();
    let start = format!(
        "import({js:?}).then(page => page.default({{ module_or_path: {wasm:?} }}).then(() => page.hydrate()));",
        js = files.script,
        wasm = files.wasm
    );
    view! {
        <!DOCTYPE html>
        <html lang=preferences.locale().as_str() data-theme=preferences.theme.attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link id="leptos" rel="stylesheet" href=files.style.as_str()/>
                <AutoReload options=options.clone()/>
                // Leptos' own component would write the nonce into `crossorigin` too, where any selector can read it.
                <link rel="modulepreload" href=files.script.as_str()/>
                <link rel="preload" href=files.wasm.as_str() r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <script type="module" nonce=nonce>{start}</script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Gives the catalogue of messages to everything below, without its effects, which keep it up to date in a browser. They run in
/// tasks of their own: one whose turn comes when the page is out and taken down faults on what is gone (security rule S57).
pub(super) fn provide_catalogue() {
    let owner = Owner::new();
    let options = leptos_i18n::context::I18nContextOptions {
        enable_cookie: false,
        ..Default::default()
    };
    provide_context(owner.with(|| leptos_i18n::context::init_i18n_context_with_options::<Locale>(options)));
    owner.pause();
    // It lasts as long as the page.
    on_cleanup(move || drop(owner));
}

/// Addresses of what the build made for the browser.
struct Files {
    style: String,
    script: String,
    wasm: String,
}

/// The addresses; with hashes in their names where the build put them there. Read once: they last as long as the program.
fn files(options: &LeptosOptions) -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| {
        let hashes = if options.hash_files {
            read_hashes(options)
        } else {
            String::new()
        };
        let hash = |kind: &str| {
            let pairs = hashes.lines().filter_map(|line| line.trim().split_once(':'));
            pairs
                .filter(|(found, _)| *found == kind)
                .map(|(_, hash)| format!(".{}", hash.trim()))
                .next()
                .unwrap_or_default()
        };
        // Without the build tool, the binding generator adds its own ending to the name.
        let plain_end = if options.hash_files || option_env!("LEPTOS_OUTPUT_NAME").is_some() {
            ""
        } else {
            "_bg"
        };
        let address = |name: String| format!("/{}/{}{name}", options.site_pkg_dir, options.output_name);
        Files {
            style: address(format!("{}.css", hash("css"))),
            script: address(format!("{}.js", hash("js"))),
            wasm: address(format!("{}{plain_end}.wasm", hash("wasm"))),
        }
    })
}

/// The list of hashes that the build lays beside the program.
fn read_hashes(options: &LeptosOptions) -> String {
    let program = std::env::current_exe().ok();
    let list = program
        .as_deref()
        .and_then(std::path::Path::parent)
        .map(|folder| folder.join(options.hash_file.as_ref()));
    // Without the list the plain names are asked for, and the missing files are seen in the log.
    list.and_then(|list| std::fs::read_to_string(list).ok()).unwrap_or_default()
}

/// The policy with this answer's nonce (security rule S19), and no copy kept of a page that carries one.
fn set_headers(options: &LeptosOptions) {
    let (Some(response), Some(nonce)) = (use_context::<leptos_axum::ResponseOptions>(), use_nonce()) else {
        return;
    };
    // While developing, the page listens to the build tool for the next version.
    let reload = if std::env::var_os("LEPTOS_WATCH").is_some() {
        format!(" ws://{}:{}", options.site_addr.ip(), options.reload_port)
    } else {
        String::new()
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         connect-src 'self'{reload}; font-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}
