//! Steps for the Okta admin console.

use leptos::prelude::*;

use super::{Proof, Step, redirect_uris, secret_hint};
use crate::domain::connector::ConnectorDetail;
use crate::domain::directory::{METADATA_URN, extension_urn};
use crate::i18n::*;
use crate::ui::components::*;

/// All steps.
pub(super) fn steps(detail: &ConnectorDetail) -> AnyView {
    let i18n = use_i18n();
    let redirects = redirect_uris(detail);
    let credentials = view! {
        <CopyField label=tu_string!(i18n, connectors.okta.base_url) value=detail.scim_url.clone()/>
        <CopyField label=tu_string!(i18n, connectors.okta.unique) value="userName"/>
        <CopyField label=tu_string!(i18n, connectors.secret.user_name) value=detail.user_name.clone()/>
        {secret_hint(detail.summary.id)}
    }
    .into_any();
    let attributes = attribute_table(&detail.settings.folders_extension_name);
    view! {
        <Step number=1 proof=Proof::None title=tu_string!(i18n, connectors.okta.app_title) text=tu_string!(i18n, connectors.okta.app_text)>
            {redirects}
        </Step>
        <Step number=2 proof=Proof::of_traffic(detail) title=tu_string!(i18n, connectors.okta.credentials_title) text=tu_string!(i18n, connectors.okta.credentials_text)>
            {credentials}
        </Step>
        <Step number=3 proof=Proof::None title=tu_string!(i18n, connectors.okta.actions_title) text=tu_string!(i18n, connectors.okta.actions_text)/>
        <Step number=4 proof=Proof::None title=tu_string!(i18n, connectors.okta.attributes_title) text=tu_string!(i18n, connectors.okta.attributes_text)>
            {attributes}
        </Step>
        <Step number=5 proof=Proof::of_users(detail) title=tu_string!(i18n, connectors.okta.assign_title) text=tu_string!(i18n, connectors.okta.assign_text)/>
        <Step number=6 proof=Proof::of_groups(detail) title=tu_string!(i18n, connectors.okta.groups_title) text=tu_string!(i18n, connectors.okta.groups_text)/>
    }
    .into_any()
}

/// The attributes that Okta's template lacks.
fn attribute_table(extension: &str) -> AnyView {
    let i18n = use_i18n();
    let user = "urn:ietf:params:scim:schemas:core:2.0:User".to_owned();
    let (text, list) = (
        tu_string!(i18n, connectors.okta.kind_text),
        tu_string!(i18n, connectors.okta.kind_list),
    );
    let attributes = [
        ("userType", user.clone(), text),
        ("roles", user, list),
        ("folders", extension_urn(extension), list),
        ("{Key}", METADATA_URN.to_owned(), text),
    ];
    let (name, namespace, kind) = (
        tu_string!(i18n, connectors.okta.col_external_name),
        tu_string!(i18n, connectors.okta.col_namespace),
        tu_string!(i18n, connectors.okta.col_kind),
    );
    let rows = attributes
        .into_iter()
        .map(|(attribute, urn, data)| {
            view! {
                <tr>
                    <th scope="row" data-cell="title"><code>{attribute}</code></th>
                    <td data-label=namespace><code class="break-all">{urn}</code></td>
                    <td data-label=kind>{data}</td>
                </tr>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <DataTable caption=tu_string!(i18n, connectors.guide.mappings_table)>
            <thead><tr><th scope="col">{name}</th><th scope="col">{namespace}</th><th scope="col">{kind}</th></tr></thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}
