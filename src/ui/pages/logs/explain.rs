//! What a refusal or failure means and what cures it, by the answer's SCIM error type, else by its status.

use leptos::prelude::*;

use crate::domain::ids::ConnectorId;
use crate::domain::permission::Permission;
use crate::i18n::*;
use crate::ui::components::*;

/// What happened, and what to do about it.
type Words = (&'static str, &'static str);

/// The words for a SCIM error type; none for one that the catalogue does not know.
fn of_scim_type(i18n: I18n, scim_type: &str) -> Option<Words> {
    Some(match scim_type {
        "uniqueness" => (
            tu_string!(i18n, logs.explain.uniqueness_what),
            tu_string!(i18n, logs.explain.uniqueness_do),
        ),
        "invalidValue" => (
            tu_string!(i18n, logs.explain.invalid_value_what),
            tu_string!(i18n, logs.explain.invalid_value_do),
        ),
        "invalidFilter" => (
            tu_string!(i18n, logs.explain.invalid_filter_what),
            tu_string!(i18n, logs.explain.invalid_filter_do),
        ),
        "invalidPath" => (
            tu_string!(i18n, logs.explain.invalid_path_what),
            tu_string!(i18n, logs.explain.invalid_path_do),
        ),
        "invalidSyntax" => (
            tu_string!(i18n, logs.explain.invalid_syntax_what),
            tu_string!(i18n, logs.explain.invalid_syntax_do),
        ),
        "noTarget" => (
            tu_string!(i18n, logs.explain.no_target_what),
            tu_string!(i18n, logs.explain.no_target_do),
        ),
        "mutability" => (
            tu_string!(i18n, logs.explain.mutability_what),
            tu_string!(i18n, logs.explain.mutability_do),
        ),
        "tooMany" => (
            tu_string!(i18n, logs.explain.too_many_what),
            tu_string!(i18n, logs.explain.too_many_do),
        ),
        "sensitive" => (
            tu_string!(i18n, logs.explain.sensitive_what),
            tu_string!(i18n, logs.explain.sensitive_do),
        ),
        "invalidVers" => (
            tu_string!(i18n, logs.explain.invalid_vers_what),
            tu_string!(i18n, logs.explain.invalid_vers_do),
        ),
        _ => return None,
    })
}

/// The words for an HTTP status of a refusal or failure.
fn of_status(i18n: I18n, status: u16) -> Words {
    match status {
        400 => (
            tu_string!(i18n, logs.explain.s400_what),
            tu_string!(i18n, logs.explain.s400_do),
        ),
        401 => (
            tu_string!(i18n, logs.explain.s401_what),
            tu_string!(i18n, logs.explain.s401_do),
        ),
        403 => (
            tu_string!(i18n, logs.explain.s403_what),
            tu_string!(i18n, logs.explain.s403_do),
        ),
        404 => (
            tu_string!(i18n, logs.explain.s404_what),
            tu_string!(i18n, logs.explain.s404_do),
        ),
        405 => (
            tu_string!(i18n, logs.explain.s405_what),
            tu_string!(i18n, logs.explain.s405_do),
        ),
        409 => (
            tu_string!(i18n, logs.explain.s409_what),
            tu_string!(i18n, logs.explain.s409_do),
        ),
        412 => (
            tu_string!(i18n, logs.explain.s412_what),
            tu_string!(i18n, logs.explain.s412_do),
        ),
        413 => (
            tu_string!(i18n, logs.explain.s413_what),
            tu_string!(i18n, logs.explain.s413_do),
        ),
        415 => (
            tu_string!(i18n, logs.explain.s415_what),
            tu_string!(i18n, logs.explain.s415_do),
        ),
        429 => (
            tu_string!(i18n, logs.explain.s429_what),
            tu_string!(i18n, logs.explain.s429_do),
        ),
        501 => (
            tu_string!(i18n, logs.explain.s501_what),
            tu_string!(i18n, logs.explain.s501_do),
        ),
        503 => (
            tu_string!(i18n, logs.explain.s503_what),
            tu_string!(i18n, logs.explain.s503_do),
        ),
        500.. => (
            tu_string!(i18n, logs.explain.s500_what),
            tu_string!(i18n, logs.explain.s500_do),
        ),
        _ => (
            tu_string!(i18n, logs.explain.other_what),
            tu_string!(i18n, logs.explain.other_do),
        ),
    }
}

/// The tab of the connector page where the cure is, if it is there.
fn cure_tab(status: u16, scim_type: Option<&str>) -> Option<&'static str> {
    match (status, scim_type) {
        (_, Some("uniqueness")) => Some("provisioning"),
        (_, Some("invalidPath" | "invalidValue" | "mutability")) => Some("guide"),
        (401, _) => Some(""),
        _ => None,
    }
}

/// What the entry means. Nothing for requests that were answered well.
#[component]
pub(super) fn Explanation(
    /// HTTP status of the answer.
    status: u16,
    /// SCIM error type of the answer.
    scim_type: Option<String>,
    /// The reason as it was answered.
    detail: Option<String>,
    /// Whose request it was.
    connector: Option<ConnectorId>,
) -> impl IntoView {
    let i18n = use_i18n();
    if status < 400 {
        return ().into_any();
    }
    let (what, cure) = scim_type
        .as_deref()
        .and_then(|scim_type| of_scim_type(i18n, scim_type))
        .unwrap_or_else(|| of_status(i18n, status));
    let may_open = use_viewer().may(Permission::ConnectorsManage);
    let link = connector
        .filter(|_| may_open)
        .zip(cure_tab(status, scim_type.as_deref()))
        .map(|(id, tab)| {
            let href = href_with(&format!("/connectors/{id}"), &[("tab", tab)]);
            view! { <a class="btn btn-sm" href=href>{tu_string!(i18n, logs.entry.open_connector)}</a> }
        });
    let answered = detail.filter(|detail| !detail.is_empty()).map(|detail| {
        view! { <KeyValue label=tu_string!(i18n, logs.entry.answered)><bdi class="break-words" lang="en">{detail}</bdi></KeyValue> }
    });
    let code = scim_type.map(|code| view! { <code class="text-sm">{code}</code> });
    view! {
        <section class="section explanation" aria-labelledby="entry-explanation">
            <h2 class="section-title" id="entry-explanation">{tu_string!(i18n, logs.entry.explain)}</h2>
            <KeyValueList>
                <KeyValue label=tu_string!(i18n, logs.entry.what)>{what}" "{code}</KeyValue>
                {answered}
                <KeyValue label=tu_string!(i18n, logs.entry.cure)>{cure}</KeyValue>
            </KeyValueList>
            {link.map(|link| view! { <div>{link}</div> })}
        </section>
    }
    .into_any()
}
