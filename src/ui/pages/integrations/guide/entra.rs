//! Steps for the Microsoft Entra admin center.

use leptos::prelude::*;

use super::{Proof, Step, mapping_table, metadata_attribute, redirect_uris, secret_hint};
use crate::domain::connector::ConnectorDetail;
use crate::domain::role::BuiltInRole;
use crate::i18n::*;
use crate::ui::components::*;
use crate::ui::pages::integrations::settings::folders_attribute;

/// The flag with which Entra sends PATCH requests that follow the standard.
const STANDARD_PATCH_FLAG: &str = "?aadOptscim062020";

/// The mappings that matter; the others of Entra's own template may stay.
const MAPPINGS: [(&str, &str); 7] = [
    ("userPrincipalName", "userName"),
    ("objectId", "externalId"),
    (
        "Switch([IsSoftDeleted], , \"False\", \"True\", \"True\", \"False\")",
        "active",
    ),
    ("displayName", "displayName"),
    ("givenName", "name.givenName"),
    ("surname", "name.familyName"),
    ("mail", "emails[type eq \"work\"].value"),
];

/// All steps.
pub(super) fn steps(detail: &ConnectorDetail) -> AnyView {
    let i18n = use_i18n();
    let traffic = Proof::of_traffic(detail);
    let arrived = Proof::when(detail.summary.users > 0 && detail.summary.groups > 0);
    let credentials = view! {
        <CopyField label=tu_string!(i18n, connectors.entra.tenant_url) value=detail.scim_url.clone()/>
        <CopyField label=tu_string!(i18n, connectors.entra.tenant_url_flag) value=format!("{}{STANDARD_PATCH_FLAG}", detail.scim_url) hint=tu_string!(i18n, connectors.entra.tenant_url_flag_hint)/>
        {secret_hint(detail.summary.id)}
    }
    .into_any();
    let roles = BuiltInRole::ALL
        .into_iter()
        .map(|role| view! { <li><code>{role.name()}</code></li> })
        .collect_view();
    let redirects = redirect_uris(detail);
    view! {
        <Step number=1 proof=Proof::None title=tu_string!(i18n, connectors.entra.app_title) text=tu_string!(i18n, connectors.entra.app_text) note=tu_string!(i18n, connectors.entra.app_note)/>
        <Step number=2 proof=traffic title=tu_string!(i18n, connectors.entra.credentials_title) text=tu_string!(i18n, connectors.entra.credentials_text)>
            {credentials}
        </Step>
        <Step number=3 proof=Proof::None title=tu_string!(i18n, connectors.entra.users_title) text=tu_string!(i18n, connectors.entra.users_text) note=tu_string!(i18n, connectors.entra.users_external_id)>
            {mapping_table(&MAPPINGS)}
        </Step>
        <Step number=4 proof=Proof::None title=tu_string!(i18n, connectors.entra.user_type_title) text=tu_string!(i18n, connectors.entra.user_type_text)>
            <CopyField label=tu_string!(i18n, connectors.guide.target) value="userType"/>
        </Step>
        <Step number=5 proof=Proof::None title=tu_string!(i18n, connectors.entra.roles_title) text=tu_string!(i18n, connectors.entra.roles_text) note=tu_string!(i18n, connectors.entra.roles_note)>
            <p class="field-label">{tu_string!(i18n, connectors.guide.app_roles)}</p>
            <ul class="list-disc ps-5">{roles}</ul>
            <CopyField label=tu_string!(i18n, connectors.entra.roles_expression) value="AssertiveAppRoleAssignmentsComplex([appRoleAssignments])"/>
            <CopyField label=tu_string!(i18n, connectors.guide.target) value="roles"/>
        </Step>
        {folder_steps(detail)}
        <Step number=8 proof=Proof::of_users(detail) title=tu_string!(i18n, connectors.entra.scope_title) text=tu_string!(i18n, connectors.entra.scope_text)/>
        <Step number=9 proof=arrived title=tu_string!(i18n, connectors.entra.start_title) text=tu_string!(i18n, connectors.entra.start_text)/>
        <Step number=10 proof=Proof::None title=tu_string!(i18n, connectors.entra.sign_in_title) text=tu_string!(i18n, connectors.entra.sign_in_text)>
            {redirects}
        </Step>
    }
    .into_any()
}

/// Folders in both ways, and metadata.
fn folder_steps(detail: &ConnectorDetail) -> AnyView {
    let i18n = use_i18n();
    let attribute = folders_attribute(&detail.settings.folders_extension_name);
    view! {
        <Step number=6 proof=Proof::None title=tu_string!(i18n, connectors.entra.folders_title) text=tu_string!(i18n, connectors.entra.folders_text)>
            <CopyField label=tu_string!(i18n, connectors.entra.folders_attribute) value=attribute/>
            <h4 class="font-semibold">{tu_string!(i18n, connectors.entra.folders_split)}</h4>
            <p>{tu_string!(i18n, connectors.entra.folders_split_text)}</p>
            <CopyField label=tu_string!(i18n, connectors.entra.roles_expression) value="Split([extensionAttribute1], \",\")"/>
            <h4 class="font-semibold">{tu_string!(i18n, connectors.entra.folders_single)}</h4>
            <p>{tu_string!(i18n, connectors.entra.folders_single_text)}</p>
        </Step>
        <Step number=7 proof=Proof::None title=tu_string!(i18n, connectors.entra.metadata_title) text=tu_string!(i18n, connectors.entra.metadata_text)>
            <CopyField label=tu_string!(i18n, connectors.entra.metadata_attribute) value=metadata_attribute()/>
        </Step>
    }
    .into_any()
}
