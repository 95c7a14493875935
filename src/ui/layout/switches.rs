//! Small forms of the frame: organisation, theme, language, width of the side menu, sign out. Each posts without WASM.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::domain::account::Viewer;
use crate::i18n::*;
use crate::server_fns::account::{SignOut, SwitchOrganisation};
use crate::server_fns::preferences::SetPreferences;
use crate::ui::components::{Icon, PostAction, PostForm};
use crate::ui::preferences::{Theme, use_preferences};

/// The organisation in view, and the others of the viewer.
#[component]
pub(super) fn OrganisationSwitcher(viewer: Arc<Viewer>) -> impl IntoView {
    let i18n = use_i18n();
    let current = viewer.organisation.clone();
    let name = current.as_ref().map_or_else(
        || tu_string!(i18n, common.nav.no_organisation).to_owned(),
        |organisation| organisation.name.clone(),
    );
    let title = name.clone();
    let others: Vec<_> = viewer
        .organisations
        .iter()
        .filter(|organisation| current.as_ref().is_none_or(|current| current.id != organisation.id))
        .map(|organisation| {
            view! {
                <li>
                    <button type="submit" class="side-link w-full" name="input[organisation]" value=organisation.id.to_string()>
                        <bdi>{organisation.name.clone()}</bdi>
                    </button>
                </li>
            }
        })
        .collect();
    if others.is_empty() {
        return view! {
            <p class="side-organisation" title=title>
                <Icon name="building-2"/>
                <bdi class="side-label truncate">{name}</bdi>
            </p>
        }
        .into_any();
    }
    view! {
        <details class="side-switcher">
            <summary class="side-organisation" title=title>
                <Icon name="building-2"/>
                <bdi class="side-label truncate">{name}</bdi>
                <Icon name="chevrons-up-down" class="side-label"/>
            </summary>
            // A plain post: everything on the page belongs to the organisation, so that all of it is loaded anew.
            <form method="post" action=SwitchOrganisation::url()>
                <p class="side-title">{tu_string!(i18n, common.nav.switch_organisation)}</p>
                <ul>{others}</ul>
            </form>
        </details>
    }
    .into_any()
}

/// Light, dark, or as the system has it.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let action = PostAction::<SetPreferences>::new();
    let chosen = RwSignal::new(use_preferences().theme);
    let buttons: Vec<_> = Theme::ALL
        .into_iter()
        .map(|theme| {
            let (icon, label) = match theme {
                Theme::Light => ("sun", tu_string!(i18n, common.looks.light)),
                Theme::Dark => ("moon", tu_string!(i18n, common.looks.dark)),
                Theme::System => ("monitor", tu_string!(i18n, common.looks.system)),
            };
            let choose = move |_| {
                chosen.set(theme);
                apply_theme(theme);
            };
            view! {
                <button
                    type="submit"
                    class="btn btn-sm btn-square btn-ghost join-item"
                    class:btn-active=move || chosen.get() == theme
                    name="input[theme]"
                    value=theme.name()
                    title=label
                    aria-label=label
                    aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                    on:click=choose
                >
                    <Icon name=icon/>
                </button>
            }
        })
        .collect();
    view! {
        <PostForm action=action>
            <div class="join" role="group" aria-label=tu_string!(i18n, common.looks.theme)>{buttons}</div>
        </PostForm>
    }
}

/// Shows a theme at once; the cookie follows by the form.
fn apply_theme(theme: Theme) {
    let Some(root) = document().document_element() else { return };
    // Setting an attribute of a fixed valid name cannot fail.
    let _ = match theme.attribute() {
        Some(name) => root.set_attribute("data-theme", name),
        None => root.remove_attribute("data-theme"),
    };
}

/// The other language. A plain post: all texts are loaded anew.
#[component]
pub(crate) fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    // A language's own name is the same in every catalogue.
    let (other, name) = match i18n.get_locale_untracked() {
        Locale::en => ("de", tu_string!(i18n, common.looks.german)),
        Locale::de => ("en", tu_string!(i18n, common.looks.english)),
    };
    view! {
        <form method="post" action=SetPreferences::url()>
            <button type="submit" class="btn btn-sm btn-ghost" name="input[language]" value=other lang=other>{name}</button>
        </form>
    }
}

/// Wide or narrow side menu.
#[component]
pub(super) fn SideToggle(is_narrow: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let action = PostAction::<SetPreferences>::new();
    let label = move || {
        if is_narrow.get() {
            tu_string!(i18n, common.nav.widen)
        } else {
            tu_string!(i18n, common.nav.narrow)
        }
    };
    view! {
        <PostForm action=action class="side-toggle">
            <button
                type="submit"
                class="btn btn-sm btn-square btn-ghost"
                name="input[sidebar]"
                value=move || if is_narrow.get() { "wide" } else { "narrow" }
                aria-label=label
                title=label
                on:click=move |_| {
                    // After the form has read the value.
                    request_animation_frame(move || is_narrow.update(|is_narrow| *is_narrow = !*is_narrow));
                }
            >
                <Icon name="panel-left"/>
            </button>
        </PostForm>
    }
}

/// Ends the session. A plain post, so that nothing of it stays in the browser.
#[component]
pub(crate) fn SignOutButton() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <form method="post" action=SignOut::url()>
            <button type="submit" class="side-link w-full" title=tu_string!(i18n, common.nav.sign_out)>
                <Icon name="log-out"/>
                <span class="side-label">{tu_string!(i18n, common.nav.sign_out)}</span>
            </button>
        </form>
    }
}
