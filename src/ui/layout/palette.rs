//! The command palette: pages, verbs and people by a few letters. It needs WASM; everything in it can be reached without.

use std::sync::Arc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::side::sections;
use crate::domain::account::Viewer;
use crate::domain::permission::Permission;
use crate::domain::user::{UserFilter, UserQuery};
use crate::i18n::*;
use crate::server_fns::users::list_users;
use crate::ui::components::{I18n, Icon, use_hydrated};

/// How long to wait after a key before people are asked for.
const TYPING_PAUSE: Duration = Duration::from_millis(200);
/// How many people are offered.
const PEOPLE: u32 = 8;

/// Something to go to.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    href: String,
    icon: &'static str,
    label: String,
    note: String,
}

/// Pages and verbs that the viewer may use.
fn places(i18n: I18n, viewer: &Viewer) -> Vec<Entry> {
    let entry = |href: &str, icon, label: &str| Entry {
        href: href.to_owned(),
        icon,
        label: label.to_owned(),
        note: String::new(),
    };
    let mut entries: Vec<Entry> = sections(i18n, viewer)
        .into_iter()
        .flat_map(|section| section.places)
        .map(|place| entry(place.href, place.icon, place.label))
        .collect();
    if viewer.may(Permission::UsersManage) {
        entries.push(entry(
            "/users?dialog=new-user",
            "user-plus",
            tu_string!(i18n, common.palette.new_user),
        ));
    }
    if viewer.may(Permission::UsersRead) {
        entries.push(entry(
            "/users?role=none",
            "triangle-alert",
            tu_string!(i18n, common.palette.without_role),
        ));
    }
    entries.push(entry("/account", "user", tu_string!(i18n, common.nav.account)));
    entries
}

/// The button in the top bar and the dialog that it opens.
#[component]
pub(super) fn Palette(viewer: Arc<Viewer>, is_open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let is_alive = use_hydrated();
    let label = tu_string!(i18n, common.palette.title);
    view! {
        <button type="button" class="btn btn-sm palette-button" class:invisible=move || !is_alive.get() aria-haspopup="dialog" on:click=move |_| is_open.set(true)>
            <Icon name="search"/>
            <span>{label}</span>
            <kbd class="kbd kbd-sm max-sm:hidden" aria-hidden="true">"Ctrl K"</kbd>
        </button>
        // The dialog enters the page on first use, so that no page pays for it before.
        {
            let was_opened = Memo::new(move |before: Option<&bool>| before.copied().unwrap_or_default() || is_open.get());
            move || was_opened.get().then(|| view! { <PaletteDialog viewer=viewer.clone() is_open=is_open/> })
        }
    }
}

#[component]
fn PaletteDialog(viewer: Arc<Viewer>, is_open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let node = NodeRef::<html::Dialog>::new();
    let input = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(String::new());
    let asked = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let may_search = viewer.may(Permission::UsersRead);
    let all = StoredValue::new(places(i18n, &viewer));

    let people = LocalResource::new(move || {
        let search = asked.get();
        async move {
            if search.is_empty() || !may_search {
                return Ok(Vec::new());
            }
            let query = UserQuery {
                filter: UserFilter {
                    search,
                    ..UserFilter::default()
                },
                limit: Some(PEOPLE),
                ..UserQuery::default()
            };
            list_users(query).await.map(|page| page.items)
        }
    });
    let entries = Memo::new(move |_| {
        let wanted = typed.get().trim().to_lowercase();
        let mut entries: Vec<Entry> = all.with_value(|all| {
            all.iter()
                .filter(|entry| entry.label.to_lowercase().contains(&wanted))
                .cloned()
                .collect()
        });
        // A search that fails offers nobody, and says so; the pages remain.
        let found = people.get().and_then(Result::ok).unwrap_or_default();
        entries.extend(found.into_iter().map(|user| Entry {
            href: format!("/users/{}", user.id),
            icon: "user",
            label: user.name,
            note: user.user_name,
        }));
        entries
    });
    let typing = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(handle)) = typing.try_update_value(Option::take) {
            handle.clear();
        }
    };
    on_cleanup(stop);
    let type_text = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        typed.set(text.clone());
        chosen.set(0);
        stop();
        typing.set_value(
            set_timeout_with_handle(
                move || {
                    asked.try_set(text.trim().to_owned());
                },
                TYPING_PAUSE,
            )
            .ok(),
        );
    };
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if is_open.get() {
            if !dialog.open() {
                // Fails only where the element is not in the document.
                let _ = dialog.show_modal();
            }
            if let Some(input) = input.get_untracked() {
                input.select();
            }
        } else {
            dialog.close();
        }
    });
    let go = move |entry: &Entry| {
        is_open.set(false);
        navigate(&entry.href, leptos_router::NavigateOptions::default());
    };
    let go_by_key = go.clone();
    let key = move |event: leptos::ev::KeyboardEvent| {
        let count = entries.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" if count > 0 => chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" => {
                if let Some(entry) = entries.with_untracked(|entries| entries.get(chosen.get_untracked()).cloned()) {
                    go_by_key(&entry);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let list = move || {
        let entries = entries.get();
        let note = if people.get().is_some_and(|found| found.is_err()) {
            Some(tu_string!(i18n, common.palette.failed))
        } else if entries.is_empty() {
            Some(tu_string!(i18n, common.palette.nothing))
        } else {
            None
        };
        let note = note.map(|note| view! { <li class="palette-none" role="presentation">{note}</li> });
        let options: Vec<_> = entries
            .into_iter()
            .enumerate()
            .map(|(index, entry)| {
                let go = go.clone();
                let (label, note, icon) = (entry.label.clone(), entry.note.clone(), entry.icon);
                view! {
                    <li
                        id=format!("palette-{index}")
                        role="option"
                        class="palette-option"
                        aria-selected=move || if chosen.get() == index { "true" } else { "false" }
                        on:click=move |_| go(&entry)
                        on:pointermove=move |_| if chosen.get_untracked() != index { chosen.set(index) }
                    >
                        <Icon name=icon/>
                        <span class="person"><span><bdi>{label}</bdi></span><span><bdi>{note}</bdi></span></span>
                    </li>
                }
            })
            .collect();
        (options, note).into_any()
    };
    let hint = tu_string!(i18n, common.palette.hint);
    view! {
        <dialog class="console-dialog palette" aria-label=tu_string!(i18n, common.palette.title) node_ref=node on:close=move |_| is_open.set(false)>
            <label class="input w-full">
                <Icon name="search"/>
                <span class="sr-only">{hint}</span>
                <input
                    type="text"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-autocomplete="list"
                    aria-activedescendant=move || format!("palette-{}", chosen.get())
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=hint
                    node_ref=input
                    on:input=type_text
                    on:keydown=key
                />
            </label>
            <ul class="palette-list" id="palette-list" role="listbox" aria-label=tu_string!(i18n, common.palette.title)>{list}</ul>
        </dialog>
    }
}
