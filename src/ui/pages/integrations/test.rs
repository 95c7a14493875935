//! "Test connection". The address asks for it (`?test=1`, counted up by each further test), so that the steps also come back
//! to a browser in which WASM has not loaded.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::connector::TestResource;
use crate::domain::connector::{ConnectionStep, Finding};
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
fn check_list(findings: Vec<Finding>) -> AnyView {
    let i18n = use_i18n();
    let summary = if findings.iter().all(|finding| finding.passed()) {
        tu_string!(i18n, connectors.test.all_passed)
    } else {
        tu_string!(i18n, connectors.test.some_failed)
    };
    let steps = findings.into_iter().map(check_item).collect_view();
    view! {
        <p class="font-semibold">{summary}</p>
        <ol class="check-list">{steps}</ol>
    }
    .into_any()
}

/// One step.
fn check_item(finding: Finding) -> AnyView {
    let i18n = use_i18n();
    let title = match finding.step() {
        ConnectionStep::Enabled => tu_string!(i18n, connectors.test.enabled),
        ConnectionStep::LiveSecret => tu_string!(i18n, connectors.test.live_secret),
        ConnectionStep::AnswersTestQuery => tu_string!(i18n, connectors.test.answers),
        ConnectionStep::RefusesWrongSecret => tu_string!(i18n, connectors.test.refuses),
        ConnectionStep::DirectoryTraffic => tu_string!(i18n, connectors.test.traffic),
    };
    let (icon, class, word) = if finding.passed() {
        (
            "circle-check",
            "check-mark text-success",
            tu_string!(i18n, connectors.test.passed),
        )
    } else {
        ("circle-x", "check-mark text-error", tu_string!(i18n, connectors.test.failed))
    };
    view! {
        <li class="check-item">
            <span class=class><Icon name=icon/><span class="sr-only">{word}</span></span>
            <span class="min-w-0">
                <span class="block">{title}</span>
                <span class="block text-sm text-muted">{found(finding)}</span>
            </span>
        </li>
    }
    .into_any()
}

/// What was found, and what to do about it.
fn found(finding: Finding) -> AnyView {
    let i18n = use_i18n();
    match finding {
        Finding::IsOn => tu_string!(i18n, connectors.finding.is_on).into_any(),
        Finding::Paused => tu_string!(i18n, connectors.finding.paused).into_any(),
        Finding::ToolkitOff => tu_string!(i18n, connectors.finding.toolkit_off).into_any(),
        Finding::SecretsAlive { newest_ends_at, others } => {
            let others = (others > 0).then(|| view! { " " {tu_string!(i18n, connectors.finding.others_alive, count = others)} });
            view! { {tu_string!(i18n, connectors.finding.newest_ends)} " " <RelativeTime at=newest_ends_at/> "." {others} }
                .into_any()
        }
        Finding::NoSecretAlive => tu_string!(i18n, connectors.finding.no_secret_alive).into_any(),
        Finding::NobodyFound => tu_string!(i18n, connectors.finding.nobody_found).into_any(),
        Finding::StrangerFound => tu_string!(i18n, connectors.finding.stranger_found).into_any(),
        Finding::WrongSecretRefused => tu_string!(i18n, connectors.finding.wrong_secret_refused).into_any(),
        Finding::WrongSecretAccepted => tu_string!(i18n, connectors.finding.wrong_secret_accepted).into_any(),
        Finding::NothingArrived => tu_string!(i18n, connectors.finding.nothing_arrived).into_any(),
        Finding::AnsweredWell { at } => {
            view! { {tu_string!(i18n, connectors.finding.answered_well)} " " <RelativeTime at=at/> "." }.into_any()
        }
        Finding::RequestsFailed { failed } => tu_string!(i18n, connectors.finding.requests_failed, count = failed).into_any(),
        Finding::WritesRefused => tu_string!(i18n, connectors.finding.writes_refused).into_any(),
    }
}
