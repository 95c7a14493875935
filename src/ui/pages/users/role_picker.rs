//! The choice of an access role, each with a hint that lists its capabilities.

use leptos::prelude::*;

use super::capabilities::capabilities;
use crate::domain::permission::PermissionSet;
use crate::domain::role::RoleView;
use crate::i18n::*;
use crate::server_fns::UiError;
use crate::ui::components::{I18n, Icon, input_name, problem_text};

/// Radio buttons of all roles, weakest first, and of "app login only". Sends `input[role]`.
#[component]
pub(super) fn RolePicker(
    /// Beginning of the ids.
    prefix: &'static str,
    /// The roles of the organisation.
    roles: Vec<RoleView>,
    /// Id of the chosen role; empty for none.
    #[prop(into)]
    value: String,
    /// The error of the form's action.
    error: Signal<Option<UiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let problem = move || {
        error.with(|error| {
            error
                .as_ref()
                .and_then(|error| error.field("role"))
                .map(|found| problem_text(i18n, &found.problem))
        })
    };
    let none = option(
        i18n,
        prefix,
        String::new(),
        tu_string!(i18n, users.role.none).to_owned(),
        &PermissionSet::default(),
        true,
        value.is_empty(),
    );
    let options: Vec<_> = roles
        .into_iter()
        .map(|role| {
            let id = role.id.to_string();
            let is_chosen = id == value;
            option(
                i18n,
                prefix,
                id,
                role.name,
                &role.permissions,
                role.is_grantable || is_chosen,
                is_chosen,
            )
        })
        .collect();
    let error_id = format!("{prefix}-role-error");
    view! {
        <fieldset class="role-picker">
            <legend class="field-label">{tu_string!(i18n, users.column.role)}</legend>
            {none}
            {options}
            {move || {
                let id = error_id.clone();
                problem().map(|text| view! { <p class="field-error" id=id role="alert"><Icon name="circle-alert"/><span>{text}</span></p> })
            }}
        </fieldset>
    }
}

fn option(
    i18n: I18n,
    prefix: &str,
    value: String,
    label: String,
    granted: &PermissionSet,
    is_grantable: bool,
    is_chosen: bool,
) -> AnyView {
    let id = format!("{prefix}-role-{}", if value.is_empty() { "none" } else { &value });
    let hint_id = format!("{id}-hint");
    let (label_for, described_by) = (id.clone(), hint_id.clone());
    let lines: Vec<_> = capabilities(i18n, granted)
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect();
    let refusal = (!is_grantable).then(
        || view! { <p class="field-locked"><Icon name="lock"/><span>{tu_string!(i18n, users.role.not_grantable)}</span></p> },
    );
    view! {
        <div class="role-option">
            <input type="radio" class="radio radio-primary" id=id name=input_name("role") value=value checked=is_chosen disabled=!is_grantable aria-describedby=described_by/>
            <div>
                <label class="font-semibold" for=label_for>{label}</label>
                <div class="role-hint" id=hint_id>
                    <ul>{lines}</ul>
                    {refusal}
                </div>
            </div>
        </div>
    }
    .into_any()
}
