//! Labelled inputs with hint and error beside them.

use leptos::prelude::*;

use super::icon::Icon;
use super::text::problem_text;
use crate::i18n::*;
use crate::server_fns::UiError;

/// The name under which a form sends `field` of a server function's struct.
pub fn input_name(field: &str) -> String {
    if field == "input" {
        field.to_owned()
    } else {
        format!("input[{field}]")
    }
}

/// What is wrong with `field`, worded.
fn field_problem(i18n: super::text::I18n, error: Signal<Option<UiError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        error.with(|error| {
            error
                .as_ref()
                .and_then(|error| error.field(field))
                .map(|found| problem_text(i18n, &found.problem))
        })
    })
}

/// The ids that describe an input, for `aria-describedby`.
fn described_by(id: &str, has_hint: bool, problem: Signal<Option<String>>) -> impl Fn() -> Option<String> + Clone + use<> {
    let (hint, error) = (format!("{id}-hint"), format!("{id}-error"));
    move || match (has_hint, problem.with(Option::is_some)) {
        (true, true) => Some(format!("{error} {hint}")),
        (false, true) => Some(error.clone()),
        (true, false) => Some(hint.clone()),
        (false, false) => None,
    }
}

/// The line below an input that says what is wrong with it.
#[component]
fn Problem(id: String, problem: Signal<Option<String>>) -> impl IntoView {
    move || {
        let id = format!("{id}-error");
        problem
            .get()
            .map(|text| view! { <p class="field-error" id=id><Icon name="circle-alert"/><span>{text}</span></p> })
    }
}

/// A one-line input of the struct that a server function takes.
#[component]
pub fn Field(
    /// Name of the field in that struct; also the field of a [`UiError`].
    field: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// A sentence below it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The error of the form's action.
    #[prop(optional, into)]
    error: Signal<Option<UiError>>,
    /// The value at first.
    #[prop(optional, into)]
    value: String,
    /// `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// `autocomplete` of the input.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// Whether the cursor starts there.
    #[prop(optional)]
    autofocus: bool,
    /// The fewest characters that the browser lets pass.
    #[prop(optional)]
    minlength: Option<u32>,
    /// Why the value cannot be changed here; the input is then read-only and marked with a lock.
    #[prop(optional_no_strip)]
    locked: Option<String>,
    /// Id of the input, where the same field stands twice on a page.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = id.unwrap_or_else(|| format!("field-{field}"));
    let problem = field_problem(i18n, error, field);
    let has_hint = hint.is_some() || locked.is_some();
    let hint_id = format!("{id}-hint");
    let is_locked = locked.is_some();
    let hint = match locked {
        Some(reason) => Some(view! { <p class="field-locked" id=hint_id><Icon name="lock"/><span>{reason}</span></p> }),
        None => hint.map(|hint| view! { <p class="field-hint" id=hint_id><span>{hint}</span></p> }),
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="input w-full"
                class=("input-error", move || problem.with(Option::is_some))
                type=kind
                id=id.clone()
                name=input_name(field)
                value=value
                autocomplete=autocomplete
                required=required
                autofocus=autofocus
                readonly=is_locked
                minlength=minlength
                maxlength="1024"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=described_by(&id, has_hint, problem)
            />
            <Problem id=id problem=problem/>
            {hint}
        </div>
    }
}

/// One choice of a [`SelectField`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A drop-down of the struct that a server function takes. For filters give `name` the name of the query parameter.
#[component]
pub fn SelectField(
    /// Name of the field in that struct; also the field of a [`UiError`].
    field: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What can be chosen.
    choices: Vec<Choice>,
    /// The value at first.
    #[prop(optional, into)]
    value: String,
    /// A sentence below it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The error of the form's action.
    #[prop(optional, into)]
    error: Signal<Option<UiError>>,
    /// Name that is sent; `input[field]` unless given.
    #[prop(optional)]
    name: Option<&'static str>,
    /// Id of the input, where the same field stands twice on a page.
    #[prop(optional, into)]
    id: Option<String>,
    /// Why the value cannot be changed.
    #[prop(optional_no_strip)]
    locked: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = id.unwrap_or_else(|| format!("field-{field}"));
    let problem = field_problem(i18n, error, field);
    let has_hint = hint.is_some() || locked.is_some();
    let hint_id = format!("{id}-hint");
    let is_locked = locked.is_some();
    let hint = match locked {
        Some(reason) => Some(view! { <p class="field-locked" id=hint_id><Icon name="lock"/><span>{reason}</span></p> }),
        None => hint.map(|hint| view! { <p class="field-hint" id=hint_id><span>{hint}</span></p> }),
    };
    let options: Vec<_> = choices
        .into_iter()
        .map(|choice| {
            let selected = choice.value == value;
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <select
                class="select w-full"
                class=("select-error", move || problem.with(Option::is_some))
                id=id.clone()
                name=name.map_or_else(|| input_name(field), str::to_owned)
                disabled=is_locked
                autocomplete="off"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=described_by(&id, has_hint, problem)
            >
                {options}
            </select>
            <Problem id=id problem=problem/>
            {hint}
        </div>
    }
}

/// A check box (or switch) that sends `true` when it is on and nothing when it is off.
#[component]
pub fn CheckField(
    /// Name of the field in the struct that the server function takes.
    field: &'static str,
    /// Its label.
    #[prop(into)]
    label: String,
    /// A sentence below it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether it is on at first.
    #[prop(optional)]
    checked: bool,
    /// Whether it looks like a switch.
    #[prop(optional)]
    toggle: bool,
    /// Name that is sent; `input[field]` unless given.
    #[prop(optional)]
    name: Option<&'static str>,
    /// Id of the input, where the same field stands twice on a page.
    #[prop(optional, into)]
    id: Option<String>,
    /// Whether it cannot be changed.
    #[prop(optional)]
    disabled: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{field}"));
    let label_for = id.clone();
    let hint_id = hint.as_ref().map(|_| format!("{id}-hint"));
    let described_by = hint_id.clone();
    let hint = hint.map(|text| view! { <p class="field-hint" id=hint_id><span>{text}</span></p> });
    view! {
        <div class="field">
            <label class="field-check" for=label_for>
                <input
                    type="checkbox"
                    class=if toggle { "toggle toggle-primary" } else { "checkbox checkbox-primary" }
                    id=id
                    name=name.map_or_else(|| input_name(field), str::to_owned)
                    value="true"
                    checked=checked
                    disabled=disabled
                    aria-describedby=described_by
                />
                <span>{label}</span>
            </label>
            {hint}
        </div>
    }
}

/// A field that the form sends without showing it.
#[component]
pub fn Hidden(
    /// Name of the field in the struct that the server function takes; `input` for a scalar.
    field: &'static str,
    /// What is sent.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=input_name(field) value=value/> }
}
