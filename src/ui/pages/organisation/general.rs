//! The General page: the organisation's name and id.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::domain::organisation::OrganisationDetail;
use crate::i18n::*;
use crate::server_fns::organisations::{RenameOrganisation, get_organisation};
use crate::ui::components::*;

/// The page.
#[component]
pub fn GeneralPage() -> impl IntoView {
    let i18n = use_i18n();
    let organisation = load(|| (), |()| get_organisation());
    let rename = PostAction::<RenameOrganisation>::new();
    view! {
        <PageHeader title=tu_string!(i18n, organisation.general.title) description=tu_string!(i18n, organisation.general.lead)/>
        <Transition fallback=|| view! { <Loading/> }>
            {move || Suspend::new(async move {
                loaded(organisation.await, move |organisation| {
                    let (id, created_at) = (organisation.id, organisation.created_at);
                    view! {
                        <Name organisation=organisation rename=rename/>
                        <section class="section" aria-labelledby="general-facts">
                            <h2 class="section-title" id="general-facts">{tu_string!(i18n, organisation.general.facts)}</h2>
                            <KeyValueList>
                                <KeyValue label=tu_string!(i18n, organisation.general.created)><RelativeTime at=created_at/></KeyValue>
                            </KeyValueList>
                            <CopyField label=tu_string!(i18n, organisation.general.id) value=id.to_string()/>
                        </section>
                    }
                    .into_any()
                })
            })}
        </Transition>
    }
}

/// The name, to be edited by whoever may.
#[component]
fn Name(organisation: OrganisationDetail, rename: PostAction<RenameOrganisation>) -> impl IntoView {
    let i18n = use_i18n();
    let error = action_error(rename);
    let content = if organisation.is_editable {
        view! {
            // A plain post: the name also stands in the frame around the page, so that all of it is loaded anew.
            <form method="post" action=RenameOrganisation::url() class="form-narrow">
                <FormError error=error fields=&["name"]/>
                <Hidden field="version" value=organisation.version.to_string()/>
                <Field field="name" label=tu_string!(i18n, organisation.general.name) hint=tu_string!(i18n, organisation.general.name_hint) value=organisation.name error=error required=true autocomplete="organization"/>
                <div><SubmitButton label=tu_string!(i18n, organisation.general.save)/></div>
            </form>
        }
        .into_any()
    } else {
        view! {
            <p><bdi>{organisation.name}</bdi></p>
            <p class="callout"><Icon name="lock"/><span>{tu_string!(i18n, organisation.general.not_editable)}</span></p>
        }
        .into_any()
    };
    view! {
        <section class="section" aria-labelledby="general-name">
            <h2 class="section-title" id="general-name">{tu_string!(i18n, organisation.all.name)}</h2>
            {content}
        </section>
    }
}
