//! The settings of the tab Provisioning, each with what it does.

use std::sync::Arc;

use leptos::prelude::*;

use crate::domain::connector::{AdoptionPolicy, ConnectorDetail};
use crate::domain::directory::extension_urn;
use crate::domain::user::UserType;
use crate::i18n::*;
use crate::server_fns::connectors::UpdateConnector;
use crate::ui::components::*;

/// Fields with an input of their own in the form.
const FIELDS: [&str; 4] = ["name", "folders_extension_name", "default_user_type", "adoption"];

/// Name of the attribute by which a directory sends folders.
pub(super) fn folders_attribute(extension: &str) -> String {
    format!("{}:folders", extension_urn(extension))
}

/// The form.
#[component]
pub(super) fn Settings(
    /// The connector.
    detail: Arc<ConnectorDetail>,
    /// Saves.
    update: PostAction<UpdateConnector>,
) -> impl IntoView {
    let i18n = use_i18n();
    let error = action_error(update);
    let settings = detail.settings.clone();
    let (id, version, name) = (
        detail.summary.id.to_string(),
        detail.version.to_string(),
        detail.summary.name.clone(),
    );
    let attribute = folders_attribute(&settings.folders_extension_name);
    let user_types = UserType::ALL
        .into_iter()
        .map(|kind| Choice::new(kind.name(), kind.name()))
        .collect();
    let (ask, never) = ("ask", "never");
    let adoption = match settings.adoption {
        AdoptionPolicy::Ask => ask,
        AdoptionPolicy::Never => never,
    };
    let adoptions = vec![
        Choice::new(ask, tu_string!(i18n, connectors.settings.adoption_ask)),
        Choice::new(never, tu_string!(i18n, connectors.settings.adoption_never)),
    ];
    view! {
        <section class="section" aria-labelledby="connector-settings">
            <h2 class="section-title" id="connector-settings">{tu_string!(i18n, connectors.settings.title)}</h2>
            <PostForm action=update>
                <div class="form-narrow">
                    <FormError error=error fields=&FIELDS/>
                    <Hidden field="id" value=id/>
                    <Hidden field="version" value=version/>
                    <Field field="name" label=tu_string!(i18n, connectors.settings.name) hint=tu_string!(i18n, connectors.settings.name_hint) value=name error=error required=true/>
                    <SelectField field="default_user_type" label=tu_string!(i18n, connectors.settings.user_type) hint=tu_string!(i18n, connectors.settings.user_type_hint) choices=user_types value=settings.default_user_type.name() error=error/>
                    <SelectField field="adoption" label=tu_string!(i18n, connectors.settings.adoption) hint=tu_string!(i18n, connectors.settings.adoption_hint) choices=adoptions value=adoption error=error/>
                    <CheckField field="are_names_required" label=tu_string!(i18n, connectors.settings.names_required) hint=tu_string!(i18n, connectors.settings.names_required_hint) checked=settings.are_names_required toggle=true/>
                    <CheckField field="may_grant_admin_roles" label=tu_string!(i18n, connectors.settings.admin_roles) hint=tu_string!(i18n, connectors.settings.admin_roles_hint) checked=settings.may_grant_admin_roles toggle=true/>
                    <Field field="folders_extension_name" label=tu_string!(i18n, connectors.settings.folders_name) hint=tu_string!(i18n, connectors.settings.folders_name_hint) value=settings.folders_extension_name error=error required=true/>
                    <CopyField label=tu_string!(i18n, connectors.settings.folders_attribute) value=attribute/>
                    <CheckField field="is_folder_add_replacing" label=tu_string!(i18n, connectors.settings.folders_add) hint=tu_string!(i18n, connectors.settings.folders_add_hint) checked=settings.is_folder_add_replacing toggle=true/>
                    <div><SubmitButton label=tu_string!(i18n, connectors.settings.save) pending=update.pending()/></div>
                </div>
            </PostForm>
        </section>
    }
}
