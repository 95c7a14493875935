//! The operator's list of all organisations.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::decide::{DecideDialog, JoinDialog};
use crate::domain::organisation::OrganisationSummary;
use crate::domain::sentence::in_sentence;
use crate::i18n::*;
use crate::server_fns::account::SwitchOrganisation;
use crate::server_fns::organisations::{CreateOrganisation, DecideToolkit, JoinOrganisation, list_organisations};
use crate::ui::components::*;

/// The page.
#[component]
pub fn OrganisationsPage() -> impl IntoView {
    let i18n = use_i18n();
    let organisations = load(|| (), |()| list_organisations());
    let create = PostAction::<CreateOrganisation>::new();
    let decide = PostAction::<DecideToolkit>::new();
    let join = PostAction::<JoinOrganisation>::new();
    let close = use_close_dialog();
    on_success(decide, move || {
        close();
        organisations.refetch();
    });
    let error = action_error(create);
    view! {
        <PageHeader title=tu_string!(i18n, organisation.all.title) description=tu_string!(i18n, organisation.all.lead)>
            <DialogLink name="new-organisation" label=tu_string!(i18n, organisation.all.new_organisation) class="btn btn-primary" icon="plus"/>
        </PageHeader>
        <Transition fallback=|| view! { <Loading/> }>
            {move || Suspend::new(async move {
                loaded(organisations.await, move |organisations| {
                    let all = organisations.clone();
                    view! {
                        <div class="panel">{organisation_table(organisations)}</div>
                        <DecideDialog organisations=all.clone() decide=decide/>
                        <JoinDialog organisations=all join=join/>
                    }
                    .into_any()
                })
            })}
        </Transition>
        <Dialog name="new-organisation" title=tu_string!(i18n, organisation.all.new_organisation)>
            // A plain post: the operator becomes a member, which the frame around the page shows too.
            <form method="post" action=CreateOrganisation::url()>
                <FormError error=error fields=&["name"]/>
                <p class="dialog-text">{tu_string!(i18n, organisation.all.new_lead)}</p>
                <Field field="name" label=tu_string!(i18n, organisation.all.name) error=error required=true autofocus=true/>
                <CheckField field="has_enterprise_toolkit" label=tu_string!(i18n, organisation.all.with_toolkit) hint=tu_string!(i18n, organisation.all.with_toolkit_hint) toggle=true/>
                <DialogActions>
                    <SubmitButton label=tu_string!(i18n, organisation.all.create)/>
                </DialogActions>
            </form>
        </Dialog>
    }
}

/// The table, or why it is empty.
fn organisation_table(organisations: Vec<OrganisationSummary>) -> AnyView {
    let i18n = use_i18n();
    if organisations.is_empty() {
        return view! { <EmptyState kind=EmptyKind::Nothing title=tu_string!(i18n, organisation.all.empty_title) text=tu_string!(i18n, organisation.all.empty_text)/> }.into_any();
    }
    let rows = organisations.into_iter().map(row).collect_view();
    view! {
        <DataTable caption=tu_string!(i18n, organisation.all.table)>
            <thead>
                <tr>
                    <th scope="col">{tu_string!(i18n, organisation.all.name)}</th>
                    <th scope="col">{tu_string!(i18n, organisation.billing.toolkit)}</th>
                    <th scope="col" class="num from-desk">{tu_string!(i18n, organisation.all.users)}</th>
                    <th scope="col" class="num from-desk">{tu_string!(i18n, organisation.all.connectors)}</th>
                    <th scope="col" class="from-wide">{tu_string!(i18n, organisation.general.created)}</th>
                    <th scope="col"><span class="sr-only">{tu_string!(i18n, organisation.all.actions)}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// One organisation.
fn row(organisation: OrganisationSummary) -> AnyView {
    let i18n = use_i18n();
    let (toolkit, note) = match (organisation.has_enterprise_toolkit, organisation.is_toolkit_requested) {
        (true, _) => (Status::On, None),
        (false, true) => (Status::Requested, Some(tu_string!(i18n, organisation.all.requested))),
        (false, false) => (Status::Off, None),
    };
    let note = note.or_else(|| {
        organisation
            .is_toolkit_reserved
            .then(|| tu_string!(i18n, organisation.all.reserved))
    });
    let (id, name) = (organisation.id.to_string(), organisation.name.clone());
    let decide_href = use_href(vec![("dialog", "decide-toolkit".to_owned()), ("target", id.clone())]);
    let decide_label = tu_string!(i18n, organisation.all.decide_name, name = in_sentence(&name)).to_string();
    let entry = if organisation.is_member {
        let label = tu_string!(i18n, organisation.all.enter_name, name = in_sentence(&name)).to_string();
        view! {
            // A plain post: everything on the page belongs to the organisation in view.
            <form method="post" action=SwitchOrganisation::url()>
                <Hidden field="organisation" value=id/>
                <button type="submit" class="btn btn-sm btn-ghost" aria-label=label>{tu_string!(i18n, organisation.all.enter)}</button>
            </form>
        }
        .into_any()
    } else {
        let label = tu_string!(i18n, organisation.all.join_name, name = in_sentence(&name)).to_string();
        let href = use_href(vec![("dialog", "join-organisation".to_owned()), ("target", id)]);
        view! { <a class="btn btn-sm btn-ghost" href=move || href.get() data-noscroll="" aria-label=label>{tu_string!(i18n, organisation.all.join_open)}</a> }.into_any()
    };
    view! {
        <tr>
            <th scope="row" data-cell="title">
                <span class="person">
                    <bdi>{organisation.name}</bdi>
                    {organisation.is_member.then(|| view! { <span>{tu_string!(i18n, organisation.all.member)}</span> })}
                </span>
            </th>
            <td data-label=tu_string!(i18n, organisation.billing.toolkit)>
                <StatusBadge status=toolkit/>
                {note.map(|note| view! { <span class="block text-sm text-muted">{note}</span> })}
            </td>
            <td class="num from-desk" data-label=tu_string!(i18n, organisation.all.users)>{organisation.users}</td>
            <td class="num from-desk" data-label=tu_string!(i18n, organisation.all.connectors)>{organisation.connectors}</td>
            <td class="from-wide" data-label=tu_string!(i18n, organisation.general.created)><RelativeTime at=organisation.created_at/></td>
            <td data-cell="actions">
                <div class="flex flex-wrap justify-end gap-1">
                    <a class="btn btn-sm btn-ghost" href=move || decide_href.get() data-noscroll="" aria-label=decide_label>{tu_string!(i18n, organisation.all.decide)}</a>
                    {entry}
                </div>
            </td>
        </tr>
    }
    .into_any()
}
