//! Short messages in one polite live region. They add to what the page shows and never are the only report of an error.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::Icon;
use crate::i18n::*;

/// How long a message stays; ten seconds give time to undo.
const STAY: Duration = Duration::from_secs(10);

/// How a message looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    /// Something was done.
    Done,
    /// Something failed; stays until it is dismissed.
    Error,
}

/// What takes the last act back.
#[derive(Clone)]
pub struct Undo(Callback<()>);

#[derive(Clone)]
struct Toast {
    id: u32,
    kind: ToastKind,
    text: String,
    undo: Option<Undo>,
}

/// The messages on show. Lives at the root, so that a message outlives the page that sent it.
#[derive(Clone)]
pub struct Toasts {
    list: ArcRwSignal<Vec<Toast>>,
    last: ArcRwSignal<u32>,
}

/// Makes the list of messages; called once at the root.
pub fn provide_toasts() {
    provide_context(Toasts {
        list: ArcRwSignal::new(Vec::new()),
        last: ArcRwSignal::new(0),
    });
}

/// The messages.
///
/// # Panics
/// Outside the application.
pub fn use_toasts() -> Toasts {
    expect_context::<Toasts>()
}

impl Toasts {
    /// Says that something was done.
    pub fn done(&self, text: impl Into<String>) {
        self.push(ToastKind::Done, text.into(), None);
    }

    /// Says that something was done, with a button that takes it back. `undo` must not depend on the page that is open.
    pub fn done_with_undo(&self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.push(ToastKind::Done, text.into(), Some(Undo(Callback::new(move |()| undo()))));
    }

    /// Says that something failed; stays until it is dismissed.
    pub fn error(&self, text: impl Into<String>) {
        self.push(ToastKind::Error, text.into(), None);
    }

    fn push(&self, kind: ToastKind, text: String, undo: Option<Undo>) {
        let id = self.last.try_get_untracked().unwrap_or_default().wrapping_add(1);
        self.last.set(id);
        self.list.update(|list| list.push(Toast { id, kind, text, undo }));
        if kind == ToastKind::Done {
            let this = self.clone();
            set_timeout(move || this.dismiss(id), STAY);
        }
    }

    fn dismiss(&self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}

/// The region in which messages appear; once, in the layout.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let list = toasts.list.clone();
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-label=tu_string!(i18n, common.notifications)>
            <For each=move || list.get() key=|toast| toast.id let:toast>
                <ToastView toast=toast/>
            </For>
        </div>
    }
}

#[component]
fn ToastView(toast: Toast) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let id = toast.id;
    let (icon, tone) = match toast.kind {
        ToastKind::Done => ("circle-check", "success"),
        ToastKind::Error => ("circle-alert", "error"),
    };
    let undo = toast.undo.map(|undo| {
        let toasts = toasts.clone();
        let take_back = move |_| {
            undo.0.run(());
            toasts.dismiss(id);
        };
        view! { <button type="button" class="btn btn-sm" on:click=take_back>{tu_string!(i18n, common.action.undo)}</button> }
    });
    view! {
        <div class="callout" data-tone=tone>
            <Icon name=icon/>
            <div>{toast.text}</div>
            {undo}
            <button type="button" class="btn btn-sm btn-square btn-ghost" aria-label=tu_string!(i18n, common.action.dismiss) on:click=move |_| toasts.dismiss(id)>
                <Icon name="x"/>
            </button>
        </div>
    }
}
