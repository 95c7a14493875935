//! A connector's own page: header, tabs, and the data that they share.

use std::sync::Arc;

use leptos::prelude::*;

use super::danger::Danger;
use super::guide::Guide;
use super::matches::Findings;
use super::overview::Overview;
use super::settings::Settings;
use crate::domain::connector::{ConnectorDetail, ConnectorHealth};
use crate::domain::ids::ConnectorId;
use crate::domain::page::Page;
use crate::domain::provisioning::{ProvisioningQuery, ProvisioningSummary};
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::server_fns::connectors::{
    AcknowledgeSecret, DeleteConnector, PauseConnector, ResumeConnector, RevokeCredential, RotateConnectorSecret,
    UpdateConnector, get_connector, test_connection,
};
use crate::server_fns::provisioning::list_provisioning;
use crate::ui::components::*;
use crate::ui::pages::logs::provisioning_table;

/// Values of `?tab=`.
const TABS: [&str; 5] = ["overview", "guide", "provisioning", "activity", "danger"];
/// How many requests the tab Activity shows.
const LAST_REQUESTS: u32 = 20;

/// What can be done on the page. Made once for the page, because the tabs come and go.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    /// Puts the new secret out of sight.
    pub(super) acknowledge: PostAction<AcknowledgeSecret>,
    /// Makes a new secret.
    pub(super) rotate: PostAction<RotateConnectorSecret>,
    /// Ends one secret.
    pub(super) revoke: PostAction<RevokeCredential>,
    /// Saves name and settings.
    pub(super) update: PostAction<UpdateConnector>,
    /// Pauses.
    pub(super) pause: PostAction<PauseConnector>,
    /// Resumes.
    pub(super) resume: PostAction<ResumeConnector>,
    /// Removes.
    pub(super) delete: PostAction<DeleteConnector>,
}

/// The steps that a test went through; none while no test was asked for.
pub(super) type TestResource = Data<Option<Result<Vec<crate::domain::connector::Finding>, UiError>>>;
/// The last requests; none on the other tabs.
type ActivityResource = Data<Option<Result<Page<ProvisioningSummary>, UiError>>>;

/// One connector.
#[component]
pub fn ConnectorPage() -> impl IntoView {
    let i18n = use_i18n();
    let id = use_path_id(ConnectorId::parse);
    let tab = use_tab(&TABS);
    let test = use_param("test");
    let connector = load(move || id.get(), |id| async move { get_connector(known(id)?).await });
    let checks: TestResource = load(
        move || (id.get(), test.get()),
        |(id, test)| async move {
            match id {
                Some(id) if !test.is_empty() => Some(test_connection(id).await),
                _ => None,
            }
        },
    );
    let activity: ActivityResource = load(
        move || (id.get(), tab.get() == "activity"),
        |(id, is_shown)| async move {
            if !is_shown {
                return None;
            }
            let query = ProvisioningQuery {
                connector: id,
                limit: Some(LAST_REQUESTS),
                ..ProvisioningQuery::default()
            };
            Some(list_provisioning(query).await)
        },
    );
    let actions = use_actions(connector);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || Suspend::new(async move {
                loaded_record(connector.await, Crumb::new("/integrations", tu_string!(i18n, connectors.integrations.title)), move |detail| {
                    let detail = Arc::new(detail);
                    view! {
                        <Head detail=detail.clone() tab=tab/>
                        {move || content(tab.get(), &detail, actions, checks, activity)}
                    }
                    .into_any()
                })
            })}
        </Transition>
    }
}

/// The actions, each with what follows when it has ended well.
fn use_actions(connector: Data<Result<ConnectorDetail, UiError>>) -> Actions {
    let i18n = use_i18n();
    let actions = Actions {
        acknowledge: PostAction::new(),
        rotate: PostAction::new(),
        revoke: PostAction::new(),
        update: PostAction::new(),
        pause: PostAction::new(),
        resume: PostAction::new(),
        delete: PostAction::new(),
    };
    let (close, toasts) = (use_close_dialog(), use_toasts());
    let close_and_refetch = move || {
        close();
        connector.refetch();
    };
    on_success(actions.acknowledge, move || connector.refetch());
    on_success(actions.rotate, close_and_refetch.clone());
    on_success(actions.revoke, close_and_refetch.clone());
    on_success(actions.pause, close_and_refetch);
    on_success(actions.resume, move || connector.refetch());
    on_success(actions.update, move || {
        connector.refetch();
        toasts.done(tu_string!(i18n, connectors.settings.saved));
    });
    actions
}

/// Title, state and tabs.
#[component]
fn Head(detail: Arc<ConnectorDetail>, tab: Memo<&'static str>) -> impl IntoView {
    let i18n = use_i18n();
    let summary = &detail.summary;
    let crumbs = vec![Crumb::new("/integrations", tu_string!(i18n, connectors.integrations.title))];
    let tabs = vec![
        Tab::new("overview", tu_string!(i18n, connectors.page.overview)),
        Tab::new("guide", tu_string!(i18n, connectors.page.guide)),
        Tab::new("provisioning", tu_string!(i18n, connectors.page.provisioning)),
        Tab::new("activity", tu_string!(i18n, connectors.page.activity)),
        Tab::new("danger", tu_string!(i18n, connectors.page.danger)),
    ];
    let explanation = match summary.health {
        ConnectorHealth::WaitingForFirstRequest => tu_string!(i18n, connectors.health.waiting_text),
        ConnectorHealth::Healthy => tu_string!(i18n, connectors.health.healthy_text),
        ConnectorHealth::Failing => tu_string!(i18n, connectors.health.failing_text),
        ConnectorHealth::Silent => tu_string!(i18n, connectors.health.silent_text),
        ConnectorHealth::Paused => tu_string!(i18n, connectors.health.paused_text),
    };
    let last_request = summary.last_request_at.map(|at| {
        view! { <span class="basis-full text-muted">{tu_string!(i18n, connectors.page.last_request)}" "<RelativeTime at=at/></span> }
    });
    view! {
        <PageHeader title=summary.name.clone() description=summary.kind.label() crumbs=crumbs/>
        <div class="connector-state">
            <StatusBadge status=summary.health/>
            <span>{explanation}</span>
            {last_request}
        </div>
        <Tabs label=tu_string!(i18n, connectors.page.tabs) tabs=tabs current=tab/>
    }
}

/// What the chosen tab shows.
fn content(
    tab: &'static str,
    detail: &Arc<ConnectorDetail>,
    actions: Actions,
    checks: TestResource,
    activity: ActivityResource,
) -> AnyView {
    match tab {
        "guide" => view! { <Guide detail=detail.clone()/> }.into_any(),
        "provisioning" => view! {
            <Settings detail=detail.clone() update=actions.update/>
            <Findings detail=detail.clone()/>
        }
        .into_any(),
        "activity" => view! { <Activity id=detail.summary.id activity=activity/> }.into_any(),
        "danger" => view! { <Danger detail=detail.clone() actions=actions/> }.into_any(),
        _ => view! { <Overview detail=detail.clone() actions=actions checks=checks/> }.into_any(),
    }
}

/// The last requests of the directory.
#[component]
fn Activity(id: ConnectorId, activity: ActivityResource) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="section" aria-labelledby="connector-activity">
            <div class="section-head">
                <h2 class="section-title" id="connector-activity">{tu_string!(i18n, connectors.activity.title)}</h2>
                <a class="btn btn-sm" href=format!("/logs/provisioning?connector={id}")>
                    <Icon name="scroll-text"/>
                    <span>{tu_string!(i18n, connectors.activity.all)}</span>
                </a>
            </div>
            <Transition fallback=|| view! { <Loading/> }>
                {move || Suspend::new(async move {
                    activity.await.map(|page| loaded(page, |page| {
                        if page.items.is_empty() {
                            let (title, text) = (tu_string!(i18n, connectors.activity.empty_title), tu_string!(i18n, connectors.activity.empty_text));
                            return view! { <EmptyState kind=EmptyKind::Nothing title=title text=text/> }.into_any();
                        }
                        provisioning_table(page.items, false)
                    }))
                })}
            </Transition>
        </section>
    }
}
