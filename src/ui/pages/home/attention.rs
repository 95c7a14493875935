//! What an administrator should look at, each with the way to the cure.

use std::sync::Arc;

use leptos::prelude::*;

use crate::domain::account::Viewer;
use crate::domain::home::Attention;
use crate::domain::permission::Permission;
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::ui::components::{Icon, RelativeTime};

/// The list, most urgent first, or the good news that there is nothing.
#[component]
pub(super) fn AttentionList(attention: Vec<Attention>, viewer: Arc<Viewer>) -> impl IntoView {
    let i18n = use_i18n();
    let items: Vec<_> = attention
        .into_iter()
        .map(|item| view! { <AttentionItem item=item viewer=viewer.clone()/> })
        .collect();
    let body = if items.is_empty() {
        view! { <p class="panel-body all-well"><Icon name="circle-check"/><span>{tu_string!(i18n, home.attention.nothing)}</span></p> }.into_any()
    } else {
        view! { <ul class="attention">{items}</ul> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="attention-title">
            <div class="panel-head"><h2 class="panel-title" id="attention-title">{tu_string!(i18n, home.attention.title)}</h2></div>
            {body}
        </section>
    }
}

/// One thing to look at.
#[component]
fn AttentionItem(item: Attention, viewer: Arc<Viewer>) -> impl IntoView {
    let i18n = use_i18n();
    let connector = |id, tab: &str| format!("/connectors/{id}{tab}");
    let (tone, icon, text, time, href, cure, needed) = match item {
        Attention::ConnectorFailing { id, name } => (
            "error",
            "circle-x",
            tu_string!(i18n, home.attention.failing, name = in_sentence(&name)).to_string(),
            None,
            connector(id, "?tab=activity"),
            tu_string!(i18n, home.attention.failing_cure),
            Permission::ConnectorsManage,
        ),
        Attention::ConnectorSilent { id, name, since } => (
            "warning",
            "triangle-alert",
            tu_string!(i18n, home.attention.silent, name = in_sentence(&name)).to_string(),
            Some(since),
            connector(id, ""),
            tu_string!(i18n, home.attention.silent_cure),
            Permission::ConnectorsManage,
        ),
        Attention::SecretExpires { id, name, at } => (
            "warning",
            "key-round",
            tu_string!(i18n, home.attention.secret, name = in_sentence(&name)).to_string(),
            Some(at),
            connector(id, ""),
            tu_string!(i18n, home.attention.secret_cure),
            Permission::ConnectorsManage,
        ),
        Attention::OpenMatches { id, name, count } => (
            "warning",
            "users",
            tu_string!(i18n, home.attention.matches, name = in_sentence(&name), count = count).to_string(),
            None,
            connector(id, "?tab=provisioning"),
            tu_string!(i18n, home.attention.matches_cure),
            Permission::ConnectorsManage,
        ),
        Attention::UsersWithoutRole { count } => (
            "info",
            "shield",
            tu_string!(i18n, home.attention.without_role, count = count).to_string(),
            None,
            "/users?role=none".to_owned(),
            tu_string!(i18n, home.attention.without_role_cure),
            Permission::UsersRead,
        ),
        Attention::UsersIncomplete { count } => (
            "info",
            "user",
            tu_string!(i18n, home.attention.incomplete, count = count).to_string(),
            None,
            "/users?incomplete=true".to_owned(),
            tu_string!(i18n, home.attention.incomplete_cure),
            Permission::UsersRead,
        ),
        Attention::UsersWithoutIdentity { count } => (
            "info",
            "unlink",
            tu_string!(i18n, home.attention.without_identity, count = count).to_string(),
            None,
            "/users?identity=none".to_owned(),
            tu_string!(i18n, home.attention.without_identity_cure),
            Permission::UsersRead,
        ),
        Attention::NoConnector => (
            "info",
            "plug",
            tu_string!(i18n, home.attention.no_connector).to_owned(),
            None,
            "/integrations".to_owned(),
            tu_string!(i18n, home.attention.no_connector_cure),
            Permission::ConnectorsManage,
        ),
    };
    let link = viewer
        .may(needed)
        .then(|| view! { <a class="btn btn-sm" href=href>{cure}<Icon name="chevron-right"/></a> });
    view! {
        <li class="attention-item" data-tone=tone>
            <Icon name=icon/>
            <span class="attention-text">{text}{time.map(|at| view! { " "<RelativeTime at=at/> })}</span>
            {link}
        </li>
    }
}
