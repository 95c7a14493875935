//! Steps for any other directory that speaks SCIM 2.0 and OpenID Connect.

use leptos::prelude::*;

use super::{Proof, Step, metadata_attribute, redirect_uris, secret_hint};
use crate::domain::connector::ConnectorDetail;
use crate::i18n::*;
use crate::ui::components::*;
use crate::ui::pages::integrations::settings::folders_attribute;

/// All steps.
pub(super) fn steps(detail: &ConnectorDetail) -> AnyView {
    let i18n = use_i18n();
    let arrived = Proof::when(detail.summary.users > 0 && detail.summary.groups > 0);
    let credentials = view! {
        <CopyField label=tu_string!(i18n, connectors.secret.scim_url) value=detail.scim_url.clone()/>
        <CopyField label=tu_string!(i18n, connectors.secret.user_name) value=detail.user_name.clone()/>
        {secret_hint(detail.summary.id)}
    }
    .into_any();
    let folders = folders_attribute(&detail.settings.folders_extension_name);
    let redirects = redirect_uris(detail);
    view! {
        <Step number=1 proof=Proof::of_traffic(detail) title=tu_string!(i18n, connectors.generic.credentials_title) text=tu_string!(i18n, connectors.generic.credentials_text)>
            {credentials}
        </Step>
        <Step number=2 proof=Proof::of_users(detail) title=tu_string!(i18n, connectors.generic.users_title) text=tu_string!(i18n, connectors.generic.users_text)/>
        <Step number=3 proof=Proof::None title=tu_string!(i18n, connectors.generic.extensions_title) text=tu_string!(i18n, connectors.generic.extensions_text)>
            <CopyField label=tu_string!(i18n, connectors.entra.folders_attribute) value=folders/>
            <CopyField label=tu_string!(i18n, connectors.entra.metadata_attribute) value=metadata_attribute()/>
        </Step>
        <Step number=4 proof=arrived title=tu_string!(i18n, connectors.generic.groups_title) text=tu_string!(i18n, connectors.generic.groups_text)/>
        <Step number=5 proof=Proof::None title=tu_string!(i18n, connectors.generic.sign_in_title) text=tu_string!(i18n, connectors.generic.sign_in_text)>
            {redirects}
        </Step>
    }
    .into_any()
}
