//! "Add Connector": one button for each directory; it saves at once and opens the connector.

use leptos::prelude::*;

use crate::domain::connector::ConnectorKind;
use crate::i18n::*;
use crate::server_fns::connectors::CreateConnector;
use crate::ui::components::*;

/// The dialog with the directories on offer.
#[component]
pub(super) fn AddConnector(
    /// Makes the connector.
    create: PostAction<CreateConnector>,
) -> impl IntoView {
    let i18n = use_i18n();
    let error = action_error(create);
    let choices = ConnectorKind::ALL.into_iter().map(|kind| choice(kind, create)).collect_view();
    view! {
        <Dialog name="add-connector" title=tu_string!(i18n, connectors.integrations.add)>
            <p class="dialog-text">{tu_string!(i18n, connectors.integrations.add_lead)}</p>
            <FormError error=error/>
            <ul class="grid gap-3">{choices}</ul>
        </Dialog>
    }
}

/// One directory.
fn choice(kind: ConnectorKind, create: PostAction<CreateConnector>) -> AnyView {
    let i18n = use_i18n();
    let (icon, text) = match kind {
        ConnectorKind::Entra => ("building-2", tu_string!(i18n, connectors.integrations.kind_entra)),
        ConnectorKind::Okta => ("shield-check", tu_string!(i18n, connectors.integrations.kind_okta)),
        ConnectorKind::Generic => ("plug", tu_string!(i18n, connectors.integrations.kind_generic)),
    };
    let pending = create.pending();
    view! {
        <li>
            <PostForm action=create>
                <Hidden field="kind" value=kind.name()/>
                <button type="submit" class="choice-card" disabled=move || pending.get() aria-busy=move || pending.get().then_some("true")>
                    <Icon name=icon/>
                    <span class="min-w-0">
                        <span class="block font-semibold">{kind.label()}</span>
                        <span class="block text-sm text-muted">{text}</span>
                    </span>
                    <Icon name="chevron-right"/>
                </button>
            </PostForm>
        </li>
    }
    .into_any()
}
