//! Home: what needs attention first, then figures.

mod attention;
mod figures;

use leptos::prelude::*;
use leptos_router::components::Redirect;

use self::attention::AttentionList;
use self::figures::Figures;
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::home::get_home;
use crate::ui::components::{PageHeader, load, loaded, use_viewer};

/// `/`
#[component]
pub fn HomePage() -> impl IntoView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let Some(organisation) = viewer.organisation.clone() else {
        // An operator who has entered no organisation begins with their list.
        return view! { <Redirect path="/organisations"/> }.into_any();
    };
    let home = load(|| (), |()| get_home());
    view! {
        <PageHeader title=tu_string!(i18n, common.nav.home) description=tu_string!(i18n, home.lead, organisation = in_sentence(&organisation.name)).to_string()/>
        <Suspense>
            {move || {
                let viewer = viewer.clone();
                Suspend::new(async move {
                    loaded(home.await, move |home| {
                        view! {
                            <AttentionList attention=home.attention.clone() viewer=viewer.clone()/>
                            <Figures home=home viewer=viewer/>
                        }
                        .into_any()
                    })
                })
            }}
        </Suspense>
    }
    .into_any()
}
