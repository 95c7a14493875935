//! The Billing page: plan, the Enterprise Toolkit switch, seats against limits.

use leptos::prelude::*;

use crate::domain::organisation::BillingView;
use crate::domain::user::UserType;
use crate::i18n::*;
use crate::server_fns::billing::{SetEnterpriseToolkit, get_billing};
use crate::ui::components::*;

/// The page.
#[component]
pub fn BillingPage() -> impl IntoView {
    let i18n = use_i18n();
    let billing = load(|| (), |()| get_billing());
    let switch = PostAction::<SetEnterpriseToolkit>::new();
    let (close, toasts) = (use_close_dialog(), use_toasts());
    on_success(switch, move || {
        close();
        billing.refetch();
        toasts.done(tu_string!(i18n, organisation.billing.saved));
    });
    view! {
        <PageHeader title=tu_string!(i18n, organisation.billing.title) description=tu_string!(i18n, organisation.billing.lead)/>
        <Transition fallback=|| view! { <Loading/> }>
            {move || Suspend::new(async move {
                loaded(billing.await, move |billing| {
                    view! {
                        <Toolkit billing=billing.clone() switch=switch/>
                        <Seats billing=billing/>
                    }
                    .into_any()
                })
            })}
        </Transition>
    }
}

/// Plan and switch.
#[component]
fn Toolkit(billing: BillingView, switch: PostAction<SetEnterpriseToolkit>) -> impl IntoView {
    let i18n = use_i18n();
    let is_on = billing.has_enterprise_toolkit;
    let status = match (is_on, billing.is_toolkit_reserved && billing.is_toolkit_requested) {
        (true, _) => Status::On,
        (false, true) => Status::Requested,
        (false, false) => Status::Off,
    };
    let explanation = match (is_on, billing.is_toolkit_reserved, billing.is_toolkit_requested) {
        (true, true, _) => Some(tu_string!(i18n, organisation.billing.reserved_on_text)),
        (false, true, true) => Some(tu_string!(i18n, organisation.billing.requested_text)),
        (false, true, false) => Some(tu_string!(i18n, organisation.billing.reserved_text)),
        (_, false, _) => None,
    };
    let (plan, connectors) = (billing.plan.clone(), connectors(billing.connectors));
    view! {
        <section class="section" aria-labelledby="billing-plan">
            <h2 class="section-title" id="billing-plan">{tu_string!(i18n, organisation.billing.plan)}</h2>
            <KeyValueList>
                <KeyValue label=tu_string!(i18n, organisation.billing.plan)><bdi>{plan}</bdi></KeyValue>
                <KeyValue label=tu_string!(i18n, organisation.billing.toolkit)><StatusBadge status=status/></KeyValue>
                <KeyValue label=tu_string!(i18n, organisation.billing.connectors)>{connectors}</KeyValue>
            </KeyValueList>
        </section>
        <section class="section" aria-labelledby="billing-toolkit">
            <h2 class="section-title" id="billing-toolkit">{tu_string!(i18n, organisation.billing.toolkit)}</h2>
            <p class="section-text">{tu_string!(i18n, organisation.billing.toolkit_text)}</p>
            {explanation.map(|text| view! { <p class="section-text">{text}</p> })}
            <Switch billing=billing switch=switch/>
        </section>
    }
}

/// How many connectors depend on the toolkit, with the way to them.
fn connectors(count: u64) -> AnyView {
    let i18n = use_i18n();
    match count {
        0 => view! { <span class="text-muted">{tu_string!(i18n, organisation.billing.connectors_none)}</span> }.into_any(),
        count => view! { <a class="link" href="/integrations">{count}</a> }.into_any(),
    }
}

/// What the viewer can do now: switch on, ask for it, or switch off after reading what stops.
#[component]
fn Switch(billing: BillingView, switch: PostAction<SetEnterpriseToolkit>) -> impl IntoView {
    let i18n = use_i18n();
    let error = action_error(switch);
    match (billing.has_enterprise_toolkit, billing.is_toolkit_reserved) {
        // The operator decides.
        (true, true) => ().into_any(),
        (true, false) => view! {
            <div><DialogLink name="switch-off" label=tu_string!(i18n, organisation.billing.switch_off_open) class="btn" icon="power-off"/></div>
            <Dialog name="switch-off" title=tu_string!(i18n, organisation.billing.switch_off_title)>
                <PostForm action=switch>
                    <FormError error=error/>
                    <Hidden field="is_on" value="false"/>
                    <Consequences connectors=billing.connectors/>
                    <DialogActions>
                        <SubmitButton label=tu_string!(i18n, organisation.billing.switch_off) pending=switch.pending() class="btn-error"/>
                    </DialogActions>
                </PostForm>
            </Dialog>
        }
        .into_any(),
        (false, is_reserved) => {
            let (is_on, class, label) = match (is_reserved, billing.is_toolkit_requested) {
                (false, _) => ("true", "btn-primary", tu_string!(i18n, organisation.billing.switch_on)),
                (true, false) => ("true", "btn-primary", tu_string!(i18n, organisation.billing.request)),
                (true, true) => ("false", "", tu_string!(i18n, organisation.billing.withdraw)),
            };
            view! {
                <PostForm action=switch>
                    <FormError error=error/>
                    <Hidden field="is_on" value=is_on/>
                    <SubmitButton label=label pending=switch.pending() class=class/>
                </PostForm>
            }
            .into_any()
        }
    }
}

/// What stops when the toolkit is switched off.
#[component]
fn Consequences(connectors: u64) -> impl IntoView {
    let i18n = use_i18n();
    let affected = match connectors {
        0 => tu_string!(i18n, organisation.billing.connectors_none).to_owned(),
        1 => tu_string!(i18n, organisation.billing.affected_single).to_owned(),
        count => tu_string!(i18n, organisation.billing.affected, count = count).to_string(),
    };
    view! {
        <p class="dialog-text font-semibold">{affected}</p>
        <ul class="dialog-text list-disc ps-5">
            <li>{tu_string!(i18n, organisation.billing.consequence_requests)}</li>
            <li>{tu_string!(i18n, organisation.billing.consequence_sign_in)}</li>
            <li>{tu_string!(i18n, organisation.billing.consequence_kept)}</li>
        </ul>
    }
}

/// Seats by user type.
#[component]
fn Seats(billing: BillingView) -> impl IntoView {
    let i18n = use_i18n();
    let rows = [
        seat_row(UserType::Premium, billing.premium_used, billing.premium_limit),
        seat_row(UserType::Standard, billing.standard_used, billing.standard_limit),
    ];
    view! {
        <section class="section" aria-labelledby="billing-seats">
            <h2 class="section-title" id="billing-seats">{tu_string!(i18n, organisation.billing.seats)}</h2>
            <p class="section-text">{tu_string!(i18n, organisation.billing.seats_lead)}</p>
            <DataTable caption=tu_string!(i18n, organisation.billing.seats_table)>
                <thead>
                    <tr>
                        <th scope="col">{tu_string!(i18n, organisation.billing.col_type)}</th>
                        <th scope="col" class="num">{tu_string!(i18n, organisation.billing.col_used)}</th>
                        <th scope="col" class="num">{tu_string!(i18n, organisation.billing.col_limit)}</th>
                        <th scope="col">{tu_string!(i18n, organisation.billing.col_free)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </section>
    }
}

/// One user type.
fn seat_row(kind: UserType, used: u64, limit: Option<u64>) -> AnyView {
    let i18n = use_i18n();
    let used_of = |limit: u64| tu_string!(i18n, organisation.billing.used_of, used = used, limit = limit).to_string();
    let (limit, free) = match limit {
        None => (view! { {tu_string!(i18n, organisation.billing.unlimited)} }.into_any(), ().into_any()),
        Some(limit) if used > limit => {
            let over = tu_string!(i18n, organisation.billing.over, count = used - limit).to_string();
            (limit.into_any(), view! { <span class="state" data-tone="error"><Icon name="triangle-alert"/><span>{over}</span></span> }.into_any())
        }
        Some(limit) => (
            limit.into_any(),
            view! {
                <span class="flex items-center gap-2">
                    <progress class="progress progress-primary w-24" max=limit.max(1) value=used aria-label=used_of(limit)></progress>
                    <span class="tabular-nums">{limit - used}</span>
                </span>
            }
            .into_any(),
        ),
    };
    view! {
        <tr>
            <th scope="row" data-cell="title">{kind.name()}</th>
            <td class="num" data-label=tu_string!(i18n, organisation.billing.col_used)>{used}</td>
            <td class="num" data-label=tu_string!(i18n, organisation.billing.col_limit)>{limit}</td>
            <td data-label=tu_string!(i18n, organisation.billing.col_free)>{free}</td>
        </tr>
    }
    .into_any()
}
