//! Users by status, groups, and the provisioning traffic of a day.

use std::sync::Arc;

use chrono::Timelike;
use leptos::prelude::*;

use crate::domain::account::Viewer;
use crate::domain::home::HomeView;
use crate::domain::permission::Permission;
use crate::i18n::*;
use crate::ui::components::{Bar, BarChart, Icon};

/// Counts with links to what they count, then the chart.
#[component]
pub(super) fn Figures(home: HomeView, viewer: Arc<Viewer>) -> impl IntoView {
    let i18n = use_i18n();
    let figure = |is_linked: bool, href: &'static str, icon: &'static str, label: &'static str, count: u64| {
        let body = view! { <span class="figure-label"><Icon name=icon/>{label}</span><span class="figure-count">{count}</span> };
        if is_linked {
            view! { <a class="panel figure" href=href>{body}</a> }.into_any()
        } else {
            view! { <div class="panel figure">{body}</div> }.into_any()
        }
    };
    let (users, groups) = (viewer.may(Permission::UsersRead), viewer.may(Permission::GroupsRead));
    let has_traffic = home.traffic.iter().any(|hour| hour.succeeded + hour.failed > 0);
    let bars: Vec<_> = home
        .traffic
        .iter()
        .map(|hour| Bar {
            label: format!("{:02}:00 UTC", hour.at.hour()),
            good: hour.succeeded,
            bad: hour.failed,
        })
        .collect();
    let traffic = viewer.may(Permission::ProvisioningRead).then(|| {
        let body = if has_traffic {
            view! {
                <BarChart
                    title=tu_string!(i18n, home.traffic.title)
                    label_head=tu_string!(i18n, home.traffic.hour)
                    good_head=tu_string!(i18n, home.traffic.good)
                    bad_head=tu_string!(i18n, home.traffic.bad)
                    bars=bars
                />
            }
            .into_any()
        } else {
            view! { <p class="text-muted">{tu_string!(i18n, home.traffic.nothing)}</p> }.into_any()
        };
        view! {
            <section class="panel" aria-labelledby="traffic-title">
                <div class="panel-head">
                    <h2 class="panel-title" id="traffic-title">{tu_string!(i18n, home.traffic.heading)}</h2>
                    <a class="btn btn-sm" href="/logs/provisioning">{tu_string!(i18n, home.traffic.log)}<Icon name="chevron-right"/></a>
                </div>
                <div class="panel-body">{body}</div>
            </section>
        }
    });
    view! {
        <section class="figures" aria-label=tu_string!(i18n, home.figures.title)>
            {figure(users, "/users?status=active", "circle-check", tu_string!(i18n, home.figures.active), home.active_users)}
            {figure(users, "/users?status=deactivated", "power-off", tu_string!(i18n, home.figures.deactivated), home.deactivated_users)}
            {figure(groups, "/groups", "users-round", tu_string!(i18n, home.figures.groups), home.groups)}
        </section>
        {traffic}
    }
}
