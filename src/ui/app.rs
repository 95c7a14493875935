//! The application and its routes.

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

#[cfg(feature = "ssr")]
pub use super::document::shell;

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(SharedValue::new(Preferences::read).into_inner());
    provide_clock();
    provide_toasts();
    #[cfg(feature = "ssr")]
    super::document::provide_catalogue();
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
        <Title formatter=move |page: String| title_text(if page.is_empty() { name.to_owned() } else { format!("{page} · {name}") })/>
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

/// The window's title as Leptos takes it: on the server it goes into the document as it is, so that a name in it must be escaped
/// here (security rule S17); the browser sets it as text.
fn title_text(title: String) -> String {
    #[cfg(feature = "ssr")]
    return html_escape::encode_text(&title).into_owned();
    #[cfg(not(feature = "ssr"))]
    title
}
