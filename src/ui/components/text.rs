//! Codes of the server worded from the message catalogue.

use leptos::prelude::*;

use crate::domain::error::Problem;
use crate::i18n::*;
use crate::server_fns::{UiError, UiErrorCode};

/// The catalogue in the viewer's language. A change of language loads the page anew, so that texts are read without tracking:
/// `tu_string!(i18n, common.action.save)`.
pub type I18n = leptos_i18n::I18nContext<Locale>;

/// The sentence for an error code.
pub fn error_text(i18n: I18n, code: UiErrorCode) -> String {
    let text = match code {
        UiErrorCode::Invalid => tu_string!(i18n, common.error.invalid),
        UiErrorCode::NotFound => tu_string!(i18n, common.error.not_found),
        UiErrorCode::Conflict => tu_string!(i18n, common.error.conflict),
        UiErrorCode::Stale => tu_string!(i18n, common.error.stale),
        UiErrorCode::Forbidden => tu_string!(i18n, common.error.forbidden),
        UiErrorCode::Unauthenticated => tu_string!(i18n, common.error.unauthenticated),
        UiErrorCode::WrongCredentials => tu_string!(i18n, common.error.wrong_credentials),
        UiErrorCode::TooManyRequests => tu_string!(i18n, common.error.too_many_requests),
        UiErrorCode::LastAdministrator => tu_string!(i18n, common.error.last_administrator),
        UiErrorCode::DirectoryManaged => tu_string!(i18n, common.error.directory_managed),
        UiErrorCode::ToolkitRequired => tu_string!(i18n, common.error.toolkit_required),
        UiErrorCode::Unavailable => tu_string!(i18n, common.error.unavailable),
        UiErrorCode::Network => tu_string!(i18n, common.error.network),
        UiErrorCode::Outdated => tu_string!(i18n, common.error.outdated),
        UiErrorCode::Internal => tu_string!(i18n, common.error.internal),
    };
    text.to_string()
}

/// The sentence for what is wrong with a field.
pub fn problem_text(i18n: I18n, problem: &Problem) -> String {
    match problem {
        Problem::Required => tu_string!(i18n, common.problem.required).to_string(),
        Problem::TooLong { max } => tu_string!(i18n, common.problem.too_long, max = *max).to_string(),
        Problem::TooShort { min } => tu_string!(i18n, common.problem.too_short, min = *min).to_string(),
        Problem::ControlCharacters => tu_string!(i18n, common.problem.control_characters).to_string(),
        Problem::NotAnEmail => tu_string!(i18n, common.problem.not_an_email).to_string(),
        Problem::NotAllowed { allowed } => tu_string!(i18n, common.problem.not_allowed, allowed = allowed.join(", ")).to_string(),
        Problem::Taken => tu_string!(i18n, common.problem.taken).to_string(),
        Problem::Unknown => tu_string!(i18n, common.problem.unknown).to_string(),
        Problem::TooGuessable => tu_string!(i18n, common.problem.too_guessable).to_string(),
        Problem::WrongPassword => tu_string!(i18n, common.problem.wrong_password).to_string(),
        Problem::NotConfirmed => tu_string!(i18n, common.problem.not_confirmed).to_string(),
        Problem::NotInRange { min, max } => tu_string!(i18n, common.problem.not_in_range, min = *min, max = *max).to_string(),
        Problem::NotASchemaName => tu_string!(i18n, common.problem.not_a_schema_name).to_string(),
        Problem::Repeated => tu_string!(i18n, common.problem.repeated).to_string(),
    }
}

/// An error as one sentence, with the request id where there is one.
#[component]
pub fn UiErrorText(
    /// What went wrong.
    error: UiError,
) -> impl IntoView {
    let i18n = use_i18n();
    let request_id = error.request_id.clone().map(|id| {
        view! { <span class="block text-sm opacity-80">{tu_string!(i18n, common.error.request_id, id = id).to_string()}</span> }
    });
    view! {
        <span>
            <span>{error_text(i18n, error.code)}</span>
            {request_id}
        </span>
    }
}
