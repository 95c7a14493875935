//! "Test connection". The address asks for it (`?test=1`, counted up by each further test), so that the steps also come back
//! to a browser in which WASM has not loaded.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::connector::TestResource;
use crate::domain::connector::{ConnectionCheck, ConnectionStep};
use crate::domain::ids::ConnectorId;
use crate::i18n::*;
use crate::ui::components::*;

/// The section with the button and the steps of the last test.
#[component]
pub(super) fn TestConnection(
    /// Which connector.
    id: ConnectorId,
    /// Steps of the last test; none while none was asked for.
    checks: TestResource,
) -> impl IntoView {
    let i18n = use_i18n();
    let test = use_param("test");
    let next = move || test.get().parse::<u32>().unwrap_or(0).saturating_add(1).to_string();
    let label = move || match test.with(String::is_empty) {
        true => tu_string!(i18n, connectors.test.title),
        false => tu_string!(i18n, connectors.test.again),
    };
    view! {
        <section class="section" aria-labelledby="connector-test">
            <h2 class="section-title" id="connector-test">{tu_string!(i18n, connectors.test.title)}</h2>
            <p class="section-text">{tu_string!(i18n, connectors.test.text)}</p>
            <Form method="get" action=format!("/connectors/{id}") noscroll=true replace=true>
                <button type="submit" class="btn btn-primary" name="test" value=next>
                    <Icon name="activity"/>
                    <span>{label}</span>
                </button>
            </Form>
            <div role="status" aria-live="polite">
                <Suspense fallback=|| view! { <Loading/> }>
                    {move || Suspend::new(async move { checks.await.map(|checks| loaded(checks, check_list)) })}
                </Suspense>
            </div>
        </section>
    }
}

/// The steps in order.
fn check_list(checks: Vec<ConnectionCheck>) -> AnyView {
    let i18n = use_i18n();
    let summary = if checks.iter().all(|check| check.passed) {
        tu_string!(i18n, connectors.test.all_passed)
    } else {
        tu_string!(i18n, connectors.test.some_failed)
    };
    let steps = checks.into_iter().map(check_item).collect_view();
    view! {
        <p class="font-semibold">{summary}</p>
        <ol class="check-list">{steps}</ol>
    }
    .into_any()
}

/// One step.
fn check_item(check: ConnectionCheck) -> AnyView {
    let i18n = use_i18n();
    let title = match check.step {
        ConnectionStep::Enabled => tu_string!(i18n, connectors.test.enabled),
        ConnectionStep::LiveSecret => tu_string!(i18n, connectors.test.live_secret),
        ConnectionStep::AnswersTestQuery => tu_string!(i18n, connectors.test.answers),
        ConnectionStep::RefusesWrongSecret => tu_string!(i18n, connectors.test.refuses),
        ConnectionStep::DirectoryTraffic => tu_string!(i18n, connectors.test.traffic),
    };
    let (icon, class, word) = if check.passed {
        (
            "circle-check",
            "check-mark text-success",
            tu_string!(i18n, connectors.test.passed),
        )
    } else {
        ("circle-x", "check-mark text-error", tu_string!(i18n, connectors.test.failed))
    };
    let detail =
        (!check.detail.is_empty()).then(|| view! { <span class="block text-sm text-muted" lang="en">{check.detail}</span> });
    view! {
        <li class="check-item">
            <span class=class><Icon name=icon/><span class="sr-only">{word}</span></span>
            <span class="min-w-0">
                <span class="block">{title}</span>
                {detail}
            </span>
        </li>
    }
    .into_any()
}
