//! The document and its routes.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use super::components::{provide_clock, provide_toasts};
use super::layout::ConsoleLayout;
use super::pages::account::{AccountPage, NotFoundPage, RecoverPage, SetupPage, SignInPage};
use super::pages::groups::{GroupPage, GroupsPage};
use super::pages::home::HomePage;
use super::pages::integrations::{ConnectorPage, IntegrationsPage};
use super::pages::logs::{AuditLogPage, ProvisioningEntryPage, ProvisioningLogPage};
use super::pages::organisation::{BillingPage, GeneralPage, OrganisationsPage};
use super::pages::users::{UserPage, UsersPage};
use super::preferences::Preferences;
use crate::i18n::*;

/// The document around the application; the server renders it for each page.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use leptos_meta::{HashedStylesheet, MetaTags};

    let preferences = Preferences::read();
    set_headers(&options);
    view! {
        <!DOCTYPE html>
        <html lang=preferences.locale().as_str() data-theme=preferences.theme.attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet id="leptos" options=options.clone()/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options=options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The policy with this answer's nonce (security rule S19), and no copy kept of a page that carries one.
#[cfg(feature = "ssr")]
fn set_headers(options: &LeptosOptions) {
    use axum::http::{HeaderValue, header};
    use leptos::nonce::use_nonce;

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

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(SharedValue::new(Preferences::read).into_inner());
    provide_clock();
    provide_toasts();
    view! {
        // The language comes from a cookie of ours and stands in the document already.
        <I18nContextProvider set_lang_attr_on_html=false set_dir_attr_on_html=false enable_cookie=false>
            <Console/>
        </I18nContextProvider>
    }
}

/// The routes, with the catalogue in the viewer's language around them.
#[component]
fn Console() -> impl IntoView {
    let i18n = use_i18n();
    i18n.set_locale_untracked(super::preferences::use_preferences().locale());
    let name = tu_string!(i18n, common.app.name);
    view! {
        <Title formatter=move |page: String| if page.is_empty() { name.to_owned() } else { format!("{page} · {name}") }/>
        <Router>
            <Routes fallback=|| view! { <NotFoundPage/> }>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/setup/:token") view=SetupPage ssr=SsrMode::Async/>
                <Route path=path!("/recover/:token") view=RecoverPage ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=ConsoleLayout ssr=SsrMode::Async>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/users") view=UsersPage ssr=SsrMode::Async/>
                    <Route path=path!("/users/:id") view=UserPage ssr=SsrMode::Async/>
                    <Route path=path!("/groups") view=GroupsPage ssr=SsrMode::Async/>
                    <Route path=path!("/groups/:id") view=GroupPage ssr=SsrMode::Async/>
                    <Route path=path!("/integrations") view=IntegrationsPage ssr=SsrMode::Async/>
                    <Route path=path!("/connectors/:id") view=ConnectorPage ssr=SsrMode::Async/>
                    <Route path=path!("/billing") view=BillingPage ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view=GeneralPage ssr=SsrMode::Async/>
                    <Route path=path!("/organisations") view=OrganisationsPage ssr=SsrMode::Async/>
                    <Route path=path!("/logs/provisioning") view=ProvisioningLogPage ssr=SsrMode::Async/>
                    <Route path=path!("/logs/provisioning/:id") view=ProvisioningEntryPage ssr=SsrMode::Async/>
                    <Route path=path!("/logs/audit") view=AuditLogPage ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
