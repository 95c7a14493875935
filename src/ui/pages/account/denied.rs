//! Pages that stand in place of one: no role, and nothing there.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::domain::account::Viewer;
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::account::{SignOut, SwitchOrganisation};
use crate::ui::components::set_status;
use crate::ui::layout::PublicLayout;

/// In place of every console page for a person without access role.
#[component]
pub fn PermissionDenied(
    /// Who is looking.
    viewer: Arc<Viewer>,
) -> impl IntoView {
    let i18n = use_i18n();
    set_status(403);
    let organisation = viewer
        .organisation
        .as_ref()
        .map(|organisation| organisation.name.clone())
        .unwrap_or_default();
    let others: Vec<_> = viewer
        .organisations
        .iter()
        .filter(|other| viewer.organisation.as_ref().is_none_or(|current| current.id != other.id))
        .map(|other| view! { <li><button type="submit" class="btn" name="input[organisation]" value=other.id.to_string()>{other.name.clone()}</button></li> })
        .collect();
    let others = (!others.is_empty()).then(|| {
        view! {
            <form method="post" action=SwitchOrganisation::url() class="stack">
                <p>{tu_string!(i18n, account.denied.others)}</p>
                <ul class="flex flex-wrap gap-2">{others}</ul>
            </form>
        }
    });
    view! {
        <PublicLayout title=tu_string!(i18n, account.denied.title)>
            <p>{tu_string!(i18n, account.denied.text, email = in_sentence(&viewer.email), organisation = in_sentence(&organisation)).to_string()}</p>
            <p>{tu_string!(i18n, account.denied.cure)}</p>
            {others}
            <form method="post" action=SignOut::url()>
                <button type="submit" class="btn btn-primary">{tu_string!(i18n, common.nav.sign_out)}</button>
            </form>
        </PublicLayout>
    }
}

/// No page has this address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    set_status(404);
    view! {
        <PublicLayout title=tu_string!(i18n, account.missing.title)>
            <p>{tu_string!(i18n, account.missing.text)}</p>
            <p><a class="btn btn-primary" href="/">{tu_string!(i18n, account.missing.home)}</a></p>
        </PublicLayout>
    }
}
