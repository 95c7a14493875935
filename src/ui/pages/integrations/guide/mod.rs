//! The set-up guide: numbered steps for the directory's own portal, with this connector's values filled in. A step turns green
//! when traffic proves it; what no traffic can prove keeps its number.

mod entra;
mod generic;
mod okta;

use std::sync::Arc;

use leptos::prelude::*;

use crate::domain::connector::{ConnectorDetail, ConnectorKind};
use crate::domain::directory::METADATA_URN;
use crate::domain::ids::ConnectorId;
use crate::i18n::*;
use crate::ui::components::*;

/// Name of the attribute by which a directory sends one metadata value.
fn metadata_attribute() -> String {
    format!("{METADATA_URN}:{{Key}}")
}

/// The tab.
#[component]
pub(super) fn Guide(
    /// The connector.
    detail: Arc<ConnectorDetail>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, connectors.guide.steps_for, directory = detail.summary.kind.label()).to_string();
    let steps = match detail.summary.kind {
        ConnectorKind::Entra => entra::steps(&detail),
        ConnectorKind::Okta => okta::steps(&detail),
        ConnectorKind::Generic => generic::steps(&detail),
    };
    view! {
        <section class="section" aria-labelledby="connector-guide">
            <h2 class="section-title" id="connector-guide">{title}</h2>
            <p class="section-text">{tu_string!(i18n, connectors.guide.lead)}</p>
            <ol class="guide-steps">{steps}</ol>
        </section>
    }
}

/// What traffic can prove about a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Nothing: the step happens in the portal alone.
    None,
    /// It would show here, and has not yet.
    Awaited,
    /// It was seen.
    Seen,
}

impl Proof {
    /// Seen when `is_seen`, else awaited.
    const fn when(is_seen: bool) -> Self {
        if is_seen { Self::Seen } else { Self::Awaited }
    }

    /// The directory has reached this connector with a live secret.
    fn of_traffic(detail: &ConnectorDetail) -> Self {
        Self::when(
            detail.summary.last_request_at.is_some()
                && detail.credentials.iter().any(|credential| credential.last_used_at.is_some()),
        )
    }

    /// At least one user has arrived.
    const fn of_users(detail: &ConnectorDetail) -> Self {
        Self::when(detail.summary.users > 0)
    }

    /// At least one group has arrived.
    const fn of_groups(detail: &ConnectorDetail) -> Self {
        Self::when(detail.summary.groups > 0)
    }
}

/// One step: its number (or check mark), what to do, and the values that it needs.
#[component]
fn Step(
    /// Its place.
    number: usize,
    /// What to do, in few words.
    #[prop(into)]
    title: String,
    /// How to do it.
    #[prop(into)]
    text: String,
    /// What traffic says about it.
    proof: Proof,
    /// What to know besides.
    #[prop(optional, into)]
    note: Option<String>,
    /// Values and tables.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (class, mark, word) = match proof {
        Proof::Seen => (
            "guide-step guide-step-done",
            view! { <Icon name="check"/> }.into_any(),
            Some(tu_string!(i18n, connectors.guide.done)),
        ),
        Proof::Awaited => ("guide-step", number.into_any(), Some(tu_string!(i18n, connectors.guide.open))),
        Proof::None => ("guide-step", number.into_any(), None),
    };
    let badge = word.map(|word| {
        let (tone, icon) = if proof == Proof::Seen {
            ("success", "circle-check")
        } else {
            ("neutral", "clock")
        };
        view! { <span class="state" data-tone=tone><Icon name=icon/><span>{word}</span></span> }
    });
    let note = note.map(|note| view! { <p class="guide-note"><Icon name="info"/><span>{note}</span></p> });
    view! {
        <li class=class>
            <span class="guide-mark" aria-hidden="true">{mark}</span>
            <div class="guide-body">
                <h3 class="guide-title"><span>{title}</span>{badge}</h3>
                <p>{text}</p>
                {children.map(|children| children())}
                {note}
            </div>
        </li>
    }
}

/// Attribute mappings as a table: what to choose in the directory, and what it is here.
fn mapping_table(rows: &[(&'static str, &'static str)]) -> AnyView {
    let i18n = use_i18n();
    let (source, target) = (
        tu_string!(i18n, connectors.guide.source),
        tu_string!(i18n, connectors.guide.target),
    );
    let row = |(from, to): &(&'static str, &'static str)| {
        view! {
            <tr>
                <td data-label=source><code class="break-all">{*from}</code></td>
                <td data-label=target><code class="break-all">{*to}</code></td>
            </tr>
        }
        .into_any()
    };
    let rows = rows.iter().map(row).collect_view();
    view! {
        <DataTable caption=tu_string!(i18n, connectors.guide.mappings_table)>
            <thead><tr><th scope="col">{source}</th><th scope="col">{target}</th></tr></thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// Where the secret is, since it is shown once only.
fn secret_hint(id: ConnectorId) -> AnyView {
    let i18n = use_i18n();
    view! {
        <p class="guide-note">
            <Icon name="key-round"/>
            <span>
                {tu_string!(i18n, connectors.guide.secret_where)}" "
                <a class="link" href=format!("/connectors/{id}")>{tu_string!(i18n, connectors.guide.open_overview)}</a>
            </span>
        </p>
    }
    .into_any()
}

/// Both redirect URIs.
fn redirect_uris(detail: &ConnectorDetail) -> AnyView {
    let i18n = use_i18n();
    view! {
        <CopyField label=tu_string!(i18n, connectors.oidc.web) value=detail.web_redirect_uri.clone()/>
        <CopyField label=tu_string!(i18n, connectors.oidc.native) value=detail.native_redirect_uri.clone()/>
    }
    .into_any()
}
