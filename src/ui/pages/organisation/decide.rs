//! What an operator decides about one organisation: its toolkit, and to join it. The address names the organisation.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::domain::ids::OrganisationId;
use crate::domain::organisation::OrganisationSummary;
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::organisations::{DecideToolkit, JoinOrganisation};
use crate::ui::components::*;

/// The organisation of `?target=`.
fn chosen(organisations: &[OrganisationSummary], target: &str) -> Option<OrganisationSummary> {
    let id = OrganisationId::parse(target).ok()?;
    organisations.iter().find(|organisation| organisation.id == id).cloned()
}

/// On, off, and whether the decision stays with the operator.
#[component]
pub(super) fn DecideDialog(
    /// All organisations.
    organisations: Vec<OrganisationSummary>,
    /// Saves the decision.
    decide: PostAction<DecideToolkit>,
) -> impl IntoView {
    let target = use_param("target");
    move || chosen(&organisations, &target.get()).map(|organisation| decide_dialog(organisation, decide))
}

/// The dialog for one organisation.
fn decide_dialog(organisation: OrganisationSummary, decide: PostAction<DecideToolkit>) -> AnyView {
    let i18n = use_i18n();
    let error = action_error(decide);
    let title = tu_string!(i18n, organisation.all.decide_title, name = in_sentence(&organisation.name)).to_string();
    let text = tu_string!(i18n, organisation.all.decide_text, connectors = organisation.connectors).to_string();
    let choices = vec![
        Choice::new("true", Status::On.word(i18n)),
        Choice::new("false", Status::Off.word(i18n)),
    ];
    let value = if organisation.has_enterprise_toolkit {
        "true"
    } else {
        "false"
    };
    view! {
        <Dialog name="decide-toolkit" title=title>
            <PostForm action=decide>
                <FormError error=error/>
                <Hidden field="organisation" value=organisation.id.to_string()/>
                <p class="dialog-text">{text}</p>
                <SelectField field="is_on" label=tu_string!(i18n, organisation.billing.toolkit) choices=choices value=value error=error/>
                <CheckField field="is_reserved" label=tu_string!(i18n, organisation.all.decide_reserved) hint=tu_string!(i18n, organisation.all.decide_reserved_hint) checked=organisation.is_toolkit_reserved/>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, organisation.all.decide_save) pending=decide.pending()/>
                </DialogActions>
            </PostForm>
        </Dialog>
    }
    .into_any()
}

/// Joining as EnterpriseAdmin, with what it means.
#[component]
pub(super) fn JoinDialog(
    /// All organisations.
    organisations: Vec<OrganisationSummary>,
    /// Joins; only for the error of a refused post.
    join: PostAction<JoinOrganisation>,
) -> impl IntoView {
    let target = use_param("target");
    move || {
        chosen(&organisations, &target.get())
            .filter(|organisation| !organisation.is_member)
            .map(|organisation| join_dialog(organisation, join))
    }
}

/// The dialog for one organisation.
fn join_dialog(organisation: OrganisationSummary, join: PostAction<JoinOrganisation>) -> AnyView {
    let i18n = use_i18n();
    let error = action_error(join);
    let title = tu_string!(i18n, organisation.all.join_title, name = in_sentence(&organisation.name)).to_string();
    view! {
        <Dialog name="join-organisation" title=title>
            // A plain post: the new membership is shown in the frame around the page too.
            <form method="post" action=JoinOrganisation::url()>
                <FormError error=error/>
                <Hidden field="input" value=organisation.id.to_string()/>
                <p class="dialog-text">{tu_string!(i18n, organisation.all.join_text)}</p>
                <p class="dialog-text">{tu_string!(i18n, organisation.all.join_audit)}</p>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, organisation.all.join_confirm)/>
                </DialogActions>
            </form>
        </Dialog>
    }
    .into_any()
}
