//! The side menu: organisation, pages that the viewer may open, own account, looks.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::A;

use super::switches::{LanguageSwitch, OrganisationSwitcher, SideToggle, SignOutButton, ThemeSwitch};
use crate::domain::account::Viewer;
use crate::domain::permission::Permission;
use crate::i18n::*;
use crate::ui::components::{Avatar, I18n, Icon};

/// A page of the menu.
pub(super) struct Place {
    pub href: &'static str,
    pub icon: &'static str,
    pub label: &'static str,
}

/// A heading with its pages.
pub(super) struct Section {
    pub title: Option<&'static str>,
    pub places: Vec<Place>,
}

/// The pages that this viewer may open, in the order of the menu.
pub(super) fn sections(i18n: I18n, viewer: &Viewer) -> Vec<Section> {
    let place = |is_allowed: bool, href, icon, label| is_allowed.then_some(Place { href, icon, label });
    let may = |permission| viewer.may(permission);
    let has_organisation = viewer.organisation.is_some();
    let groups: [(Option<&'static str>, Vec<Option<Place>>); 4] = [
        (
            None,
            vec![
                place(has_organisation, "/", "house", tu_string!(i18n, common.nav.home)),
                place(
                    may(Permission::UsersRead),
                    "/users",
                    "users",
                    tu_string!(i18n, common.nav.users),
                ),
                place(
                    may(Permission::GroupsRead),
                    "/groups",
                    "users-round",
                    tu_string!(i18n, common.nav.groups),
                ),
            ],
        ),
        (
            Some(tu_string!(i18n, common.nav.setup)),
            vec![
                place(
                    has_organisation,
                    "/settings",
                    "settings",
                    tu_string!(i18n, common.nav.general),
                ),
                place(
                    may(Permission::ConnectorsManage),
                    "/integrations",
                    "plug",
                    tu_string!(i18n, common.nav.integrations),
                ),
                place(
                    may(Permission::BillingManage),
                    "/billing",
                    "credit-card",
                    tu_string!(i18n, common.nav.billing),
                ),
            ],
        ),
        (
            Some(tu_string!(i18n, common.nav.logs)),
            vec![
                place(
                    may(Permission::ProvisioningRead),
                    "/logs/provisioning",
                    "activity",
                    tu_string!(i18n, common.nav.provisioning),
                ),
                place(
                    may(Permission::AuditRead),
                    "/logs/audit",
                    "scroll-text",
                    tu_string!(i18n, common.nav.audit),
                ),
            ],
        ),
        (
            Some(tu_string!(i18n, common.nav.operator)),
            vec![place(
                viewer.is_operator,
                "/organisations",
                "building-2",
                tu_string!(i18n, common.nav.organisations),
            )],
        ),
    ];
    let filled = groups.into_iter().map(|(title, places)| Section {
        title,
        places: places.into_iter().flatten().collect(),
    });
    filled.filter(|section| !section.places.is_empty()).collect()
}

/// The menu itself. On a phone it is a popover, which needs no script.
#[component]
pub(super) fn SideMenu(viewer: Arc<Viewer>, is_narrow: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let sections: Vec<_> = sections(i18n, &viewer)
        .into_iter()
        .map(|section| {
            let links: Vec<_> = section
                .places
                .into_iter()
                .map(|place| {
                    view! {
                        <li>
                            <A href=place.href exact={place.href == "/"} attr:class="side-link" attr:title=place.label>
                                <Icon name=place.icon/>
                                <span class="side-label">{place.label}</span>
                            </A>
                        </li>
                    }
                })
                .collect();
            view! {
                {section.title.map(|title| view! { <h2 class="side-title">{title}</h2> })}
                <ul>{links}</ul>
            }
        })
        .collect();
    view! {
        <aside class="shell-side" id="side" popover="auto" aria-label=tu_string!(i18n, common.nav.side)>
            <div class="side-inner">
                <div class="side-head">
                    <a href="/" class="side-brand">
                        <Icon name="badge-check"/>
                        <span class="side-label">{tu_string!(i18n, common.app.name)}</span>
                    </a>
                    <SideToggle is_narrow=is_narrow/>
                </div>
                <OrganisationSwitcher viewer=viewer.clone()/>
                <nav class="side-nav" aria-label=tu_string!(i18n, common.nav.main)>{sections}</nav>
                <div class="side-foot">
                    <A href="/account" attr:class="side-link" attr:title=tu_string!(i18n, common.nav.account)>
                        <Avatar name=viewer.name.clone()/>
                        <span class="side-label person">
                            <span><bdi>{viewer.name.clone()}</bdi></span>
                            <span>{viewer.email.clone()}</span>
                        </span>
                    </A>
                    <SignOutButton/>
                    <div class="side-looks">
                        <ThemeSwitch/>
                        <LanguageSwitch/>
                    </div>
                </div>
            </div>
        </aside>
    }
}
