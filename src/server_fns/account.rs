//! Getting in and out, and the viewer's own account.

use leptos::prelude::*;

use super::error::UiError;
use crate::domain::account::{LinkStatus, OrganisationSwitch, PasswordChange, RecoveryForm, SetupForm, SignInForm, Viewer};
use crate::domain::ids::SessionId;
use crate::domain::user::SessionView;

#[cfg(feature = "ssr")]
use super::context;
#[cfg(feature = "ssr")]
use crate::service::{accounts, sessions, setup};

/// Who is looking; none when nobody is signed in.
#[server(endpoint = "account/viewer")]
pub async fn find_viewer() -> Result<Option<Viewer>, UiError> {
    let cx = context::anyone().await?;
    context::answer(&cx, accounts::find_viewer(&cx).await)
}

/// Who looks at the page that the server is rendering: known before, so that the page need not wait for it. None in the browser.
pub fn viewer_of_page() -> Option<Result<Option<Viewer>, UiError>> {
    #[cfg(feature = "ssr")]
    return context::Visit::viewer();
    #[cfg(not(feature = "ssr"))]
    None
}

/// Signs in with e-mail address and password and goes to `return_to` or Home.
#[server(endpoint = "account/sign-in")]
pub async fn sign_in(input: SignInForm) -> Result<(), UiError> {
    let cx = context::anyone().await?;
    let target = context::local_path(&input.return_to);
    let session = context::write(&cx, || accounts::sign_in(&cx, &input.email, input.password.clone().into())).await?;
    context::set_session(&cx, &session);
    leptos_axum::redirect(&target);
    Ok(())
}

/// Ends the session and goes to the sign-in page.
#[server(endpoint = "account/sign-out")]
pub async fn sign_out() -> Result<(), UiError> {
    let cx = context::anyone().await?;
    context::write(&cx, || sessions::sign_out(&cx)).await?;
    context::clear_session(&cx);
    leptos_axum::redirect("/sign-in");
    Ok(())
}

/// Whether a set-up link can be used. Asking does not use it up.
#[server(endpoint = "account/setup-status")]
pub async fn get_setup_status(input: String) -> Result<LinkStatus, UiError> {
    let cx = context::anyone().await?;
    context::answer(&cx, setup::status(&cx, &input).await)
}

/// Makes the first operator and the first organisation, signs in and goes to Home.
#[server(endpoint = "account/complete-setup")]
pub async fn complete_setup(input: SetupForm) -> Result<(), UiError> {
    let cx = context::anyone().await?;
    let session = context::write(&cx, || setup::complete(&cx, input.clone())).await?;
    context::set_session(&cx, &session);
    leptos_axum::redirect("/");
    Ok(())
}

/// Whether a recovery link can be used. Asking does not use it up.
#[server(endpoint = "account/recovery-status")]
pub async fn get_recovery_status(input: String) -> Result<LinkStatus, UiError> {
    let cx = context::anyone().await?;
    context::answer(&cx, accounts::recovery_status(&cx, &input).await)
}

/// Sets a new password by recovery link and goes to the sign-in page.
#[server(endpoint = "account/complete-recovery")]
pub async fn complete_recovery(input: RecoveryForm) -> Result<(), UiError> {
    let cx = context::anyone().await?;
    context::write(&cx, || accounts::complete_recovery(&cx, input.clone())).await?;
    leptos_axum::redirect("/sign-in?recovered=true");
    Ok(())
}

/// Enters another organisation of the viewer and goes to its Home.
#[server(endpoint = "account/switch-organisation")]
pub async fn switch_organisation(input: OrganisationSwitch) -> Result<(), UiError> {
    let cx = context::signed_in().await?;
    let session = context::write(&cx, || sessions::switch_organisation(&cx, input.organisation)).await?;
    context::set_session(&cx, &session);
    leptos_axum::redirect("/");
    Ok(())
}

/// The viewer's own sessions, newest first.
#[server(endpoint = "account/sessions")]
pub async fn list_own_sessions() -> Result<Vec<SessionView>, UiError> {
    let cx = context::signed_in().await?;
    context::answer(&cx, sessions::list_own(&cx).await)
}

/// Ends one of the viewer's own sessions.
#[server(endpoint = "account/end-session")]
pub async fn end_own_session(input: SessionId) -> Result<(), UiError> {
    let cx = context::signed_in().await?;
    context::write(&cx, || sessions::end_own(&cx, input)).await
}

/// Ends all of the viewer's sessions but the one that asks.
#[server(endpoint = "account/end-other-sessions")]
pub async fn end_other_sessions() -> Result<(), UiError> {
    let cx = context::signed_in().await?;
    context::write(&cx, || sessions::end_others(&cx)).await
}

/// Changes the viewer's own password; the other sessions end.
#[server(endpoint = "account/change-password")]
pub async fn change_password(input: PasswordChange) -> Result<(), UiError> {
    let cx = context::signed_in().await?;
    let session = context::write(&cx, || accounts::change_password(&cx, input.clone())).await?;
    context::set_session(&cx, &session);
    Ok(())
}
