//! "Verify chain". The address asks for it (`?verify=1`, counted up by each further check), so that the result also comes back
//! to a browser in which WASM has not loaded.

use leptos::prelude::*;
use leptos_router::components::Form;

use crate::domain::audit::{ChainFaultKind, ChainReport};
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::ui::components::*;

/// The result of the last check; none while none was asked for.
type ReportResource = Data<Option<Result<ChainReport, UiError>>>;

/// The button and the result.
#[component]
pub(super) fn VerifyChain(
    /// The result of the last check.
    report: ReportResource,
    /// Whether the viewer may check.
    may_verify: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    if !may_verify {
        return ().into_any();
    }
    let verify = use_param("verify");
    let next = move || verify.get().parse::<u32>().unwrap_or(0).saturating_add(1).to_string();
    view! {
        <section class="section" aria-label=tu_string!(i18n, logs.audit.verify)>
            <div class="verify-chain">
                <Form method="get" action="/logs/audit" noscroll=true replace=true>
                    <button type="submit" class="btn btn-sm" name="verify" value=next>
                        <Icon name="link"/>
                        <span>{tu_string!(i18n, logs.audit.verify)}</span>
                    </button>
                </Form>
                <p class="section-text">{tu_string!(i18n, logs.audit.verify_text)}</p>
            </div>
            <div role="status" aria-live="polite">
                <Suspense fallback=|| view! { <Loading/> }>
                    {move || Suspend::new(async move { report.await.map(|report| loaded(report, result)) })}
                </Suspense>
            </div>
        </section>
    }
    .into_any()
}

/// Unbroken, or where it breaks.
fn result(report: ChainReport) -> AnyView {
    let i18n = use_i18n();
    match report.fault {
        None => view! {
            <p class="callout" data-tone="success">
                <Icon name="circle-check"/>
                <span>{tu_string!(i18n, logs.audit.verify_ok, rows = report.rows).to_string()}</span>
            </p>
        }
        .into_any(),
        Some(fault) => view! {
            <div class="callout" data-tone="error">
                <Icon name="circle-x"/>
                <div>
                    <p class="font-semibold">{tu_string!(i18n, logs.audit.verify_fault, sequence = fault.sequence, rows = report.rows).to_string()}</p>
                    <p>{kind_text(fault.kind)}</p>
                    <p>{tu_string!(i18n, logs.audit.verify_fault_do)}</p>
                </div>
            </div>
        }
        .into_any(),
    }
}

/// How the chain is broken.
fn kind_text(kind: ChainFaultKind) -> &'static str {
    let i18n = use_i18n();
    match kind {
        ChainFaultKind::Missing => tu_string!(i18n, logs.fault.missing),
        ChainFaultKind::OutOfOrder => tu_string!(i18n, logs.fault.out_of_order),
        ChainFaultKind::Changed => tu_string!(i18n, logs.fault.changed),
        ChainFaultKind::DetailsChanged => tu_string!(i18n, logs.fault.details_changed),
        ChainFaultKind::EndMissing => tu_string!(i18n, logs.fault.end_missing),
        ChainFaultKind::BehindEnd => tu_string!(i18n, logs.fault.behind_end),
        ChainFaultKind::WrongSignature => tu_string!(i18n, logs.fault.wrong_signature),
    }
}
