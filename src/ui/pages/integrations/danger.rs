//! The tab Danger: pause and resume, remove.

use std::sync::Arc;

use leptos::prelude::*;

use super::connector::Actions;
use crate::domain::connector::{ConnectorDetail, ConnectorHealth};
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::UiErrorCode;
use crate::ui::components::*;

/// The tab.
#[component]
pub(super) fn Danger(
    /// The connector.
    detail: Arc<ConnectorDetail>,
    /// What can be done.
    actions: Actions,
) -> impl IntoView {
    let is_paused = detail.summary.health == ConnectorHealth::Paused;
    let first = if is_paused {
        view! { <Resume detail=detail.clone() actions=actions/> }.into_any()
    } else {
        view! { <Pause detail=detail.clone() actions=actions/> }.into_any()
    };
    view! {
        {first}
        <Remove detail=detail actions=actions/>
    }
}

/// Pausing, with what it does.
#[component]
fn Pause(detail: Arc<ConnectorDetail>, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let error = action_error(actions.pause);
    let title = tu_string!(
        i18n,
        connectors.danger.pause_confirm_title,
        name = detail.summary.name.clone()
    )
    .to_string();
    view! {
        <section class="section" aria-labelledby="connector-pause">
            <h2 class="section-title" id="connector-pause">{tu_string!(i18n, connectors.danger.pause_title)}</h2>
            <p class="section-text">{tu_string!(i18n, connectors.danger.pause_text)}</p>
            <div><DialogLink name="pause-connector" label=tu_string!(i18n, connectors.danger.pause_open) class="btn" icon="pause"/></div>
            <Dialog name="pause-connector" title=title>
                <PostForm action=actions.pause>
                    <FormError error=error/>
                    <p class="dialog-text">{tu_string!(i18n, connectors.danger.pause_confirm_text)}</p>
                    <Hidden field="input" value=detail.summary.id.to_string()/>
                    <DialogActions>
                        <SubmitButton label=tu_string!(i18n, connectors.danger.pause) pending=actions.pause.pending() class="btn-warning"/>
                    </DialogActions>
                </PostForm>
            </Dialog>
        </section>
    }
}

/// Resuming needs no question: it takes nothing away.
#[component]
fn Resume(detail: Arc<ConnectorDetail>, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let error = action_error(actions.resume);
    view! {
        <section class="section" aria-labelledby="connector-resume">
            <h2 class="section-title" id="connector-resume">{tu_string!(i18n, connectors.danger.resume_title)}</h2>
            <p class="section-text">{tu_string!(i18n, connectors.danger.resume_text)}</p>
            <PostForm action=actions.resume>
                <FormError error=error/>
                <Hidden field="input" value=detail.summary.id.to_string()/>
                <SubmitButton label=tu_string!(i18n, connectors.danger.resume) pending=actions.resume.pending() icon="play"/>
            </PostForm>
        </section>
    }
}

/// Removing cannot be undone, so that the connector's name is typed.
#[component]
fn Remove(detail: Arc<ConnectorDetail>, actions: Actions) -> impl IntoView {
    let i18n = use_i18n();
    let error = action_error(actions.delete);
    let summary = detail.summary.clone();
    let title = tu_string!(
        i18n,
        connectors.danger.remove_confirm_title,
        name = in_sentence(&summary.name)
    )
    .to_string();
    let text = tu_string!(
        i18n,
        connectors.danger.remove_text,
        users = summary.users,
        groups = summary.groups
    )
    .to_string();
    let again = text.clone();
    let is_name_taken = move || error.with(|error| error.as_ref().is_some_and(|error| error.code == UiErrorCode::Conflict));
    view! {
        <section class="section section-danger" aria-labelledby="connector-remove">
            <h2 class="section-title" id="connector-remove">{tu_string!(i18n, connectors.danger.remove_title)}</h2>
            <p class="section-text">{text}</p>
            <div><DialogLink name="remove-connector" label=tu_string!(i18n, connectors.danger.remove) class="btn btn-error btn-outline" icon="trash-2"/></div>
            <Dialog name="remove-connector" title=title>
                <PostForm action=actions.delete>
                    <FormError error=error fields=&["confirmation"]/>
                    {move || is_name_taken().then(|| view! { <p class="dialog-text">{tu_string!(i18n, connectors.danger.remove_conflict)}</p> })}
                    <p class="dialog-text">{again}</p>
                    <p class="dialog-text">{tu_string!(i18n, connectors.danger.remove_sign_in)}</p>
                    <Hidden field="id" value=summary.id.to_string()/>
                    <ConfirmField expected=summary.name.clone() id="remove-confirmation" error=error/>
                    <DialogActions>
                        <SubmitButton label=tu_string!(i18n, connectors.danger.remove_confirm) pending=actions.delete.pending() class="btn-error"/>
                    </DialogActions>
                </PostForm>
            </Dialog>
        </section>
    }
}
